"""Vertices that events themselves are (design rules 7 and 12). In: an event or record. Out: its `Vertex`."""

from __future__ import annotations

from engine.builder.ids import transformation_id, vertex_id
from engine.builder.records import Record
from engine.builder.sites import place_of
from graph_schema.event import Event
from graph_schema.flow_graph import Stay, Vertex, VertexKind
from graph_schema.steps import Effect


def transformation_vertex(event: Event) -> Vertex:
    """The vertex of a TransformationEvent; its site is where the event says."""
    return Vertex(
        transformation_id(event), VertexKind.TRANSFORMATION, "", place_of(event, Effect.STAYS), Stay.AT, event.time,
        event.id, "transformed",
    )  # fmt: skip


def ending_vertex(record: Record, item: str) -> Vertex:
    """The vertex of goods of one item that an event took out of the chain (rule 7), by itself or in a container."""
    event = record.event
    identity = vertex_id("ending", record.role, event.id, event.body_hash, item, record.container or "")
    return Vertex(
        identity, VertexKind.ENDING, item, record.place, Stay.AT, event.time, event.id, record.role,
        quantity=record.quantity, uom=record.uom,
    )  # fmt: skip
