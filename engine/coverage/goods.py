"""What tracking events name, and of which kinds of goods each may be. In: tracking events. Out: `Goods`.

A tracking event names goods of some kinds in each of its parts, of one alone where the profile says which end of a
contact stands there. A thing may be of the kinds that all events that name it have in common; where they have none, of
any.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from engine.coverage.columns import KINDS, PARTS, Array, Part
from engine.coverage.tracked import Law, Tracked
from graph_schema.identifiers import Kind
from graph_schema.profiles import TrackingEvent
from graph_schema.profiles.profile import ItemKind

_BITS = 64
_COUNTED = tuple(KINDS.index(kind) for kind in (Kind.lot, Kind.class_))
ANY = np.uint64(2**_BITS - 1)
"""Of a thing that may be of any kind."""


class Goods(NamedTuple):
    """The things that tracking events name, each once."""

    keys: Array
    """The digest of each, in order."""
    each: Array
    """Of each thing that they name: which of these; -1: it is a value that links are matched by."""
    kinds: Array
    """Of which kinds each may be, a bit for each."""
    single: Array
    """Which are named as one thing wherever they are, not as so much of something."""
    names: tuple[str, ...]
    """The kinds."""

    def mask(self, kinds: Iterable[str]) -> np.uint64:
        """Some kinds, as bits."""
        return _mask(kinds, self.names)

    def may_be(self, kinds: Iterable[str]) -> np.uint64:
        """Some kinds of which a thing may be, as bits; any, where none is told."""
        return self.mask(kinds) or ANY


def goods_of(tracked: Tracked) -> Goods:
    """The goods of tracking events."""
    things = tracked.things
    names = tuple(dict.fromkeys(kind for law in tracked.laws for kind in kinds_of(law.event)))
    here = np.flatnonzero(things["part"] != Part.VALUE)
    keys, which = np.unique(things["thing"][here], return_inverse=True)
    each = np.full(len(things), -1, np.int32)
    each[here] = which
    told = np.array([[_mask(_named_as(law.event, part), names) for law in tracked.laws] for part in Part], np.uint64)
    kinds = np.full(len(keys), ANY)
    np.bitwise_and.at(kinds, which, told[things["part"][here], tracked.law[tracked.of[here]]])
    kinds[kinds == 0] = ANY
    single = np.ones(len(keys), bool)
    single[which[_are_counted(things[here])]] = False
    return Goods(keys, each, kinds, single, names)


def _are_counted(things: Array) -> Array:
    """Which are named with a quantity, or by what stands for any number."""
    return np.asarray((things["quantity"] != PARTS) | (things["uom"] != 0) | np.isin(things["kind"], _COUNTED))


def kinds_of(event: TrackingEvent) -> tuple[str, ...]:
    """The kinds of goods that a tracking event names."""
    return (*event.of, *event.takes, *event.makes)


def goods_proper(laws: Sequence[Law]) -> list[str]:
    """The kinds of goods that profiles have items of; what goods merely touch is none."""
    items: Iterable[ItemKind] = (item for law in laws for item in law.profile.items)
    return list(dict.fromkeys(item.id for item in items if not item.vector))


def _named_as(event: TrackingEvent, part: Part) -> tuple[str, ...]:
    """The kinds of goods that a tracking event names in a part."""
    if part in (Part.PARENT, Part.CHILD):
        ends = dict(zip(event.contact_at or (), event.contact or (), strict=False))
        told = ends.get(part.name.lower())
        return event.of if told is None else (told,)
    return {Part.INPUT: event.takes, Part.OUTPUT: event.makes}.get(part, event.of)


def _mask(kinds: Iterable[str], names: Sequence[str]) -> np.uint64:
    """Those past the last bit share it: what may be of one of them may be of each."""
    numbers = {name: min(number, _BITS - 1) for number, name in enumerate(names)}
    bits = 0
    for kind in kinds:
        bits |= 1 << numbers[kind]
    return np.uint64(bits)
