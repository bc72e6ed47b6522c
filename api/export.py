"""The ledger's events as EPCIS JSON lines. In: a ledger. Out: one event a line, as it came.

An event that came under a JSON-LD @context of its own carries it, so that its extensions keep their meaning.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from engine.stores.ports import LedgerPort
from graph_schema.event import Event

_BETWEEN = re.compile(rb'("(?:[^"\\]|\\.)*")|\s+')
"""A JSON string, kept to the letter; or white space between the words of JSON."""


def write_events(ledger: LedgerPort, out: BinaryIO) -> int:
    """Write every entry's event, in order; how many."""
    count = 0
    for entry in ledger.entries():
        out.write(event_line(entry.event))
        count += 1
    return count


def event_line(event: Event) -> bytes:
    """An event as one line of JSON, with its context where it has one and does not name it itself."""
    body = _BETWEEN.sub(rb"\1", event.body)
    if event.context and b'"@context"' not in body:
        body = b'{"@context":' + event.context + b"," + body[1:]
    return body + b"\n"
