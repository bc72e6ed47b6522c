"""An answer to a trace, part by part. In: what was reached. Out: the values of `engine.answer`.

Each part is worked out when it is first asked for: walking is quick, and writing down all that was reached is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import msgspec
import numpy as np

from engine.answer import (
    AnswerGap,
    Certainty,
    Exclusion,
    Origin,
    Trace,
    TracedFlow,
    TracedItem,
    TracedLoad,
    TracedSite,
)
from engine.question import Question
from engine.questions.chain import Place, evidence, needs_one_back_in_time
from engine.questions.findings import Findings, Things, Told
from engine.questions.flows import FollowedFlows, events_followed, origins_of
from engine.questions.gaps import gaps_of, told_exclusions, told_gaps
from engine.questions.loads import NEVER, Load
from engine.questions.names import Spellings, item_kind
from engine.questions.position import ledger_state
from engine.questions.sightings import UNSURE
from engine.questions.view import View
from engine.stores.ports import Snapshot
from graph_schema.flow_graph import Gap
from graph_schema.interval import Interval
from graph_schema.master_data import site_name


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The witness of items or of sites: how each was found, and by which walk."""

    telling: Telling
    things: Things

    def urn(self, key: str) -> str | None:
        """The EPC URN of a key, where one is known."""
        return self.telling.spellings.urn(key)

    def evidence(self, rows: Sequence[int]) -> list[tuple[str, ...]]:
        """Ids of the events of a shortest chain from a seed to the thing of each row."""
        told: dict[int, tuple[str, ...]] = {}
        for number, reach in enumerate(self.telling.reaches):
            found = [row for row in rows if self.things.ways[row] == number]
            told.update(zip(found, evidence(reach, list(map(self._place, found))), strict=True))
        return [told[row] for row in rows]

    def _place(self, row: int) -> Place:
        seen = self.things.seen
        return Place(int(seen.vertices[row]), bool(seen.certain[row]), int(seen.rank[row]) % UNSURE == 0)


class Telling:
    """Writes down what one or two directions reached."""

    def __init__(self, view: View, snapshot: Snapshot, question: Question, told: list[Told]) -> None:
        self.view = view
        self.snapshot = snapshot
        self.question = question
        self.told = told
        self.reaches = [one.reach for one in told]
        self.found = Findings(view, told, possible=question.options.certainty is Certainty.POSSIBLE)

    @cached_property
    def spellings(self) -> Spellings:
        """The EPC URNs of all that was found, as far as they are known."""
        spellings = Spellings(self.view, self.snapshot)
        spellings.learn("item", self.found.items.names())
        spellings.learn("site", self.found.sites.names())
        return spellings

    def trace(self) -> Trace:
        """The whole answer."""
        return Trace(
            self.question.direction,
            ledger_state(self.snapshot, self.view.at),
            all(reach.complete for reach in self.reaches),
            self.found.items.columns(),
            self.found.sites.columns(),
            self,
        )

    def items(self) -> tuple[TracedItem, ...]:
        """Items in order of depth, then key."""
        things, lines = self.found.items, self.view.index.lines
        with_line = np.isin(things.seen.codes, lines["item"][lines.where("item", things.seen.codes)])
        names = things.names()
        kinds = [item_kind(key, has_line=known) for key, known in zip(names, with_line.tolist(), strict=True)]
        seen = Seen(self, things)
        return tuple(
            TracedItem(key, kinds[row], certainty, depth, seeds, row, seen)
            for depth, key, row, certainty, seeds in _rows(things, names)
        )

    def sites(self) -> tuple[TracedSite, ...]:
        """Sites in order of depth, then key."""
        things = self.found.sites
        names = things.names()
        masters = self.snapshot.masters.of(names, self.view.at)
        in_transit = things.seen.in_transit.tolist()
        seen = Seen(self, things)
        return tuple(
            TracedSite(key, site_name(masters.get(key, {})), certainty, depth, seeds, in_transit[row], row, seen)
            for depth, key, row, certainty, seeds in _rows(things, names)
        )

    def held(self) -> frozenset[tuple[str, str, Certainty]]:
        """Where each item was."""
        return frozenset((item, site, certainty_of(certain)) for item, site, certain in self.found.held())

    def flows(self) -> Sequence[TracedFlow]:
        """Flows followed, in order of the walk."""
        return FollowedFlows(self.reaches)

    def events(self) -> tuple[str, ...]:
        """Ids of the events that prove them."""
        return tuple(events_followed(self.reaches))

    def origins(self) -> tuple[Origin, ...]:
        """Where the answer begins, or can be followed back no further."""
        return tuple(origins_of(self.reaches))

    def excluded(self) -> tuple[Exclusion, ...]:
        """What the records rule out."""
        return told_exclusions(self._gaps[1], set(self.found.sites.names()))

    def gaps(self) -> tuple[AnswerGap, ...]:
        """What the records do not tell."""
        return told_gaps(self._gaps[0], set(self.found.sites.names()), self.found.unplaced())

    @cached_property
    def _gaps(self) -> tuple[list[Gap], list[Gap]]:
        return gaps_of(self.snapshot, self.view.at, set(self.found.items.names()))

    def unknown_place(self) -> Certainty | None:
        """How surely goods were at a place that no record names."""
        unplaced = self.found.unplaced()
        return certainty_of(any(unplaced.values())) if unplaced else None

    def backward_in_time(self) -> bool:
        """Whether a flow that goes back in time is needed."""
        return any(needs_one_back_in_time(reach) for reach in self.reaches)

    def loads(self) -> tuple[TracedLoad, ...]:
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
        items = index.items.names(np.unique(reading.items.reached_by(number).codes))
        sites = index.sites.names(np.unique(reading.sites.reached_by(number).codes))
        unpacked = None if load.unpacked == NEVER else load.unpacked
        return TracedLoad(seed, load.container, load.packed, unpacked, tuple(sorted(items)), tuple(sorted(sites)))


def _rows(things: Things, names: list[str]) -> list[tuple[int, str, int, Certainty, tuple[int, ...]]]:
    """(depth, key, row, certainty, seeds) in order of depth, then key."""
    certainties = [certainty_of(certain) for certain in things.seen.certain.tolist()]
    return sorted(zip(things.seen.depth.tolist(), names, range(len(names)), certainties, things.seeds(), strict=True))


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
