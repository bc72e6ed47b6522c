"""Where it went, where it came from (design §6). In: index, snapshot, question. Out: `Trace`.

Forward and back are walks of their own; BOTH is one answer of two walks. Certain is a walk by recorded flows alone from
certain starts, possible one by all.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from engine.answer import Certainty, Deferred, Direction, Trace, TracedItem, TracedLoad, TracedSite
from engine.index import NONE, FlowIndex
from engine.question import Question
from engine.questions.beginning import Beginning
from engine.questions.chain import evidence, needs_one_back_in_time
from engine.questions.flows import events_followed, flows_followed, origins_of
from engine.questions.gaps import gaps_of, told_exclusions, told_gaps
from engine.questions.loads import NEVER, Load
from engine.questions.masters import site_name
from engine.questions.names import Spellings, item_kind
from engine.questions.position import ledger_state, position_asked
from engine.questions.reach import Reach
from engine.questions.reading import Found, Reading, read
from engine.questions.rules import reach_under_rules
from engine.questions.view import View
from engine.stores.ports import Snapshot
from graph_schema.interval import Interval

ONE_WAY = {
    Direction.FORWARD: (Direction.FORWARD,),
    Direction.BACK: (Direction.BACK,),
    Direction.BOTH: (Direction.FORWARD, Direction.BACK),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What one direction reached, and what it means."""

    reach: Reach
    reading: Reading


@dataclass(frozen=True, slots=True)
class Seen:
    """The witness of a thing: how it was found, and by which walk."""

    spellings: Spellings
    reach: Reach
    found: Found

    def urn(self, key: str) -> str | None:
        """The EPC URN of a key, where one is known."""
        return self.spellings.urn(key)

    def evidence(self) -> tuple[str, ...]:
        """Ids of the events of a shortest chain from a seed."""
        return evidence(self.reach, self.found)


def trace(index: FlowIndex, snapshot: Snapshot, question: Question) -> Trace:
    """Answer a trace; raises `UnknownSeed` for a seed that the ledger does not know."""
    view = View(index, position_asked(index, snapshot, question.options))
    told = [tell(view, snapshot, question, way) for way in ONE_WAY[question.direction]]
    return Telling(view, snapshot, question, told).trace()


def tell(view: View, snapshot: Snapshot, question: Question, direction: Direction) -> Told:
    """Walk one direction, and read what it reached."""
    reach = reach_under_rules(view, snapshot, question, direction)
    return Told(reach, read(reach))


Things = dict[str, tuple[Found, Reach]]
"""By key, how a thing was found, and by which walk."""


