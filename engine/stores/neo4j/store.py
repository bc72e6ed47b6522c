"""The Neo4j store. In: an address. Out: snapshots and transactions over one database, for several processes.

A writer locks the ledger's node first and to its commit, so that sequence is commit order. What it wrote is true from
the position that it leaves on the node; a reader takes that position once and reads nothing beyond it, since the
server shows what others commit meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from neo4j import Driver, GraphDatabase, Transaction
from neo4j.exceptions import DriverError, Neo4jError

from engine.ledger import GENESIS, Head
from engine.stores.neo4j.address import Address
from engine.stores.neo4j.faults import busy, in_our_words, store_error
from engine.stores.neo4j.graph import Neo4jGraph
from engine.stores.neo4j.kin import Neo4jKin
from engine.stores.neo4j.ledger import Neo4jLedger
from engine.stores.neo4j.lookup import Neo4jLookup
from engine.stores.neo4j.mark import Mark
from engine.stores.neo4j.masters import Neo4jMasters
from engine.stores.neo4j.migrations import LOCK, check, migrate
from engine.stores.neo4j.session import NEWEST, Session
from engine.stores.ports import GraphPort, KinPort, LedgerPort, LookupPort, MasterPort
from graph_schema.errors import StoreBusy, StoreReadOnly

LONGEST_READ = 600.0
"""Seconds that a snapshot may take on the server."""

LONGEST_WRITE = 3_600.0
"""Seconds that a transaction may take on the server."""

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

    def __init__(self, session: Session, mark: Mark) -> None:
        self.ledger = Neo4jLedger(session, mark)
        self.lookup = Neo4jLookup(session, mark)
        self.masters = Neo4jMasters(session, mark)
        self.drawn = Neo4jGraph(session, mark)
        self.graph = self.drawn
        self.kin = Neo4jKin(session)


class Neo4jStore:
    """One database. Snapshots never wait; transactions are one at a time, over threads, processes and machines."""

    def __init__(self, driver: Driver, address: Address, *, read_only: bool, busy_seconds: float) -> None:
        self._driver = driver
        self._database = address.database
        self._where = str(address)
        self._read_only = read_only
        self._busy_seconds = busy_seconds
        self._writing = threading.Lock()

    @contextmanager
    def snapshot(self) -> Iterator[Neo4jSnapshot]:
        """Read one committed state, the same however long it is read."""
        with self._begin(LONGEST_READ, {}) as transaction:
            mark = _read_mark(Session(transaction, self._where))
            session = Session(transaction, self._where, mark.position)
            try:
                yield Neo4jSnapshot(session, mark)
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
        token = uuid4().hex
        with self._begin(LONGEST_WRITE, {"suyuan": token}) as transaction:
            self._lock(transaction, token)
            session = Session(transaction, self._where, NEWEST)
            mark = _read_mark(session)
            try:
                snapshot = Neo4jSnapshot(session, mark)
                yield snapshot
                snapshot.drawn.flush()
                session.run(Mark.WRITE, **mark.properties())
            finally:
                session.end()
            with in_our_words(self._where):
                transaction.commit()

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

    def _lock(self, transaction: Transaction, token: str) -> None:
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

    def _end_waiting(self, token: str, ended: threading.Event) -> None:
        ended.set()
        with self._driver.session(database=self._database) as session:
            session.run(_TERMINATE, token=token).consume()


def open_store(address: Address, *, read_only: bool = False, busy_seconds: float = 30.0) -> Neo4jStore:
    """Open the store in a database, made where there is none (unless read_only).

    `StoreDamaged` where the database is newer or was altered, `StoreError` where the server cannot be reached; each
    says what to do. A writer waits `busy_seconds` for another.
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
    return Neo4jStore(driver, address, read_only=read_only, busy_seconds=busy_seconds)


def _read_mark(session: Session) -> Mark:
    position, chained, accepted, reached = session.row(Mark.READ) or (0, None, None, 0)
    return Mark(Head(position or 0, chained or GENESIS, accepted), reached or 0)
