"""An answer to a trace, part by part. In: what was reached. Out: the values of `engine.answer`.

Each part is worked out when it is first asked for: walking is quick, and writing down all that was reached is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import msgspec

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
from engine.index import NONE
from engine.question import Question
from engine.questions.chain import evidence, needs_one_back_in_time
from engine.questions.findings import Findings, Things, Told
from engine.questions.flows import events_followed, flows_followed, origins_of
from engine.questions.gaps import gaps_of, told_exclusions, told_gaps
from engine.questions.loads import NEVER, Load
from engine.questions.masters import site_name
from engine.questions.names import Spellings, item_kind
from engine.questions.position import ledger_state
from engine.questions.reach import Reach
from engine.questions.reading import Found
from engine.questions.view import View
from engine.stores.ports import Snapshot
from graph_schema.flow_graph import Gap
from graph_schema.interval import Interval


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


class Telling:
    """Writes down what one or two directions reached."""

    def __init__(self, view: View, snapshot: Snapshot, question: Question, told: list[Told]) -> None:
        self.view = view
        self.snapshot = snapshot
        self.question = question
        self.told = told
        self.reaches = [one.reach for one in told]
        self.spellings = Spellings(view, snapshot)

    def trace(self) -> Trace:
        """The whole answer."""
        complete = all(reach.complete for reach in self.reaches)
        return Trace(self.question.direction, ledger_state(self.snapshot, self.view.at), complete, self)

    @cached_property
    def found(self) -> Findings:
        """What was reached in all directions together, by key."""
        found = Findings(self.view)
        for one in self.told:
            found.take(one)
            found.take_own(one.reach)
        self.spellings.learn([("item", key) for key in found.items] + [("site", key) for key in found.sites])
        return found

    def items(self) -> tuple[TracedItem, ...]:
        """Items in order of depth, then key."""
        index = self.view.index
        codes = index.items.codes(list(self.found.items))
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
            for (key, (found, reach)), code in zip(self.found.items.items(), codes.tolist(), strict=True)
            if self._wanted(found.certain)
        ]
        return tuple(sorted(told, key=lambda item: (item.depth, item.id)))

    def sites(self) -> tuple[TracedSite, ...]:
        """Sites in order of depth, then key."""
        masters = self.snapshot.lookup.masters(list(self.found.sites), self.view.at)
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
            for key, (found, reach) in self.found.sites.items()
            if self._wanted(found.certain)
        ]
        return tuple(sorted(told, key=lambda site: (site.depth, site.id)))

    def held(self) -> frozenset[tuple[str, str, Certainty]]:
        """Where each item was."""
        return frozenset(
            (item, site, certainty_of(certain))
            for (item, site), certain in self.found.held.items()
            if self._wanted(certain)
        )

    def flows(self) -> tuple[TracedFlow, ...]:
        """Flows followed, in order of the walk."""
        return tuple(flows_followed(self.reaches))

    def events(self) -> tuple[str, ...]:
        """Ids of the events that prove them."""
        return tuple(events_followed(self.reaches))

    def origins(self) -> tuple[Origin, ...]:
        """Where the answer begins, or can be followed back no further."""
        return tuple(origins_of(self.reaches))

    def excluded(self) -> tuple[Exclusion, ...]:
        """What the records rule out."""
        return told_exclusions(self._gaps[1], self._told(self.found.sites))

    def gaps(self) -> tuple[AnswerGap, ...]:
        """What the records do not tell."""
        return told_gaps(self._gaps[0], self._told(self.found.sites), self.found.unknown)

    @cached_property
    def _gaps(self) -> tuple[list[Gap], list[Gap]]:
        return gaps_of(self.snapshot, self.view.at, self._told(self.found.items))

    def _told(self, things: Things) -> set[str]:
        return {key for key, (found, _) in things.items() if self._wanted(found.certain)}

    def unknown_place(self) -> Certainty | None:
        """How surely goods were at a place that no record names."""
        unknown = self.found.unknown
        return certainty_of(any(unknown.values())) if unknown else None

    def backward_in_time(self) -> bool:
        """Whether a flow that goes back in time is needed."""
        return any(needs_one_back_in_time(reach) for reach in self.reaches)

    def _wanted(self, certain: bool) -> bool:
        return certain or self.question.options.certainty is Certainty.POSSIBLE

    @staticmethod
    def _positions(found: Found, reach: Reach) -> tuple[int, ...]:
        return tuple(sorted({reach.begun[number].seed for number in found.begun}))

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
