"""Whole JSON values out of a stream: their text, their places, their bounds."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_schema.errors import InvalidDocument
from loaders.json_cursor import END_OF_STREAM, JsonCursor
from loaders.limits import Limits

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


class Trickle:
    """A stream that gives a few bytes a read, as a socket may."""

    def __init__(self, data: bytes, size: int) -> None:
        self._stream = io.BytesIO(data)
        self._size = size

    def read(self, _size: int = -1, /) -> bytes:
        """The next few bytes, however many are asked for."""
        return self._stream.read(self._size)


def _values(data: bytes, size: int = 7, limit: int = 1 << 20) -> list[Any]:
    cursor = JsonCursor(Trickle(data, size), Limits(event_bytes=limit))
    found = []
    while cursor.peek() != END_OF_STREAM:
        found.append(cursor.value())
    return found


@given(
    st.lists(_JSON.filter(lambda v: isinstance(v, dict | list)), max_size=5),
    st.integers(1, 9),
    st.sampled_from([None, 1]),
)
def test_values_one_after_the_other(values: list[Any], size: int, indent: int | None) -> None:
    """Objects and arrays written one after the other come out with exactly the text they were written in."""
    texts = [json.dumps(value, indent=indent, ensure_ascii=False).encode("utf-8", "replace") for value in values]
    data = b" \n".join(texts)
    assert [text.raw for text in _values(data, size)] == texts


@given(st.lists(_JSON, min_size=1, max_size=5))
def test_places(values: list[Any]) -> None:
    """Start and end of a value are its bytes in the stream."""
    data = json.dumps([values]).encode()
    (text,) = _values(b"  " + data)
    assert (text.start, text.end) == (2, 2 + len(data))


@pytest.mark.parametrize(
    ("data", "depth"),
    [(b"{}", 1), (b'{"a": "[[["}', 1), (b'{"a": [1, {"b": []}]}', 4), (b"[[[]], []]", 3)],
)
def test_depth(data: bytes, depth: int) -> None:
    """Depth counts brackets outside strings."""
    assert _values(data)[0].depth == depth


def test_larger_than_the_limit() -> None:
    """A value beyond the limit is passed over with its size, and the one behind it is read."""
    large = b'{"a": "' + b'x\\\\\\"' * 1000 + b'"}'
    first, second = _values(large + b'{"b": 1}', size=64, limit=500)
    assert (first.raw, first.end - first.start) == (None, len(large))
    assert second.raw == b'{"b": 1}'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"a": 1', "the data ends where an object or array is not closed"),
        (b'{"a": "x', "the data ends where a string is not closed"),
        (b'{"a": [1}', "“}” closes what another bracket opened"),
        (b"}", "a value expected"),
    ],
)
def test_no_end(data: bytes, message: str) -> None:
    """A value that does not end says what is open, and at which byte the data stopped making sense."""
    with pytest.raises(InvalidDocument, match="byte") as raised:
        _values(data)
    assert message in raised.value.what


@given(st.binary(max_size=60), st.integers(0, 60), st.booleans())
def test_rewind(tail: bytes, size: int, can_seek: bool) -> None:
    """What was read past a mark is read again after a rewind, from files and from pipes."""
    data = b'{"a": [1, 2]} {"b": "' + tail.hex().encode() + b'"}'
    stream = io.BytesIO(data) if can_seek else Trickle(data, size + 1)
    cursor = JsonCursor(stream, Limits())
    cursor.value()
    place = cursor.mark()
    cursor.peek()
    once = cursor.value()
    cursor.rewind(place)
    cursor.peek()
    assert cursor.value() == once
    cursor.close()
