"""What may be somewhere without a record that says so (design rules 2, 6, 9c, 11).

In: what may feed, and what may take, each with its time. Out: junctions of flows, a chain in order of time.

A taker may have got of every feeder that is not certainly later. Through one chain this costs a flow a feeder and a
flow a taker, never their product.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    for taker in sorted(takers, key=lambda t: (t.time.latest, t.time.earliest, t.name)):
        new = [f for f in waiting if f.time.maybe_before(taker.time) and f.event_id != taker.event_id]
        if new:
            taken = set(new)
            waiting = [f for f in waiting if f not in taken]
            vertex = Vertex(
                vertex_id("pool", kind, item, place, taker.name), VertexKind.POOL, item, None,
                arrived=taker.time, event_id=taker.event_id, role=kind, sure=False,
            )  # fmt: skip
            for feeder in new:
                # Goods may leave at any time from then on, for this taker or for a later one.
                departed = Interval(feeder.time.earliest, END)
                flows.append(Flow(feeder.vertex, vertex.id, through, feeder.grade, (), departed, taker.time))
            if vertices:
                flows.append(
                    Flow(
                        vertices[-1].id,
                        vertex.id,
                        FlowKind.CARRY_OVER,
                        Grade.INFERRED,
                        (),
                        taker.time,
                        taker.time,
                    )
                )
            vertices.append(vertex)
        if vertices:
            junctions[taker.name] = vertices[-1].id
    return Pool(tuple(vertices), tuple(flows), junctions)
