"""Flows, events and origins of an answer. In: what was reached. Out: values in order of the walk.

Origins are, back, the holdings into which nothing flows any more, and forward, those at which the answer starts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import overload

import numpy as np

from engine.answer import Certainty, Direction, Origin, Touch, TracedFlow
from engine.index import NONE
from engine.questions.histories import lines_through
from engine.questions.reach import Reach
from engine.questions.view import Numbers, View
from graph_schema.flow_graph import CONTACT_KINDS, FlowKind, Grade, VertexKind
from graph_schema.interval import Interval

_SHOWN = 20
"""Instances named in one flow at most."""


class FollowedFlows(Sequence[TracedFlow]):
    """Every flow followed, once. How many there are is known before any of them is told; then all are, together."""

    def __init__(self, reaches: list[Reach]) -> None:
        self._view = reaches[0].view
        self._edges = list(dict.fromkeys(edge for reach in reaches for edge in reach.followed.tolist()))

    def __len__(self) -> int:
        return len(self._edges)

    @overload
    def __getitem__(self, place: int) -> TracedFlow: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[TracedFlow]: ...
    def __getitem__(self, place: int | slice) -> TracedFlow | Sequence[TracedFlow]:
        return self._told[place]

    @cached_property
    def _told(self) -> tuple[TracedFlow, ...]:
        return told_flows(self._view, self._edges)


def told_flows(view: View, edges: Sequence[int]) -> tuple[TracedFlow, ...]:
    """Flows between the sites of their ends, in the order given, each once."""
    table, rows, names = view.index.edges, np.array(edges, np.int64), view.index
    source, target = view.edge("source", rows), view.edge("target", rows)
    ends = [names.sites.optionals(view.column("site", vertices)) for vertices in (source, target)]
    quantities, units = names.amounts(table, rows)
    return tuple(
        map(
            TracedFlow,
            *ends,
            _items_of(view, source, target),
            map(FlowKind, table["kind"][rows].tolist()),
            map(Grade, table["grade"][rows].tolist()),
            *(_intervals(view, rows, name) for name in ("departed", "arrived")),
            quantities,
            units,
            _proofs(view, rows),
            names.items.optionals(table["via"][rows]),
            _touches(view, rows, source, target),
        )
    )


def _touches(view: View, rows: Numbers, source: Numbers, target: Numbers) -> Iterable[Touch | None]:
    """Per flow who touches whom; None for what is no contact."""
    ends = zip(view.edge("kind", rows).tolist(), source.tolist(), target.tolist(), strict=True)
    for kind, giver, taker in ends:
        yield _touch(view, giver, taker) if kind in CONTACT_KINDS else None


def _touch(view: View, giver: int, taker: int) -> Touch:
    pools = [end for end in (giver, taker) if view.column("kind", [end])[0] == VertexKind.POOL]
    return Touch(_items(view, giver, giver), _items(view, taker, taker), pools[0] if pools else None)


def _intervals(view: View, rows: Numbers, name: str) -> Iterable[Interval]:
    return map(Interval, *(view.edge(f"{name}_{end}", rows).tolist() for end in ("earliest", "latest")))


def _proofs(view: View, rows: Numbers) -> list[tuple[str, ...]]:
    """Per flow the events that prove it."""
    proofs = view.index.proofs
    proven = proofs.where("edge", rows)
    found: dict[int, list[str]] = {edge: [] for edge in rows.tolist()}
    events = view.index.events.names(proofs["event"][proven])
    for edge, event in zip(proofs["edge"][proven].tolist(), events, strict=True):
        found[edge].append(event)
    return [tuple(events) for events in found.values()]


def _items_of(view: View, source: Numbers, target: Numbers) -> Iterable[tuple[str, ...]]:
    """Per flow the lot that flows, or the instances."""
    ends = np.array([source, target])
    of_instances = (view.column("instances", ends) != 0).any(axis=0).tolist()
    lots = [view.index.items.optionals(view.column("item", vertices)) for vertices in (source, target)]
    pairs = zip(source.tolist(), target.tolist(), strict=True)
    for instances, pair, names in zip(of_instances, pairs, zip(*lots, strict=True), strict=True):
        yield _items(view, *pair) if instances else tuple(dict.fromkeys(name for name in names if name))


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
        edges = reach.followed
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
    held = vertices[view.column("kind", vertices) == VertexKind.HOLDING].tolist()
    opened = view.openings(held)
    for vertex in held:
        certain = reach.certain.levels[vertex] >= 0
        certainty = Certainty.CERTAIN if certain else Certainty.POSSIBLE
        for item in _items(view, vertex, vertex):
            yield Origin(item, _site(view, vertex), certainty, opened[vertex])
