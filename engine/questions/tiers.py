"""How many changes of site lie between a seed and a site (custody changes). In: a `Reach`. Out: a tier a site.

Counted from where the answer begins: of what the walk started at, that into which nothing of the answer flows. Goods on
the way are still counted with the site they left; one they may have come to is one change further.
"""

from __future__ import annotations

from collections import defaultdict, deque

import numpy as np

from engine.index import NONE
from engine.questions.chain import followed
from engine.questions.reach import Reach
from graph_schema.flow_graph import Stay, VertexKind


def tiers(reach: Reach) -> dict[int, int]:
    """Per code of a site reached, the fewest changes of site from the nearest seed."""
    onward, vertices, roots = _graph(reach)
    places = _places(reach, vertices)
    found: dict[int, int] = {}
    told: set[tuple[int, int]] = set()
    waiting = deque((root, 0, places[root][0]) for root in sorted(roots))
    held = {vertex: place[0] for vertex, place in places.items() if _holds(place)}
    while waiting:
        vertex, tier, custody = waiting.popleft()
        if (vertex, custody) in told:
            continue
        told.add((vertex, custody))
        _note(found, places[vertex], tier, custody)
        for target in onward.get(vertex, ()):
            here = held.get(target, custody)
            if here in (custody, NONE):
                waiting.appendleft((target, tier, custody))
            elif custody == NONE:
                waiting.appendleft((target, tier, here))
            else:
                waiting.append((target, tier + 1, here))
    return found


def _graph(reach: Reach) -> tuple[dict[int, list[int]], set[int], set[int]]:
    """Flows followed, the vertices they join, and where the answer begins."""
    edges = followed(reach)
    onward: dict[int, list[int]] = defaultdict(list)
    pairs = zip(reach.view.edge("source", edges).tolist(), reach.view.edge("target", edges).tolist(), strict=True)
    later: set[int] = set()
    for source, target in pairs:
        onward[source].append(target)
        later.add(target)
    started = {p.vertex for begun in reach.begun for p in begun.beginning.presences}
    started |= set(reach.starts.vertices.tolist()) & set(reach.possible.reached.tolist())
    started |= set(reach.view.edge("source", reach.starts.edges.astype(np.int64)).tolist()) & set(onward)
    vertices = started | later | set(onward)
    roots = started - later
    return onward, vertices, roots or started


def _places(reach: Reach, vertices: set[int]) -> dict[int, tuple[int, int, int]]:
    """Per vertex: code of its site, stay and kind."""
    numbers = sorted(vertices)
    columns = [reach.view.column(name, numbers).tolist() for name in ("site", "stay", "kind")]
    return dict(zip(numbers, zip(*columns, strict=True), strict=True))


def _holds(place: tuple[int, int, int]) -> bool:
    """Whether goods are at the vertex's site."""
    _, stay, kind = place
    return stay == Stay.AT and kind != VertexKind.POOL


def _note(found: dict[int, int], place: tuple[int, int, int], tier: int, custody: int) -> None:
    site, stay, kind = place
    if site == NONE or kind != VertexKind.HOLDING:
        return
    reached = tier if stay == Stay.AT else tier + int(custody not in (NONE, site))
    found[site] = min(found.get(site, reached), reached)
