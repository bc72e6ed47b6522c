"""What SQLite refuses, in our words. In: an error of apsw. Out: a `StoreError` that says what to do."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from graph_schema.errors import StoreBusy, StoreDamaged, StoreError, StoreFull, StoreReadOnly

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

_FREE_ROOM = "Free room there, or move the store to a larger disk, and repeat: nothing of this write was kept."
_MAKE_WRITABLE = "Make the file and its folder writable, copy the store to a folder that is, or only read from it."
_RESTORE = "Restore the store from a copy, or name another file."
_RETRY = "Repeat when the other process has finished."
_REPEAT = "Repeat; if it happens again, check the disk and the store (nothing half-written was kept)."


def store_error(error: apsw.Error, path: str, system_errno: int = 0) -> StoreError:
    """The error of ours that says what this one means for the person at the store in `path`.

    `system_errno` is the operating system's number of the failure beneath, 0 where there is none.
    """
    match error:
        case apsw.FullError():
            return StoreFull("there is no room left to write", where=path, remedy=_FREE_ROOM)
        case apsw.IOError() if system_errno in _NO_ROOM:
            return StoreFull(_system("there is no room left to write", system_errno), where=path, remedy=_FREE_ROOM)
        case apsw.ReadOnlyError() | apsw.PermissionsError():
            return StoreReadOnly("the store may not be written", where=path, remedy=_MAKE_WRITABLE)
        case apsw.CantOpenError():
            return _cannot_open(path)
        case apsw.BusyError() | apsw.LockedError():
            return StoreBusy("another process is writing", where=path, remedy=_RETRY)
        case apsw.NotADBError():
            return not_a_store(path)
        case apsw.CorruptError():
            return StoreDamaged(f"the file is damaged ({error})", where=path, remedy=_RESTORE)
        case apsw.ConnectionClosedError() | apsw.CursorClosedError():
            return after_the_end(path)
        case _:
            return StoreError(_system(f"the store cannot do it ({error})", system_errno), where=path, remedy=_REPEAT)


@contextmanager
def in_our_words(path: str, connection: apsw.Connection | None = None) -> Iterator[None]:
    """Within this, an error of apsw becomes one of ours."""
    try:
        yield
    except apsw.Error as error:
        raise store_error(error, path, system_errno(connection)) from error


def system_errno(connection: apsw.Connection | None) -> int:
    """The operating system's number of the last failure, 0 where there is none."""
    try:
        return 0 if connection is None else connection.system_errno
    except apsw.ConnectionClosedError:
        return 0


def not_a_store(path: str) -> StoreDamaged:
    """The file is something else."""
    return StoreDamaged("the file is not a Suyuan store", where=path, remedy="Name another file for the store.")


def after_the_end(path: str) -> StoreError:
    """Reading went on after its snapshot, transaction or store was closed."""
    return StoreError("used after it was closed", where=path, remedy="Open it anew and read it to the end there.")


def cannot_read(path: str) -> StoreError:
    """There is no file to read."""
    file = Path(path)
    if file.parent.is_dir() and not file.is_dir():
        return StoreError("there is no store here", where=path, remedy="Load something first, or name another file.")
    return _cannot_open(path)


def _cannot_open(path: str) -> StoreError:
    file = Path(path)
    if file.is_dir():
        return StoreError("this is a folder", where=path, remedy="Name a file in it for the store.")
    if file.parent.exists() and not file.parent.is_dir():
        return StoreError(f"{file.parent} is a file, not a folder", where=path, remedy="Name a file in a folder.")
    if not file.parent.is_dir():
        return StoreError("its folder does not exist", where=path, remedy=f"Make the folder {file.parent} first.")
    if not os.access(file.parent, os.W_OK):
        return StoreReadOnly("its folder may not be written", where=path, remedy=_MAKE_WRITABLE)
    if not file.exists():
        return StoreError("no file can be made here", where=path, remedy="Name a file in a folder of your own.")
    return StoreReadOnly("the file may not be opened", where=path, remedy=_MAKE_WRITABLE)


def _system(what: str, system_errno: int) -> str:
    return f"{what}: {os.strerror(system_errno)}" if system_errno else what
