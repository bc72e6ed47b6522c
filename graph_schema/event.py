"""What happened, as EPCIS 2.0 says it (what, when, where, why, how). In: a loader's reading. Out: an immutable `Event`.

One flat event with a role for each item serves all five EPCIS event types (EPCIS 2.0 §7.4), so that what reads events
is one loop, not five. Item, site and party names are canonical keys (`graph_schema.identifiers`); the event as it came
is kept to the letter in `body`.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from graph_schema.interval import Interval

_BODY = msgspec.json.Decoder(float_hook=Decimal)


class EventType(StrEnum):
    """The five event types of EPCIS 2.0 §7.4, and any other that a sender defines under a URI of its own."""

    OBJECT = "ObjectEvent"
    AGGREGATION = "AggregationEvent"
    TRANSACTION = "TransactionEvent"
    TRANSFORMATION = "TransformationEvent"
    ASSOCIATION = "AssociationEvent"
    EXTENSION = "extension"


class Action(StrEnum):
    """EPCIS 2.0 §7.3.2."""

    ADD = "ADD"
    OBSERVE = "OBSERVE"
    DELETE = "DELETE"


class Role(StrEnum):
    """What an item is in an event: named (epcList, quantityList), parent, child, input or output."""

    NAMED = "named"
    PARENT = "parent"
    CHILD = "child"
    INPUT = "input"
    OUTPUT = "output"


class What(msgspec.Struct, frozen=True, array_like=True):
    """One item of an event: its canonical key, its role, and how much where the event says it (a class or a lot)."""

    item: str
    role: Role
    quantity: Decimal | None = None
    uom: str | None = None
    """UN/ECE Rec 20 code; None beside a quantity means pieces (EPCIS 2.0 §7.3.3.3)."""
    lot: str | None = None
    """The key of the lot that an instance's Digital Link names beside the serial; its key does not hold it."""


class Reference(msgspec.Struct, frozen=True, array_like=True):
    """A typed reference: a business transaction, source or destination. `type` is a bare CBV word, a URI or None."""

    type: str | None
    id: str


class ErrorDeclaration(msgspec.Struct, frozen=True):
    """EPCIS 2.0 §7.4.1.3: why and when an event was declared an error, and which events correct it."""

    declared: Interval
    reason: str | None = None
    """Bare CBV word (`did_not_occur`, `incorrect_data`) or a URI."""
    corrective_ids: tuple[str, ...] = ()


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event. Vocabulary words are bare CBV words where they are CBV's, else the sender's URI."""

    id: str
    """The sender's event id, else the CBV 2.0 hash id (CBV 2.0 §8.9)."""
    type: EventType
    time: Interval
    zone: str = "+00:00"
    """eventTimeZoneOffset as written."""
    record_time: int | None = None
    """The sender's recordTime in microseconds since 1970 UTC. Orders nothing."""
    action: Action | None = None
    biz_step: str | None = None
    disposition: str | None = None
    read_point: str | None = None
    biz_location: str | None = None
    transactions: tuple[Reference, ...] = ()
    sources: tuple[Reference, ...] = ()
    destinations: tuple[Reference, ...] = ()
    whats: tuple[What, ...] = ()
    transformation_id: str | None = None
    lot_number: str | None = None
    """The ILMD lot number (CBV 2.0 §9): the lot of the instances commissioned or made here."""
    error: ErrorDeclaration | None = None
    body_hash: bytes = b""
    """SHA-256 of the canonical body without errorDeclaration and recordTime: half of the ledger's key (rule 14)."""
    body: bytes = b""
    """The event as it came: one JSON object, UTF-8."""
    context: bytes = b""
    """The JSON-LD @context it came under, where that says more than the standard's own; JSON, UTF-8."""

    @property
    def type_name(self) -> str:
        """The event type as the sender wrote it."""
        return str(self.fields().get("type", self.type)) if self.type is EventType.EXTENSION else self.type.value

    def fields(self) -> dict[str, Any]:
        """Every field as it came, by its EPCIS name, numbers exact (`int`, `Decimal`): what the properties read."""
        decoded: dict[str, Any] = _BODY.decode(self.body) if self.body else {}
        return decoded

    @property
    def ilmd(self) -> dict[str, Any]:
        """Instance or lot master data (EPCIS 2.0 §7.3.8), empty where there is none."""
        return dict(self.fields().get("ilmd") or {})

    @property
    def sensor_elements(self) -> list[dict[str, Any]]:
        """SensorElementList (EPCIS 2.0 §7.3.7)."""
        return list(self.fields().get("sensorElementList") or ())

    @property
    def persistent_disposition(self) -> dict[str, list[str]]:
        """Dispositions `set` and `unset` (EPCIS 2.0 §7.3.5.3), words as they came."""
        return dict(self.fields().get("persistentDisposition") or {})

    def dispositions(self, change: str) -> frozenset[str]:
        """The dispositions that it has `set` or `unset`, as bare words, however they are spelt."""
        words = self.persistent_disposition.get(change) or ()
        return frozenset(word.rpartition(":")[2].rpartition("-")[2] for word in words)

    @property
    def certification(self) -> tuple[str, ...]:
        """The URIs of certificationInfo (EPCIS 2.0 §7.4.1)."""
        certificates = self.fields().get("certificationInfo") or ()
        return (certificates,) if isinstance(certificates, str) else tuple(certificates)

    @property
    def extensions(self) -> dict[str, Any]:
        """Fields that are not EPCIS's own: names with a prefix or whole URIs, as they came."""
        return {name: value for name, value in self.fields().items() if ":" in name}

    def items(self, *roles: Role) -> tuple[What, ...]:
        """The items in these roles, in the order written; every item where no role is given."""
        return tuple(w for w in self.whats if w.role in roles) if roles else self.whats
