"""One side of a declared contact, as one item lives it (design rule 13). In: an event's `Touching`. Out: `Touch`es.

Whoever gives flows into a junction that the event itself is, and out of it to whoever takes: so that each item's rows
need to know of the event alone, and a contact of m with k costs m + k.
"""

from __future__ import annotations

import msgspec

from engine.builder.ids import vertex_id
from engine.builder.sites import place_said
from graph_schema.event import Event
from graph_schema.flow_graph import Flow, FlowKind, Grade, Stay, Vertex, VertexKind
from graph_schema.profiles import Contact, Touching


class Touch(msgspec.Struct, frozen=True):
    """An item gives to a junction, or takes from it."""

    junction: Vertex
    gives: bool
    event_id: str
    sure: bool
    """Whether it is so in every reading, if the event counts."""

    def flow(self, holding: bytes, grade: Grade) -> Flow:
        """To or from the holding where the item is."""
        ends = (holding, self.junction.id) if self.gives else (self.junction.id, holding)
        time = self.junction.arrived
        return Flow(
            *ends, FlowKind.CONTACT_BY_PROFILE, grade if self.sure else max(grade, Grade.INFERRED), (self.event_id,),
            time, time,
        )  # fmt: skip


def touches_of(event: Event, item: str, touching: Touching) -> tuple[Touch, ...]:
    """What an item gives and takes in an event."""
    found: list[Touch] = []
    for contact in touching.contacts:
        for gives, side in ((True, contact.givers), (False, contact.takers)):
            if item in side:
                found.append(Touch(_junction(event, contact), gives, event.id, contact.sure))
    return tuple(found)


def _junction(event: Event, contact: Contact) -> Vertex:
    identity = vertex_id("contact", event.id, event.body_hash, *contact.givers, "", *contact.takers)
    return Vertex(
        identity, VertexKind.POOL, "", place_said(event), Stay.AT, event.time, event.id, "contact", sure=contact.sure
    )
