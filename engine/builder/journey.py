"""What a container lives, as what is in it lives it (design rule 5): a `Moment` a record, with the `Leg`s it opened."""

from __future__ import annotations

import msgspec

from engine.builder.records import Act, Packing, Record
from graph_schema.event import Event
from graph_schema.flow_graph import Vertex
from graph_schema.interval import Interval

EMPTIED = "emptied"
"""The role of a record that takes an instance out because its container was emptied of all."""


class Leg(msgspec.Struct, frozen=True):
    """One holding of a container's line, as what is in it lives it."""

    vertex: Vertex
    event: Event
    departed: Interval
    sure: bool


class Moment(msgspec.Struct, frozen=True):
    """One record of a container: the holdings it opened, and what it did to the contents."""

    event: Event
    legs: tuple[Leg, ...]
    packing: Packing | None
    here: Vertex | None
    """Where the container is afterwards."""
    touched: bytes | None
    """The holding that a contact opened."""
    ending: str | None
    """How the container left the chain, and what was in it with it: sold, destroyed …"""
    partly: bool
    """Of what left the chain so, only a part did."""
    sure: bool
    """Whether its record surely counts (rule 14)."""
    doubts_load: bool
    """True where it shows that the container may have been emptied without a record (rule 5)."""
    group: int | None = None
    """Which of the groups whose order is open it is of, if of one."""
    maybe_at: tuple[str, ...] = ()
    """The sites where the container may have been, where the order of its records leaves it open."""


def of_container(record: Record) -> bool:
    """Whether a record empties or ends a container, and with it only what is in it by then (rule 5)."""
    return record.role == EMPTIED or (record.act is Act.END and record.container is not None)
