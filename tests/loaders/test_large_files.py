"""Files larger than memory may be: read in bounded memory, whatever is large in them."""

from __future__ import annotations

import io
import itertools
import json
import tracemalloc
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import BinaryIO, cast

import pytest

from loaders.epcis import load_stream
from loaders.limits import Limits
from loaders.outcome import Rejected
from tests.loaders.sample import CONTEXT, document, event

_MEGABYTE = 1 << 20
_EVENT = json.dumps(event(eventID="urn:uuid:00000000-0000-0000-0000-000000000000")).encode()
_LARGER = _EVENT[:-1] + b',"ex:x":"' + b"x" * 20_000 + b'"}'
"""So large that 200 MB of them are read in seconds, and small beside the memory allowed."""
_LIMITS = Limits(event_bytes=2 * _MEGABYTE)


class Generated(io.RawIOBase):
    """A stream of pieces made as they are read, which cannot go back."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._held = b""

    def readable(self) -> bool:
        """It is only ever read."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """As many pieces as `size` bytes take."""
        while len(self._held) < size and (piece := next(self._pieces, b"")):
            self._held += piece
        chunk, self._held = self._held[:size], self._held[size:]
        return chunk

    def readline(self, size: int | None = -1, /) -> bytes:
        """Up to the end of a line."""
        wanted = size or 0
        while b"\n" not in self._held and len(self._held) < wanted and (piece := next(self._pieces, b"")):
            self._held += piece
        end = self._held.find(b"\n", 0, wanted) + 1 or wanted
        chunk, self._held = self._held[:end], self._held[end:]
        return chunk


def _peak(pieces: Iterable[bytes]) -> tuple[Counter[str], int]:
    """The kinds of outcomes of a generated stream, and the most memory held at once, in bytes."""
    tracemalloc.start()
    try:
        stream = cast("BinaryIO", Generated(pieces))
        told = Counter(type(outcome).__name__ for outcome in load_stream(stream, "large", limits=_LIMITS))
        return told, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _head(*, with_context: bool = True) -> bytes:
    head = json.dumps(document(**{} if with_context else {"@context": None})).encode()
    return head[: head.index(b"]}}")]


def _list(size: int) -> Iterator[bytes]:
    """Events of a list, `size` bytes of them."""
    block = (_LARGER + b",\n") * 10
    return itertools.chain(itertools.repeat(block, size // len(block)), [_LARGER])


@pytest.mark.slow
@pytest.mark.parametrize("form", ["document", "context behind", "array", "lines"])
def test_two_hundred_megabytes(form: str) -> None:
    """200 MB of events, in every form and from a pipe, take no more than some megabytes."""
    size = 200 * _MEGABYTE if form == "document" else 50 * _MEGABYTE
    block = (_LARGER + b"\n") * 10
    pieces = {
        "document": itertools.chain([_head()], _list(size), [b"]}}"]),
        "context behind": itertools.chain(
            [_head(with_context=False)], _list(size), [b']},"@context":', json.dumps(CONTEXT).encode(), b"}"]
        ),
        "array": itertools.chain([b"["], _list(size), [b"]"]),
        "lines": itertools.repeat(block, size // len(block)),
    }[form]
    told, peak = _peak(pieces)
    assert told.keys() == {"Accepted"}
    assert told["Accepted"] > size // (len(_LARGER) + 2) - 20
    assert peak < 40 * _MEGABYTE


@pytest.mark.slow
@pytest.mark.parametrize("form", ["document", "bare", "lines"])
@pytest.mark.parametrize("large", ["string", "list", "brackets"])
def test_event_of_two_hundred_megabytes(form: str, large: str) -> None:
    """An event of 200 MB is refused with its size, held at no time, and the one behind it is read."""
    inside = {
        "string": itertools.chain([b'"'], itertools.repeat(b"x" * _MEGABYTE, 200), [b'"']),
        "list": itertools.chain([b"["], itertools.repeat(b'"urn:example:x",' * 65536, 200), [b'""]']),
        "brackets": itertools.chain(itertools.repeat(b"[],{}," * 175_000, 200), [b"0"]),
    }[large]
    opening = b"[" if large == "brackets" else b""
    closing = b"]" if large == "brackets" else b""
    made = itertools.chain([_EVENT[:-1], b',"ex:x":', opening], inside, [closing, b"}"])
    pieces = {
        "document": itertools.chain([_head()], made, [b",", _EVENT, b"]}}"]),
        "bare": itertools.chain(made, [b"\n", _EVENT]),
        "lines": itertools.chain([_EVENT, b"\n"], made, [b"\n", _EVENT]),
    }[form]
    told, peak = _peak(pieces)
    assert told["Rejected"] == 1
    assert told["Accepted"] == (2 if form == "lines" else 1)
    assert peak < 40 * _MEGABYTE


def test_large_header() -> None:
    """A header beyond the limit is left out with a note, and the events behind it are read."""
    head = b'{"@context":' + json.dumps(CONTEXT).encode() + b',"type":"EPCISDocument","schemaVersion":"2.0",'
    head += b'"creationDate":"2026-01-06T00:00:00Z","epcisHeader":{"epcisMasterData":{"vocabularyList":['
    many = itertools.repeat(b'{"type":"a:b"},' * 10_000, 40)
    told, peak = _peak(itertools.chain([head], many, [b'{}]}},"epcisBody":{"eventList":[', _EVENT, b"]}}"]))
    assert told == {"Accepted": 1, "Noted": 1}
    assert peak < 40 * _MEGABYTE


def test_size_is_told() -> None:
    """The refusal of a large event tells its size and where it starts."""
    stream = cast("BinaryIO", Generated([b"[", _EVENT[:-1], b',"ex:x":"', *[b"x" * _MEGABYTE] * 3, b'"}]']))
    (outcome,) = load_stream(stream, "large", limits=_LIMITS)
    assert isinstance(outcome, Rejected)
    assert outcome.place.position == "event 1, byte 1"
    size = len(_EVENT) + 3 * _MEGABYTE + len(b',"ex:x":""')
    assert f"{size:,} bytes" in outcome.findings[0].what
