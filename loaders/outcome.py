"""What a loader yields for each record: an event, a rejection, master data or a note, each with its place.

Each event of a source becomes exactly one `Accepted` or `Rejected`. What a syntax error puts out of reach is one
`Rejected` that says from where to where.
"""

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
    """Where in the source a record stands: file, and position (`event 3, byte 4096`, `line 12`)."""

    file: str
    position: str

    def __str__(self) -> str:
        return f"{self.file}: {self.position}"


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


class Noted(msgspec.Struct, frozen=True):
    """What is odd about a document or file itself, though its events are read: always warnings."""

    place: Place
    findings: tuple[Finding, ...]


Outcome = Accepted | Rejected | Master | Noted
