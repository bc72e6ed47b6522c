"""Which movements the walk touches. In: a `Reach`. Out: whether an amount can hold goods of the seeds.

What came is touched where the walk came in with it, not where it was only put to goods already there; what left, where
the walk went out with it.
"""

from __future__ import annotations

import numpy as np

from engine.questions.chain import followed
from engine.questions.movements import Movement
from engine.questions.reach import Reach
from graph_schema.flow_graph import FlowKind


class Touched:
    """The vertices of an answer, and those of them that goods of the seeds came in by."""

    def __init__(self, reach: Reach) -> None:
        view, walk = reach.view, reach.possible
        edges = followed(reach)
        moved = edges[view.edge("kind", edges) != FlowKind.CARRY_OVER]
        own = {p.vertex for begun in reach.begun for p in begun.beginning.presences}
        first = walk.reached[walk.levels[walk.reached] == 0]
        self.vertices = own | set(walk.reached.tolist())
        self.entered = own | set(first.tolist()) | set(view.edge("target", moved).astype(np.int64).tolist())

    def __call__(self, movement: Movement) -> bool:
        """Whether an amount can hold goods of the seeds."""
        if movement.column in ("made", "received", "returned", "in_transit"):
            return movement.target in self.entered
        if movement.target not in self.vertices:
            return False
        return not movement.sources or any(source in self.vertices for source in movement.sources)
