"""What the picture in Neo4j should say. In: rows of the ports. Out: sentences, as (relationship, from, to, grade)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.stores.ports import Snapshot
from graph_schema.flow_graph import CONTACT_KINDS, Flow, Line, Stay, Vertex, VertexKind

Sentence = tuple[str, str, str, int | None]

DRAWN = """
MATCH (a)-[r:FROM|TO|STARTS_IN|ENDS_IN|ENTERED]->(b)
WHERE r.from_seq <= $at AND coalesce(r.to_seq > $at, true)
RETURN type(r), a.id, b.id, r.grade
"""
"""The sentences with positions, as they are drawn."""

RECORDED = """
MATCH (a)-[r:CARRIED|RECORDS]->(b)
WHERE NOT b:Vertex OR b.to_seq IS NULL AND NOT b:Pool
RETURN DISTINCT type(r), a.id, b.id, null
"""
"""Those whose truth is that of the vertex."""


def sentences(snapshot: Snapshot, at: int) -> set[Sentence]:
    """What the rows at a position say of shipments and of single things."""
    vertices, flows = _rows_at(snapshot, at)
    shipped = {key: vertex for key, vertex in vertices.items() if _on_the_way(vertex)}
    found: set[Sentence] = {("TO", str(v.event_id), v.site, None) for v in shipped.values() if v.site is not None}
    for flow in flows:
        former = vertices[flow.source]
        if flow.target in shipped and former.stay is Stay.AT and former.site is not None:
            found.add(("FROM", str(shipped[flow.target].event_id), former.site, int(flow.grade)))
    for row in snapshot.graph.line_rows():
        if row.from_seq <= at and (row.to_seq is None or row.to_seq > at):
            found.update(_of_line(row.line))
    return found


def recorded(snapshot: Snapshot, at: int) -> set[Sentence]:
    """What events record, and shipments carried, of what is true at a position."""
    found: set[Sentence] = set()
    for vertex in _rows_at(snapshot, at)[0].values():
        event, key = str(vertex.event_id), vertex.id.hex()
        if _on_the_way(vertex):
            found |= {("CARRIED", event, key, None), ("RECORDS", event, event, None)}
        elif vertex.kind is not VertexKind.POOL:
            found.add(("RECORDS", event, key, None))
    return found


def _rows_at(snapshot: Snapshot, at: int) -> tuple[dict[bytes, Vertex], list[Flow]]:
    vertices = [r for r in snapshot.graph.vertices() if r.from_seq <= at and (r.to_seq is None or r.to_seq > at)]
    flows = [r for r in snapshot.graph.flows() if r.from_seq <= at and (r.to_seq is None or r.to_seq > at)]
    return {r.vertex.id: r.vertex for r in vertices}, [r.flow for r in flows if r.flow.kind not in CONTACT_KINDS]


def _on_the_way(vertex: Vertex) -> bool:
    return vertex.kind is VertexKind.HOLDING and vertex.stay is Stay.ON_THE_WAY


def _of_line(line: Line) -> Iterator[Sentence]:
    for vertex in line.starts_in:
        yield "STARTS_IN", line.item, vertex.hex(), None
    for vertex in line.ends_in:
        yield "ENDS_IN", line.item, vertex.hex(), None
    for entry in line.entered:
        yield "ENTERED", line.item, entry.vertex.hex(), int(entry.grade)
