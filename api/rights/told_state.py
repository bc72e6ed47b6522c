"""A state as answers tell its places to one reader (ADR 0033). In: a reading, a clearance. Out: `ToldState`.

Index and gaps tell the sites that may be told, and so does what answers read of events.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from copy import copy
from typing import NamedTuple

import msgspec

from api.rights.below_sites import BelowSites
from api.rights.clearance import Clearance
from api.rights.cleared_state import ClearedSnapshot
from api.rights.goods_by_site import GoodsBySite
from api.rights.pseudonyms import Pseudonyms
from api.rights.read_only import not_written
from api.rights.told_sites import ToldSites
from api.session import Reading
from engine.stores.ports import FlowRow, GraphPort, LineRow, Snapshot, VertexRow
from graph_schema.flow_graph import Gap, Line


class _ToldGraph:
    """A flow graph whose gaps are at the sites that are told: nothing else that answers read in it names one."""

    def __init__(self, whole: GraphPort, sites: ToldSites) -> None:
        self._whole = whole
        self._sites = sites

    replace = clear = not_written

    def vertices(self, after: int = 0) -> Iterator[VertexRow]:
        return self._whole.vertices(after)

    def flows(self, after: int = 0) -> Iterator[FlowRow]:
        return self._whole.flows(after)

    def lines(self, items: Collection[str], at: int | None = None) -> dict[str, Line]:
        return self._whole.lines(items, at)

    def line_rows(self, after: int = 0) -> Iterator[LineRow]:
        return self._whole.line_rows(after)

    def gaps(self, at: int | None = None, items: Collection[str] | None = None) -> list[Gap]:
        return [gap if gap.site is None else self._told(gap, gap.site, at) for gap in self._whole.gaps(at, items)]

    def _told(self, gap: Gap, site: str, at: int | None) -> Gap:
        position = self._sites.position if at is None else at
        return msgspec.structs.replace(gap, site=self._sites.key({gap.item}, site, position))


def told_state(whole: Snapshot, sites: ToldSites) -> Snapshot:
    """A state whose flow graph has its gaps at the sites that are told."""
    told = copy(whole)
    told.graph = _ToldGraph(whole.graph, sites)
    return told


class ToldState(NamedTuple):
    """A state as its places are told to one reader."""

    reading: Reading
    """What answers are worked out from."""
    evidence: Snapshot
    """The events that they are told from, at the sites that answers tell."""
    sites: ToldSites
    """Which sites are told."""
    elements: tuple[str, ...]
    """The key data elements that may be told by sites."""
    whose: tuple[str, ...]
    """Who is told so."""


class SiteTelling:
    """How one reader is told of sites."""

    def __init__(self, reader: str, clearance: Clearance, below: BelowSites, pseudonyms: Pseudonyms) -> None:
        self._reader = reader
        self._clearance = clearance
        self._below = below
        self._pseudonyms = pseudonyms

    def of(self, state: Reading) -> ToldState | None:
        """A state as they are told of it; None where all its places are told."""
        below = self._others(state)
        if not below:
            return None
        goods = GoodsBySite(state.snapshot, state.index, self._clearance.is_told_by_site)
        sites = ToldSites(state.index, below, goods, self._name)
        reading = state.of(told_state(state.snapshot, sites), state.index.as_told(sites))
        evidence = ClearedSnapshot(state.snapshot, self._clearance.placing(sites.placed))
        return ToldState(reading, evidence, sites, self._clearance.by_site, self._clearance.whose)

    def _others(self, state: Reading) -> dict[int, str | None]:
        """The sites that are none, but for those that are theirs."""
        below = self._below.of(state.index)
        names = state.index.sites.names(list(below)) if below else []
        return {
            code: site
            for (code, site), name in zip(below.items(), names, strict=True)
            if not self._clearance.keeps_place(name)
        }

    def _name(self, place: str) -> str:
        return self._pseudonyms.place(self._reader, place)
