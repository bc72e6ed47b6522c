"""Chain 链, by lot: whether its trace has two ends, each event that it should, and its amounts. In: tracking events.

Out: tallies. Its trace goes back and forth through the transformations that it came from and went into. Looked at is
what a tracking event names, but for logistic units, which merely carry. Of this a lot is what `draw` and `drill` take
for one (`engine.inspection.candidates`): what has the key of a lot, or a code of one's own that an event counts. And a
single thing is a lot of one where it surely is of one kind of the profile's goods: a cylinder, no box, permit or plot.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from engine.coverage.chain import within
from engine.coverage.columns import KINDS, UNKNOWN, Array, Part
from engine.coverage.goods import Goods, goods_proper, kinds_of
from engine.coverage.tally import Tally, Unit, joined
from engine.coverage.tracked import Law, Tracked
from graph_schema.identifiers import Kind
from graph_schema.interval import BEGINNING
from graph_schema.profiles import Profile
from graph_schema.steps import Effect, step_of

_HOUR = 3_600_000_000
_WHOLE = 100
_LOTS = (Kind.lot, Kind.instance, Kind.other)


class Lots(NamedTuple):
    """The things that may be lots, and where tracking events name them."""

    keys: Array
    """The digest of each."""
    kinds: Array
    """Of which kinds of goods each may be, as `Goods` has it."""
    is_lot: Array
    """Which of them are lots."""
    lot: Array
    """Of each naming: which of them."""
    event: Array
    """Of each naming: in which tracking event, by number."""
    part: Array
    naming: Array
    """Of each naming: which thing of the tracking events it is."""
    first: Array
    """Of each of them: the naming in the event that was first."""


def lots_of(tracked: Tracked, goods: Goods) -> Lots:
    """The lots of tracking events, and what else may be one."""
    kinds = [KINDS.index(kind) for kind in _LOTS]
    naming = np.flatnonzero((tracked.things["part"] != Part.VALUE) & np.isin(tracked.things["kind"], kinds))
    things, event = tracked.things[naming], tracked.of[naming]
    there = np.zeros(len(goods.keys), bool)
    there[goods.each[naming]] = True
    lot = (np.cumsum(there) - 1)[goods.each[naming]]
    order = np.lexsort((event, tracked.column("earliest")[event], lot))
    first = order[np.searchsorted(lot[order], np.arange(there.sum()))]
    kind = things["kind"][first]
    counted = (kind == KINDS.index(Kind.lot)) | ((kind == KINDS.index(Kind.other)) & ~goods.single[there])
    is_lot = counted | _are_goods(goods.kinds[there], goods.mask(_proper(tracked, goods)))
    return Lots(goods.keys[there], goods.kinds[there], is_lot, lot, event, things["part"], naming, first)


def _are_goods(kinds: Array, proper: np.uint64) -> Array:
    """Which are surely of one kind, and that one of goods proper."""
    return np.asarray((np.bitwise_count(kinds) == 1) & ((kinds & proper) != 0))


def _proper(tracked: Tracked, goods: Goods) -> list[str]:
    return [kind for kind in goods_proper(tracked.laws) if kind in goods.names]


def orphan_rate(tracked: Tracked, lots: Lots, links: Tally) -> Tally:
    """Lots whose trace has a broken end are not good; `links` are those of each thing.

    Back it is broken where the lot, or what it was made of, is first recorded by an event with which no chain begins,
    and was not made there of anything; forth where a link that was expected of it, or of what was made of it, is
    unmatched.
    """
    begins = np.array([law.profile.begins_with(law.event) for law in tracked.laws], bool)
    runs = tracked.column("run")[lots.event]
    fed = np.isin(runs, runs[lots.part == Part.INPUT])
    made = np.zeros(len(lots.keys), bool)
    made[lots.lot[(lots.part == Part.OUTPUT) & fed]] = True
    back = ~begins[tracked.law[lots.event[lots.first]]] & ~made
    unmatched = links.of(np.flatnonzero(~links.good)).thing
    forth = np.isin(lots.keys, [] if unmatched is None else np.unique(unmatched))
    broken = _spread(lots, runs, back, Part.INPUT, Part.OUTPUT) | _spread(lots, runs, forth, Part.OUTPUT, Part.INPUT)
    lot = np.flatnonzero(lots.is_lot)
    return _tally(Unit.LOT, tracked, lots.event[lots.first[lot]], lots.keys[lot], ~broken[lot])


def _spread(lots: Lots, runs: Array, marked: Array, begin: Part, end: Part) -> Array:
    """Marks of lots, carried through every run of a transformation that has a marked lot on one side to the other."""
    into, out = np.flatnonzero(lots.part == begin), np.flatnonzero(lots.part == end)
    _, run = np.unique(np.concatenate([runs[into], runs[out]]), return_inverse=True)
    while True:
        reached = np.zeros(len(run), bool)
        reached[run[: len(into)][marked[lots.lot[into]]]] = True
        grown = marked.copy()
        grown[lots.lot[out[reached[run[len(into) :]]]]] = True
        if np.array_equal(grown, marked):
            return marked
        marked = grown


def cte_rate(tracked: Tracked, lots: Lots, goods: Goods) -> Tally:
    """Tracking events present / expected, of each lot or single thing at each stage that it passed.

    A lot passed a stage at which it is recorded where it is recorded at a later one too. Expected there are the
    tracking events that a link of the profile of that day begins or alone ends with, of the kinds of goods that the lot
    may be.
    """
    laws = tracked.laws
    stages = {law.event.stage: [n for n, one in enumerate(laws) if one.event.stage == law.event.stage] for law in laws}
    at = {stage: _named_in(tracked, lots, numbers) for stage, numbers in stages.items()}
    found = []
    for number in _expected(laws):
        law = laws[number]
        alike = [n for n, one in enumerate(laws) if one.event.id == law.event.id]
        later = [at[stage] for stage in _later(law.profile, law.event.stage) if stage in at]
        is_one = _is_one_of(lots, goods.mask(kind for n in alike for kind in kinds_of(laws[n].event)))
        passed = at[law.event.stage] & _any(lots, later) & is_one
        lot = np.flatnonzero(passed)
        event = lots.event[_first_at(tracked, lots, stages[law.event.stage])[lot]]
        of_the_day = np.array([one.profile is law.profile for one in laws], bool)[tracked.law[event]]
        lot, event = lot[of_the_day], event[of_the_day]
        good = _named_in(tracked, lots, alike)[lot]
        found.append(_tally(Unit.TRACKING_EVENT, tracked, event, lots.keys[lot], good, number))
    return joined(Unit.TRACKING_EVENT, found)


def _expected(laws: Sequence[Law]) -> list[int]:
    """The laws of the tracking events that a link of their profile begins or alone ends with."""
    return [number for number, law in enumerate(laws) if law.event.id in _linked(law.profile)]


def _linked(profile: Profile) -> frozenset[str]:
    alone = {link.target for link in profile.links if link.or_to is None}
    return frozenset(alone | {link.source for link in profile.links})


def _later(profile: Profile, stage: str) -> list[str]:
    """Every stage that follows one, however many steps on."""
    follows = {one.id: one.next for one in profile.stages}
    found: dict[str, None] = {}
    ahead = [*follows.get(stage, ())]
    while ahead:
        one = ahead.pop()
        if one not in found:
            found[one] = None
            ahead.extend(follows.get(one, ()))
    return [one for one in found if one != stage]


def _named_in(tracked: Tracked, lots: Lots, laws: Sequence[int]) -> Array:
    """Which lots are named in events of some laws."""
    found = np.zeros(len(lots.keys), bool)
    found[lots.lot[np.isin(tracked.law[lots.event], laws)]] = True
    return found


def _is_one_of(lots: Lots, kinds: np.uint64) -> Array:
    """Which lots may be of some of these kinds of goods and of no other."""
    return np.asarray((lots.kinds & ~kinds) == 0)


def _any(lots: Lots, some: Iterable[Array]) -> Array:
    """Of which lots any of some is true."""
    found = np.zeros(len(lots.keys), bool)
    for one in some:
        found |= one
    return found


def _first_at(tracked: Tracked, lots: Lots, laws: Sequence[int]) -> Array:
    """The first naming of each lot in events of some laws; of no meaning where there is none."""
    first = np.full(len(lots.keys), len(lots.lot))
    here = np.flatnonzero(np.isin(tracked.law[lots.event], laws))
    np.minimum.at(first, lots.lot[here], here)
    return first


def balance_rate(tracked: Tracked, lots: Lots, at: int) -> Tally:
    """Lots of which as much left as came, over all sites, but for the tolerance / those that are closed.

    One is closed where something left, and then nothing is recorded for longer than any link of the profile may take.
    The tolerance is the widest of a link that compares quantities, of what was made, else of what came. The profile is
    that of the day on which the lot was first recorded. Left out are lots of which is not recorded how they came, and
    those that were packed, whose departure was undone, or whose amounts do not compare.
    """
    law = tracked.law[lots.event]
    effects = [_effect(one) for one in tracked.laws]
    gains, makes, loses, undoes = (
        np.array([one in some for one in effects], bool)[law] for some in (_GAINS, _MAKES, _LOSES, _UNDOES)
    )
    things = tracked.things[lots.naming]
    came = (lots.part == Part.OUTPUT) | (gains & (lots.part == Part.NAMED))
    left = (lots.part == Part.INPUT) | (loses & (lots.part == Part.NAMED))
    odd = (things["kind"] != KINDS.index(Kind.lot)) | (lots.part == Part.PARENT) | (lots.part == Part.CHILD) | undoes
    odd |= (things["quantity"] == UNKNOWN) | (things["uom"] != things["uom"][lots.first][lots.lot])
    strange = np.zeros(len(lots.keys), bool)
    strange[lots.lot[odd]] = True
    amounts = np.where(odd, 0, things["quantity"])
    total, gone = (_sums(lots, amounts, some) for some in (came, left))
    last = np.full(len(lots.keys), BEGINNING)
    np.maximum.at(last, lots.lot, tracked.column("latest")[lots.event])
    longest, tolerance = (np.array([of(one.profile) for one in tracked.laws])[law[lots.first]] for of in _ALLOWED)
    closed = np.flatnonzero(~strange & came[lots.first] & (gone > 0) & (last + longest < at))
    made = _sums(lots, amounts, (lots.part == Part.OUTPUT) | (came & makes))
    whole = np.where(made > 0, made, total)
    good = within(np.abs(total - gone), tolerance, whole)[closed]
    return _tally(Unit.LOT, tracked, lots.event[lots.first[closed]], lots.keys[closed], good)


def _sums(lots: Lots, amounts: Array, chosen: Array) -> Array:
    """The amounts of some namings of each lot together."""
    found = np.zeros(len(lots.keys), np.int64)
    np.add.at(found, lots.lot[chosen], amounts[chosen])
    return found


_GAINS = frozenset({Effect.ARRIVES, Effect.MAKES})
_MAKES = frozenset({Effect.MAKES})
_LOSES = frozenset({Effect.DEPARTS, Effect.ENDS})
_UNDOES = frozenset({Effect.UNDOES})


def _effect(law: Law) -> Effect:
    event = law.event
    return step_of(event.type, event.action, event.biz_step, event.disposition).effect


def _longest(profile: Profile) -> int:
    """How long the slowest link may take."""
    return max((link.max_gap_h for link in profile.links), default=0) * _HOUR


def _tolerance(profile: Profile) -> float:
    return max((link.tol_pct for link in profile.links if link.tol_pct < _WHOLE), default=0.0) / _WHOLE


_ALLOWED = (_longest, _tolerance)


def _tally(unit: Unit, tracked: Tracked, events: Array, keys: Array, good: Array, which: int = 0) -> Tally:
    """Units, each a lot in an event."""
    each = np.full(len(events), which, np.int32)
    return Tally(unit, tracked.owner[events], np.asarray(good, bool), tracked.rows[events], keys, which=each)
