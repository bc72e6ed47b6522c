"""Chain 链: whether what belongs together was recorded together. In: tracking events. Out: tallies.

A link of a profile says that what one event names another takes up, within so many hours and with so much of it. The
things of the first are taken up in order of time: one is matched where, by its limit, at least as much was taken up as
had been given until then, but for the tolerance. A link is expected once it is matched or its time is over; one without
a quantity is matched by any event that takes the thing up in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from engine.coverage.columns import UNKNOWN, Array, Part, places_of_match
from engine.coverage.tally import Tally, Unit, joined
from engine.coverage.tracked import Law, Tracked
from graph_schema.interval import END
from graph_schema.profiles import Profiles
from graph_schema.profiles.profile import Link

_HOUR = 3_600_000_000
_WHOLE = 100
_GIVES = (Part.NAMED, Part.PARENT, Part.CHILD, Part.OUTPUT)
_TAKES = (Part.NAMED, Part.PARENT, Part.CHILD, Part.INPUT)


class Legs(NamedTuple):
    """Things of events, in order of thing and time."""

    event: Array
    """By its number among the tracking events."""
    thing: Array
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


def link_rate(tracked: Tracked, profiles: Profiles, at: int) -> Tally:
    """Links matched / links expected, as of a time (microseconds since 1970 UTC)."""
    return joined(Unit.LINK, [_tally(tracked, profiles, at, number) for number in range(len(links_of(tracked.laws)))])


def links_of(laws: Sequence[Law]) -> list[tuple[int, Link]]:
    """Each link of each version, with the law of the event that it begins with."""
    return [
        (number, link) for number, law in enumerate(laws) for link in law.profile.links if link.source == law.event.id
    ]


def _tally(tracked: Tracked, profiles: Profiles, at: int, number: int) -> Tally:
    """The links of one kind that are matched, or that were to be by a time."""
    given = _matched(tracked, profiles, *links_of(tracked.laws)[number])
    chosen = np.flatnonzero(given.matched | (given.due < at))
    chosen = chosen[np.argsort(given.legs.event[chosen], kind="stable")]
    legs = given.legs.of(chosen)
    kind = np.full(len(chosen), number, np.int32)
    return Tally(
        Unit.LINK, tracked.owner[legs.event], given.matched[chosen], tracked.rows[legs.event], legs.thing, which=kind
    )


def _matched(tracked: Tracked, profiles: Profiles, law: int, link: Link) -> Given:
    """The links of one kind, and which are matched."""
    by_value = bool(places_of_match(link.match, profiles))
    ends = {link.target, link.or_to, link.also_to} - {None}
    given = _legs(tracked, [law], _GIVES, by_value)
    if link.in_force_until is not None:
        given = given.of(
            np.flatnonzero(tracked.column("day")[given.event] < date.fromisoformat(link.in_force_until).toordinal())
        )
    taking = [number for number, one in enumerate(tracked.laws) if one.event.id in ends]
    taken = _legs(tracked, taking, _TAKES, by_value)
    due = given.latest + link.max_gap_h * _HOUR
    repeats = link.source in ends
    by_due = _upto(taken, taken.earliest, np.ones(len(taken.thing), np.int64), given, due)
    before = _upto(
        taken, taken.latest, np.ones(len(taken.thing), np.int64), given, given.latest if repeats else given.earliest - 1
    )
    there = by_due > before
    if repeats or link.tol_pct >= _WHOLE or by_value:
        return Given(given, there, due)
    return Given(given, there & _in_balance(given, taken, due, link.tol_pct / _WHOLE), due)


def _legs(tracked: Tracked, laws: Sequence[int], parts: Sequence[Part], by_value: bool) -> Legs:
    """The things that events of some laws name in some parts, or the values that they are matched by."""
    things, of = tracked.things, tracked.of
    wanted = [Part.VALUE] if by_value else parts
    here = np.isin(tracked.law[of], laws) & np.isin(things["part"], wanted)
    things, of = things[here], of[here]
    earliest, latest = (tracked.column(name)[of] for name in ("earliest", "latest"))
    order = np.lexsort((latest, things["thing"]))
    return Legs(of, things["thing"], things["quantity"], things["uom"], earliest, latest).of(order)


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
