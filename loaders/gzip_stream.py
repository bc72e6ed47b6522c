"""Gzip undone as it is read (RFC 1952). In: a stream of gzip members. Out: their bytes, and where they break off.

Python's own reader raises where a member is cut or damaged, or where what follows one is none, and drops what it held.
Here that is the end of the data, which `fault` then explains, so that all that came before can be read.
"""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, Protocol

from graph_schema.errors import InvalidDocument

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAGIC = b"\x1f\x8b"
_CHUNK = 128 * 1024
_GZIP = 16 + zlib.MAX_WBITS
_RULE = "RFC 1952"


class Readable(Protocol):
    """What is read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, empty at the end."""


class GzipStream(io.RawIOBase):
    """The bytes of gzip members one after the other, up to the end or the first fault."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._member = zlib.decompressobj(_GZIP)
        self._held = b""
        self._passed = 0
        self._made = 0
        self.fault: InvalidDocument | None = None
        self.cut = False
        """Whether the data break off within a member: what is told last may be a part of something."""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill a buffer as far as one step leads; 0 at the end or the fault."""
        view = memoryview(buffer).cast("B")
        while self.fault is None and (not self._member.eof or self._next_member()):
            fed = self._held or self._more()
            try:
                made = self._member.decompress(fed, len(view))
            except zlib.error as error:
                self._break(f"the gzip data are damaged ({error})", cut=True)
                break
            self._held = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            if made:
                view[: len(made)] = made
                self._made += len(made)
                return len(made)
            if not fed:
                self._break("the gzip data end before they are whole", cut=True)
        return 0

    def _next_member(self) -> bool:
        """Begin the member that follows; nothing but zeros, which some pad with, may stand there instead."""
        self._held = self._held.lstrip(b"\0")
        while len(self._held) < len(MAGIC) and (more := self._more()):
            self._held = (self._held + more).lstrip(b"\0")
        if not self._held:
            return False
        if not self._held.startswith(MAGIC):
            self._break("behind the gzip data stands something that is none", cut=False)
            return False
        self._member = zlib.decompressobj(_GZIP)
        return True

    def _more(self) -> bytes:
        chunk = self._stream.read(_CHUNK)
        self._passed += len(chunk)
        return chunk

    def _break(self, what: str, *, cut: bool) -> None:
        self.cut = cut
        where = f"byte {self._made}, unpacked from the first {self._passed - len(self._held)} bytes"
        self.fault = InvalidDocument(what, where=where, rule=_RULE, remedy="Get the file again and load it.")
