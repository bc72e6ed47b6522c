"""The graph that people open and Cypher walks (design §4). In: rows opened and closed. Out: nodes and relationships.

A vertex is one node, with what was told of it last; a flow is a relationship `FLOWS_TO`, a contact `TOUCHED`, each with
the positions between which it is true.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from engine.stores.neo4j.moments import readable
from engine.stores.neo4j.session import Session
from engine.stores.queries import load_queries
from graph_schema.flow_graph import CONTACT_KINDS, Flow, Gap, Grade, Stay, Vertex, VertexKind

_CYPHER = load_queries(__package__, "picture.cypher")

_OPEN = {
    VertexKind.HOLDING: "open_holdings",
    VertexKind.TRANSFORMATION: "open_transformations",
    VertexKind.ENDING: "open_endings",
    VertexKind.POOL: "open_pools",
}


class Picture:
    """Nodes and relationships, through one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open(self, rows: Mapping[bytes, Vertex | Flow | Gap], seq: int) -> None:
        """Draw these rows (by digest)."""
        vertices = [(digest, row) for digest, row in rows.items() if isinstance(row, Vertex)]
        flows = [(digest, row) for digest, row in rows.items() if isinstance(row, Flow)]
        for kind, query in _OPEN.items():
            self._session.run_many(_CYPHER[query], [_node(d, v) for d, v in vertices if v.kind is kind])
        for contact, query in ((False, "open_flows"), (True, "open_touches")):
            some = [_relationship(d, f) for d, f in flows if (f.kind in CONTACT_KINDS) is contact]
            self._session.run_many(_CYPHER[query], some, seq=seq)

    def close(self, digests: Collection[bytes], seq: int) -> None:
        """What these rows told is true no more."""
        self._each(("close_vertices", "close_flows", "close_touches"), digests, seq)

    def reopen(self, digests: Collection[bytes], seq: int) -> None:
        """These rows, closed at this very position, were never away."""
        self._each(("reopen_vertices", "reopen_flows", "reopen_touches"), digests, seq)

    def forget(self, digests: Collection[bytes], seq: int) -> None:
        """These rows, opened at this very position, were never true."""
        self._each(("forget_vertices", "forget_flows", "forget_touches"), digests, seq)

    def _each(self, queries: Iterable[str], digests: Collection[bytes], seq: int) -> None:
        for query in queries:
            self._session.run_many(_CYPHER[query], [digest.hex() for digest in digests], seq=seq)


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
    sites, items = [vertex.site] if vertex.site is not None else [], [vertex.item] if vertex.item else []
    return {"id": vertex.id.hex(), "properties": properties, "sites": sites, "items": items}


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
