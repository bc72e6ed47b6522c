"""How many changes of site lie between a seed and a site (custody changes). In: a `Reach`. Out: a tier a site.

Counted from where the answer begins: of what the walk started at, that into which nothing of the answer flows. Goods on
the way are still counted with the site they left; one they may have come to is one change further.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.index import NONE
from engine.questions.reach import Reach
from engine.questions.view import Numbers
from graph_schema.flow_graph import Stay, VertexKind


@dataclass(frozen=True, slots=True)
class _Flows:
    """The flows of an answer. Its vertices are numbered from 0, sites are codes; a list has an element a vertex."""

    roots: list[int]
    """Where the answer begins."""
    onward: list[list[int]]
    """Where the flows from a vertex go."""
    site: list[int]
    """NONE where no record names it."""
    keeps: list[bool]
    """Whether goods are there at a site that is known: in another vertex they stay in the custody that they were in."""
    is_holding: list[bool]


def tiers(reach: Reach) -> dict[int, int]:
    """Per code of a site reached, the fewest changes of site from the nearest seed."""
    flows = _flows(reach)
    found: dict[int, int] = {}
    told: set[tuple[int, int]] = set()
    tier, level = 0, [(root, flows.site[root]) for root in flows.roots]
    while level:
        later: list[tuple[int, int]] = []
        while level:
            here = level.pop()
            if here not in told:
                told.add(here)
                _note(found, flows, here, tier)
                _go_on(flows, here, level, later)
        tier, level = tier + 1, later
    return found


def _go_on(flows: _Flows, here: tuple[int, int], level: list[tuple[int, int]], later: list[tuple[int, int]]) -> None:
    """Add what is reached from a vertex to its level or, where custody changes, to a later one."""
    vertex, custody = here
    for target in flows.onward[vertex]:
        site = flows.site[target] if flows.keeps[target] else custody
        (level if custody in (site, NONE) else later).append((target, site))


def _note(found: dict[int, int], flows: _Flows, here: tuple[int, int], tier: int) -> None:
    """Note the tier of a site that has goods, or one more where they may only have come there from another."""
    vertex, custody = here
    site = flows.site[vertex]
    if site != NONE and flows.is_holding[vertex]:
        reached = tier if flows.keeps[vertex] else tier + int(custody not in (NONE, site))
        found[site] = min(found.get(site, reached), reached)


def _flows(reach: Reach) -> _Flows:
    edges = reach.followed
    sources, targets = (reach.view.edge(end, edges) for end in ("source", "target"))
    started = _started(reach, sources)
    vertices = np.unique(np.concatenate([started, sources, targets]))
    numbers = np.searchsorted(vertices, sources), np.searchsorted(vertices, targets)
    onward: list[list[int]] = [[] for _ in vertices]
    for source, target in zip(*(ends.tolist() for ends in numbers), strict=True):
        onward[source].append(target)
    site, stay, kind = (reach.view.column(name, vertices) for name in ("site", "stay", "kind"))
    keeps = (stay == Stay.AT) & (kind != VertexKind.POOL) & (site != NONE)
    roots = started[~np.isin(started, targets)]
    roots = np.searchsorted(vertices, roots if len(roots) else started)
    return _Flows(roots.tolist(), onward, site.tolist(), keeps.tolist(), (kind == VertexKind.HOLDING).tolist())


def _started(reach: Reach, sources: Numbers) -> Numbers:
    """The vertices that the walk started at, and those that the flows that it started with leave."""
    own = np.array([p.vertex for begun in reach.begun for p in begun.beginning.presences], np.int64)
    first = reach.starts.vertices[reach.possible.levels[reach.starts.vertices] >= 0]
    left = reach.view.edge("source", reach.starts.edges.astype(np.int64))
    return np.unique(np.concatenate([own, first.astype(np.int64), left[np.isin(left, sources)]]))
