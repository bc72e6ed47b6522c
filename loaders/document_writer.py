"""Events to EPCIS 2.0 JSON. In: events as a loader read them. Out: each as it came, or all in one EPCISDocument.

EPCIS 2.0 §9.5, §10: what came from several documents stands in one, so the context that an event came under beyond the
standard's goes with the event, unless all share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from graph_schema.event import Event
from loaders.json_text import decode_exact

STANDARD_CONTEXT = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld"
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def export_event(event: Event) -> dict[str, Any]:
    """The event's JSON as it came, numbers exact (`int`, `Decimal`)."""
    exported: dict[str, Any] = decode_exact(event.body)
    return exported


def event_text(event: Event) -> bytes:
    """The event as one line of JSON that stands alone: as it came, with the context it came under put into it."""
    body = msgspec.json.format(event.body, indent=-1)
    return _with_context(body, event) if event.context else body


def _with_context(body: bytes, event: Event) -> bytes:
    """The document's context before the event's own, which keeps the last word."""
    own = export_event(event).get("@context")
    outer = decode_exact(event.context)
    parts = [*_parts(outer), *(part for part in _parts(own) if own is not None and part not in _parts(outer))]
    context = b'"@context":' + _ENCODER.encode(parts)
    if own is None:
        return b"{" + context + (b"," if body != b"{}" else b"") + body[1:]
    rest = {name: value for name, value in export_event(event).items() if name != "@context"}
    return b"{" + context + b"," + _ENCODER.encode(rest)[1:]


def _parts(context: Any) -> list[Any]:
    return context if isinstance(context, list) else [context]


def write_document(events: Iterable[Event], *, created: str) -> Iterator[bytes]:
    """One EPCISDocument with all events, a piece an event; `created` is its creationDate, ISO 8601 with offset."""
    yield _ENCODER.encode({"@context": [STANDARD_CONTEXT], "type": "EPCISDocument", "schemaVersion": "2.0"})[:-1]
    yield b',"creationDate":' + _ENCODER.encode(created) + b',"epcisBody":{"eventList":['
    separator = b"\n"
    for event in events:
        yield separator + event_text(event)
        separator = b",\n"
    yield b"\n]}}\n"


def write_lines(events: Iterable[Event]) -> Iterator[bytes]:
    """One event a line (NDJSON), each standing alone."""
    for event in events:
        yield event_text(event) + b"\n"
