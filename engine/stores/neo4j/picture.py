"""The graph that people open and Cypher walks (design §4). In: rows opened and closed. Out: nodes and relationships.

A vertex is one node, with what was told of it last; a flow is a relationship `FLOWS_TO`, a contact `TOUCHED`, each with
the positions between which it is true. `RECORDS` leads from the events to what they opened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from engine.stores.neo4j.mark import Moment
from engine.stores.neo4j.moments import readable
from engine.stores.neo4j.session import Session
from engine.stores.neo4j.shapes import Changes
from engine.stores.neo4j.shipments import Shipments, is_shipped
from engine.stores.queries import load_queries
from graph_schema.flow_graph import CONTACT_KINDS, Flow, Gap, Grade, Stay, Vertex, VertexKind
from graph_schema.property_graph import VERTEX_LABELS, item_labels

_CYPHER = load_queries(__package__, "picture.cypher")


class Picture:
    """Nodes and relationships, through one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._shipments = Shipments(session)

    def change(self, changes: Changes, rows: Mapping[bytes, Vertex | Flow | Gap], seq: Moment) -> None:
        """Draw what became of rows (by digest) at a position."""
        shipments = self._each(("forget_vertices", "forget_flows", "forget_touches"), changes.forgotten, seq)
        shipments |= self.close(changes.closed, seq)
        shipments |= self._each(("reopen_flows", "reopen_touches"), changes.reopened, seq)
        shipments |= self.draw_vertices({digest: rows[digest] for digest in (*changes.reopened, *changes.opened)})
        shipments |= self._draw_flows({digest: rows[digest] for digest in changes.opened}, seq)
        self._shipments.direct(shipments, seq)

    def close(self, digests: Collection[bytes], seq: Moment) -> set[str]:
        """What these rows told is true no more; of which shipments it was."""
        return self._each(("close_vertices", "close_flows", "close_touches"), digests, seq)

    def draw_vertices(self, rows: Mapping[bytes, Vertex | Flow | Gap]) -> set[str]:
        """Draw these vertices, once more where they were never away; of which shipments they are."""
        vertices = {digest: row for digest, row in rows.items() if isinstance(row, Vertex)}
        self._session.run_many(_CYPHER["open_vertices"], [_node(*one) for one in vertices.items()])
        self._session.run_many(_CYPHER["record_vertices"], [_recorded(v) for v in vertices.values() if _is_recorded(v)])
        shipped = [vertex for vertex in vertices.values() if is_shipped(vertex)]
        self._shipments.open(shipped)
        return {vertex.event_id for vertex in shipped if vertex.event_id is not None}

    def _draw_flows(self, rows: Mapping[bytes, Vertex | Flow | Gap], seq: Moment) -> set[str]:
        flows = [(digest, row) for digest, row in rows.items() if isinstance(row, Flow)]
        shipments: set[str] = set()
        for contact, query in ((False, "open_flows"), (True, "open_touches")):
            some = [_relationship(d, f) for d, f in flows if (f.kind in CONTACT_KINDS) is contact]
            shipments.update(event for (event,) in self._session.run_many(_CYPHER[query], some, seq=seq))
        return shipments

    def _each(self, queries: Iterable[str], digests: Collection[bytes], seq: Moment) -> set[str]:
        names = [digest.hex() for digest in digests]
        return {event for query in queries for (event,) in self._session.run_many(_CYPHER[query], names, seq=seq)}


def _is_recorded(vertex: Vertex) -> bool:
    """Whether an event leads to it: not to a junction, and to goods on the way by their shipment."""
    return vertex.event_id is not None and vertex.kind is not VertexKind.POOL and not is_shipped(vertex)


def _recorded(vertex: Vertex) -> dict[str, Any]:
    return {"id": vertex.id.hex(), "event_id": vertex.event_id}


def _node(digest: bytes, vertex: Vertex) -> dict[str, Any]:
    at = vertex.kind is VertexKind.HOLDING
    properties = {
        "digest": digest.hex(), "item": vertex.item or None, "site": vertex.site, "role": vertex.role,
        "event_id": vertex.event_id, "container": vertex.container, "on_the_way": at and vertex.stay is Stay.ON_THE_WAY,
        "quantity": None if vertex.quantity is None else str(vertex.quantity), "uom": vertex.uom,
        "sure": vertex.sure, "instances": vertex.instances,
        "remains": None if vertex.remains is None else _word(vertex.remains),
        "arrived": readable(vertex.arrived.earliest), "arrived_latest": readable(vertex.arrived.latest),
        "arrived_earliest_us": vertex.arrived.earliest, "arrived_latest_us": vertex.arrived.latest,
    }  # fmt: skip
    return {
        "id": vertex.id.hex(), "label": VERTEX_LABELS[vertex.kind], "properties": properties,
        "sites": [vertex.site] if vertex.site is not None else [],
        "items": [{"id": vertex.item, "labels": item_labels(vertex.item)}] if vertex.item else [],
    }  # fmt: skip


def _relationship(digest: bytes, flow: Flow) -> dict[str, Any]:
    properties = {
        "digest": digest.hex(), "kind": flow.kind.name.lower(),
        "grade": int(flow.grade), "grade_name": _word(flow.grade),
        "event_ids": list(flow.event_ids), "departed": readable(flow.departed.earliest),
        "departed_earliest_us": flow.departed.earliest, "departed_latest_us": flow.departed.latest,
        "arrived": readable(flow.arrived.earliest), "arrived_earliest_us": flow.arrived.earliest,
        "arrived_latest_us": flow.arrived.latest, "quantity": None if flow.quantity is None else str(flow.quantity),
        "uom": flow.uom, "via": flow.via,
    }  # fmt: skip
    return {"source": flow.source.hex(), "target": flow.target.hex(), "properties": properties}


def _word(grade: Grade) -> str:
    return grade.name.lower()
