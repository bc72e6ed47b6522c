"""What one or two directions found together. In: what was reached and read. Out: items, sites and pairs by key."""

from __future__ import annotations

from functools import cached_property

from engine.index import NONE
from engine.questions.beginning import Beginning
from engine.questions.reach import Reach
from engine.questions.reading import Found, Reading, read
from engine.questions.view import View

Things = dict[str, tuple[Found, Reach]]
"""By key, how a thing was found, and by which walk."""


class Told:
    """What one direction reached, and what it means."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach

    @cached_property
    def reading(self) -> Reading:
        """What was reached, as codes."""
        return read(self.reach)


class Findings:
    """Items and sites by key, with where each item was, of one or two directions together."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.items: Things = {}
        self.sites: Things = {}
        self.held: dict[tuple[str, str], bool] = {}
        self.unknown: dict[str, bool] = {}

    def take(self, told: Told) -> None:
        """Take what one direction reached, by key."""
        reading, index = told.reading, self.view.index
        items = dict(zip(reading.items, index.items.names(list(reading.items)), strict=True))
        sites = dict(zip(reading.sites, index.sites.names(list(reading.sites)), strict=True))
        for code, found in reading.items.items():
            self._join(self.items, items[code], found, told.reach)
        for code, found in reading.sites.items():
            self._join(self.sites, sites[code], found, told.reach)
        for (item, site), certain in reading.pairs.items():
            self._hold(items[item], sites[site], certain=certain)
        for code, certain in reading.unknown_place.items():
            self.unknown[items[code]] = self.unknown.get(items[code], False) or certain

    def take_own(self, reach: Reach) -> None:
        """Take the items and sites that the seeds name."""
        for number, begun in enumerate(reach.begun):
            own = begun.beginning
            for things, named in ((self.items, own.items), (self.sites, own.sites)):
                for key, certain in named.items():
                    self._join(things, key, Found(certain, 0, NONE, {number}), reach)
            for item, certain in own.items.items():
                for site in own.sites:
                    self._hold(item, site, certain=certain)
            if own.sites:
                self._take_unplaced(reach, own)

    def _take_unplaced(self, reach: Reach, own: Beginning) -> None:
        """What is at an unknown place may be at the site asked for."""
        vertices = [p.vertex for p in own.presences]
        unplaced = (self.view.column("site", vertices) == NONE) & ~reach.left_out(vertices)
        codes = {p.item for p, taken in zip(own.presences, unplaced.tolist(), strict=True) if taken}
        for item in self.view.index.items.names(sorted(codes)):
            for site in own.sites:
                self._hold(item, site, certain=False)

    @staticmethod
    def _join(things: Things, key: str, found: Found, reach: Reach) -> None:
        if key not in things:
            things[key] = (found, reach)
            return
        former, before = things[key]
        better = found.is_better_than(former)
        former.join(found)
        things[key] = (former, reach if better else before)

    def _hold(self, item: str, site: str, *, certain: bool) -> None:
        self.held[item, site] = self.held.get((item, site), False) or certain
