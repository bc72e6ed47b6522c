"""EPCIS 2.0 JSON and JSON-LD (§9.2, §10). In: a stream. Out: an `Outcome` for each thing in it.

Capture documents, query documents, bare events, arrays of them, and one JSON value a line (NDJSON), told apart by what
they hold.
"""

from __future__ import annotations

from collections.abc import Iterator

from loaders.document_form import Form, form_of
from loaders.epcis_document import read_pieces
from loaders.epcis_reader import EpcisReader
from loaders.json_cursor import JsonCursor
from loaders.limits import Limits
from loaders.outcome import Outcome
from loaders.source import ByteSource, LineSource


def read_json(source: ByteSource, name: str, limits: Limits) -> Iterator[Outcome]:
    """The outcomes of a stream; `name` is what its places call it. InvalidDocument where it is no JSON at all."""
    reader = EpcisReader(name, limits)
    if form_of(source, limits) is Form.VALUES:
        yield from reader.read(read_pieces(JsonCursor(source, limits)))
        return
    number = 0
    while raw := source.readline(limits.event_bytes + 1):
        number += 1
        if raw.endswith(b"\n") or len(raw) <= limits.event_bytes:
            yield from reader.read_line(raw, number)
            continue
        line = LineSource(raw, source)
        yield from reader.read(read_pieces(JsonCursor(line, limits)), number)
        line.drain()
