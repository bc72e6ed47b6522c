"""Runs of one process (design rule 12). In: the events that share a transformationID. Out: their `Part`.

Events of one recording party that share a `transformationID` are a chain of vertices in order of time: what went in
earlier may be in what comes out later. One `inferred` flow leads back, since later inputs may have gone into earlier
outputs of a running process.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from engine.builder.corrections import Standing
from engine.builder.event_vertices import transformation_vertex
from graph_schema.flow_graph import Flow, FlowKind, Grade, Part, Vertex

OWNER_PREFIX = "transformation:"


def process_owner(transformation_id: str) -> str:
    """The owner of the rows that join the events of one process."""
    return OWNER_PREFIX + transformation_id


def build_process(transformation_id: str, standings: Sequence[Standing]) -> Part:
    """The vertices of the process and what joins them; a party's events only among themselves."""
    owner = process_owner(transformation_id)
    vertices: dict[bytes, Vertex] = {}
    flows: list[Flow] = []
    for party in sorted({standing.author for standing in standings}):
        run = [s for s in standings if s.author == party]
        run.sort(key=lambda s: (s.event.time.latest, s.event.time.earliest, s.event.id))
        chain = [transformation_vertex(s.event) for s in run]
        vertices.update({vertex.id: vertex for vertex in chain})
        flows.extend(_chain(run, chain))
    return Part(owner, tuple(vertices.values()), tuple(flows))


def _chain(run: Sequence[Standing], chain: Sequence[Vertex]) -> list[Flow]:
    flows: list[Flow] = []
    for (one, earlier), (other, later) in pairwise(zip(run, chain, strict=True)):
        told = one.sure and other.sure and one.event.time.surely_before(other.event.time)
        grade = Grade.RECORDED if told else Grade.INFERRED
        flows.append(_share(earlier, later, grade, (one.event.id, other.event.id)))
    if len(chain) > 1:
        flows.append(_share(chain[-1], chain[0], Grade.INFERRED, (run[-1].event.id, run[0].event.id)))
    return flows


def _share(source: Vertex, target: Vertex, grade: Grade, ids: tuple[str, ...]) -> Flow:
    return Flow(source.id, target.id, FlowKind.SHARE, grade, ids, source.arrived, target.arrived)
