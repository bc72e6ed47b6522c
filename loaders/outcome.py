"""What a loader yields for each record: an event, a rejection or master data, each with its place in the source."""

from __future__ import annotations

import msgspec

from graph_schema.event import Event


class Finding(msgspec.Struct, frozen=True):
    """What is odd in a record: `severity` is `warning` (goods can still be followed) or `error` (refused)."""

    severity: str
    rule: str
    """The rule broken, e.g. `EPCIS 2.0 §7.4.1` or `EPCIS-JSON-Schema /eventTime`."""
    field: str
    """JSON pointer below the event."""
    what: str
    remedy: str


class Place(msgspec.Struct, frozen=True):
    """Where in the source a record stands: file, and position (`event 3`, `line 12`, `byte 4096`)."""

    file: str
    position: str


class Accepted(msgspec.Struct, frozen=True):
    """A record that became an event, with warnings where there are any."""

    event: Event
    place: Place
    warnings: tuple[Finding, ...] = ()


class Rejected(msgspec.Struct, frozen=True):
    """A record that did not become an event, and why. `event_id` is None where none could be read."""

    place: Place
    event_id: str | None
    findings: tuple[Finding, ...]


class Master(msgspec.Struct, frozen=True):
    """Master data of a document (EPCIS 2.0 §9.4, CBV 2.0 §11): attributes of a site, party, product or lot."""

    key: str
    """Canonical key of what is described."""
    kind: str
    """`site`, `party`, `product` or `lot`."""
    attributes: dict[str, object]
    """Attribute name (the CBV word without its prefix where it is CBV's) → value as in the document."""
    place: Place


Outcome = Accepted | Rejected | Master
