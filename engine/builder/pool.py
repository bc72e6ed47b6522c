"""What may be somewhere without a record that says so (design rules 2, 6, 9c, 11).

In: what may feed, and what may take, each with its time. Out: junctions of flows, a chain in order of time.

A taker may have got of every feeder that is not certainly later. Through one chain this costs a flow a feeder and a
flow a taker, never their product.

Where feeders are of other items than the takers (rule 11), the chain is built in two halves, each item's rows from its
own side: `open_chain` the junctions of the takers, `flows_into` the flows of one item's feeders.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from engine.builder.ids import vertex_id
from graph_schema.flow_graph import Flow, FlowKind, Grade, Vertex, VertexKind
from graph_schema.interval import END, Interval


class Feeder(msgspec.Struct, frozen=True):
    """A holding whose goods may be where no record puts them, from a time on."""

    vertex: bytes
    time: Interval
    event_id: str
    grade: Grade = Grade.INFERRED


class Taker(msgspec.Struct, frozen=True):
    """An arrival or a leaving that may have got of what may be there."""

    name: str
    """Names the junction: stable, and the taker's alone."""
    time: Interval
    event_id: str


class Pool(msgspec.Struct, frozen=True):
    """Junctions, the flows that fill them, and for each taker's name the junction it takes from."""

    vertices: tuple[Vertex, ...]
    flows: tuple[Flow, ...]
    junctions: dict[str, bytes]


def in_order(takers: Iterable[Taker]) -> list[Taker]:
    """Takers in the order of their junctions."""
    return sorted(takers, key=lambda t: (t.time.latest, t.time.earliest, t.name))


def open_chain(kind: str, item: str, place: str, takers: Iterable[Taker], since: int | None) -> Pool:
    """A junction for each taker after the first feeder's time (None: there is none), for feeders of other items."""
    fed = [taker for taker in in_order(takers) if since is not None and since <= taker.time.latest]
    vertices = [_junction(kind, item, place, taker) for taker in fed]
    flows = [_next(one, other) for one, other in pairwise(vertices)]
    return Pool(tuple(vertices), tuple(flows), {t.name: v.id for t, v in zip(fed, vertices, strict=True)})


def flows_into(
    kind: str, item: str, place: str, feeders: Iterable[Feeder], takers: Sequence[Taker], through: FlowKind
) -> Iterator[Flow]:
    """What feeds an open chain of another item: each feeder the first taker in order that it is not surely after."""
    for feeder in feeders:
        first = bisect_left(takers, feeder.time.earliest, key=lambda taker: taker.time.latest)
        taker = next((taker for taker in takers[first:] if taker.event_id != feeder.event_id), None)
        if taker is not None:
            yield _into(feeder, _junction(kind, item, place, taker), through)


def build_pool(
    kind: str,
    item: str,
    place: str,
    feeders: Sequence[Feeder],
    takers: Sequence[Taker],
    through: FlowKind = FlowKind.JOIN,
) -> Pool:
    """One chain of junctions; a taker with nothing before it has none."""
    waiting = sorted(feeders, key=lambda f: (f.time.earliest, f.event_id, f.vertex))
    vertices: list[Vertex] = []
    flows: list[Flow] = []
    junctions: dict[str, bytes] = {}
    for taker in in_order(takers):
        new = [f for f in waiting if f.time.maybe_before(taker.time) and f.event_id != taker.event_id]
        if new:
            taken = set(new)
            waiting = [f for f in waiting if f not in taken]
            vertex = _junction(kind, item, place, taker)
            flows.extend(_into(feeder, vertex, through) for feeder in new)
            if vertices:
                flows.append(_next(vertices[-1], vertex))
            vertices.append(vertex)
        if vertices:
            junctions[taker.name] = vertices[-1].id
    return Pool(tuple(vertices), tuple(flows), junctions)


def _junction(kind: str, item: str, place: str, taker: Taker) -> Vertex:
    return Vertex(
        vertex_id("pool", kind, item, place, taker.name), VertexKind.POOL, item, None,
        arrived=taker.time, event_id=taker.event_id, role=kind, sure=False,
    )  # fmt: skip


def _into(feeder: Feeder, junction: Vertex, through: FlowKind) -> Flow:
    # Goods may leave at any time from then on, for this taker or for a later one.
    departed = Interval(feeder.time.earliest, END)
    return Flow(feeder.vertex, junction.id, through, feeder.grade, (), departed, junction.arrived)


def _next(one: Vertex, other: Vertex) -> Flow:
    return Flow(one.id, other.id, FlowKind.CARRY_OVER, Grade.INFERRED, (), other.arrived, other.arrived)
