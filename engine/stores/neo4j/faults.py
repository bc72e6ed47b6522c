"""What a Neo4j server refuses, in our words. In: an error of the driver. Out: a `StoreError` that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import (
    AuthError,
    DriverError,
    Neo4jError,
    ResultConsumedError,
    ServiceUnavailable,
    SessionExpired,
    TransactionError,
)

from graph_schema.errors import (
    LimitExceeded,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreReadOnly,
    SuyuanError,
)

_REPEAT = "Repeat: nothing of this write was kept."
_START = "Start the server, or check the host and port of --store; then repeat: nothing half-written was kept."
_SIGN_IN = "Check the user of --store and the password (SUYUAN_NEO4J_PASSWORD)."
_WAIT = "Repeat when the other process has finished."
_SMALLER = "Capture fewer events at once, or raise db.memory.transaction.max and dbms.memory.transaction.total.max."

Fault = Neo4jError | DriverError


def store_error(error: Fault, where: str) -> SuyuanError:
    """The error of ours that says what this one means for the person at the database `where`."""
    match error:
        case AuthError():
            return StoreError("the server does not know this user and password", where=where, remedy=_SIGN_IN)
        case ServiceUnavailable() | SessionExpired():
            return StoreError("the server cannot be reached, or went away", where=where, remedy=_START)
        case ResultConsumedError() | TransactionError():
            return after_the_end(where)
        case Neo4jError():
            return _refused(error, where)
        case _:
            return StoreError(f"the driver cannot do it ({error})", where=where, remedy=_REPEAT)


@contextmanager
def in_our_words(where: str) -> Iterator[None]:
    """Within this, an error of the driver becomes one of ours."""
    try:
        yield
    except (Neo4jError, DriverError) as error:
        raise store_error(error, where) from error


def after_the_end(where: str) -> StoreError:
    """A port was used after its snapshot or transaction ended."""
    return StoreError("the store was read or written after it was closed", where=where, remedy="Open it again.")


def busy(where: str) -> StoreBusy:
    """Another writer did not finish in time."""
    return StoreBusy("another process is writing", where=where, remedy=_WAIT)


def derive_first(where: str) -> StoreDamaged:
    """A large write was broken off: what is derived does not stand."""
    return StoreDamaged(
        "a large write was broken off; nothing acknowledged is lost, and it can be read meanwhile",
        where=where,
        remedy="Derive the graph anew: suyuan rebuild. Then repeat.",
    )


def newer(where: str, found: int, known: int) -> StoreDamaged:
    """The database was written by a later program."""
    return StoreDamaged(
        f"the database has schema {found}, this program knows schemas up to {known}",
        where=where,
        remedy="Use a newer Suyuan, or another database.",
    )


def _refused(error: Neo4jError, where: str) -> SuyuanError:
    code = error.code or ""
    if "LockAcquisitionTimeout" in code or "LockClient" in code or "DeadlockDetected" in code:
        return busy(where)
    if "TransactionTimedOut" in code:
        return LimitExceeded("the question took longer than it may", where=where, remedy="Ask for less at once.")
    if "MemoryPoolOutOfMemory" in code or "TransactionOutOfMemory" in code:
        return StoreFull("the write is larger than one transaction may be", where=where, remedy=_SMALLER)
    if "General.DatabaseUnavailable" in code or "DatabaseNotFound" in code:
        return StoreError("there is no such database, or it is not ready", where=where, remedy=_START)
    if "WriteOnReadOnlyAccessDatabase" in code or "Forbidden" in code:
        return StoreReadOnly("the database may not be written", where=where, remedy="Use a user who may write.")
    return StoreError(f"the server refused it ({code}: {error.message})", where=where, remedy=_REPEAT)
