"""Shipments in the picture (rule 6). In: holdings on the way, and whose flows changed. Out: nodes and relationships.

A shipment is what one event sent on the way: it carried those holdings, to the site that the event named. Where it came
from is told by the flows into them, so that it is read from what is drawn, whenever that changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from engine.stores.neo4j.mark import Moment
from engine.stores.neo4j.moments import readable
from engine.stores.neo4j.session import Session
from engine.stores.queries import load_queries
from graph_schema.flow_graph import Stay, Vertex, VertexKind

_CYPHER = load_queries(__package__, "shipments.cypher")


class Shipments:
    """Nodes `Shipment`, through one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open(self, vertices: Iterable[Vertex]) -> None:
        """Draw the shipments that carried these, with the events that record them."""
        self._session.run_many(_CYPHER["open_shipments"], [_node(vertex) for vertex in vertices])

    def direct(self, shipments: Collection[str], seq: Moment) -> None:
        """Draw from where and to where these went, as it is told from a position on."""
        for query in ("close_from", "open_from", "close_to", "open_to"):
            self._session.run_many(_CYPHER[query], sorted(shipments), seq=seq)


def is_shipped(vertex: Vertex) -> bool:
    """Whether an event sent this on the way."""
    return vertex.kind is VertexKind.HOLDING and vertex.stay is Stay.ON_THE_WAY and vertex.event_id is not None


def _node(vertex: Vertex) -> dict[str, Any]:
    return {"id": vertex.id.hex(), "event_id": vertex.event_id, "departed": readable(vertex.arrived.earliest)}
