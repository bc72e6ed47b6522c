"""EPCIS 2.0 and 1.2 XML (§9.5). In: a stream. Out: an `Outcome` for each event, and master data, as of JSON.

Each event becomes the JSON that says the same and is judged by the rules of JSON: one set of rules holds. Its `body` is
that JSON; the XML is written of it again (`xml_writer`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from graph_schema.errors import InvalidDocument, InvalidEvent
from loaders.document_head import Head
from loaders.document_writer import STANDARD_CONTEXT
from loaders.epcis_reader import EpcisReader
from loaders.findings import Findings
from loaders.json_text import decode_exact
from loaders.jsonld_context import NO_CONTEXT, read_context
from loaders.limits import LIMITS_RULE, Limits
from loaders.master_data import check_vocabularies, read_master_data
from loaders.moment import parse_moment
from loaders.outcome import Noted, Outcome, Place, Rejected
from loaders.source import ByteSource
from loaders.xml_event import Element, XmlEvent, vocabularies_of
from loaders.xml_stream import Closed, Lost, Opened, Piece, Read, What, forget, read_pieces

_RULE = "EPCIS 2.0 §9.5"
_VERSIONS = ("2.", "1.")
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_STANDARD = Head(read_context(STANDARD_CONTEXT, b""), ())


def read_xml(source: ByteSource, name: str, limits: Limits) -> Iterator[Outcome]:
    """The outcomes of one XML document; `name` is what its places call it."""
    reader = _XmlReader(name, limits)
    try:
        for piece in read_pieces(source, limits):
            yield from reader.outcomes(piece)
    except InvalidDocument as error:
        yield reader.broken(error)


class _XmlReader:
    def __init__(self, file: str, limits: Limits) -> None:
        self._file = file
        self._reader = EpcisReader(file, limits)
        self._events = 0
        self._document: Opened | None = None

    def outcomes(self, piece: Piece) -> Iterator[Outcome]:
        """What a piece comes to."""
        match piece:
            case Opened():
                self._document = piece
                yield from _noted(self._place(piece.line), check_document(piece))
            case Read(What.EVENT):
                yield self._event(piece)
                forget(piece)
            case Read(What.HEADER):
                yield from self._header(piece.element, self._place(piece.line))
                forget(piece)
            case Read():
                forget(piece)
            case Lost():
                yield self._lost(piece)
            case Closed(listed):
                yield from self._end(listed)

    def broken(self, error: InvalidDocument) -> Rejected:
        """The place from which on nothing can be read."""
        findings = Findings()
        what = f"{error.where}: {error.what}; what follows in this file cannot be read"
        findings.refuse("", what, error.rule or "", error.remedy or "")
        return Rejected(Place(self._file, error.where or "line 1"), None, tuple(findings.all))

    def _event(self, piece: Read) -> Outcome:
        self._events += 1
        event = XmlEvent(piece.element)
        raw = _ENCODER.encode(event.fields)
        return self._reader.judged(decode_exact(raw), raw, _head(event.prefixes), self._place(piece.line, self._events))

    def _header(self, element: Element, place: Place) -> Iterator[Outcome]:
        vocabularies = vocabularies_of(element)
        findings = Findings()
        check_vocabularies(vocabularies, ("EPCISHeader",), findings)
        yield from _noted(place, findings)
        yield from read_master_data(vocabularies, NO_CONTEXT, place)

    def _lost(self, piece: Lost) -> Outcome:
        findings = Findings()
        if piece.what is not What.EVENT:
            findings.warn("", f"{piece.why}; left out", LIMITS_RULE, "Split it.")
            return Noted(self._place(piece.line), tuple(findings.all))
        self._events += 1
        findings.refuse("", piece.why, LIMITS_RULE, "Split it into several events, or flatten it.")
        return Rejected(self._place(piece.line, self._events), None, tuple(findings.all))

    def _end(self, listed: bool) -> Iterator[Outcome]:
        if self._document is not None and not listed:
            findings = Findings()
            findings.refuse("", "the document has no EventList", _RULE, "Add EventList.")
            yield Rejected(self._place(self._document.line), None, tuple(findings.all))

    def _place(self, line: int, event: int | None = None) -> Place:
        return Place(self._file, f"line {line}" if event is None else f"event {event}, line {line}")


def check_document(opened: Opened) -> Findings:
    """What is odd about a document itself."""
    findings = Findings()
    version = opened.attributes.get("schemaVersion", "")
    if not version.startswith(_VERSIONS):
        said = f"{version!r}, neither 2.0 nor 1.2" if version else "missing"
        findings.warn("/@schemaVersion", f"schemaVersion is {said}", _RULE, "Write 2.0; it was read as that.")
    created = opened.attributes.get("creationDate", "")
    try:
        parse_moment(created, None)
    except InvalidEvent:
        said = "no date and time" if created else "missing"
        findings.warn("/@creationDate", f"creationDate is {said}", _RULE, "Its events do not need it.")
    return findings


def _noted(place: Place, findings: Findings) -> Iterator[Outcome]:
    if findings.all:
        yield Noted(place, tuple(findings.all))


def _head(prefixes: Mapping[str, str]) -> Head:
    """What an event's names mean: the standard's context, and the namespaces that it uses beyond."""
    if not prefixes:
        return _STANDARD
    value = [STANDARD_CONTEXT, dict(prefixes)]
    return Head(read_context(value, msgspec.json.encode(value)), ())
