"""Times as EPCIS writes them. In: text, and the offset of the event. Out: `Interval` (design rule 15), or an error.

EPCIS 2.0 §7.3.1: a moment is a date and time of ISO 8601 with its offset. A date alone is that whole day, and a time
without an offset a time of the clock, where the event was: both in the event's own offset.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from graph_schema.errors import InvalidEvent
from graph_schema.interval import Interval, instant, micros_of

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:([Tt])(\d\d:\d\d:)(\d\d)(?:\.(\d+))?)?([Zz]|[+-]\d\d:\d\d)?", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)", re.ASCII)
_DAY = timedelta(days=1) - timedelta(microseconds=1)
_RULE = "EPCIS 2.0 §7.3.1"
_LEAP_SECOND = "60"


@lru_cache(maxsize=256)
def parse_offset(text: str) -> timezone:
    """The time zone of `+hh:mm`; InvalidEvent for anything else or beyond 14 hours."""
    found = _OFFSET.fullmatch(text)
    minutes = int(found[2]) * 60 + int(found[3]) if found else 0
    if not found or minutes > 14 * 60 or int(found[3]) > 59:
        raise InvalidEvent(
            f"{text[:40]!r} is no offset from UTC", rule="EPCIS 2.0 §7.4.1", remedy="Write it as +02:00."
        )
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))


def offset_of(text: str) -> str | None:
    """The offset that a moment carries, as `+hh:mm`; None where it has none or is no moment."""
    found = _MOMENT.fullmatch(text)
    if not found or not found[6]:
        return None
    return "+00:00" if found[6] in "Zz" else found[6]


def is_day(text: str) -> bool:
    """Whether a moment is a date without a time."""
    found = _MOMENT.fullmatch(text)
    return bool(found) and not found[2]  # type: ignore[index]


def parse_moment(text: str, zone: timezone | None) -> Interval:
    """The interval of a moment; `zone` is where it has no offset of its own. InvalidEvent for what is no moment."""
    found = _MOMENT.fullmatch(text)
    if not found:
        raise _no_moment(text)
    day, at, clock, second, fraction, offset = found.groups()
    where = zone
    if offset:
        where = UTC if offset in "Zz" else parse_offset(offset)
    if where is None:
        raise InvalidEvent(f"{text!r} does not say in which time zone", rule=_RULE, remedy="Add the offset, as +02:00.")
    try:
        if not at:
            begin = datetime.fromisoformat(day).replace(tzinfo=where)
            return Interval(micros_of(begin), micros_of(begin + _DAY))
        return instant(_moment(f"{day}T{clock}", second, fraction, where))
    except (ValueError, OverflowError) as error:
        raise _no_moment(text) from error


def _moment(until_seconds: str, second: str, fraction: str | None, zone: timezone) -> datetime:
    """A leap second is the first of the next minute; digits past the microsecond are beyond any clock and dropped."""
    leap = second == _LEAP_SECOND
    moment = datetime.fromisoformat(f"{until_seconds}{'59' if leap else second}").replace(
        microsecond=int((fraction or "0")[:6].ljust(6, "0")), tzinfo=zone
    )
    return moment + timedelta(seconds=1) if leap else moment


def _no_moment(text: str) -> InvalidEvent:
    return InvalidEvent(
        f"{text[:40]!r} is no date and time", rule=_RULE, remedy="Write it as 2026-01-05T08:30:00+02:00."
    )
