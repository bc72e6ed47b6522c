"""Where bytes come from. In: paths of files and directories, open streams. Out: plain byte streams, gzip undone.

Gzip is known by its first bytes (RFC 1952 §2.3.1), never by a name. A file or stream is read once, from front to back.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from graph_schema.errors import InvalidInput
from loaders.gzip_stream import MAGIC, GzipStream

_UNPACKED = 256 * 1024
"""Bytes unpacked at once."""
EPCIS_SUFFIXES = frozenset({".json", ".jsonld", ".ndjson", ".jsonl", ".xml"})
"""Names read in a directory, also with `.gz` behind. A file named by itself is read whatever its name."""

Source = str | os.PathLike[str] | BinaryIO


def find_files(path: Path) -> Iterator[tuple[Path, bool]]:
    """A file, or every file below a directory in order of name, with whether its name says JSON or XML.

    Hidden ones are left out. A directory that may not be read counts as a file that says so, so that opening it tells.
    InvalidInput where there is no such path.
    """
    if path.is_file() or path.is_fifo() or path.is_char_device():
        yield path, True
        return
    if not path.is_dir():
        what = "neither a file, a folder nor a pipe" if path.exists() else "no such file or directory"
        raise InvalidInput(what, where=str(path), remedy="Check the path.")
    closed: list[Path] = []
    walk = os.walk(path, onerror=lambda error: closed.append(Path(error.filename)))
    files = [Path(folder, name) for folder, _, names in walk for name in names]
    for found in sorted(files + closed):
        if (found in closed or found.is_file()) and not _is_hidden(found.relative_to(path)):
            yield found, found in closed or _says_epcis(found)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _says_epcis(path: Path) -> bool:
    suffixes = path.suffixes[:-1] if path.suffix == ".gz" else path.suffixes
    return bool(suffixes) and suffixes[-1] in EPCIS_SUFFIXES


def check_paths(sources: Iterable[Source]) -> tuple[Source, ...]:
    """The sources, once every path among them is known to exist; else InvalidInput."""
    checked = tuple(sources)
    for source in checked:
        if isinstance(source, str | os.PathLike) and not Path(source).exists():
            raise InvalidInput("no such file or directory", where=str(source), remedy="Check the path.")
    return checked


class ByteSource:
    """A stream of plain bytes whose first bytes can be looked at, and which goes back where the stream under it can.

    Of gzip that breaks off, all that came before is read; then InvalidDocument, once, says what is wrong.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._head = b""
        self._under = stream
        self._seekable = stream.seekable()
        self._stream = stream
        self._gzip: GzipStream | None = None
        self._is_told = False
        if self.look_ahead(len(MAGIC)) == MAGIC:
            self._gzip = GzipStream(_Rejoined(self._head, stream))
            self._stream = cast("BinaryIO", io.BufferedReader(self._gzip, _UNPACKED))
            self._head = b""
            self._seekable = False

    def look_ahead(self, size: int) -> bytes:
        """The next `size` bytes (fewer at the end), still to be read."""
        while len(self._head) < size and (chunk := self._stream.read(size - len(self._head))):
            self._head += chunk
        return self._head[:size] or self._ended()

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, empty at the end."""
        if not self._head:
            chunk = self._stream.read(size)
            return chunk or self._ended()
        chunk, self._head = (self._head, b"") if size < 0 else (self._head[:size], self._head[size:])
        return chunk

    def readline(self, size: int, /) -> bytes:
        """One line with its end, or `size` bytes of it."""
        end = self._head.find(b"\n", 0, size) + 1
        if end or len(self._head) >= size:
            return self.read(end or size)
        held, self._head = self._head, b""
        line = held + self._stream.readline(size - len(held))
        is_part = len(line) < size and not line.endswith(b"\n")
        if not line or (is_part and self._gzip is not None and self._gzip.cut):
            return self._ended()
        return line

    def _ended(self) -> bytes:
        """What is read at the end: nothing, or InvalidDocument where it is not the end that should be there."""
        if self._gzip is not None and self._gzip.fault is not None and not self._is_told:
            self._is_told = True
            raise self._gzip.fault
        return b""

    def seekable(self) -> bool:
        """Whether `seek` works."""
        return self._seekable

    def tell(self) -> int:
        """The place in the stream, which only `seek` understands."""
        return self._stream.tell() - len(self._head)

    def seek(self, place: int) -> None:
        """Go to a place that `tell` gave, or to one before it by so many bytes."""
        self._head = b""
        self._stream.seek(place)

    def consumed(self) -> int:
        """Bytes taken from the stream under it, compressed where it is: what a progress bar counts."""
        return self._under.tell() if self._under.seekable() else 0


class _Rejoined:
    """A stream with the bytes already read from it put back in front."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head = head
        self._stream = stream

    def read(self, size: int = -1, /) -> bytes:
        if not self._head:
            return self._stream.read(size)
        chunk, self._head = (self._head, b"") if size < 0 else (self._head[:size], self._head[size:])
        return chunk


class LineSource:
    """One line of a stream as a stream of its own, so that a line of any length is read in bounded memory."""

    def __init__(self, first: bytes, source: ByteSource) -> None:
        self._first = first
        self._source = source
        self._open = not first.endswith(b"\n")

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes of the line, empty at its end."""
        if self._first:
            chunk, self._first = self._first[:size], self._first[size:]
            return chunk
        if not self._open:
            return b""
        chunk = self._source.readline(size)
        self._open = bool(chunk) and not chunk.endswith(b"\n")
        return chunk

    def drain(self) -> None:
        """Pass what is left of the line."""
        while self.read(1 << 20):
            pass
