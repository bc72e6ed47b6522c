"""Chain 链, by lot: whether its trace has two ends, each event that it should, and its amounts. In: tracking events.

Out: tallies. A lot is a thing that a tracking event names: a lot, a single thing, a code of one's own; no logistic
unit, which merely carries. Its trace goes back and forth through the transformations that it came from and went into.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from engine.coverage.chain import links_of
from engine.coverage.columns import KINDS, UNKNOWN, Array, Part
from engine.coverage.tally import Tally, Unit
from engine.coverage.tracked import Law, Tracked
from graph_schema.identifiers import Kind
from graph_schema.interval import BEGINNING
from graph_schema.profiles import Profile
from graph_schema.steps import Effect, step_of

_HOUR = 3_600_000_000
_WHOLE = 100
_LOTS = (Kind.lot, Kind.instance, Kind.other)
_ONE = np.uint64(1)


class Lots(NamedTuple):
    """The lots that tracking events name, and where."""

    keys: Array
    """The digest of each."""
    lot: Array
    """Of each naming: which lot."""
    event: Array
    """Of each naming: in which tracking event, by number."""
    part: Array
    naming: Array
    """Of each naming: which thing of the tracking events it is."""
    first: Array
    """Of each lot: the naming in the event that was first."""


def lots_of(tracked: Tracked) -> Lots:
    """The lots of tracking events."""
    kinds = [KINDS.index(kind) for kind in _LOTS]
    naming = np.flatnonzero((tracked.things["part"] != Part.VALUE) & np.isin(tracked.things["kind"], kinds))
    things, event = tracked.things[naming], tracked.of[naming]
    keys, lot = np.unique(things["thing"], return_inverse=True)
    order = np.lexsort((event, tracked.column("earliest")[event], lot))
    first = order[np.searchsorted(lot[order], np.arange(len(keys)))]
    return Lots(keys, lot, event, things["part"], naming, first)


def orphan_rate(tracked: Tracked, lots: Lots, links: Tally) -> Tally:
    """Lots whose trace has a broken end are not good.

    Back it is broken where the lot, or what it was made of, is first recorded at a stage at which no chain begins, and
    was not made there of anything; forth where a link that was expected of it, or of what was made of it, is unmatched.
    """
    begins = np.array([_stage_of(law, "origin") for law in tracked.laws], bool)
    made = np.zeros(len(lots.keys), bool)
    made[lots.lot[lots.part == Part.OUTPUT]] = True
    back = ~begins[tracked.law[lots.event[lots.first]]] & ~made
    unmatched = links.of(np.flatnonzero(~links.good)).thing
    forth = np.isin(lots.keys, [] if unmatched is None else np.unique(unmatched))
    runs = tracked.column("run")[lots.event]
    broken = _spread(lots, runs, back, Part.INPUT, Part.OUTPUT) | _spread(lots, runs, forth, Part.OUTPUT, Part.INPUT)
    return _tally(Unit.LOT, tracked, lots.event[lots.first], lots.keys, ~broken)


def _stage_of(law: Law, flag: str) -> bool:
    """Whether a flag is set of the stage of a tracking event."""
    return any(getattr(stage, flag) for stage in law.profile.stages if stage.id == law.event.stage)


def _spread(lots: Lots, runs: Array, marked: Array, begin: Part, end: Part) -> Array:
    """Marks of lots, carried through every run of a transformation that has a marked lot on one side to the other."""
    _, run = np.unique(runs, return_inverse=True)
    into, out = lots.part == begin, lots.part == end
    while True:
        reached = np.zeros(len(run) + 1, bool)
        reached[run[into & marked[lots.lot]]] = True
        grown = marked.copy()
        grown[lots.lot[out & reached[run]]] = True
        if np.array_equal(grown, marked):
            return marked
        marked = grown


def cte_rate(tracked: Tracked, lots: Lots) -> Tally:
    """Tracking events present / expected, of each lot at each stage that it passed.

    A lot passed a stage at which it is recorded where it is recorded at a later one too. Expected there are the
    tracking events that a link of the profile begins or alone ends with, of the kinds of goods that the lot may be.
    """
    laws = tracked.laws
    names = list(dict.fromkeys(law.event.id for law in laws))
    stages = list(dict.fromkeys(law.event.stage for law in laws))
    law = tracked.law[lots.event]
    at = _union(lots, _bits([stages.index(one.event.stage) for one in laws])[law])
    present = _union(lots, _bits([names.index(one.event.id) for one in laws])[law])
    kinds = _kinds_of(tracked, lots)
    found = []
    for number, wanted in _expected(laws).items():
        event, goods = names.index(laws[number].event.id), _kind_bits(laws, wanted)
        stage = _ONE << np.uint64(stages.index(laws[number].event.stage))
        later = _mask(stages.index(one) for one in _later(laws[number].profile, laws[number].event.stage))
        passed = ((at & stage) != 0) & ((at & later) != 0) & (kinds != 0) & ((kinds & ~goods) == 0)
        lot = np.flatnonzero(passed)
        good = (present[lot] >> np.uint64(event)) & _ONE != 0
        here = [other for other, one in enumerate(laws) if one.event.stage == laws[number].event.stage]
        where = _first_at(tracked, lots, here)
        found.append(_tally(Unit.TRACKING_EVENT, tracked, lots.event[where[lot]], lots.keys[lot], good, number))
    return joined(Unit.TRACKING_EVENT, found)


def _expected(laws: Sequence[Law]) -> Mapping[int, Sequence[int]]:
    """The last law of each tracking event that is expected, with all laws of that event."""
    wanted: dict[str, None] = {}
    for _, link in links_of(laws):
        wanted[link.source] = None
        if link.or_to is None:
            wanted[link.target] = None
    alike = {name: [n for n, law in enumerate(laws) if law.event.id == name] for name in wanted}
    return {numbers[-1]: numbers for numbers in alike.values() if numbers}


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


def _kinds_of(tracked: Tracked, lots: Lots) -> Array:
    """Which kinds of goods each lot may be, by all events that name it: a bit for each."""
    parts = {
        Part.NAMED: [law.event.of for law in tracked.laws],
        Part.PARENT: [law.event.of for law in tracked.laws],
        Part.CHILD: [law.event.of for law in tracked.laws],
        Part.INPUT: [law.event.takes for law in tracked.laws],
        Part.OUTPUT: [law.event.makes for law in tracked.laws],
    }
    bit = _kind_numbers(tracked.laws)
    told = np.zeros((len(Part), len(tracked.laws)), np.uint64)
    for part, kinds in parts.items():
        told[part] = [_mask(bit[kind] for kind in some) for some in kinds]
    found = np.full(len(lots.keys), ~np.uint64(0))
    np.bitwise_and.at(found, lots.lot, told[lots.part, tracked.law[lots.event]])
    return found


def _kind_numbers(laws: Sequence[Law]) -> dict[str, int]:
    return {kind: number for number, kind in enumerate(dict.fromkeys(i.id for law in laws for i in law.profile.items))}


def _kind_bits(laws: Sequence[Law], numbers: Sequence[int]) -> np.uint64:
    """The kinds of goods of some tracking events."""
    bit, events = _kind_numbers(laws), [laws[number].event for number in numbers]
    return _mask(bit[kind] for event in events for kind in (*event.of, *event.takes, *event.makes))


def _mask(numbers: Iterable[int]) -> np.uint64:
    found = np.uint64(0)
    for number in numbers:
        found |= _ONE << np.uint64(number)
    return found


def _bits(numbers: Sequence[int]) -> Array:
    return _ONE << np.array(numbers, np.uint64)


def _union(lots: Lots, bits: Array) -> Array:
    """The bits of all namings of each lot."""
    found = np.zeros(len(lots.keys), np.uint64)
    np.bitwise_or.at(found, lots.lot, bits)
    return found


def _first_at(tracked: Tracked, lots: Lots, laws: Sequence[int]) -> Array:
    """The first naming of each lot in events of some laws; of no meaning where there is none."""
    first = np.full(len(lots.keys), len(lots.lot))
    here = np.flatnonzero(np.isin(tracked.law[lots.event], laws))
    np.minimum.at(first, lots.lot[here], here)
    return first


def balance_rate(tracked: Tracked, lots: Lots, profile: Profile, at: int) -> Tally:
    """Lots of which as much left as came, over all sites, but for the tolerance / those that are closed.

    One is closed where something left, and then nothing is recorded for longer than any link of the profile may take.
    The tolerance is the widest of a link that compares quantities, of what was made, else of what came. Left out are
    lots of which is not recorded how they came, and those that were packed, whose departure was undone, or whose
    amounts do not compare.
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
    quiet = last + max((link.max_gap_h for link in profile.links), default=0) * _HOUR < at
    closed = np.flatnonzero(~strange & came[lots.first] & (gone > 0) & quiet)
    made = _sums(lots, amounts, (lots.part == Part.OUTPUT) | (came & makes))
    whole = np.where(made > 0, made, total)
    good = np.abs(total - gone)[closed] <= _tolerance(profile) * whole[closed]
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


def _tolerance(profile: Profile) -> float:
    return max((link.tol_pct for link in profile.links if link.tol_pct < _WHOLE), default=0.0) / _WHOLE


def _tally(unit: Unit, tracked: Tracked, events: Array, keys: Array, good: Array, which: int = 0) -> Tally:
    """Units, each a lot in an event."""
    each = np.full(len(events), which, np.int32)
    return Tally(unit, tracked.owner[events], np.asarray(good, bool), tracked.rows[events], keys, which=each)


def joined(unit: Unit, tallies: Sequence[Tally]) -> Tally:
    """The units of several tallies of lots, one behind the other."""
    if not tallies:
        return _nothing(unit)
    columns = [(one.owner, one.good, one.what, one.thing, one.which) for one in tallies]
    owner, good, what, thing, which = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    return Tally(unit, owner, good, what, thing, which=which)


def _nothing(unit: Unit) -> Tally:
    kinds = (np.int32, bool, np.int64, np.uint64)
    owner, good, what, thing = (np.empty(0, kind) for kind in kinds)
    return Tally(unit, owner, good, what, thing, which=np.empty(0, np.int32))
