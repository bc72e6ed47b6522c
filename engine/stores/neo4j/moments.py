"""Times as people read them in the database. In: microseconds since 1970 UTC. Out: aware datetimes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def readable(micros: int) -> datetime | None:
    """A moment; None where it is open."""
    try:
        return _EPOCH + timedelta(microseconds=micros)
    except OverflowError:
        return None
