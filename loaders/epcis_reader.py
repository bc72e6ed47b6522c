"""Pieces of JSON to outcomes. In: the pieces or lines of one file. Out: an `Outcome` for each event, and more.

A document (EPCIS 2.0 §9.5, §10) lends its events its @context. What is wrong with the document itself is `Noted`;
without an @context its words mean nothing, so that each event is refused.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from graph_schema.errors import InvalidDocument
from loaders.document_head import Head, check_head, read_head
from loaders.epcis_document import Break, DocumentEnd, DocumentStart, EventText, Members, Piece, read_pieces
from loaders.epcis_event import read_event
from loaders.findings import Findings
from loaders.json_cursor import JsonCursor, Text
from loaders.json_text import Value, decode_exact, repeated_name
from loaders.jsonld_context import NO_CONTEXT
from loaders.limits import LIMITS_RULE, Limits
from loaders.outcome import Accepted, Noted, Outcome, Place, Rejected

_EVENT_ID = re.compile(rb'"eventID"\s*:\s*"([^"\\]{1,500})"')
_DOCUMENT_TYPES = ("EPCISDocument", "EPCISQueryDocument")


class EpcisReader:
    """Reads one file or stream, counting its events."""

    def __init__(self, file: str, limits: Limits) -> None:
        self._file = file
        self._limits = limits
        self._events = 0
        self._line: int | None = None

    def read(self, pieces: Iterable[Piece], line: int | None = None) -> Iterator[Outcome]:
        """The outcomes of pieces, all of them in one line where that is given."""
        self._line = line
        head: Head | None = None
        for piece in pieces:
            match piece:
                case DocumentStart(members, start):
                    head = read_head(members)
                    yield from head.master_data(members, self._place(start))
                case EventText(text, in_document):
                    yield self._outcome(text, head if in_document else None)
                case DocumentEnd(members, start):
                    yield from self._end(members, head, start)
                    head = None
                case Break():
                    yield self._broken(piece)

    def read_line(self, raw: bytes, line: int) -> Iterator[Outcome]:
        """The outcomes of one line, of which a bare event is the usual and the quick case."""
        text = raw.strip()
        if text.startswith(b"{") and b'"epcisBody"' not in text:
            deepest = text.count(b"{") + text.count(b"[")
            if deepest <= self._limits.depth and len(text) <= self._limits.event_bytes:
                with suppress(InvalidDocument):  # What is wrong is told below, value by value.
                    event = decode_exact(text)
                    self._line = line
                    yield self.judged(event, text, None, self._place(None))
                    return
        if text:
            yield from self.read(read_pieces(JsonCursor(io.BytesIO(text), self._limits)), line)

    def _end(self, members: Members, head: Head | None, start: int) -> Iterator[Outcome]:
        place = self._place(start)
        if head is not None:
            yield from head.master_data(members, place)
        findings = Findings()
        check_head(members, findings)
        if findings.refused():
            yield Rejected(place, None, tuple(findings.all))
        elif findings.all:
            yield Noted(place, tuple(findings.all))

    def _outcome(self, text: Text, head: Head | None) -> Outcome:
        self._events += 1
        place = self._place(text.start, self._events)
        findings = Findings()
        _check_size(text, self._limits, findings)
        if findings.refused() or text.raw is None:
            return Rejected(place, _id_in(text.raw), tuple(findings.all))
        try:
            event = decode_exact(text.raw)
        except InvalidDocument as error:
            findings.refuse_for("", error)
            return Rejected(place, _id_in(text.raw), tuple(findings.all))
        return self.judged(event, text.raw, head, place)

    def judged(self, event: Value, raw: bytes, head: Head | None, place: Place) -> Outcome:
        """The outcome of what stands where an event should, in JSON or as the JSON that says the same."""
        findings = Findings()
        context = head.context if head else NO_CONTEXT
        if head:
            findings.all.extend(head.refusals)
        accepted = None
        if _is_event(event, findings):
            if name := repeated_name(raw, event):
                findings.refuse("", f"the member {name!r} stands twice in one object", "RFC 8259 §4", "Leave one out.")
            accepted = read_event(event, raw, context.with_event(event), self._limits, findings)
        if accepted is None:
            return Rejected(place, _id_of(event), tuple(findings.all))
        return Accepted(accepted, place, tuple(findings.all))

    def _broken(self, piece: Break) -> Outcome:
        findings = Findings()
        error = piece.error
        what = f"{error.where}: {error.what}"
        if not piece.final:
            findings.warn("", what, error.rule or "", "Nothing was lost by it; correct the file.")
            return Noted(self._place(piece.start), tuple(findings.all))
        rest = "the rest of this line" if self._line is not None else "what follows in this file"
        remedy = error.remedy or "Correct it and load it again."
        findings.refuse("", f"{what}; {rest} cannot be read", error.rule or "", remedy)
        return Rejected(self._place(piece.start), None, tuple(findings.all))

    def _place(self, byte: int | None, event: int | None = None) -> Place:
        parts = [f"line {self._line}"] if self._line is not None else []
        if event is not None and self._line is None:
            parts.append(f"event {event}")
        if byte is not None:
            parts.append(f"byte {byte}")
        return Place(self._file, ", ".join(parts))


def _check_size(text: Text, limits: Limits, findings: Findings) -> None:
    size = text.end - text.start
    if text.raw is None:
        what, remedy = f"{size:,} bytes, more than {limits.event_bytes:,}", "Split it into several events."
    elif text.depth > limits.depth:
        what, remedy = f"objects and arrays {text.depth:,} deep, more than {limits.depth}", "Flatten it."
    else:
        return
    findings.refuse("", what, LIMITS_RULE, remedy)


def _is_event(event: Value, findings: Findings) -> bool:
    """Whether this could be an event at all; a finding says what it is instead."""
    if not isinstance(event, dict):
        what = f"an event is a JSON object, this is {_name_of(event)}"
        findings.refuse("", what, "EPCIS 2.0 §10", "Write each event as an object.")
    elif event.get("type") in _DOCUMENT_TYPES:
        findings.refuse("/epcisBody", "the document has no epcisBody", "EPCIS 2.0 §10", "Add epcisBody.")
    elif "type" not in event and "eventTime" not in event:
        what = "this is neither an EPCIS document nor an event"
        findings.refuse("/type", what, "EPCIS 2.0 §10", "Add type, and eventTime where it is an event.")
    else:
        return True
    return False


def _name_of(value: Value) -> str:
    names = {str: "a string", list: "an array", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _id_of(event: Value) -> str | None:
    found = event.get("eventID", event.get("id")) if isinstance(event, dict) else None
    return found if isinstance(found, str) else None


def _id_in(raw: bytes | None) -> str | None:
    """The event id in a text that is no JSON, as far as one can be seen."""
    found = _EVENT_ID.search(raw) if raw else None
    return found[1].decode("utf-8", "replace") if found else None
