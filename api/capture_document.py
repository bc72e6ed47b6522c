"""A document that is to be captured, before it is loaded. In: its bytes. Out: how many events it holds, or why none.

EPCIS 2.0 §8.1, §12: what is neither JSON nor XML, and no EPCIS document, is refused at once; what is wrong with its
events, the job tells.
"""

from __future__ import annotations

import io

import msgspec

from graph_schema.errors import InvalidDocument, LimitExceeded
from loaders.gzip_stream import MAGIC
from loaders.limits import Limits
from loaders.source import ByteSource
from loaders.xml_stream import Lost, Opened, Read, What, forget, is_xml, read_pieces

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
    if is_xml_document(content):
        return _checked_count(_count_xml(content), limits)
    _check_json(content)
    try:
        document = msgspec.json.decode(content.removeprefix(_MARK), type=_Document)
    except msgspec.DecodeError as error:
        raise _no_document(str(error)) from error
    if document.type not in _TYPES:
        raise _no_document(f"its type is {document.type!r}")
    body = document.body
    count = len(body.event_list) + len(body.results.body.event_list) + (body.event is not None)
    return _checked_count(count, limits)


def is_xml_document(content: bytes) -> bool:
    """Whether it is XML. What is packed is neither: a body is unpacked, within bounds, before it comes here."""
    return not content.startswith(MAGIC) and is_xml(ByteSource(io.BytesIO(content)))


def document_bytes(text: str) -> bytes:
    """A document that comes as text, whatever encoding it says it was in: a mark goes before what XML declares."""
    content = text.encode("utf-8", "surrogatepass")
    return _MARK + content if content.lstrip().startswith(b"<") else content


def _count_xml(content: bytes) -> int:
    count, opened = 0, False
    for piece in read_pieces(ByteSource(io.BytesIO(content)), Limits()):
        match piece:
            case Opened():
                opened = True
            case Read(what):
                count += what is What.EVENT
                forget(piece)
            case Lost(what):
                count += what is What.EVENT
    if not opened:
        raise _no_document("it is an event without a document around it")
    return count


def _checked_count(count: int, limits: CaptureLimits) -> int:
    if count > limits.events:
        raise LimitExceeded(
            f"the document holds {count:,} events, more than {limits.events:,}", remedy="Send several documents."
        )
    return count


def _check_json(content: bytes) -> None:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidDocument(
            "the text is not UTF-8", where=f"byte {error.start}", rule="RFC 8259 §8.1", remedy="Send it as UTF-8."
        ) from error


def _no_document(why: str) -> InvalidDocument:
    return InvalidDocument(
        f"this is no EPCIS document: {why}", rule="EPCIS 2.0 §9.5, §10", remedy="Send an EPCISDocument as JSON or XML."
    )
