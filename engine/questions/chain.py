"""The shortest evidence (design §6). In: a `Reach`, where things were found. Out: ids of the events of chains there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from engine.answer import Direction
from engine.index import NONE, grade_mask
from engine.index import Direction as Way
from engine.questions.reach import Reach
from engine.questions.view import Numbers
from graph_schema.flow_graph import Grade


class Place(NamedTuple):
    """Where a thing was found."""

    vertex: int
    certain: bool
    begun: bool
    """The seed itself was there, and no way leads to it."""


def evidence(reach: Reach, places: Sequence[Place]) -> list[tuple[str, ...]]:
    """Event ids from the seed to where each thing was found; by recorded flows alone where it is certain.

    What proves all of them is looked up at once.
    """
    view = reach.view
    ways = [_way(reach, place) for place in places]
    near = "target" if reach.direction is Direction.BACK else "source"
    first = [int(view.index.edges[near][way[0]]) if way else p.vertex for way, p in zip(ways, places, strict=True)]
    proofs = view.proofs(sorted({edge for way in ways for edge in way}))
    opened = view.openings([*first, *(place.vertex for place in places)])
    told = (
        [*opened[begin], *(event for edge in way for event in proofs[edge]), *opened[place.vertex]]
        for begin, way, place in zip(first, ways, places, strict=True)
    )
    return [tuple(dict.fromkeys(events)) for events in told]


def _way(reach: Reach, place: Place) -> list[int]:
    """The edges of a shortest way to a place."""
    if place.begun or place.vertex == NONE:
        return []
    return chain(reach, place.vertex, certain=place.certain)


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
