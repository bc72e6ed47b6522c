"""A document that is to be captured, before it is loaded. In: its bytes. Out: how many events it holds, or why none.

EPCIS 2.0 §8.1, §12: what is no JSON and no EPCIS document is refused at once; what is wrong with its events, the job
tells.
"""

from __future__ import annotations

import msgspec

from graph_schema.errors import InvalidDocument, LimitExceeded, NotSupported

_MARK = b"\xef\xbb\xbf"
_TYPES = ("EPCISDocument", "EPCISQueryDocument")


class CaptureLimits(msgspec.Struct, frozen=True):
    """What one capture may be: exactly so much is taken, and more is refused."""

    events: int = 20_000
    size: int = 50_000_000
    """Bytes."""


class _Results(msgspec.Struct):
    event_list: list[msgspec.Raw] = msgspec.field(name="eventList", default_factory=list)


class _QueryResults(msgspec.Struct):
    body: _Results = msgspec.field(name="resultsBody", default_factory=_Results)


class _Body(msgspec.Struct):
    event_list: list[msgspec.Raw] = msgspec.field(name="eventList", default_factory=list)
    event: msgspec.Raw | None = None
    results: _QueryResults = msgspec.field(name="queryResults", default_factory=_QueryResults)


class _Document(msgspec.Struct):
    type: str
    body: _Body = msgspec.field(name="epcisBody")


def check_document(content: bytes, limits: CaptureLimits) -> int:
    """How many events a document holds; `InvalidDocument` for what is none, `LimitExceeded` for more than may be."""
    if len(content) > limits.size:
        raise LimitExceeded(
            f"the document has {len(content):,} bytes, more than {limits.size:,}", remedy="Send several documents."
        )
    _check_json(content)
    try:
        document = msgspec.json.decode(content.removeprefix(_MARK), type=_Document)
    except msgspec.DecodeError as error:
        raise _no_document(str(error)) from error
    if document.type not in _TYPES:
        raise _no_document(f"its type is {document.type!r}")
    return _checked_count(document.body, limits)


def _checked_count(body: _Body, limits: CaptureLimits) -> int:
    count = len(body.event_list) + len(body.results.body.event_list) + (body.event is not None)
    if count > limits.events:
        raise LimitExceeded(
            f"the document holds {count:,} events, more than {limits.events:,}", remedy="Send several documents."
        )
    return count


def _check_json(content: bytes) -> None:
    if content.lstrip()[:1] == b"<":
        raise NotSupported("XML is not read yet", remedy="Send the document as EPCIS 2.0 JSON.")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidDocument(
            "the text is not UTF-8", where=f"byte {error.start}", rule="RFC 8259 §8.1", remedy="Send it as UTF-8."
        ) from error


def _no_document(why: str) -> InvalidDocument:
    return InvalidDocument(
        f"this is no EPCIS document: {why}", rule="EPCIS 2.0 §10", remedy="Send an EPCISDocument as JSON."
    )