class Telling:
    """Writes down what one or two directions reached."""

    def __init__(self, view: View, snapshot: Snapshot, question: Question, told: list[Told]) -> None:
        self.view = view
        self.snapshot = snapshot
        self.question = question
        self.told = told
        self.spellings = Spellings(view, snapshot)
        self.items: Things = {}
        self.sites: Things = {}
        self.held: dict[tuple[str, str], bool] = {}
        self.unknown: dict[str, bool] = {}
        for one in told:
            self._take(one)
            self._take_own(one.reach)

    def _take(self, told: Told) -> None:
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

    def _take_own(self, reach: Reach) -> None:
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

    def trace(self) -> Trace:
        """The whole answer."""
        items, sites = self.traced_items(), self.traced_sites()
        self.learn_spellings()
        gaps, excluding = gaps_of(self.snapshot, self.view.at, [item.id for item in items])
        at = {site.id for site in sites}
        reaches = [told.reach for told in self.told]
        return Trace(
            direction=self.question.direction,
            ledger=ledger_state(self.snapshot, self.view.at),
            complete=all(reach.complete for reach in reaches),
            items=items,
            sites=sites,
            held=self.pairs(),
            flows=Deferred(lambda: flows_followed(reaches)),
            events=Deferred(lambda: events_followed(reaches)),
            origins=Deferred(lambda: origins_of(reaches)),
            loads=self._loads(),
            excluded=told_exclusions(excluding, at),
            gaps=told_gaps(gaps, at, self.unknown),
            unknown_place=_surest(self.unknown),
            backward_in_time=any(needs_one_back_in_time(reach) for reach in reaches),
        )

    def learn_spellings(self) -> None:
        """Learn from the events how the keys of the answer are spelt as EPC URN."""
        self.spellings.learn([("item", key) for key in self.items] + [("site", key) for key in self.sites])

    def traced_items(self) -> tuple[TracedItem, ...]:
        """Items in order of depth, then key."""
        index = self.view.index
        codes = index.items.codes(list(self.items))
        with_line = set(index.lines["item"][index.lines.where("item", codes[codes != NONE])].tolist())
        told = [
            TracedItem(
                key,
                item_kind(key, has_line=code in with_line),
                certainty_of(found.certain),
                found.depth,
                self._positions(found, reach),
                Seen(self.spellings, reach, found),
            )
            for (key, (found, reach)), code in zip(self.items.items(), codes.tolist(), strict=True)
            if self._wanted(found.certain)
        ]
        return tuple(sorted(told, key=lambda item: (item.depth, item.id)))

    def traced_sites(self) -> tuple[TracedSite, ...]:
        """Sites in order of depth, then key."""
        masters = self.snapshot.lookup.masters(list(self.sites), self.view.at)
        told = [
            TracedSite(
                key,
                site_name(masters.get(key, {})),
                certainty_of(found.certain),
                found.depth,
                self._positions(found, reach),
                found.in_transit,
                Seen(self.spellings, reach, found),
            )
            for key, (found, reach) in self.sites.items()
            if self._wanted(found.certain)
        ]
        return tuple(sorted(told, key=lambda site: (site.depth, site.id)))

    def pairs(self) -> frozenset[tuple[str, str, Certainty]]:
        """Where each item was."""
        return frozenset(
            (item, site, certainty_of(certain)) for (item, site), certain in self.held.items() if self._wanted(certain)
        )

    def _wanted(self, certain: bool) -> bool:
        return certain or self.question.options.certainty is Certainty.POSSIBLE

    @staticmethod
    def _positions(found: Found, reach: Reach) -> tuple[int, ...]:
        return tuple(sorted({reach.begun[number].seed for number in found.begun}))

    def _loads(self) -> tuple[TracedLoad, ...]:
        """The loads asked for, told apart: what each reaches."""
        told: dict[tuple[int, str, Interval], TracedLoad] = {}
        for one in self.told:
            for number, begun in enumerate(one.reach.begun):
                load = begun.beginning.load
                if load is not None:
                    fresh = self._load(one, number, begun.seed, load)
                    key = (begun.seed, load.container, load.packed)
                    told[key] = _both(told[key], fresh) if key in told else fresh
        return tuple(told.values())

    def _load(self, told: Told, number: int, seed: int, load: Load) -> TracedLoad:
        index, reading = self.view.index, told.reading
        items = index.items.names([code for code, found in reading.items.items() if number in found.begun])
        sites = index.sites.names([code for code, found in reading.sites.items() if number in found.begun])
        unpacked = None if load.unpacked == NEVER else load.unpacked
        return TracedLoad(seed, load.container, load.packed, unpacked, tuple(sorted(items)), tuple(sorted(sites)))


def _both(one: TracedLoad, other: TracedLoad) -> TracedLoad:
    """A load followed both ways."""
    return msgspec.structs.replace(
        one,
        items=tuple(sorted({*one.items, *other.items})),
        sites=tuple(sorted({*one.sites, *other.sites})),
    )


def certainty_of(certain: bool) -> Certainty:
    """The word for it."""
    return Certainty.CERTAIN if certain else Certainty.POSSIBLE


def _surest(unknown: dict[str, bool]) -> Certainty | None:
    return certainty_of(any(unknown.values())) if unknown else None
