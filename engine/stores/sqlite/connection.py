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

from engine.stores.sqlite.faults import not_a_store, store_error
from engine.stores.sqlite.session import system_errno
from graph_schema.errors import StoreDamaged, StoreError, StoreReadOnly

APPLICATION_ID = 0x53757975
"""'Suyu' in the header of the file."""

SCHEMA_VERSION = 1

_SETTINGS = """
PRAGMA synchronous = FULL;
PRAGMA mmap_size = 0;
PRAGMA cache_size = -65536;
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA journal_size_limit = 67108864;
"""


def connect(path: str, *, busy_seconds: float) -> apsw.Connection:
    """A connection that may write, to a store that is made where there is none."""
    connection = _open(path, apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE)
    try:
        _prepare(connection, path, busy_seconds)
    except apsw.Error as error:
        raise _closing(connection, error, path) from error
    except StoreError:
        connection.close()
        raise
    return connection


def connect_reader(path: str, *, busy_seconds: float) -> apsw.Connection:
    """A connection that only reads, to a store that exists, also in a folder that may not be written."""
    connection = _open(_reader_uri(path), apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI, path)
    try:
        connection.set_busy_timeout(round(busy_seconds * 1000))
        _check_ours(connection, path)
        connection.execute(_SETTINGS)
    except apsw.Error as error:
        raise _closing(connection, error, path) from error
    except StoreError:
        connection.close()
        raise
    return connection


def _open(name: str, flags: int, path: str | None = None) -> apsw.Connection:
    try:
        return apsw.Connection(name, flags=flags)
    except apsw.Error as error:
        raise store_error(error, path or name) from error


def _closing(connection: apsw.Connection, error: apsw.Error, path: str) -> StoreError:
    fault = store_error(error, path, system_errno(connection))
    connection.close()
    return fault


def _prepare(connection: apsw.Connection, path: str, busy_seconds: float) -> None:
    connection.set_busy_timeout(round(busy_seconds * 1000))
    if connection.readonly("main"):
        raise store_error(apsw.ReadOnlyError(), path)
    empty = _is_empty(connection)
    if not empty:
        _check_ours(connection, path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(_SETTINGS)
    if empty:
        _create(connection)


def _is_empty(connection: apsw.Connection) -> bool:
    return _number(connection, "SELECT count(*) FROM sqlite_schema") == 0 and not _number(
        connection, "PRAGMA application_id"
    )


def _check_ours(connection: apsw.Connection, path: str) -> None:
    """Refuse what another program wrote, and what a newer version of ours wrote."""
    if _number(connection, "PRAGMA application_id") != APPLICATION_ID:
        raise not_a_store(path)
    if (version := _number(connection, "PRAGMA user_version")) != SCHEMA_VERSION:
        raise StoreDamaged(
            f"the store has format {version}, and this Suyuan reads format {SCHEMA_VERSION}",
            where=path,
            remedy="Upgrade Suyuan to the version that wrote it, or name another file.",
        )


def _create(connection: apsw.Connection) -> None:
    """Write the schema, unless another process just did."""
    connection.execute("BEGIN IMMEDIATE")
    if _is_empty(connection):
        here = files(__package__)
        connection.execute(here.joinpath("schema.sql").read_text(encoding="utf-8"))
        words = here.joinpath("body_dictionary.txt").read_bytes()
        connection.execute("INSERT INTO dictionary VALUES (?)", (words,))
        connection.execute(
            f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION}"
        )
    connection.execute("COMMIT")


def _number(connection: apsw.Connection, query: str) -> int:
    value = connection.execute(query).get
    return value if isinstance(value, int) else 0


def _reader_uri(path: str) -> str:
    """How to open for reading.

    Where nobody can write beside the file, SQLite needs to be told that nobody will.

    A log that was not yet folded in would then be overlooked, so this is refused.
    """
    file, folder = Path(path), Path(path).parent
    uri = f"file:{quote(path)}?mode=ro"
    if not file.exists() or os.access(folder, os.W_OK) or Path(f"{path}-shm").exists():
        return uri
    log = Path(f"{path}-wal")
    if log.exists() and log.stat().st_size:
        raise StoreReadOnly(
            "its folder may not be written, and beside the store lies a log that was not yet folded in",
            where=path,
            remedy=f"Copy {file.name} and {log.name} together to a folder that may be written.",
        )
    return f"{uri}&immutable=1"
