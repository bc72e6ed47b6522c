"""What was fitted to what at a time (design rule 5). In: a snapshot, items, a time. Out: `Fitting`s.

Which lift holds a part on that day, and which parts a lift has: the rides of instances' lines, from being put in or on
to being taken out. Nothing is fitted of lots, whose goods in a container have no names of their own. A part that was
fitted to two wholes, and taken off neither in between, may be in either (`engine.clones`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import msgspec

from engine.answer import Certainty
from engine.clones import Clone, Use, clones_of
from engine.questions.things import narrower_items
from engine.stores.ports import Snapshot
from graph_schema.event import Role
from graph_schema.flow_graph import Ride
from graph_schema.interval import Interval


class Fitting(msgspec.Struct, frozen=True):
    """A part in or on a whole."""

    part: str
    whole: str
    since: Interval
    until: Interval | None
    """None where no record takes it out."""
    certainty: Certainty
    """Certain where it was there all the time asked for, in every reading."""
    clones: tuple[Clone, ...] = ()
    """What tells that it may be another object with the same code that was there."""


def wholes_of(snapshot: Snapshot, item: str, when: Interval, at: int) -> list[Fitting]:
    """What an item, or everything narrower, was in or on, and what that was in, and so on up; `UnknownSeed`."""
    found: list[Fitting] = []
    waiting, seen = set(narrower_items(snapshot, item, at)), set[str]()
    while waiting:
        seen |= waiting
        fitted = list(_fittings(snapshot, waiting, when, at))
        found.extend(fitted)
        waiting = {fitting.whole for fitting in fitted} - seen
    return found


def parts_of(snapshot: Snapshot, whole: str, when: Interval, at: int) -> list[Fitting]:
    """What was in or on a thing, and what was in that, and so on down."""
    found: list[Fitting] = []
    waiting, seen = {whole}, set[str]()
    while waiting:
        seen |= waiting
        fitted = [f for f in _fittings(snapshot, _ever_in(snapshot, waiting, at), when, at) if f.whole in waiting]
        found.extend(fitted)
        waiting = {fitting.part for fitting in fitted} - seen
    return found


def _ever_in(snapshot: Snapshot, wholes: Collection[str], at: int) -> set[str]:
    """What events say was put in or on some things."""
    entries = (entry for entry in snapshot.lookup.entries_naming(wholes) if entry.seq <= at)
    events = (entry.event for entry in entries if any(w.item in wholes for w in entry.event.items(Role.PARENT)))
    return {what.item for event in events for what in event.items(Role.CHILD)}


def _fittings(snapshot: Snapshot, parts: Collection[str], when: Interval, at: int) -> Iterator[Fitting]:
    """In order of part, and of each in that of time."""
    for part, line in sorted(snapshot.graph.lines(parts, at).items()):
        several = len({ride.container for ride in line.rides}) > 1
        clones = clones_of(snapshot, part, at) if several else []
        # One that is told of later doubts nothing before.
        begun = [clone for clone in clones if clone.second.time.maybe_before(when)]
        for ride in line.rides:
            fitting = _fitting(part, ride, begun, when)
            if fitting is not None:
                yield fitting


def _fitting(part: str, ride: Ride, clones: Sequence[Clone], when: Interval) -> Fitting | None:
    """What a ride tells of a time: of a code that may be on two objects, each may be where it was fitted."""
    told = {clone: use for clone in clones for use in (clone.first, clone.second) if _began(use, ride)}
    until = next((use.until for use in told.values()), ride.unpacked)
    certainty = _during(ride.packed, until, when)
    if certainty is None:
        return None
    return Fitting(part, ride.container, ride.packed, until, Certainty.POSSIBLE if told else certainty, tuple(told))


def _began(use: Use, ride: Ride) -> bool:
    return use.whole == ride.container and use.time == ride.packed


def _during(packed: Interval, left: Interval | None, when: Interval) -> Certainty | None:
    """Whether a thing was in a container at a time: all that time for sure, at some of it perhaps, or not."""
    if not packed.maybe_before(when) or (left is not None and left.latest < when.earliest):
        return None
    all_the_time = packed.latest <= when.earliest and (left is None or when.surely_before(left))
    return Certainty.CERTAIN if all_the_time else Certainty.POSSIBLE
