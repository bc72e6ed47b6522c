"""The shortest evidence (design §6). In: a `Reach` and a vertex. Out: ids of the events of a chain from a seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.answer import Direction
from engine.index import NONE, grade_mask
from engine.index import Direction as Way
from engine.questions.reach import Reach
from engine.questions.view import Numbers
from graph_schema.flow_graph import Grade


def evidence(reach: Reach, vertex: int, *, certain: bool, begun: bool) -> tuple[str, ...]:
    """Event ids from the seed to the vertex where a thing was found; by recorded flows alone where it is certain.

    `begun`: the seed itself was there, and no way leads to it.
    """
    if vertex == NONE:
        return ()
    edges = [] if begun else chain(reach, vertex, certain=certain)
    near = "target" if reach.direction is Direction.BACK else "source"
    first = int(reach.view.index.edges[near][edges[0]]) if edges else vertex
    told = [*reach.view.opening(first), *reach.view.events_of(edges), *reach.view.opening(vertex)]
    return tuple(dict.fromkeys(told))


def chain(reach: Reach, vertex: int, *, certain: bool) -> list[int]:
    """Edges of a shortest way from a seed to where a thing was found; none where the walk starts there."""
    for walked in (reach.certain, reach.possible) if certain else (reach.possible,):
        if walked.levels[vertex] >= 0:
            return walked.path(reach.view.index, vertex)
    return []


def followed(reach: Reach) -> Numbers:
    """Every edge that the walk followed, and those on the lines of the seeds' own instances, in order of level."""
    view, walk = reach.view, reach.possible
    own = {p.vertex for b in reach.begun for p in b.beginning.presences}
    vertices = np.union1d(walk.reached.astype(np.int64), np.array(sorted(own), np.int64))
    edges = view.edges_out(vertices)
    edges = edges[np.isin(view.edge("target", edges), vertices) & reach.passing(edges)]
    begun = reach.starts.edges.astype(np.int64)
    edges = np.union1d(edges, begun[reach.passing(begun)])
    level = np.maximum(walk.levels[view.edge("source", edges)], walk.levels[view.edge("target", edges)])
    return np.asarray(edges[np.lexsort((edges, level))])


def needs_one_back_in_time(reach: Reach) -> bool:
    """True where something is reached only through a flow that goes back in time."""
    edges = followed(reach)
    back = edges[reach.view.edge("grade", edges) == Grade.INCONSISTENT]
    if not len(back):
        return False
    in_time = replace(reach.filters, grades=reach.filters.grades & grade_mask(Grade.CLASS))
    way = Way.BACK if reach.direction is Direction.BACK else Way.FORWARD
    without = reach.view.walker.walk(reach.view.index, reach.starts, in_time, way)
    return len(without.reached) < len(reach.possible.reached)
