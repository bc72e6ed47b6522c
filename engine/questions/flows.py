"""Flows, events and origins of an answer. In: what was reached. Out: values in order of the walk.

Origins are, back, the holdings into which nothing flows any more, and forward, those at which the answer starts.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.answer import Certainty, Direction, Origin, TracedFlow
from engine.index import NONE
from engine.questions.chain import followed
from engine.questions.histories import lines_through
from engine.questions.reach import Reach
from engine.questions.view import Numbers, View
from graph_schema.flow_graph import FlowKind, Grade, VertexKind

_SHOWN = 20
"""Instances named in one flow at most."""


def flows_followed(reaches: list[Reach]) -> list[TracedFlow]:
    """Every flow followed, once."""
    edges = dict.fromkeys(int(edge) for reach in reaches for edge in followed(reach))
    return [told_flow(reaches[0].view, edge) for edge in edges]


def told_flow(view: View, edge: int) -> TracedFlow:
    """One flow, between the sites of its ends."""
    columns = view.index.edges
    source, target = int(columns["source"][edge]), int(columns["target"][edge])
    flow = view.index.flow(edge)
    return TracedFlow(
        _site(view, source),
        _site(view, target),
        _items(view, source, target),
        FlowKind(flow.kind),
        Grade(flow.grade),
        flow.departed,
        flow.arrived,
        flow.quantity,
        flow.uom,
        flow.event_ids,
        flow.via,
    )


def _site(view: View, vertex: int) -> str | None:
    return view.site_name(int(view.column("site", [vertex])[0]))


def _items(view: View, source: int, target: int) -> tuple[str, ...]:
    """The lot that flows, or the instances: the first of those whose lines lead there."""
    for vertex in (target, source):
        instances = view.of_instances(np.array([vertex]))
        if len(instances):
            lines = lines_through(view, instances)[:_SHOWN]
            return tuple(view.index.items.names(view.index.lines["item"][lines]))
    codes = view.column("item", [source, target])
    return tuple(dict.fromkeys(name for name in view.index.items.names(codes[codes != NONE]) if name))


def events_followed(reaches: list[Reach]) -> list[str]:
    """Ids of the events that prove the flows followed and that opened what the seeds start at."""
    view = reaches[0].view
    codes: dict[int, None] = {}
    for reach in reaches:
        own = [p.vertex for begun in reach.begun for p in begun.beginning.presences]
        starts = np.union1d(reach.possible.reached[reach.possible.levels[reach.possible.reached] == 0], own)
        opening = view.column("event", starts.astype(np.int64))
        edges = followed(reach)
        proofs = view.index.proofs
        proven = proofs["event"][proofs.where("edge", edges)]
        codes.update(dict.fromkeys([*opening[opening != NONE].tolist(), *proven.tolist()]))
    return view.index.events.names(list(codes))


def origins_of(reaches: list[Reach]) -> list[Origin]:
    """Where the answer began, or where it can be followed back no further."""
    found: dict[Origin, None] = {}
    for reach in reaches:
        found.update(dict.fromkeys(_told(reach, _ends(reach))))
    return list(found)


def _starts(reach: Reach) -> Numbers:
    own = [p.vertex for begun in reach.begun for p in begun.beginning.presences]
    reached = reach.possible.reached.astype(np.int64)
    first = reached[reach.possible.levels[reached] == 0]
    return np.union1d(first, np.array(own, np.int64)).astype(np.int64)


def _ends(reach: Reach) -> Numbers:
    """Where nothing of the answer flows in: back, of all that was reached; forward, of what the seeds start at."""
    back = reach.direction is Direction.BACK
    reached = reach.possible.reached.astype(np.int64)
    starts = _starts(reach)
    vertices = np.union1d(reached, starts).astype(np.int64) if back else starts
    edges = reach.view.edges_in(vertices)
    edges = edges[reach.passing(edges)]
    if not back:
        known = np.union1d(reached, starts)
        edges = edges[np.isin(reach.view.edge("source", edges), known)]
    return np.asarray(vertices[~np.isin(vertices, reach.view.edge("target", edges))])


def _told(reach: Reach, vertices: Numbers) -> Iterable[Origin]:
    view = reach.view
    vertices = vertices[view.column("kind", vertices) == VertexKind.HOLDING]
    for vertex in vertices.tolist():
        certain = reach.certain.levels[vertex] >= 0
        certainty = Certainty.CERTAIN if certain else Certainty.POSSIBLE
        for item in _items(view, vertex, vertex):
            yield Origin(item, _site(view, vertex), certainty, view.opening(vertex))
