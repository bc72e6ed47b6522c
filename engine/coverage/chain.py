"""Chain 链: whether what belongs together was recorded together. In: tracking events. Out: tallies.

A link of a profile says that what one event names another takes up, within so many hours and with so much of it. It
concerns the things that the other may name by their kind; what is packed or fitted together is one, as of duties. A
single thing is taken up from whoever gave it last (`engine.coverage.pairs`). Of others what was given first is taken up
first: one is matched where, by its limit, at least as much was taken up as had been given until then, but for the
tolerance. A link is expected once it is matched or its time is over; one without a quantity is matched by any event
that takes the thing up in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from engine.coverage.columns import UNKNOWN, Array, Part, places_of_match
from engine.coverage.goods import ANY, Goods
from engine.coverage.pairs import NONE, paired
from engine.coverage.tally import Tally, Unit, joined
from engine.coverage.tracked import Law, Tracked
from graph_schema.event import EventType
from graph_schema.interval import END
from graph_schema.profiles import Profiles
from graph_schema.profiles.profile import Link

_HOUR = 3_600_000_000
_WHOLE = 100
_GIVES = (Part.NAMED, Part.PARENT, Part.CHILD, Part.OUTPUT)
_TAKES = (Part.NAMED, Part.PARENT, Part.CHILD, Part.INPUT)
_PACKED = frozenset({EventType.AGGREGATION, EventType.ASSOCIATION})
"""The things of such an event are together from then on."""


class Legs(NamedTuple):
    """Things of events, in order of thing and time."""

    event: Array
    """By its number among the tracking events."""
    thing: Array
    kinds: Array
    """Of which kinds of goods each may be, as `Goods` has it."""
    single: Array
    quantity: Array
    uom: Array
    earliest: Array
    latest: Array

    def of(self, chosen: Array) -> Legs:
        """Some of them, in another order if so."""
        return Legs(*(part[chosen] for part in self))


class Given(NamedTuple):
    """The links of one kind that could be expected."""

    legs: Legs
    matched: Array
    due: Array
    """Until when each is to be matched."""


class Links(NamedTuple):
    """The links of all kinds that are expected."""

    tally: Tally
    """Of each thing."""
    stands: Array
    """Which of these stand for all that is packed with them."""


def link_rate(links: Links) -> Tally:
    """Links matched / links expected."""
    return links.tally.of(np.flatnonzero(links.stands))


def links_expected(tracked: Tracked, goods: Goods, profiles: Profiles, at: int) -> Links:
    """The links that are matched, or that were to be by a time (microseconds since 1970 UTC)."""
    found = [_expected(tracked, goods, profiles, at, number) for number in range(len(links_of(tracked.laws)))]
    stands = [np.empty(0, bool), *(one.stands for one in found)]
    return Links(joined(Unit.LINK, [one.tally for one in found]), np.concatenate(stands))


def links_of(laws: Sequence[Law]) -> list[tuple[int, Link]]:
    """Each link of each version, with the law of the event that it begins with."""
    return [
        (number, link) for number, law in enumerate(laws) for link in law.profile.links if link.source == law.event.id
    ]


def _expected(tracked: Tracked, goods: Goods, profiles: Profiles, at: int, number: int) -> Links:
    """Those of one kind."""
    law, link = links_of(tracked.laws)[number]
    given = _matched(tracked, goods, profiles, law, link)
    stands = np.ones(len(given.matched), bool)
    if tracked.laws[law].event.type in _PACKED and not places_of_match(link.match, profiles):
        given, stands = _together(given)
    chosen = np.flatnonzero(given.matched | (given.due < at))
    chosen = chosen[np.argsort(given.legs.event[chosen], kind="stable")]
    legs, matched = given.legs.of(chosen), given.matched[chosen]
    kind = np.full(len(chosen), number, np.int32)
    tally = Tally(Unit.LINK, tracked.owner[legs.event], matched, tracked.rows[legs.event], legs.thing, which=kind)
    return Links(tally, stands[chosen])


def _together(given: Given) -> tuple[Given, Array]:
    """What is packed in one event, matched where any of it is; and which stands for it: what is surest to be meant."""
    order = np.lexsort((np.bitwise_count(given.legs.kinds), ~given.matched, given.legs.event))
    event = given.legs.event[order]
    stands = np.zeros(len(order), bool)
    first = order[np.searchsorted(event, given.legs.event)] if len(order) else order
    stands[first] = True
    return given._replace(matched=given.matched[first]), stands


def _matched(tracked: Tracked, goods: Goods, profiles: Profiles, law: int, link: Link) -> Given:
    """The links of one kind, and which are matched."""
    by_value = bool(places_of_match(link.match, profiles))
    ends = {link.target, link.or_to, link.also_to} - {None}
    taking = [number for number, one in enumerate(tracked.laws) if one.event.id in ends]
    given = _concerned(_legs(tracked, goods, [law], _GIVES, by_value), tracked.laws, taking, goods)
    if link.in_force_until is not None:
        given = given.of(
            np.flatnonzero(tracked.column("day")[given.event] < date.fromisoformat(link.in_force_until).toordinal())
        )
    taken = _legs(tracked, goods, taking, _TAKES, by_value)
    due = given.latest + link.max_gap_h * _HOUR
    repeats = link.source in ends
    matched = _taken_up(given, taken, due, repeats)
    if repeats or link.tol_pct >= _WHOLE or by_value:
        return Given(given, matched, due)
    for single, judged in ((True, _in_pairs), (False, _in_balance)):
        here = np.flatnonzero(given.single == single)
        some = taken.of(np.flatnonzero(taken.single == single))
        matched[here] &= judged(given.of(here), some, due[here], link.tol_pct / _WHOLE)
    return Given(given, matched, due)


def _taken_up(given: Legs, taken: Legs, due: Array, repeats: bool) -> Array:
    """Whether anything takes the thing of each leg given up in time; where events repeat, another one than its own."""
    ones, since = np.ones(len(taken.thing), np.int64), given.latest if repeats else given.earliest - 1
    by_due, before = (
        _upto(taken, times, ones, given, until) for times, until in ((taken.earliest, due), (taken.latest, since))
    )
    return np.asarray(by_due > before)


def _legs(tracked: Tracked, goods: Goods, laws: Sequence[int], parts: Sequence[Part], by_value: bool) -> Legs:
    """The things that events of some laws name in some parts, or the values that they are matched by."""
    wanted = [Part.VALUE] if by_value else parts
    here = np.isin(tracked.law[tracked.of], laws) & np.isin(tracked.things["part"], wanted)
    things, of, each = tracked.things[here], tracked.of[here], goods.each[here]
    earliest, latest = (tracked.column(name)[of] for name in ("earliest", "latest"))
    kinds, single = (
        (np.full(len(of), ANY), np.zeros(len(of), bool)) if by_value else (goods.kinds[each], goods.single[each])
    )
    order = np.lexsort((latest, things["thing"]))
    return Legs(of, things["thing"], kinds, single, things["quantity"], things["uom"], earliest, latest).of(order)


def _concerned(given: Legs, laws: Sequence[Law], taking: Sequence[int], goods: Goods) -> Legs:
    """The things that may be of the kinds that some events name."""
    may_be = goods.may_be(kind for number in taking for kind in (*laws[number].event.of, *laws[number].event.takes))
    return given.of(np.flatnonzero((given.kinds & may_be) != 0))


def _in_pairs(given: Legs, taken: Legs, due: Array, _: float) -> Array:
    """Whether what takes each up, of single things, does so in time."""
    takes = paired(given.thing, given.earliest, taken.thing, taken.latest)
    found = takes != NONE
    found[found] = taken.earliest[takes[found]] <= due[found]
    return np.asarray(found)


def _in_balance(given: Legs, taken: Legs, due: Array, tolerance: float) -> Array:
    """Whether enough was taken up by the limit, and no more than was ever given; true of what does not compare."""
    amounts, taken_up = (np.where(legs.quantity == UNKNOWN, 0, legs.quantity) for legs in (given, taken))
    so_far = _upto(given, given.latest, amounts, given, given.latest)
    whole = _upto(given, given.latest, amounts, given, np.full(len(amounts), END))
    earlier = _upto(taken, taken.latest, taken_up, given, _firsts(given) - 1)
    came = _upto(taken, taken.earliest, taken_up, given, due) - earlier
    enough = within(so_far - came, tolerance, so_far)
    most = within(came - whole, tolerance, whole)
    return np.asarray((enough & most) | ~_comparable(given, taken))


def within(difference: Array, tolerance: float | Array, amounts: Array) -> Array:
    """Whether a difference is no more than a part of what amounts are, to the millionth that these are kept in."""
    return np.asarray(difference <= np.rint(tolerance * amounts))


def _upto(legs: Legs, times: Array, amounts: Array, asked: Legs, until: Array) -> Array:
    """The sum of the amounts of some legs with the thing of each leg asked about, up to a time of each."""
    things = np.concatenate([legs.thing, asked.thing])
    when = np.concatenate([times, until])
    is_asked = np.arange(len(things)) >= len(legs.thing)
    order = np.lexsort((is_asked, when, things))
    # Whole numbers may run over in the sum of all things: what is told of one is a difference, and stays exact.
    sums = np.concatenate([[0], np.cumsum(np.concatenate([amounts, np.zeros(len(until), np.int64)])[order])])
    begins = np.searchsorted(things[order], things[order], "left")
    found = np.empty(len(things), np.int64)
    found[order] = sums[1:] - sums[begins]
    return found[len(legs.thing) :]


def _firsts(legs: Legs) -> Array:
    """The earliest time of the thing of each leg."""
    _, each = np.unique(legs.thing, return_inverse=True)
    firsts = np.full(len(legs.thing), END)
    np.minimum.at(firsts, each, legs.earliest)
    return firsts[each]


def _comparable(given: Legs, taken: Legs) -> Array:
    """Whether all of the thing of each leg given is told in one unit."""
    things = np.concatenate([given.thing, taken.thing])
    units = np.concatenate([given.uom, taken.uom])
    unknown = np.concatenate([given.quantity, taken.quantity]) == UNKNOWN
    _, first, each = np.unique(things, return_index=True, return_inverse=True)
    odd = (units != units[first][each]) | unknown
    return np.asarray((np.bincount(each, odd, len(first)) == 0)[each][: len(given.thing)])
