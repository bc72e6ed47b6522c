"""The nouns of the flow graph (design §3): vertices, flows, lines and gaps, and what a builder hands to a store.

All rows are immutable values. A row's identity in a store is its content; `Vertex.id` is the identity that people and
flows refer to. Sequence intervals (rule 17) belong to the store, not to the row.
"""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum

import msgspec

from graph_schema.interval import UNKNOWN_TIME, Interval


class Grade(IntEnum):
    """How well the records prove a flow: the higher the number, the weaker."""

    RECORDED = 0
    INFERRED = 1
    CLASS = 2
    INCONSISTENT = 3


class VertexKind(IntEnum):
    """What a vertex of the flow graph is."""

    HOLDING = 0
    """The stay of a lot, or of instances that moved as one, at one site (or on the way to one) since one arrival."""
    TRANSFORMATION = 1
    ENDING = 2
    """Goods that left the chain: sold, dispensed, destroyed, used up, lost."""
    POOL = 3
    """A junction, not a stay: of inferred flows of what may be somewhere without a record that says so, or of what
    touched in one event (rule 13)."""


PARTLY = "partly_"
"""What the role of an ending begins with where only a part of a single thing ended, and the rest stayed."""


class Stay(IntEnum):
    """Where a holding is: at its site, or on the way to it."""

    AT = 0
    ON_THE_WAY = 1


class FlowKind(IntEnum):
    """Why goods go from one vertex to the next."""

    MOVE = 0
    CARRY_OVER = 1
    PACK = 2
    UNPACK = 3
    USE = 4
    MAKE = 5
    END = 6
    JOIN = 7
    """An arrival joined to what may have come (rule 9c) or through a pool."""
    WIDEN = 8
    NARROW = 9
    CONTACT = 10
    """Not a flow: a layer of its own (rule 13)."""
    CONTACT_BY_PROFILE = 11
    SHARE = 12
    """From one vertex of a running process to the next, or back (rule 12)."""
    CLEANED = 13
    """From before a vector was cleaned to after: its line goes on, and no hazard does (rule 13)."""


CONTACT_KINDS = frozenset({FlowKind.CONTACT, FlowKind.CONTACT_BY_PROFILE})


class Vertex(msgspec.Struct, frozen=True, array_like=True):
    """A vertex of the flow graph. Ids are 16 bytes."""

    id: bytes
    kind: VertexKind
    item: str
    """The lot or class held; for instances the narrowest item wider than all of them; for a transformation ''."""
    site: str | None
    """Canonical key of the site; None where no record names the place."""
    stay: Stay = Stay.AT
    arrived: Interval = UNKNOWN_TIME
    """When the goods came (a holding), or when it happened (a transformation, an ending)."""
    event_id: str | None = None
    """The event that opened the holding, or that the transformation or ending is."""
    role: str = ""
    """What the opening event did: commissioned, received, made, seen, packed, unpacked, shipped, sold …"""
    container: str | None = None
    """The innermost container the goods are in."""
    quantity: Decimal | None = None
    """How much the opening event (or the ending) says it was; a part of a load: how much is in it. None: not said."""
    uom: str | None = None
    named: bool = False
    """True where the opening event names the item itself, not only a container it was in."""
    sure: bool = True
    """Whether the holding was in every reading; where not, no question starts there with certainty."""
    instances: bool = False
    """True where instances or logistic units are held, whose lines lead through it."""
    remains: Grade | None = None
    """Whether goods are still here at the end of the records: RECORDED surely, INFERRED possibly, None surely not."""


class Flow(msgspec.Struct, frozen=True, array_like=True):
    """Goods going from one vertex to another, with the events that prove it and the grade of the proof."""

    source: bytes
    target: bytes
    kind: FlowKind
    grade: Grade
    event_ids: tuple[str, ...] = ()
    departed: Interval = UNKNOWN_TIME
    arrived: Interval = UNKNOWN_TIME
    quantity: Decimal | None = None
    uom: str | None = None
    via: str | None = None
    """The container the goods moved in."""


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """An instance went into a transformation, or out of the chain: from which holding, to which vertex."""

    holding: bytes
    vertex: bytes
    grade: Grade


class Ride(msgspec.Struct, frozen=True, array_like=True):
    """An instance's time in a container (rule 5)."""

    container: str
    holding: bytes
    """Where the instance was when it was packed."""
    packed: Interval
    unpacked: Interval | None
    """None where no record takes it out; without an end where it may have been taken out without a record."""


class Line(msgspec.Struct, frozen=True, array_like=True):
    """The history of one instance or logistic unit: a path in the prefix tree of holdings (rule 4).

    Every holding from which `ends_in` is reached by flows between instance holdings is on the line.
    """

    item: str
    wider: str
    """Its lot, or its class where no lot is known, or '' (a logistic unit)."""
    starts_in: tuple[bytes, ...]
    ends_in: tuple[bytes, ...]
    entered: tuple[Entry, ...] = ()
    """Transformations it went into, and endings."""
    made_by: tuple[bytes, ...] = ()
    """Transformations that made it."""
    rides: tuple[Ride, ...] = ()
    """Containers it was in, in order of time."""


class Gap(msgspec.Struct, frozen=True, array_like=True):
    """What the records do not tell: an answer is a lower bound or in doubt. `kind` is a word of docs/gaps.md."""

    kind: str
    item: str
    site: str | None
    event_ids: tuple[str, ...]
    text: str


class Part(msgspec.Struct, frozen=True):
    """All that the builder derives for one owner (a lot, a class, an instance), whole: a store replaces the former."""

    owner: str
    vertices: tuple[Vertex, ...] = ()
    flows: tuple[Flow, ...] = ()
    line: Line | None = None
    gaps: tuple[Gap, ...] = ()
