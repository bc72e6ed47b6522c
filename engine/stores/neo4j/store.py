"""The Neo4j store. In: an address. Out: snapshots and transactions over one database, for several processes.

A writer locks the ledger's node first and to its commit, so that sequence is commit order. What it wrote is true from
the position that it leaves as the mark, once it has committed; a reader takes the newest mark once and reads nothing
beyond it, since the server shows what others commit meanwhile, and in pieces.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from uuid import uuid4

from neo4j import Driver, GraphDatabase, Query, Transaction
from neo4j import Session as Connection
from neo4j.exceptions import DriverError, Neo4jError

from engine.ledger import GENESIS, Head
from engine.stores.neo4j.address import Address
from engine.stores.neo4j.events import Neo4jEvents
from engine.stores.neo4j.faults import busy, in_our_words, store_error
from engine.stores.neo4j.graph import Neo4jGraph
from engine.stores.neo4j.jobs import Neo4jJobs
from engine.stores.neo4j.kin import Neo4jKin
from engine.stores.neo4j.ledger import Neo4jLedger
from engine.stores.neo4j.lookup import Neo4jLookup
from engine.stores.neo4j.mark import Mark
from engine.stores.neo4j.masters import Neo4jMasters
from engine.stores.neo4j.migrations import LOCK, check, migrate
from engine.stores.neo4j.named_queries import Neo4jQueries
from engine.stores.neo4j.session import Session
from engine.stores.neo4j.subscriptions import Neo4jSubscriptions
from engine.stores.neo4j.walk import Neo4jWalk
from engine.stores.neo4j.writing import Noted, Writing, take_back
from engine.stores.ports import (
    EventPort,
    GraphPort,
    JobPort,
    KinPort,
    LedgerPort,
    LookupPort,
    MasterPort,
    QueryPort,
    SubscriptionPort,
    WalkPort,
)
from graph_schema.errors import StoreBusy, StoreReadOnly

LONGEST_READ = 600.0
"""Seconds that a snapshot may take on the server."""

LONGEST_WALK = 60.0
"""Seconds that one query of a walk may take on the server."""

PART_ROWS = 50_000
"""Rows written before a write goes on in another transaction of the server."""

PAUSE = 2.0
"""Seconds in which a writer at work goes on to its next part."""

_TERMINATE = """
SHOW TRANSACTIONS YIELD transactionId AS id, metaData WHERE metaData.suyuan = $token
TERMINATE TRANSACTIONS id YIELD message RETURN message
"""


class Neo4jSnapshot:
    """The ports over one session."""

    ledger: LedgerPort
    lookup: LookupPort
    masters: MasterPort
    graph: GraphPort
    kin: KinPort
    events: EventPort
    jobs: JobPort
    queries: QueryPort
    subscriptions: SubscriptionPort

    def __init__(self, session: Session, mark: Mark) -> None:
        ledger = Neo4jLedger(session, mark)
        self.ledger = ledger
        self.events = Neo4jEvents(session, ledger.entries_at)
        self.lookup = Neo4jLookup(session, mark)
        self.masters = Neo4jMasters(session, mark)
        self._told = Neo4jJobs(session)
        self.jobs = self._told
        self.queries = Neo4jQueries(session)
        self.subscriptions = Neo4jSubscriptions(session)
        self._drawn, self._offered = Neo4jGraph(session, mark), Neo4jKin(session)
        self.graph, self.kin = self._drawn, self._offered
        self._mark = mark

    @property
    def edition(self) -> int:
        """How often the graph was derived anew."""
        return self._mark.edition

    def flush(self) -> None:
        """Write what waits to be written with more."""
        self._drawn.flush()
        self._offered.flush()
        self._told.flush()


class Neo4jStore:
    """One database. Snapshots never wait; transactions are one at a time, over threads, processes and machines."""

    def __init__(
        self, driver: Driver, address: Address, *, read_only: bool, busy_seconds: float, part_rows: int
    ) -> None:
        self._driver = driver
        self._database = address.database
        self._where = str(address)
        self._read_only = read_only
        self._busy_seconds = busy_seconds
        self._part_rows = part_rows
        self._writing = threading.Lock()

    @contextmanager
    def snapshot(self) -> Iterator[Neo4jSnapshot]:
        """Read one committed state, the same however long it is read."""
        with self._begin(LONGEST_READ, {}) as transaction:
            mark = _read_mark(Session(transaction, self._where), Mark.SHOWN)
            session = Session(transaction, self._where, mark.shown)
            try:
                yield Neo4jSnapshot(session, mark)
            finally:
                session.end()

    def walk(self, seconds: float = LONGEST_WALK) -> WalkPort:
        """Walks in this database, each query of which may take so long."""
        return Neo4jWalk(lambda: self._reading(seconds))

    @contextmanager
    def _reading(self, seconds: float) -> Iterator[Session]:
        with self._begin(seconds, {}) as transaction:
            session = Session(transaction, self._where)
            try:
                yield session
            finally:
                session.end()

    @contextmanager
    def transaction(self) -> Iterator[Neo4jSnapshot]:
        """Write: commits on leaving, undoes everything on an error. Waits `busy_seconds`, or `StoreBusy`."""
        if self._read_only:
            raise StoreReadOnly("the store was opened for reading", where=self._where, remedy="Open it for writing.")
        if not self._writing.acquire(timeout=self._busy_seconds):
            raise StoreBusy("another thread is writing", where=self._where, remedy="Repeat when it has finished.")
        try:
            yield from self._write()
        finally:
            self._writing.release()

    def close(self) -> None:
        """Let go of the connections."""
        self._driver.close()

    def _write(self) -> Iterator[Neo4jSnapshot]:
        with self._driver.session(database=self._database) as connection:
            writing, mark = self._begin_write(connection)
            session = Session(writing.transaction, self._where, next_part=writing.next_part, part_rows=self._part_rows)
            try:
                snapshot = Neo4jSnapshot(session, mark)
                yield snapshot
                snapshot.flush()
                session.run(Mark.WRITE, **mark.properties())
                session.end()
                writing.commit(derived_anew=mark.derived_anew)
            finally:
                session.end()
                writing.close()
            with in_our_words(self._where):
                connection.run(Query(Mark.SHOW, timeout=LONGEST_READ), mark.properties()).consume()

    def _begin_write(self, connection: Connection) -> tuple[Writing, Mark]:
        """Take the lock; where a write is unfinished, see whether it goes on, else take it back."""
        seen: Noted | None = None
        while True:
            token = uuid4().hex
            writing = Writing(connection, self._where, token, partial(self._lock, token=token))
            try:
                mark, found = _read_mark(Session(writing.transaction, self._where), Mark.WRITTEN), writing.found()
                if found is not None and not found.taken_back and (found.given_up or found == seen):
                    take_back(self._driver, self._database, self._where, mark.shown)
                    found = writing.found()
                if found is None or found.taken_back:
                    mark.broken = found is not None
                    return writing, mark
            except BaseException:
                writing.close()
                raise
            writing.close()
            seen = found
            time.sleep(PAUSE)

    @contextmanager
    def _begin(self, seconds: float, metadata: dict[str, str]) -> Iterator[Transaction]:
        """A transaction of the server; rolled back unless it was committed within."""
        with self._driver.session(database=self._database) as session:
            with in_our_words(self._where):
                transaction = session.begin_transaction(metadata=metadata, timeout=seconds)
            try:
                yield transaction
            finally:
                with in_our_words(self._where):
                    transaction.close()

    def _lock(self, transaction: Transaction, *, token: str) -> None:
        """Take the ledger's lock; the wait for another writer is ended from outside, since the server has no bound."""
        ended = threading.Event()
        timer = threading.Timer(self._busy_seconds, self._end_waiting, (token, ended))
        timer.start()
        try:
            transaction.run(LOCK).consume()
        except (Neo4jError, DriverError) as error:
            raise (busy(self._where) if ended.is_set() else store_error(error, self._where)) from error
        finally:
            timer.cancel()
            timer.join()
        if ended.is_set():
            raise busy(self._where)  # the lock came as the wait ended: this transaction is terminated, or soon is

    def _end_waiting(self, token: str, ended: threading.Event) -> None:
        ended.set()
        with self._driver.session(database=self._database) as session:
            session.run(_TERMINATE, token=token).consume()


def open_store(
    address: Address, *, read_only: bool = False, busy_seconds: float = 30.0, part_rows: int = PART_ROWS
) -> Neo4jStore:
    """Open the store in a database, made where there is none (unless read_only).

    `StoreDamaged` where the database is newer or was altered, `StoreError` where the server cannot be reached; each
    says what to do. A writer waits `busy_seconds` for another; a write of more than `part_rows` goes in parts.
    """
    where = str(address)
    with in_our_words(where):
        driver = GraphDatabase.driver(
            address.uri,
            auth=(address.user, address.password),
            user_agent="suyuan",
            notifications_min_severity="OFF",
            connection_timeout=10.0,
            connection_acquisition_timeout=30.0,
        )
    try:
        with in_our_words(where):
            (check if read_only else migrate)(driver, address.database, where)
    except BaseException:
        driver.close()
        raise
    return Neo4jStore(driver, address, read_only=read_only, busy_seconds=busy_seconds, part_rows=part_rows)


def _read_mark(session: Session, query: str) -> Mark:
    position, chained, accepted, reached, edition = session.row(query) or (0, None, None, 0, 0)
    return Mark(Head(position or 0, chained or GENESIS, accepted), int(reached or 0), edition)
