"""The question itself. In: goods, a market, a day, what answers traces. Out: `MarketAccess`.

Every market demands that the goods be what it takes, that no record bars them or what they were made of, and that the
records lead back to where chains begin; what else it demands, its profile says. Where anything is doubtful: hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Protocol

from engine.access.answer import MarketAccess, Reason, ReasonKind
from engine.access.barring import bars, failed_tests
from engine.access.demands import Asked, judge
from engine.access.links import judge_links
from engine.access.records import Recorded, Records
from engine.answer import Direction, ItemKind, Trace
from engine.question import ItemSeed, Question, Window
from engine.stores.ports import Snapshot
from graph_schema.errors import InvalidInput
from graph_schema.identifiers import site_of_place
from graph_schema.interval import micros_of
from graph_schema.profiles import ActingSystem, Profile
from graph_schema.profiles.market import Market

MOST = 10_000
"""Items behind goods that are looked at; goods of more are held."""
_LONGEST_DAY = 36 * 3_600_000_000
"""Microseconds from when a day begins in UTC to when it is over everywhere."""
_SINGLE = (ItemKind.INSTANCE, ItemKind.LOGISTIC_UNIT)


class Answering(Protocol):
    """What answers: the whole state."""

    @property
    def snapshot(self) -> Snapshot:
        """The state."""

    def trace(self, question: Question) -> Trace:
        """A trace."""


def market_access(answering: Answering, item: str, market: str, system: ActingSystem, day: str) -> MarketAccess:
    """Whether a market may take goods on a day; `UnknownSeed` for goods that nothing is known of."""
    profile, gate = _market(market, system, day)
    until = micros_of(datetime.fromisoformat(day).replace(tzinfo=UTC)) + _LONGEST_DAY
    trace = answering.trace(Question((ItemSeed(item, window=Window(until=until)),), Direction.BACK))
    reasons = _reasons(answering.snapshot, item, trace, profile, gate, system, day)
    ordered = tuple(sorted(reasons, key=lambda one: (one.met, list(ReasonKind).index(one.kind), one.demand, one.item)))
    return MarketAccess(trace.ledger, system.name, profile.version, gate, item, day, ordered)


def _market(name: str, system: ActingSystem, day: str) -> tuple[Profile, Market]:
    """The market by the law of the day."""
    profile = system.on(day)
    gate = None if profile is None else profile.market(name)
    if profile is None or gate is None:
        known = ", ".join(market.id for market in (profile.markets if profile is not None else ()))
        remedy = f"One of {known}." if known else f"{system.name} has none on that day."
        raise InvalidInput(f"{system.name} has no market {name[:80]!r} on {day}", where="market", remedy=remedy)
    return profile, gate


def _reasons(
    snapshot: Snapshot, item: str, trace: Trace, profile: Profile, market: Market, system: ActingSystem, day: str
) -> Iterator[Reason]:
    if len(trace.items_reached) > MOST:
        text = f"made of more than {MOST:,} items: too many to look at"
        yield Reason(ReasonKind.LINK, ReasonKind.LINK, False, item, None, (), text)
        return
    single = {one.id: one.kind in _SINGLE for one in trace.items}
    around = {flow.via for flow in trace.flows if flow.via is not None and item in flow.items} - single.keys()
    opening = [event for origin in trace.origins for event in origin.events]
    records = Records(snapshot, system, [*single, *around], opening, day, trace.ledger.position)
    asked = Asked(item, day, profile, system.profiles.common, records)
    kinds = records.kinds(item)
    yield _goods(item, kinds, profile, market)
    for demand in market.demands:
        if not demand.of or not kinds or kinds & {*demand.of}:
            yield from judge(demand, asked)
    yield from _barred(asked, single | dict.fromkeys(around, True))
    yield from judge_links(item, trace, profile, system, records)


def _goods(item: str, kinds: frozenset[str], profile: Profile, market: Market) -> Reason:
    """Whether they are of a kind that the market takes."""
    labels = {kind.id: kind.label_en for kind in profile.items}
    told = " or ".join(sorted(labels.get(kind, kind) for kind in kinds)) or "no record of the system tells what it is"
    met = bool(kinds) and kinds <= {*market.of}
    return Reason(ReasonKind.GOODS, ReasonKind.GOODS, met, item, None, (), told)


def _barred(asked: Asked, single: dict[str, bool]) -> Iterator[Reason]:
    """Failed tests, holds and recalls of the goods, what they were made of and what they are in."""
    words = frozenset(asked.common.access.barring)
    found = [
        *(
            _against(ReasonKind.TEST, item, one, "a test failed, and none of its kind was passed since")
            for item in sorted(single)
            for one in failed_tests(asked.records.of(item))
        ),
        *(
            _against(ReasonKind.RECALL, item, one, f"{one.event.disposition or one.event.biz_step}, and not lifted")
            for item in sorted(single)
            for one in bars(asked.records.of(item), words, single=single[item])
        ),
    ]
    yield from found
    if not found:
        text = "no record bars it, what it was made of or what it was in"
        yield Reason(ReasonKind.RECALL, ReasonKind.RECALL, True, asked.item, None, (), text)


def _against(kind: ReasonKind, item: str, one: Recorded, text: str) -> Reason:
    place = one.event.biz_location or one.event.read_point
    site = None if place is None else site_of_place(place)
    return Reason(kind, kind, False, item, site, (one.event.id,), text)
