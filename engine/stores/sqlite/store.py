"""The embedded store. In: a path. Out: snapshots and transactions over one file, for several processes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

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
)
from engine.stores.sqlite.connection import Reader, connect
from engine.stores.sqlite.events import SqliteEvents
from engine.stores.sqlite.faults import in_our_words
from engine.stores.sqlite.graph import SqliteGraph
from engine.stores.sqlite.items import ItemNumbers, Items
from engine.stores.sqlite.jobs import SqliteJobs
from engine.stores.sqlite.kin import SqliteKin
from engine.stores.sqlite.ledger import SqliteLedger
from engine.stores.sqlite.lookup import SqliteLookup
from engine.stores.sqlite.masters import SqliteMasters
from engine.stores.sqlite.named_queries import SqliteQueries
from engine.stores.sqlite.session import Session
from engine.stores.sqlite.subscriptions import SqliteSubscriptions
from graph_schema.errors import StoreBusy, StoreReadOnly


class SqliteSnapshot:
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

    def __init__(self, session: Session, numbers: ItemNumbers) -> None:
        items = Items(session, numbers)
        ledger = SqliteLedger(session, items)
        self.ledger = ledger
        self.events = SqliteEvents(session, ledger.entries_at)
        self.lookup = SqliteLookup(session, items)
        self.masters = SqliteMasters(session)
        self._derived = SqliteGraph(session, items)
        self.graph = self._derived
        self.kin = SqliteKin(session, items)
        self.jobs = SqliteJobs(session)
        self.queries = SqliteQueries(session)
        self.subscriptions = SqliteSubscriptions(session)

    @property
    def edition(self) -> int:
        """How often the graph was derived anew."""
        return self._derived.edition


class SqliteStore:
    """One file. Snapshots never wait; transactions are one at a time, over threads and processes."""

    def __init__(self, path: str, keeper: apsw.Connection, *, read_only: bool, busy_seconds: float) -> None:
        self._path = path
        self._read_only = read_only
        self._busy_seconds = busy_seconds
        # Writes, and stays open between snapshots, so that closing one does not fold in the log each time.
        self._keeper = keeper
        self._writing = threading.Lock()
        self._numbers = ItemNumbers()

    @contextmanager
    def snapshot(self) -> Iterator[SqliteSnapshot]:
        """Read one committed state, the same however long it is read."""
        reader = Reader(self._path, self._busy_seconds)
        session = Session(reader.connection, self._path)
        try:
            session.run("BEGIN")
            session.row("SELECT 1 FROM sqlite_schema")  # a transaction sees what its first read sees
            yield SqliteSnapshot(session, ItemNumbers())
            reader.check_still()
        finally:
            session.end()
            reader.close()

    @contextmanager
    def transaction(self) -> Iterator[SqliteSnapshot]:
        """Write: commits on leaving, undoes everything on an error. Waits `busy_seconds`, or `StoreBusy`."""
        if self._read_only:
            raise StoreReadOnly("the store was opened for reading", where=self._path, remedy="Open it for writing.")
        if not self._writing.acquire(timeout=self._busy_seconds):
            raise StoreBusy("another thread is writing", where=self._path, remedy="Repeat when it has finished.")
        try:
            yield from self._write()
        finally:
            self._writing.release()

    def close(self) -> None:
        """Let go of the file; the last to do so folds the log in."""
        with in_our_words(self._path):
            self._keeper.close()

    def _write(self) -> Iterator[SqliteSnapshot]:
        self._run("BEGIN IMMEDIATE")
        session = Session(self._keeper, self._path)
        try:
            yield SqliteSnapshot(session, self._numbers)
            session.end()
            self._run("COMMIT")
        except BaseException:
            session.end()
            self._undo()
            raise

    def _undo(self) -> None:
        """Roll back, unless SQLite did so by itself. Numbers given meanwhile are void."""
        self._numbers.clear()
        if self._keeper.in_transaction:
            self._run("ROLLBACK")

    def _run(self, command: str) -> None:
        with in_our_words(self._path, self._keeper):
            self._keeper.execute(command)


def open_store(path: str, *, read_only: bool = False, busy_seconds: float = 30.0) -> SqliteStore:
    """Open the store in a file, made where there is none (unless read_only).

    `StoreDamaged` where the file is not ours or newer, `StoreReadOnly` where it may not be written,
    `StoreError` where it cannot be opened; each says what to do. A writer waits `busy_seconds` for another.
    """
    file = str(Path(path).absolute())
    keeper = Reader(file, busy_seconds).connection if read_only else connect(file, busy_seconds)
    return SqliteStore(file, keeper, read_only=read_only, busy_seconds=busy_seconds)
