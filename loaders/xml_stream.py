"""An XML document as it is read. In: bytes. Out: its events and headers, an element at a time, in bounded memory.

No DOCTYPE is read: a document that has one is refused whole, before anything of it is parsed, and with it entities that
grow, outside files and addresses. Whatever encoding a document says it has, the parser gets UTF-8.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum
from typing import Any

import msgspec
from lxml import etree

from graph_schema.errors import InvalidDocument
from graph_schema.event import EventType
from loaders.limits import LIMITS_RULE, Limits
from loaders.source import ByteSource
from loaders.xml_binding import OWN_NAMESPACES
from loaders.xml_event import Element
from loaders.xml_names import split

_CHUNK = 64 * 1024
_LONGEST_PROLOG = 1024 * 1024
NODES_AN_ITEM = 4
"""A quantity has as many elements."""
_RULE = "EPCIS 2.0 §9.5"
_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_ENCODING = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']""")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FIRST_SIGNS = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))

DOCUMENTS = frozenset({"EPCISDocument", "EPCISQueryDocument", "EPCISMasterDataDocument"})
_BELOW = {
    **dict.fromkeys(DOCUMENTS, frozenset({"EPCISBody"})),
    "EPCISBody": frozenset({"EventList", "QueryResults"}),
    "QueryResults": frozenset({"resultsBody"}),
    "resultsBody": frozenset({"EventList"}),
    "EventList": frozenset({"extension"}),
}
"""What leads from a document to its events; a wrapper among these is another list of them."""


class What(Enum):
    """What an element is."""

    EVENT = "event"
    HEADER = "header"
    OTHER = "other"


class Opened(msgspec.Struct, frozen=True):
    """A document began: what it is called, and its attributes."""

    name: str
    attributes: dict[str, str]
    line: int


class Read(msgspec.Struct, frozen=True):
    """An event or a header was read whole; the element is there until the next one is asked for."""

    what: What
    element: Any
    line: int


class Lost(msgspec.Struct, frozen=True):
    """An event or a header was passed over, since it is larger or deeper than may be."""

    what: What
    why: str
    line: int


class Closed(msgspec.Struct, frozen=True):
    """The document was read to its end."""

    listed: bool
    """Whether there was a list of events or of master data."""


Piece = Opened | Read | Lost | Closed


def is_xml(source: ByteSource) -> bool:
    """Whether a stream begins as XML does, in whatever encoding."""
    head = source.look_ahead(64)
    for mark, _ in _MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"").lstrip().startswith(b"<")


