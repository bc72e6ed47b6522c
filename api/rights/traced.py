"""A trace as an enterprise sees it. In: the whole trace, a reader. Out: the rows that are theirs, and how many are not.

Theirs is what they had, at their sites; of others' sites those that a step which they see leads to. The walk was not
cut: what lies beyond is counted, in bands. No depth tells how long a hidden stretch is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple, TypeVar

import msgspec
import numpy as np

from api.rights.bands import Band, band_of
from api.rights.flows import Reader, Step, Steps
from engine.answer import (
    AnswerGap,
    Certainty,
    Exclusion,
    Origin,
    Reached,
    Trace,
    TracedFlow,
    TracedItem,
    TracedLoad,
    TracedSite,
    Witness,
)
from graph_schema.flow_graph import Grade

Row = TypeVar("Row", TracedItem, TracedSite)
Finding = TypeVar("Finding", AnswerGap, Exclusion)


class Hidden(NamedTuple):
    """About how many rows of an answer are not shown."""

    items: Band
    sites: Band


class ShownTrace(NamedTuple):
    """A trace as it is shown."""

    trace: Trace
    hidden: Hidden | None
    """None: nothing is."""


class Redaction:
    """One trace, part by part (`engine.answer.Account`)."""

    def __init__(self, whole: Trace, reader: Reader) -> None:
        self._whole = whole
        self._reader = reader

    def shown(self) -> ShownTrace:
        """The whole trace as it is shown."""
        whole = self._whole
        trace = Trace(
            whole.direction, whole.ledger, whole.complete, _columns(self.items()), _columns(self.sites()), self
        )
        hidden = Hidden(
            band_of(len(whole.items_reached) - len(self.items())), band_of(len(whole.sites_reached) - len(self.sites()))
        )
        return ShownTrace(trace, hidden)

    @cached_property
    def _own(self) -> dict[tuple[str, str], Certainty]:
        """(item, site): what they had at their sites."""
        here = {(item, site): sure for item, site, sure in self._whole.held if self._reader.sight.is_own(site)}
        had = self._reader.sight.items_had({item for item, _ in here})
        return {pair: sure for pair, sure in here.items() if pair[0] in had}

    @cached_property
    def item_ids(self) -> set[str]:
        """The items that are shown: those that they had, where they had them, and those asked for."""
        asked = {item.id for item in self._whole.items if not item.depth}
        return {item for item, _ in self._own} | self._reader.sight.items_had(asked)

    @cached_property
    def _steps(self) -> Steps:
        return Steps(self._reader, self._whole.flows, self.item_ids)

    @cached_property
    def partners(self) -> dict[str, list[Step]]:
        """Sites of others who named them, with the steps to and from these."""
        found: dict[str, list[Step]] = defaultdict(list)
        for step in self._steps.steps:
            if step.partner is not None:
                found[step.partner].append(step)
        return dict(found)

    def items(self) -> tuple[TracedItem, ...]:
        """Those that are shown."""
        return self._items

    @cached_property
    def _items(self) -> tuple[TracedItem, ...]:
        rows = [self._row(row) for row in self._whole.items if row.id in self.item_ids]
        return tuple(sorted(rows, key=lambda row: (row.depth, row.id)))

    def sites(self) -> tuple[TracedSite, ...]:
        """Theirs, and those of partners."""
        return self._sites

    @cached_property
    def _sites(self) -> tuple[TracedSite, ...]:
        rows = [self._row(row) for row in self._whole.sites if self._is_shown(row.id)]
        shown = [self._of_partner(row) if row.id in self.partners else row for row in rows]
        return tuple(sorted(shown, key=lambda row: (row.depth, row.id)))

    def _is_shown(self, site: str) -> bool:
        return self._reader.sight.is_own(site) or site in self.partners

    @cached_property
    def nearest_hidden(self) -> int:
        """The depth of the nearest row that is not shown; without one, beyond all."""
        items = [row.depth for row in self._whole.items if row.id not in self.item_ids]
        sites = [row.depth for row in self._whole.sites if not self._is_shown(row.id)]
        return min([*items, *sites], default=1 << 30)

    def _row(self, row: Row) -> Row:
        """A row whose depth tells no more of what is hidden than that it is there."""
        depth = min(row.depth, self.nearest_hidden + 1)
        return msgspec.structs.replace(row, depth=depth, witness=_SeenWitness(row.witness, self._reader))

    def _of_partner(self, row: TracedSite) -> TracedSite:
        """As surely, and from those seeds, as the steps tell that are seen."""
        steps = self.partners[row.id]
        sure = any(self._is_sure(step) for step in steps)
        seeds = {seed for item in self._whole.items for seed in item.seeds if any(item.id in s.items for s in steps)}
        certainty = Certainty.CERTAIN if sure and row.certainty is Certainty.CERTAIN else Certainty.POSSIBLE
        return msgspec.structs.replace(row, certainty=certainty, seeds=tuple(s for s in row.seeds if s in seeds))

    def _is_sure(self, step: Step) -> bool:
        pairs = [(item, site) for item in step.items for site in step.own]
        return step.flow.grade is Grade.RECORDED and any(self._own.get(p) is Certainty.CERTAIN for p in pairs)

    def held(self) -> frozenset[tuple[str, str, Certainty]]:
        """Where they had their items, and where partners had these."""
        own = {(item, site, sure) for (item, site), sure in self._own.items()}
        certainty = {row.id: row.certainty for row in self._sites}
        told = {
            (item, partner, certainty[partner])
            for partner, steps in self.partners.items()
            if partner in certainty
            for step in steps
            for item in step.items
        }
        return frozenset(own | told)

    def flows(self) -> tuple[TracedFlow, ...]:
        """Those at their sites."""
        return self._steps.shown()

    def events(self) -> tuple[str, ...]:
        """Those that are seen."""
        seen = self._reader.sight.shown(self._whole.events)
        return tuple(self._reader.ids.shown(event) for event in self._whole.events if event in seen)

    def origins(self) -> tuple[Origin, ...]:
        """Those of their items at their sites."""
        return tuple(
            msgspec.structs.replace(origin, events=self._reader.chain(origin.events))
            for origin in self._whole.origins
            if origin.site is not None and (origin.item, origin.site) in self._own
        )

    def loads(self) -> tuple[TracedLoad, ...]:
        """Loads, with what of them is shown."""
        return tuple(
            msgspec.structs.replace(
                load,
                items=tuple(item for item in load.items if item in self.item_ids),
                sites=tuple(site for site in load.sites if self._is_shown(site)),
            )
            for load in self._whole.loads
            if load.container in self.item_ids
        )

    def excluded(self) -> tuple[Exclusion, ...]:
        """What events rule out that are seen."""
        return self.told_of(self._whole.excluded)

    def gaps(self) -> tuple[AnswerGap, ...]:
        """What is not told in events that are seen."""
        return self.told_of(self._whole.gaps)

    def told_of(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Those of their items at their sites, all of whose events they see: their sentences tell of nothing else."""
        found = [one for one in findings if one.item in self.item_ids and self._reader.sight.is_own(one.site)]
        seen = self._reader.sight.shown({event for one in found for event in one.events})
        return tuple(
            msgspec.structs.replace(one, events=tuple(map(self._reader.ids.shown, one.events)))
            for one in found
            if set(one.events) <= seen
        )

    def unknown_place(self) -> Certainty | None:
        """How surely their goods went to or came from a place that no record names."""
        grades = [s.flow.grade for s in self._steps.steps if None in (s.flow.source, s.flow.target)]
        if not grades:
            return None
        return Certainty.CERTAIN if Grade.RECORDED in grades else Certainty.POSSIBLE

    def backward_in_time(self) -> bool:
        """As of the whole: it is a doubt of the answer."""
        return self._whole.backward_in_time


class _SeenWitness:
    """A witness whose chains are told without what is hidden."""

    def __init__(self, whole: Witness, reader: Reader) -> None:
        self._whole = whole
        self._reader = reader

    def urn(self, key: str) -> str | None:
        return self._whole.urn(key)

    def evidence(self, rows: Sequence[int]) -> list[tuple[str, ...]]:
        return list(map(self._reader.chain, self._whole.evidence(rows)))


def _columns(rows: Iterable[TracedItem | TracedSite]) -> Reached:
    """The rows as columns; their numbers in the index are nobody's business."""
    shown = list(rows)
    return Reached(
        np.arange(len(shown), dtype=np.int64),
        np.array([row.certainty is Certainty.CERTAIN for row in shown], bool),
        np.array([row.depth for row in shown], np.int64),
    )
