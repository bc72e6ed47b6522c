"""The shortest evidence (design §6). In: a `Reach`, where things were found. Out: ids of the events of chains there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from engine.answer import Direction
from engine.index import NONE, grade_mask
from engine.index import Direction as Way
from engine.questions.reach import Reach
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


def needs_one_back_in_time(reach: Reach) -> bool:
    """True where something is reached only through a flow that goes back in time."""
    edges = reach.followed
    back = edges[reach.view.edge("grade", edges) == Grade.INCONSISTENT]
    if not len(back):
        return False
    in_time = replace(reach.filters, grades=reach.filters.grades & grade_mask(Grade.CLASS))
    way = Way.BACK if reach.direction is Direction.BACK else Way.FORWARD
    without = reach.view.walker.walk(reach.view.index, reach.starts, in_time, way)
    return len(without.reached) < len(reach.possible.reached)
