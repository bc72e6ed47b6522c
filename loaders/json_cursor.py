"""Whole JSON values out of a stream, in bounded memory. In: a byte stream. Out: the text of each value and its place.

RFC 8259 as far as finding ends needs it: brackets and strings. What is between them is judged by a JSON decoder later,
so that one malformed event costs that event and not the rest of the file. A value larger than the limit is passed over
without being held.
"""

from __future__ import annotations

import re
import tempfile
from typing import BinaryIO, Protocol, cast

import msgspec

from graph_schema.errors import InvalidDocument
from loaders.limits import Limits

_CHUNK = 256 * 1024
_DEEPEST = 1_000_000
"""Past this many open brackets their order is no longer kept, so reading stops."""

# Possessive, so that a string of many megabytes leaves no backtracking stack.
_PLAIN = rb'[^"{}\[\]]*+'
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_FLAT = rb"%b(?:%b%b)*+" % (_PLAIN, _STRING, _PLAIN)
_TO_BRACKET = re.compile(rb"%b(?:(?:%b|(\{%b\}|\[%b\]))%b)*+" % (_PLAIN, _STRING, _FLAT, _FLAT, _PLAIN), re.DOTALL)
"""To the next bracket that matters: past strings, and past objects and arrays that hold none (group 1)."""
_TO_QUOTE = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_SPACE = re.compile(rb"[ \t\r\n]*+")
_SCALAR = re.compile(rb'[^,"{}\[\]]*+')
"""A number or literal, and whatever else stands between brackets, commas and strings and is no JSON."""
_LINE = re.compile(rb"[^\n]*+")

QUOTE, COMMA, COLON, SLASH = b'",:/'
OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY = b"{}[]"
END_OF_STREAM = -1
_CLOSER = {OPEN_OBJECT: CLOSE_OBJECT, OPEN_ARRAY: CLOSE_ARRAY}


class Readable(Protocol):
    """What a cursor reads from."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, empty at the end."""


class Text(msgspec.Struct, frozen=True):
    """One JSON value as it stands in the stream, from byte `start` to byte `end`."""

    raw: bytes | None
    """None where it is larger than the limit."""
    start: int
    end: int
    depth: int
    """Objects and arrays within one another; 0 for a string, number or literal."""


