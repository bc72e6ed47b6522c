"""Opening the file. In: a path. Out: a connection with our settings, to a file known to be ours.

The file is an SQLite database in WAL mode (readers never wait for the writer, nor it for them),
synchronous=FULL (a commit is on the disk before it is acknowledged), never memory-mapped (a failing disk is
an error, not a signal).
"""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

import apsw

from engine.stores.sqlite.faults import cannot_read, in_our_words, not_a_store
from engine.stores.sqlite.migrations import steps
from graph_schema.errors import StoreBusy, StoreDamaged, StoreError, StoreReadOnly

APPLICATION_ID = 0x53757975
"""'Suyu' in the header of the file."""

SCHEMA_VERSION = 7
FIRST_VERSION = 2
"""The oldest format that is brought up to date."""

_SETTINGS = """
PRAGMA synchronous = FULL;
PRAGMA mmap_size = 0;
PRAGMA cache_size = -65536;
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA journal_size_limit = 67108864;
"""


def connect(path: str, busy_seconds: float) -> apsw.Connection:
    """A connection that may write, to a store that is made where there is none."""
    with in_our_words(path):
        connection = apsw.Connection(path)
    try:
        with in_our_words(path, connection):
            _prepare(connection, path, busy_seconds)
    except StoreError:
        connection.close()
        raise
    return connection


def _prepare(connection: apsw.Connection, path: str, busy_seconds: float) -> None:
    connection.set_busy_timeout(round(busy_seconds * 1000))
    # Ours, before anything is written into another program's file.
    empty = _is_empty(connection)
    if not empty:
        _check_ours(connection, path, FIRST_VERSION)
    if connection.readonly("main"):
        raise apsw.ReadOnlyError
    if connection.execute("PRAGMA journal_mode = WAL").get != "wal":
        raise StoreError(
            "this file system cannot share a log between processes",
            where=path,
            remedy="Put the store on a disk of this machine.",
        )
    connection.execute(_SETTINGS)
    if empty:
        _create(connection)
    elif _format(connection) < SCHEMA_VERSION:
        _bring_up_to_date(connection)


def _is_empty(connection: apsw.Connection) -> bool:
    tables = _number(connection, "SELECT count(*) FROM sqlite_schema")
    return not tables and not _number(connection, "PRAGMA application_id")


def _nothing_yet(path: str) -> StoreError:
    """What a reader is told of a file that a writer is about to make a store of, or died before it had."""
    return StoreError("nothing is in this store yet", where=path, remedy="Load events into it, then ask again.")


def _check_ours(connection: apsw.Connection, path: str, oldest: int) -> None:
    """Refuse what another program wrote, what a newer version of ours wrote, and what is older than may be."""
    if _number(connection, "PRAGMA application_id") != APPLICATION_ID:
        raise not_a_store(path)
    version = _format(connection)
    if not oldest <= version <= SCHEMA_VERSION:
        older = FIRST_VERSION <= version < SCHEMA_VERSION
        raise StoreDamaged(
            f"the store has format {version}, and this Suyuan reads format {SCHEMA_VERSION}",
            where=path,
            remedy="Open it once for writing (suyuan load, suyuan serve): that brings it up to date."
            if older
            else "Open it with the version of Suyuan that wrote it, or a newer one.",
        )


def _create(connection: apsw.Connection) -> None:
    """Write the schema, unless another process just did."""
    connection.execute("BEGIN IMMEDIATE")
    if _is_empty(connection):
        here = files(__package__)
        connection.execute(here.joinpath("schema.sql").read_text(encoding="utf-8"))
        words = here.joinpath("body_dictionary.txt").read_bytes()
        connection.execute("INSERT INTO dictionary VALUES (?)", (words,))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FIRST_VERSION}")
    _migrate(connection)
    connection.execute("COMMIT")


def _bring_up_to_date(connection: apsw.Connection) -> None:
    """Give a file of an earlier format what it lacks, unless another process just did."""
    connection.execute("BEGIN IMMEDIATE")
    _migrate(connection)
    connection.execute("COMMIT")


def _migrate(connection: apsw.Connection) -> None:
    for step in steps(_format(connection), SCHEMA_VERSION):
        step(connection)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _format(connection: apsw.Connection) -> int:
    return _number(connection, "PRAGMA user_version")


def _number(connection: apsw.Connection, query: str) -> int:
    value = connection.execute(query).get
    return value if isinstance(value, int) else 0


class Reader:
    """A connection that only reads, to a store that exists, also in a folder that may not be written."""

    def __init__(self, path: str, busy_seconds: float) -> None:
        if not Path(path).is_file():
            raise cannot_read(path)
        self._path = path
        self._still = _is_still(path)
        self._state = _state(path)
        uri = f"file:{quote(path)}?mode=ro{'&immutable=1' if self._still else ''}"
        with in_our_words(path):
            self.connection = apsw.Connection(uri, flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
        try:
            with in_our_words(path, self.connection):
                self.connection.set_busy_timeout(round(busy_seconds * 1000))
                if _is_empty(self.connection):
                    raise _nothing_yet(path)
                _check_ours(self.connection, path, SCHEMA_VERSION)
                self.connection.execute(_SETTINGS)
        except StoreError:
            self.connection.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def check_still(self) -> None:
        """`StoreBusy` where a file that was taken to be still was written while it was read."""
        if self._still and _state(self._path) != self._state:
            raise StoreBusy("the store was written while it was read", where=self._path, remedy="Ask again.")


def _is_still(path: str) -> bool:
    """True where nobody can be writing: there is no shared memory beside the file, nor may we make it.

    SQLite must be told so, and then overlooks a log that was not yet folded in: such a store is refused.
    """
    file, log = Path(path), Path(f"{path}-wal")
    if not file.exists() or os.access(file.parent, os.W_OK) or Path(f"{path}-shm").exists():
        return False
    if log.exists() and log.stat().st_size:
        raise StoreReadOnly(
            "its folder may not be written, and beside the store lies a log that was not yet folded in",
            where=path,
            remedy=f"Copy {file.name} and {log.name} together to a folder that may be written.",
        )
    return True


def _state(path: str) -> tuple[bool, int, int]:
    """What changes when a store is written: whether a log is there, and the file's size and time."""
    file = Path(path)
    if not file.exists():
        return False, 0, 0
    status = file.stat()
    return Path(f"{path}-wal").exists(), status.st_size, status.st_mtime_ns
