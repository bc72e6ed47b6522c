"""What records may be deleted on a day, by the rules on retention (paper 六(二)2). In: a ledger. Out: a list.

A dry run: nothing here deletes anything. Each event is judged by the rules of the profile of its day. All of these
count for it, since a profile says in words alone what a rule is about, and the one that keeps longest decides; where
one cannot be reckoned, the event is kept. So what the report names is kept by no rule of the system.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

import msgspec

from engine.coverage.register import read_register
from engine.questions.position import ledger_state
from engine.stores.ports import Snapshot
from engine.tracking import Lives, Tracked, last_day_of, other_systems, tracked, versions_of
from graph_schema.event import Event, Role
from graph_schema.identifiers import Kind, kind_of_key
from graph_schema.profiles import Profiles
from graph_schema.profiles.elements import text_at
from graph_schema.profiles.profile import Retention

EXPIRY = "expiry_date"
"""The key data element that says until when goods keep."""
_Until = tuple[date, Retention]
"""The first day on which something may be deleted, and the rule that kept it until then."""
_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


class Kept(StrEnum):
    """Why no day can be told from which an event may be deleted."""

    PERMANENT = "permanent"
    IN_USE = "in_use"
    """Kept for or from the life of a thing whose end is not recorded."""
    NO_EXPIRY = "no_expiry"
    """Kept from an expiry that is not recorded of all its goods."""
    NO_TIME = "no_time"
    """When it was is not known."""
    NO_RULE = "no_rule"
    """The profile of its day has no rule."""


class Deletable(msgspec.Struct, frozen=True):
    """An event that may be deleted."""

    seq: int
    event: str
    tracking_event: str
    since: date
    """The first day on which it may be."""
    rule: Retention
    """The rule that kept it longest."""
    version: int
    """Of the profile that the rule is of."""
    also: tuple[str, ...]
    """Other systems that it is a tracking event of: their rules may keep it."""


class RetentionReport(msgspec.Struct, frozen=True):
    """What may be deleted of a system's records, on a day."""

    system: str
    at: date
    position: int
    hash: str
    events: int
    deletable: int
    later: dict[int, int]
    """By year: how many may be deleted from some later day in it."""
    kept: dict[Kept, int]
    """How many are kept without an end that can be told."""
    rows: tuple[Deletable, ...]
    """The first of those that may be deleted, in the order of the ledger."""


def retention_report(snapshot: Snapshot, profiles: Profiles, system: str, at: date, most: int) -> RetentionReport:
    """What may be deleted on a day, at the newest position; `most` rows are listed."""
    versions_of(system, profiles)
    position = snapshot.ledger.head().position
    register = read_register(snapshot.masters, system, "", date.max.isoformat(), at=position)
    goods = _Goods(profiles.common.kde[EXPIRY].at)
    for entry in snapshot.ledger.entries(until=position):
        goods.read(entry.event)
    later: Counter[int] = Counter()
    kept: Counter[Kept] = Counter()
    found: list[Deletable] = []
    deletable = 0
    for one in tracked(snapshot.ledger.entries(until=position), system, profiles, register):
        verdict = _judge(one, goods)
        if isinstance(verdict, Kept):
            kept[verdict] += 1
        elif verdict[0] > at:
            later[verdict[0].year] += 1
        else:
            deletable += 1
            if len(found) < most:
                found.append(_row(one, verdict, profiles))
    return RetentionReport(
        system=system,
        at=at,
        position=position,
        hash=ledger_state(snapshot, position).hash,
        events=deletable + later.total() + kept.total(),
        deletable=deletable,
        later=dict(sorted(later.items())),
        kept={why: kept[why] for why in Kept if kept[why]},
        rows=tuple(found),
    )


def _row(one: Tracked, verdict: _Until, profiles: Profiles) -> Deletable:
    since, rule = verdict
    return Deletable(
        one.entry.seq, one.event.id, one.recognised[0].event.id, since, rule, one.profile.version,
        other_systems(one.event, one.profile.profile, profiles),
    )  # fmt: skip


class _Goods:
    """What events say of goods that rules reckon from: until when they keep, and when they ended."""

    def __init__(self, expiry_at: Iterable[str]) -> None:
        self._expiry_at = tuple(expiry_at)
        self._expiry: dict[str, date] = {}
        self._lives = Lives()

    def read(self, event: Event) -> None:
        """Take in an event; of a transformation the expiry is that of what it makes."""
        self._lives.read(event)
        day = _day(text_at(event, self._expiry_at))
        if day is not None:
            for key in (what.item for what in event.whats if what.role is not Role.INPUT):
                self._expiry[key] = max(day, self._expiry.get(key, day))

    def expiry(self, event: Event) -> date | Kept:
        """The last day to which any goods of an event keep; packages do not keep or spoil."""
        days = [
            self._expiry.get(what.item) or self._expiry.get(what.lot or "")
            for what in event.whats
            if kind_of_key(what.item) is not Kind.logistic_unit
        ]
        return _latest(days, Kept.NO_EXPIRY)

    def end(self, event: Event) -> date | Kept:
        """The day on which the last of an event's things ended."""
        return _latest([self._lives.ended(what.item) for what in event.whats], Kept.IN_USE)


def _latest(days: list[date | None], without: Kept) -> date | Kept:
    told = [day for day in days if day is not None]
    return max(told) if told and len(told) == len(days) else without


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text[:10])
    except ValueError:
        return None


def _judge(one: Tracked, goods: _Goods) -> _Until | Kept:
    """The rule that keeps an event longest, and the first day after; one that cannot be reckoned keeps it."""
    longest: _Until | None = None
    for rule in one.profile.retention:
        since = _since(rule, one.event, goods)
        if isinstance(since, Kept):
            return since
        if longest is None or since > longest[0]:
            longest = since, rule
    return longest or Kept.NO_RULE


def _since(rule: Retention, event: Event, goods: _Goods) -> date | Kept:
    """The first day on which a rule no longer keeps an event."""
    if rule.min == "permanent":
        return Kept.PERMANENT
    if rule.min == "life of equipment":
        end, period = goods.end(event), "P0D"
    else:
        end, period = _BEGINNINGS[rule.since](event, goods), rule.min
    return end if isinstance(end, Kept) else after(end, period)


def _of_event(event: Event, _: _Goods) -> date | Kept:
    return last_day_of(event) or Kept.NO_TIME


def _of_expiry(event: Event, goods: _Goods) -> date | Kept:
    return goods.expiry(event)


def _of_end(event: Event, goods: _Goods) -> date | Kept:
    return goods.end(event)


_BEGINNINGS: Mapping[str, Callable[[Event, _Goods], date | Kept]] = MappingProxyType(
    {
        "event": _of_event,
        "transaction": _of_event,
        "expiry": _of_expiry,
        "shelf_life_end": _of_expiry,
        "end_of_use": _of_end,
    }
)
"""From what a rule reckons (`from` of a profile)."""


def after(day: date, period: str) -> date | Kept:
    """The day after a period from a day is over: the last day of a shorter month stands for one that it has not."""
    found = _PERIOD.fullmatch(period)
    years, months, weeks, days = (int(part or 0) for part in found.groups()) if found else (0, 0, 0, 0)
    months += day.month - 1 + 12 * years
    year, month = day.year + months // 12, months % 12 + 1
    try:
        moved = date(year, month, min(day.day, monthrange(year, month)[1]))
        return moved + timedelta(days=7 * weeks + days + 1)
    except (ValueError, OverflowError):  # beyond the calendar
        return Kept.PERMANENT