class Anchor:
    """A place from which the text is still wanted; `lost` once more than the limit has passed since."""

    __slots__ = ("lost", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        self.lost = False


class JsonCursor:
    """A place in a stream of JSON that moves forward by whole tokens and values."""

    def __init__(self, stream: Readable, limits: Limits) -> None:
        self._stream = stream
        self.limit = limits.event_bytes
        """Bytes of text held at most."""
        self._buffer = b""
        self._at = 0
        self._base = 0
        self._anchors: list[Anchor] = []
        self._spool: BinaryIO | None = None
        self._fault: InvalidDocument | None = None
        """What ended the stream before it was copied whole."""

    @property
    def offset(self) -> int:
        """Bytes of the stream passed so far."""
        return self._base + self._at

    def peek(self) -> int:
        """The next byte that is no white space, or END_OF_STREAM; moves to it."""
        while True:
            found = _SPACE.match(self._buffer, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return END_OF_STREAM

    def take(self, wanted: int, instead: str) -> None:
        """Pass the byte `wanted`; else InvalidDocument says what stands there instead of what should."""
        if self.peek() != wanted:
            raise self.fault(f"{instead} expected, {self._seen()} found")
        self._at += 1

    def string(self) -> str:
        """The string that stands next (a member's name)."""
        if self.peek() != QUOTE:
            raise self.fault(f"a member name in quotes expected, {self._seen()} found")
        name = self.value()
        if name.raw is None:
            raise self.fault("a member name is larger than an event may be")
        try:
            return msgspec.json.decode(name.raw, type=str)
        except (msgspec.DecodeError, ValueError) as error:
            raise self.fault(f"a member name is no JSON string: {error}") from error

    def value(self) -> Text:
        """The value that stands next, whole; InvalidDocument where it does not end or its brackets do not match."""
        next_byte = self.peek()
        anchor = self.hold()
        try:
            depth = self._pass_value(next_byte)
        finally:
            self.release(anchor)
        return Text(self.since(anchor), anchor.start, self.offset, depth)

    def pass_line(self) -> None:
        """Pass what is left of this line."""
        self._pass_run(_LINE)

    def hold(self) -> Anchor:
        """Keep the text from here on, until it is released or larger than the limit."""
        anchor = Anchor(self.offset)
        self._anchors.append(anchor)
        return anchor

    def release(self, anchor: Anchor) -> None:
        """The text from the anchor on is no longer wanted once the cursor moves on."""
        self._anchors.remove(anchor)

    def since(self, anchor: Anchor) -> bytes | None:
        """The text from the anchor to here, None where it is larger than the limit."""
        if anchor.lost or self.offset - anchor.start > self.limit:
            return None
        return self._buffer[anchor.start - self._base : self._at]

    def fault(self, what: str) -> InvalidDocument:
        """The error that something is wrong here."""
        return InvalidDocument(what, where=f"byte {self.offset}", rule="RFC 8259")

    def mark(self) -> int:
        """A place to come back to with `rewind`; what cannot be sought is copied to a temporary file first."""
        if not _seekable(self._stream):
            self._stream = self._spool = self._spooled()
        return self.offset

    def rewind(self, offset: int) -> None:
        """Back to a marked place."""
        source = cast("BinaryIO", self._stream)
        behind = self._base + len(self._buffer) - offset
        source.seek(source.tell() - behind)
        self._buffer, self._at, self._base = b"", 0, offset

    def close(self) -> None:
        """Give back the temporary file, where there is one; the stream itself is the caller's."""
        if self._spool is not None:
            self._spool.close()

    def _spooled(self) -> BinaryIO:
        """What is held and what is still to come, in a file that can be sought, at the place where the stream stood."""
        spool = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - closed by close()
        spool.write(self._buffer)
        try:
            while chunk := self._stream.read(_CHUNK):
                spool.write(chunk)
        except InvalidDocument as fault:
            self._fault = fault
        spool.seek(len(self._buffer))
        return spool

    def _pass_value(self, next_byte: int) -> int:
        if next_byte in _CLOSER:
            return self._pass_container()
        if next_byte == QUOTE:
            self._at += 1
            self._pass_string()
            return 0
        self._pass_run(_SCALAR)
        return 0

    def _pass_container(self) -> int:
        closers = bytearray([_CLOSER[self._buffer[self._at]]])
        deepest = 1
        self._at += 1
        while True:
            found = _TO_BRACKET.match(self._buffer, self._at)
            if found:
                self._at = found.end()
                deepest = max(deepest, len(closers) + (found.lastindex is not None))
            if self._at == len(self._buffer):
                self._need_more("an object or array is not closed")
                continue
            byte = self._buffer[self._at]
            if byte == QUOTE:
                self._at += 1
                self._pass_string()
                continue
            if byte in _CLOSER:
                closers.append(_CLOSER[byte])
                deepest = max(deepest, len(closers))
                if deepest > _DEEPEST:
                    raise self.fault(f"more than {_DEEPEST} objects and arrays within one another")
            elif closers.pop() != byte:
                raise self.fault(f"{self._seen()} closes what another bracket opened")
            self._at += 1
            if not closers:
                return deepest

    def _pass_string(self) -> None:
        while True:
            found = _TO_QUOTE.match(self._buffer, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._buffer) and self._buffer[self._at] == QUOTE:
                self._at += 1
                return
            self._need_more("a string is not closed")

    def _pass_run(self, run: re.Pattern[bytes]) -> None:
        start = self.offset
        while True:
            found = run.match(self._buffer, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._buffer) or not self._more():
                break
        if self.offset == start:
            raise self.fault(f"a value expected, {self._seen()} found")

    def _seen(self) -> str:
        if self._at == len(self._buffer):
            return "the end of the data"
        byte = self._buffer[self._at]
        return f"“{chr(byte)}”" if 0x20 < byte < 0x7F else f"byte 0x{byte:02x}"

    def _need_more(self, unfinished: str) -> None:
        if not self._more():
            self._at = len(self._buffer)
            raise self.fault(f"the data ends where {unfinished}")

    def _more(self) -> bool:
        """Read on, dropping what no anchor wants; an anchor past the limit gives up its text."""
        for anchor in self._anchors:
            anchor.lost = anchor.lost or self.offset - anchor.start > self.limit
        wanted = min((a.start for a in self._anchors if not a.lost), default=self.offset) - self._base
        kept = self._buffer[wanted:]
        chunk = self._stream.read(max(_CHUNK, min(len(kept), 16 * _CHUNK)))
        self._buffer = kept + chunk
        self._base += wanted
        self._at -= wanted
        if not chunk and self._fault is not None:
            raise self._fault
        return bool(chunk)


def _seekable(stream: Readable) -> bool:
    seekable = getattr(stream, "seekable", None)
    return bool(seekable and seekable())
