"""Which movements the walk touches. In: a `Reach`. Out: whether an amount can hold goods of the seeds.

What came is touched where the walk came in with it, not where it was only put to goods already there; what left, where
the walk went out with it. Where an answer begins among goods that were there before, or reaches them by contact, what
came of these is touched too, and of what was put aside of a stock (packed, or named as a wider or narrower item), so
much as was.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from engine.index import NONE
from engine.questions.movements import BEGUN, Movement
from engine.questions.reach import Reach
from engine.questions.view import Numbers
from graph_schema.flow_graph import CONTACT_KINDS, FlowKind

_ASIDE = (FlowKind.PACK, FlowKind.UNPACK)
_RENAMED = (FlowKind.WIDEN, FlowKind.NARROW)
_CONTACT = sorted(CONTACT_KINDS)


class Touched:
    """The vertices of an answer, and those of them that goods of the seeds came in by."""

    def __init__(self, reach: Reach) -> None:
        view, walk = reach.view, reach.possible
        self.view = view
        edges = reach.followed
        kinds = view.edge("kind", edges)
        own = {p.vertex for begun in reach.begun for p in begun.beginning.presences}
        first = walk.reached[walk.levels[walk.reached] == 0]
        stained = view.edge("target", edges[np.isin(kinds, _CONTACT)])
        begins = {*own, *first.tolist(), *view.edge("source", reach.starts.edges).tolist(), *stained.tolist()}
        begun = self._there_before(begins)
        self.vertices = own | set(walk.reached.tolist())
        self.entered = begun | set(view.edge("target", edges[kinds != FlowKind.CARRY_OVER]).tolist())
        into = view.edges_in(sorted(begun))
        aside = into[np.isin(view.edge("kind", into), _ASIDE)]
        renamed = edges[np.isin(kinds, _RENAMED)]
        self._begun = self._amounts(np.concatenate([aside, renamed]))

    def __call__(self, movement: Movement) -> bool:
        """Whether an amount can hold goods of the seeds."""
        if movement.column in ("made", "received", "returned", "in_transit"):
            return movement.target in self.entered
        if movement.target not in self.vertices:
            return False
        return not movement.sources or any(source in self.vertices for source in movement.sources)

    def begun(self, item: str, site: int) -> list[Movement]:
        """What of an item at a site became goods of the seeds there, without having come."""
        return [m for m in self._begun.get(item, ()) if m.site in (site, NONE)]

    def _there_before(self, vertices: set[int]) -> set[int]:
        """These stays, and those whose goods were still there: the stock carried over, the former stays of a line."""
        found, waiting = set(vertices), list(vertices)
        while waiting:
            into = self.view.edges_in(waiting)
            former, here = self.view.edge("source", into), self.view.edge("target", into)
            same = (self.view.edge("kind", into) == FlowKind.CARRY_OVER) | self.view.in_tree(into)
            for name in ("site", "stay"):
                same &= self.view.column(name, former) == self.view.column(name, here)
            waiting = sorted(set(former[same].tolist()) - found)
            found.update(waiting)
        return found

    def _amounts(self, edges: Numbers) -> dict[str, list[Movement]]:
        """Per item what flowed into a stay of it, at the site of that."""
        found: dict[str, list[Movement]] = defaultdict(list)
        ends = self.view.edge("target", edges)
        items = self.view.index.items.names(self.view.column("item", ends))
        columns = (column.tolist() for column in (edges, ends, self.view.column("site", ends)))
        for edge, end, site, item in zip(*columns, items, strict=True):
            flow = self.view.index.flow(edge)
            amount = flow.quantity if flow.kind in _ASIDE else None
            found[item].append(Movement(BEGUN, site, amount, flow.uom, sure=False, target=end))
        return found
