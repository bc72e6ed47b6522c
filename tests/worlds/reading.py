"""A world's records as bytes, and back through the loader. In: EPCIS events as JSON objects. Out: `Event`s."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import msgspec

from api.generate.record import Json
from graph_schema.event import Event
from loaders.epcis import load_stream
from loaders.outcome import Accepted, Rejected


def read_events(events: Iterable[Json]) -> list[Event]:
    """Write events as NDJSON and load them; a world's events are never refused."""
    lines = b"\n".join(msgspec.json.encode(event) for event in events)
    read: list[Event] = []
    for outcome in load_stream(BytesIO(lines), "world.ndjson"):
        assert not isinstance(outcome, Rejected), outcome
        if isinstance(outcome, Accepted):
            read.append(outcome.event)
    return read
