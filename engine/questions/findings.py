"""What one or two directions found together. In: what was reached and read. Out: items and sites, where each item was.

With the items and sites that the seeds name, which the graph need not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

import numpy as np

from engine.answer import Reached
from engine.index import NONE
from engine.questions.beginning import Beginning
from engine.questions.reach import Reach
from engine.questions.reading import Reading, Whereabouts
from engine.questions.sightings import UNSURE, Keys, Sightings, Words, numbers_in, words_of
from engine.questions.view import Numbers, View


class Told:
    """What one direction reached, and what it means."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach

    @cached_property
    def reading(self) -> Reading:
        """What was reached, as codes."""
        return Reading(self.reach)


@dataclass(frozen=True, slots=True, eq=False)
class Things:
    """Items or sites of an answer, a row each."""

    keys: Keys
    seen: Sightings
    """With the positions in the question of the seeds that reach each; None where there is but one seed."""
    ways: Numbers
    """Which direction has the best sighting of each."""

    def names(self) -> list[str]:
        """The key of each."""
        return self.keys.names(self.seen.codes)

    def seeds(self) -> list[tuple[int, ...]]:
        """Positions in the question of the seeds that reach each."""
        return [(0,)] * len(self.seen) if self.seen.begun is None else numbers_in(self.seen.begun)

    def columns(self) -> Reached:
        """The set as an answer holds it."""
        return Reached(self.seen.codes, self.seen.certain, self.seen.depth)


class Findings:
    """Items and sites, with where each item was, of one or two directions together."""

    def __init__(self, view: View, told: list[Told], *, possible: bool) -> None:
        self._view = view
        self._told = told
        self._possible = possible
        self._seed_count = 1 + max((begun.seed for one in told for begun in one.reach.begun), default=0)
        self._item_keys, self._site_keys = Keys(view.index.items), Keys(view.index.sites)
        self.items = self._things(self._item_keys, [one.reading.items for one in told], attrgetter("items"))
        self.sites = self._things(self._site_keys, [one.reading.sites for one in told], attrgetter("sites"))

    def _things(self, keys: Keys, read: list[Sightings], named: attrgetter[Mapping[str, bool]]) -> Things:
        parts, ways = [], []
        for way, (one, seen) in enumerate(zip(self._told, read, strict=True)):
            parts += [self._by_seed(one.reach, seen), self._own(keys, one.reach, named)]
            ways.append(np.full(len(parts[-2]) + len(parts[-1]), way, np.int64))
        found, best, _ = Sightings.union(parts).folded(len(keys))
        ways_of = np.concatenate(ways)[best]
        if self._possible:
            return Things(keys, found, ways_of)
        return Things(keys, found.where(found.certain), ways_of[found.certain])

    def _by_seed(self, reach: Reach, seen: Sightings) -> Sightings:
        """The same with the seeds of the question instead of the beginnings that reach each."""
        if self._seed_count == 1:
            begun = None
        elif seen.begun is None:
            begun = words_of([reach.begun[0].seed] * len(seen), self._seed_count)
        else:
            begun = _seeds_of(reach, seen.begun, self._seed_count)
        return Sightings(seen.codes, seen.vertices, seen.certain, seen.depth, seen.rank, seen.in_transit, begun)

    def _own(self, keys: Keys, reach: Reach, named: attrgetter[Mapping[str, bool]]) -> Sightings:
        """The items or sites that the seeds name."""
        rows = [(key, sure, b.seed) for b in reach.begun for key, sure in named(b.beginning).items()]
        certain = np.array([sure for _, sure, _ in rows], bool)
        nothing = np.zeros(len(rows), np.int64)
        return Sightings(
            keys.add([key for key, _, _ in rows]),
            np.full(len(rows), NONE, np.int64),
            certain,
            nothing,
            np.where(certain, 0, UNSURE),
            nothing.astype(bool),
            words_of([seed for _, _, seed in rows], self._seed_count) if self._seed_count > 1 else None,
        )

    @cached_property
    def whereabouts(self) -> Whereabouts:
        """Where each item was, with the items and sites that the seeds name."""
        parts = [one.reading.whereabouts for one in self._told]
        begun = [(one.reach, b.beginning) for one in self._told for b in one.reach.begun]
        rows = [row for reach, own in begun for row in self._named(reach, own)]
        columns = np.array(rows, np.int64).reshape(-1, 3)
        return Whereabouts.of(
            np.concatenate([*(part.items for part in parts), columns[:, 0]]),
            np.concatenate([*(part.sites for part in parts), columns[:, 1]]),
            np.concatenate([*(part.certain for part in parts), columns[:, 2].astype(bool)]),
        )

    def _named(self, reach: Reach, own: Beginning) -> Iterator[tuple[int, int, bool]]:
        """A seed's own item at its own site; what is at an unknown place may be there too."""
        sites = self._site_keys.add(list(own.sites)).tolist()
        items = self._item_keys.add(list(own.items)).tolist()
        for site in sites:
            yield from ((item, site, sure) for item, sure in zip(items, own.items.values(), strict=True))
            yield from ((item, site, False) for item in _unplaced(self._view, reach, own))

    def held(self) -> Iterator[tuple[str, str, bool]]:
        """(item, site, certain): where each item was."""
        found = self.whereabouts
        placed = (found.sites != NONE) & (found.certain | self._possible)
        items, sites = self._item_keys.names(found.items[placed]), self._site_keys.names(found.sites[placed])
        return zip(items, sites, found.certain[placed].tolist(), strict=True)

    def unplaced(self) -> dict[str, bool]:
        """The items that were at a place no record names, and whether surely."""
        found = self.whereabouts
        nowhere = found.sites == NONE
        return dict(zip(self._item_keys.names(found.items[nowhere]), found.certain[nowhere].tolist(), strict=True))


def _unplaced(view: View, reach: Reach, own: Beginning) -> Iterable[int]:
    """The seed's items at a place that no record names."""
    vertices = [presence.vertex for presence in own.presences]
    nowhere = (view.column("site", vertices) == NONE) & ~reach.left_out(vertices)
    return {presence.item for presence, taken in zip(own.presences, nowhere.tolist(), strict=True) if taken}


def _seeds_of(reach: Reach, begun: Words, count: int) -> Words:
    """Sets of beginnings as sets of seeds."""
    seeds = [b.seed for b in reach.begun]
    if seeds == list(range(count)):
        return begun
    found = np.zeros((len(begun), -(-count // 64)), np.uint64)
    for number, seed in enumerate(seeds):
        reached = (begun[:, number // 64] >> np.uint64(number % 64)) & np.uint64(1)
        found[:, seed // 64] |= np.left_shift(reached, np.uint64(seed % 64))
    return found
