"""Duties that no record meets though their time is over (paper 六(五)). In: tracking events. Out: `Overdue`.

A profile tells of two kinds. A link says which event follows another of the same goods within how many hours; one whose
tolerance is all of it binds nobody. And an event may itself say when the next of its kind is due. What a profile says
in words alone cannot be judged here, nor whether what came was late: that is measured, not owed any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

import msgspec

from engine.tracking import Lives, Tracked
from graph_schema.event import Event, EventType, Role
from graph_schema.identifiers import Kind, kind_of_key
from graph_schema.interval import Interval, datetime_of, micros_of
from graph_schema.profiles import Profile, Profiles
from graph_schema.profiles.elements import text_at
from graph_schema.profiles.profile import Link

NEXT_DUE = "next_due"
"""The key data element that says when the next event of the same kind is due."""
_HOUR = 3_600_000_000
_ALL = 100
"""Percent: with such a tolerance nothing need follow."""


class Overdue(msgspec.Struct, frozen=True, order=True):
    """A duty that is over its time."""

    due: int
    """Microseconds since 1970 UTC: when its time was over."""
    wanted: tuple[str, ...]
    """The tracking events any of which would meet it."""
    by: tuple[str, ...]
    """The roles whose duty it is."""
    about: tuple[str, ...]
    """The goods, or what else the link goes by."""
    arose: str
    """The tracking event that it arose from."""
    event: str
    """That event's id."""
    seq: int
    also: tuple[str, ...] = ()
    """Other systems that it may be an event of: then the duty may not be one."""


class _Owed(msgspec.Struct, frozen=True):
    """A duty as it arose; it is met by a later event about any of `about`."""

    overdue: Overdue
    time: Interval
    own: frozenset[str]
    """What the event that it arose from may be itself: it does not meet its own duty."""


class Duties:
    """What a system's tracking events owe, up to a time."""

    def __init__(self, profiles: Profiles, at: int) -> None:
        self._profiles = profiles
        self._at = at
        self._lives = Lives()
        self._owed: list[_Owed] = []
        self._announced: dict[tuple[str, str], _Owed | Interval] = {}
        """By tracking event and thing: the last one, with what it says is due next."""
        self._last: dict[tuple[str, str], int] = {}
        """By tracking event and what it is about: the latest time of any."""

    def read(self, one: Tracked) -> None:
        """Take in a tracking event, unless it came after the time asked for."""
        if one.event.time.earliest > self._at:
            return
        self._lives.read(one.event)
        for found in one.recognised:
            self._meet(one, found.event.id)
        name = one.recognised[0].event.id
        for link in one.profile.links:
            if link.source == name and link.tol_pct < _ALL and _is_in_force(link, one.event):
                self._owed += self._owed_by(one, link)
        self._announce(one, name)

    def overdue(self) -> list[Overdue]:
        """The duties whose time is over, the longest overdue first."""
        announced = (owed for owed in self._announced.values() if isinstance(owed, _Owed))
        return sorted(owed.overdue for owed in (*self._owed, *announced) if self._is_open(owed))

    def _meet(self, one: Tracked, name: str) -> None:
        about = {what.item for what in one.event.whats}
        about |= {told for link in one.profile.links if (told := self._told(one.event, link.match))}
        for key in about:
            self._last[name, key] = max(one.event.time.latest, self._last.get((name, key), one.event.time.latest))

    def _told(self, event: Event, match: str) -> str | None:
        """What a link goes by where that is no item but a key data element: an order, a buyer."""
        common = self._profiles.common
        return None if match in common.match_keys else text_at(event, common.kde[match].at)

    def _owed_by(self, one: Tracked, link: Link) -> Iterator[_Owed]:
        wanted = tuple(name for name in (link.target, link.or_to, link.also_to) if name is not None)
        for about in self._about(one.event, link):
            due = one.event.time.latest + link.max_gap_h * _HOUR
            yield self._one(one, link.source, wanted, about, due)

    def _about(self, event: Event, link: Link) -> Iterable[tuple[str, ...]]:
        """What a link binds: each of the goods for itself, or all together where they are packed in others."""
        told = self._told(event, link.match)
        if told is not None:
            return [(told,)]
        if link.match not in self._profiles.common.match_keys:
            return []
        keys = [what.item for what in event.whats if what.role is not Role.INPUT]
        packed = event.type in (EventType.AGGREGATION, EventType.ASSOCIATION)
        if packed or any(kind_of_key(key) is Kind.logistic_unit for key in keys):
            return [tuple(keys)]
        return [(key,) for key in keys]

    def _announce(self, one: Tracked, name: str) -> None:
        told = text_at(one.event, self._profiles.common.kde[NEXT_DUE].at)
        day = _end_of_day(told)
        for what in one.event.whats:
            former = self._announced.get((name, what.item))
            time = former.time if isinstance(former, _Owed) else former
            if time is not None and time.latest > one.event.time.latest:
                continue
            owed = None if day is None else self._one(one, name, (name,), (what.item,), day)
            self._announced[name, what.item] = owed or one.event.time

    def _one(self, one: Tracked, arose: str, wanted: tuple[str, ...], about: tuple[str, ...], due: int) -> _Owed:
        by = dict.fromkeys(role for name in wanted for role in _by(one.profile, name))
        own = frozenset(found.event.id for found in one.recognised)
        return _Owed(Overdue(due, wanted, tuple(by), about, arose, one.event.id, one.entry.seq), one.event.time, own)

    def _is_open(self, owed: _Owed) -> bool:
        told = owed.overdue
        if told.due >= self._at or any(self._lives.ended(key) for key in told.about):
            return False
        return not any(self._is_met(owed, name, key) for name in told.wanted for key in told.about)

    def _is_met(self, owed: _Owed, name: str, key: str) -> bool:
        """What may have been at the same time counts, but for the event itself."""
        last = self._last.get((name, key))
        if last is None:
            return False
        return last > owed.time.latest if name in owed.own else last >= owed.time.earliest


def _by(profile: Profile, name: str) -> tuple[str, ...]:
    event = profile.event(name)
    return () if event is None else event.by


def _is_in_force(link: Link, event: Event) -> bool:
    moment = datetime_of(event.time.latest)
    return moment is not None and (
        link.in_force_until is None or moment.date() < date.fromisoformat(link.in_force_until)
    )


def _end_of_day(told: str | None) -> int | None:
    """The end of a day, in UTC, that a text names."""
    try:
        day = date.fromisoformat((told or "")[:10])
        return micros_of(datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)) - 1
    except (ValueError, OverflowError):
        return None
