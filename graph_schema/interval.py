"""Times as intervals (design rule 15). In: instants, days, open bounds. Out: `Interval` in microseconds since 1970 UTC.

A record's time is the interval in which it may have happened: an instant, a day in its zone, or open where a bound
is absent. No order is invented between intervals that overlap.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

BEGINNING = -(2**62)
"""The open lower bound: nothing is known of the earliest time."""

END = 2**62
"""The open upper bound: nothing is known of the latest time."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Interval(msgspec.Struct, frozen=True, array_like=True, order=True):
    """From `earliest` to `latest`, both included, in microseconds since 1970 UTC."""

    earliest: int = BEGINNING
    latest: int = END

    def surely_before(self, other: Interval) -> bool:
        """True where every reading puts this before the other; the same instant is not before."""
        return self.latest < other.earliest

    def maybe_before(self, other: Interval) -> bool:
        """True where some reading puts this before the other or at the same instant."""
        return self.earliest <= other.latest

    def overlaps(self, other: Interval) -> bool:
        """True where neither is surely before the other."""
        return self.earliest <= other.latest and other.earliest <= self.latest

    def hull(self, other: Interval) -> Interval:
        """The smallest interval that holds both."""
        return Interval(min(self.earliest, other.earliest), max(self.latest, other.latest))


UNKNOWN_TIME = Interval()


def instant(moment: datetime) -> Interval:
    """The interval of one aware moment."""
    micros = micros_of(moment)
    return Interval(micros, micros)


def micros_of(moment: datetime) -> int:
    """Microseconds since 1970 UTC of an aware datetime; exact, unlike `timestamp()`."""
    return (moment - _EPOCH) // _MICROSECOND


def datetime_of(micros: int) -> datetime | None:
    """The aware UTC datetime of a bound, None where it is open or beyond the calendar."""
    if micros <= BEGINNING or micros >= END:
        return None
    try:
        return _EPOCH + timedelta(microseconds=micros)
    except OverflowError:
        return None
