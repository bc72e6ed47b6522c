"""A query schedule (EPCIS 2.0 §8.2.5.3). In: its fields as they are written. Out: `Schedule`: the next query time.

A field is numbers and ranges `[3-7]` divided by commas, or `0/30` (from 0, every 30), which the standard's OpenAPI
has in an example. A time matches where every field that is given does, in UTC. Without `second` a query time is the
first second of a minute: `{"hour": "1", "minute": "5"}` is "every morning at 1.05am" (OpenAPI), once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from graph_schema.errors import InvalidInput
from graph_schema.interval import micros_of

RANGES: Mapping[str, tuple[int, int]] = {
    "second": (0, 59),
    "minute": (0, 59),
    "hour": (0, 23),
    "dayOfMonth": (1, 31),
    "month": (1, 12),
    "dayOfWeek": (1, 7),
}
"""The fields, and the least and greatest number of each; 1 is Monday."""

_LONGEST_FIELD = 200
_ELEMENT = re.compile(r"(?P<number>\d{1,2})(?:/(?P<step>\d{1,2}))?|\[(?P<first>\d{1,2})-(?P<last>\d{1,2})\]", re.ASCII)
_FURTHEST = timedelta(days=366 * 41)
"""Any day of the calendar that is there at all is there on each day of the week within so long."""
_ONE_SECOND = timedelta(seconds=1)


class Schedule(msgspec.Struct, frozen=True):
    """The numbers that each field lets through, in order."""

    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]

    def after(self, micros: int) -> int | None:
        """The first query time after a time (microseconds since 1970 UTC); None where there is none."""
        begin = datetime.fromtimestamp(micros // 1_000_000, UTC) + _ONE_SECOND
        if self._is_on(begin.date()) and (found := self._at_or_after(begin.time())) is not None:
            return micros_of(datetime.combine(begin.date(), found, UTC))
        first = self._at_or_after(time.min)
        day = begin.date()
        while first is not None and day - begin.date() < _FURTHEST:
            day += timedelta(days=1)
            if self._is_on(day):
                return micros_of(datetime.combine(day, first, UTC))
        return None

    def _is_on(self, day: date) -> bool:
        return day.month in self.months and day.day in self.days and day.isoweekday() in self.weekdays

    def _at_or_after(self, begin: time) -> time | None:
        """The first query time of a day that is not before one."""
        for hour in self.hours:
            for minute in self.minutes:
                if (hour, minute) < (begin.hour, begin.minute):
                    continue
                for second in self.seconds:
                    if (found := time(hour, minute, second)) >= begin:
                        return found
        return None


def parse_schedule(fields: Mapping[str, str], now: int) -> Schedule:
    """The schedule of these fields; `InvalidInput` names the first that is wrong, or says that no time matches."""
    for name in fields:
        if name not in RANGES:
            raise _wrong(name[:80], "this is no field of a schedule", f"There are {', '.join(RANGES)}.")
    numbers = {name: _numbers(name, fields.get(name)) for name in RANGES}
    schedule = Schedule(
        numbers["second"] if "second" in fields else (0,),
        numbers["minute"],
        numbers["hour"],
        frozenset(numbers["dayOfMonth"]),
        frozenset(numbers["month"]),
        frozenset(numbers["dayOfWeek"]),
    )
    if not fields or schedule.after(now) is None:
        what = "no time matches" if fields else "it has no field"
        raise InvalidInput(what, where="schedule", remedy="Give at least one field, and days that there are.")
    return schedule


def _numbers(name: str, text: str | None) -> tuple[int, ...]:
    """What a field lets through, in order; everything where it is not given."""
    least, most = RANGES[name]
    if text is None:
        return tuple(range(least, most + 1))
    if len(text) > _LONGEST_FIELD:
        raise _wrong(name, "it is too long", f"Give at most {_LONGEST_FIELD} characters.")
    found = {number for element in text.split(",") for number in _element(name, element)}
    return tuple(sorted(found))


def _element(name: str, text: str) -> range:
    least, most = RANGES[name]
    parts = _ELEMENT.fullmatch(text)
    if parts is None:
        raise _wrong(
            name, f"{text[:80]!r} is neither number nor range", "Write it as 5, as [3-7], as 1,[3-7] or as 0/15."
        )
    first = int(parts["number"] or parts["first"])
    last = int(parts["last"] or (most if parts["step"] else first))
    step = int(parts["step"] or 1)
    if not least <= first <= last <= most or step == 0:
        raise _wrong(name, f"{text!r} is out of range, or ends before it begins", f"It goes from {least} to {most}.")
    return range(first, last + 1, step)


def _wrong(name: str, what: str, remedy: str) -> InvalidInput:
    return InvalidInput(what, where=f"schedule, {name}", rule="EPCIS 2.0 §8.2.5.3", remedy=remedy)