def read_pieces(source: ByteSource, limits: Limits) -> Iterator[Piece]:
    """The pieces of a document in order; InvalidDocument where it breaks off, is no EPCIS, or has a DOCTYPE."""
    parser = etree.XMLPullParser(
        events=("start", "end"),
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    walk = _Walk(limits)
    try:
        for chunk in _checked(_as_utf8(source)):
            walk.count(len(chunk))
            fault = _fed(parser, chunk)
            yield from walk.pieces(parser.read_events())
            if fault is not None:
                raise fault
        parser.close()
    except etree.XMLSyntaxError as error:
        raise _broken(parser) or InvalidDocument(str(error.msg), where="its end", rule="XML 1.0") from error
    yield Closed(walk.listed)


def _fed(parser: Any, chunk: bytes) -> InvalidDocument | None:
    """What is wrong in a chunk, once what came before it in the chunk can be read."""
    with suppress(etree.XMLSyntaxError):  # The log tells it; of an entity that is not declared the log alone.
        parser.feed(chunk)
    return _broken(parser)


def _broken(parser: Any) -> InvalidDocument | None:
    for one in parser.feed_error_log.filter_from_fatals():
        where = f"line {one.line}, column {one.column}"
        return InvalidDocument(str(one.message).strip(), where=where, rule="XML 1.0", remedy="Correct it.")
    return None


def _as_utf8(source: ByteSource) -> Iterator[bytes]:
    encoding = _encoding(source.look_ahead(1024))
    decoder = codecs.getincrementaldecoder(encoding)("strict") if encoding != "utf-8" else None
    read = 0
    while chunk := source.read(_CHUNK):
        yield chunk if decoder is None else _recoded(decoder, chunk, read, final=False)
        read += len(chunk)
    if decoder is not None:
        yield _recoded(decoder, b"", read, final=True)


def _recoded(decoder: codecs.IncrementalDecoder, chunk: bytes, read: int, *, final: bool) -> bytes:
    try:
        return decoder.decode(chunk, final).encode("utf-8")
    except UnicodeError as error:
        raise InvalidDocument(
            f"the text is not in the encoding that it says it is in ({error})",
            where=f"byte {read} or shortly after",
            rule="XML 1.0 §4.3.3",
            remedy="Save it as UTF-8.",
        ) from error


def _encoding(head: bytes) -> str:
    for mark, name in (*_MARKS, *_FIRST_SIGNS):
        if head.startswith(mark):
            return name
    said = _ENCODING.match(head.lstrip())
    name = said[1].decode("ascii") if said else "utf-8"
    try:
        found = codecs.lookup(name)
    except LookupError:
        found = None
    if found is None or not found._is_text_encoding or b"<".decode(found.name, "replace") != "<":
        what = f"the encoding {name[:40]!r} is not read"
        raise InvalidDocument(what, where="line 1", rule="XML 1.0 §4.3.3", remedy="Save it as UTF-8.")
    return found.name


def _checked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same, once it is known that what stands before the first element is no DOCTYPE."""
    head = b""
    for chunk in chunks:
        head += chunk
        if _is_past_prolog(head):
            break
        if len(head) > _LONGEST_PROLOG:
            what = f"more than {_LONGEST_PROLOG:,} bytes stand before the first element"
            raise InvalidDocument(what, where="line 1", rule=LIMITS_RULE, remedy="Leave the comments out.")
    yield head
    yield from chunks


def _is_past_prolog(head: bytes) -> bool:
    found = _PROLOG.match(head)
    rest = head[found.end() :] if found else head
    if rest[:9].upper() == b"<!DOCTYPE":
        raise InvalidDocument(
            "it has a DOCTYPE, which could bring entities and files of elsewhere",
            where=f"line {head.count(bytes([10]), 0, len(head) - len(rest)) + 1}",
            rule="docs/loading.md, XML",
            remedy="Take the line with <!DOCTYPE out.",
        )
    return len(rest) >= len(b"<!DOCTYPE") and not rest.startswith((b"<!--", b"<?"))


class _Walk:
    """Follows a document down to its events; of what was read nothing is kept."""

    def __init__(self, limits: Limits) -> None:
        self.listed = False
        self._limits = limits
        self._path: list[str] = []
        self._within: Element | None = None
        self._what = What.OTHER
        self._depth = 0
        self._size = 0
        self._nodes = 0
        self._lost: str | None = None

    def count(self, size: int) -> None:
        """So many bytes come; an event that goes on in them grows by as many."""
        self._size += size
        if self._within is not None and self._size > self._limits.event_bytes:
            self._lose(f"more than {self._limits.event_bytes:,} bytes")

    def pieces(self, steps: Iterator[tuple[str, Any]]) -> Iterator[Piece]:
        """What the parser has come by."""
        for step, element in steps:
            if self._within is None:
                yield from self._start(element) if step == "start" else self._leave(element)
            elif step == "start":
                self._go_deeper(element)
            elif element is self._within:
                yield self._end(element)
            else:
                self._depth -= 1
                if self._lost is not None:
                    _forget(element)

    def _start(self, element: Element) -> Iterator[Piece]:
        namespace, name = split(str(element.tag))
        if not self._path and name in DOCUMENTS and namespace.startswith(OWN_NAMESPACES):
            self._path.append(name)
            yield Opened(name, {str(key): str(text) for key, text in element.attrib.items()}, element.sourceline or 0)
        elif not self._path and name not in set(EventType):
            what = f"its root is <{name}>, which is neither an EPCIS document nor an event"
            raise InvalidDocument(what, where=f"line {element.sourceline}", rule=_RULE, remedy=_WRAP)
        elif self._path and name in _BELOW[self._path[-1]]:
            self._path.append("EventList" if name == "extension" else name)
            self.listed = self.listed or name == "EventList"
        else:
            self._enter(element, name)

    def _enter(self, element: Element, name: str) -> None:
        self._within, self._depth, self._size, self._nodes, self._lost = element, 1, 0, 0, None
        if not self._path or self._path[-1] == "EventList":
            self._what = What.EVENT
        elif name == "EPCISHeader" or name == "VocabularyList":
            self._what = What.HEADER
            self.listed = self.listed or name == "VocabularyList"
        else:
            self._what = What.OTHER

    def _go_deeper(self, element: Element) -> None:
        """A short name takes far more memory and time than text: too many elements end the reading."""
        self._depth += 1
        self._nodes += 1 + len(element.attrib)
        most = NODES_AN_ITEM * self._limits.items
        if self._depth > self._limits.depth:
            self._lose(f"elements more than {self._limits.depth} deep")
        elif self._nodes > most:
            what = f"one event has more than {most:,} elements and attributes"
            raise InvalidDocument(what, where=f"line {element.sourceline}", rule=LIMITS_RULE, remedy="Split it.")

    def _lose(self, why: str) -> None:
        if self._lost is None and self._within is not None:
            self._lost = why
            del self._within[:-1]

    def _end(self, element: Element) -> Piece:
        line = element.sourceline or 0
        self._within = None
        if self._lost is not None:
            piece: Piece = Lost(self._what, self._lost, line)
            _forget(element)
            return piece
        return Read(self._what, element, line)

    def _leave(self, element: Element) -> Iterator[Piece]:
        self._path.pop()
        _forget(element)
        return iter(())


_WRAP = "Send an EPCISDocument of EPCIS 2.0 or 1.2."


def _forget(element: Element) -> None:
    """Let go of what an element holds, and of what stands before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def forget(piece: Read) -> None:
    """Let go of an element that was read."""
    _forget(piece.element)
