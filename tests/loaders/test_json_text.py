"""One JSON text to exact values and to its canonical form."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_schema.errors import InvalidDocument
from loaders.json_text import canonical_json, decode_exact, repeated_name

_NUMBERS = st.integers() | st.decimals(allow_nan=False, allow_infinity=False)
_JSON = st.recursive(
    st.none() | st.booleans() | _NUMBERS | st.text(alphabet=st.characters(codec="utf-8"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(alphabet=st.characters(codec="utf-8"), max_size=5), inner, max_size=4)
    ),
    max_leaves=15,
)


def _text(value: Any) -> bytes:
    """JSON as another writer might put it: numbers in the spelling of Decimal, names in any order."""
    if isinstance(value, dict):
        return b"{" + b", ".join(_text(n) + b" : " + _text(v) for n, v in reversed(value.items())) + b"}"
    if isinstance(value, list):
        return b"[" + b" ,".join(map(_text, value)) + b"]"
    if isinstance(value, Decimal):
        return str(value).encode()
    return json.dumps(value).encode()


@given(_JSON)
def test_canonical_form_is_stable(value: Any) -> None:
    """Another order of names, other white space, escapes and spellings of numbers give the same canonical form."""
    canonical = canonical_json(value)
    assert canonical_json(decode_exact(_text(value))) == canonical
    assert canonical_json(decode_exact(canonical)) == canonical


@given(_NUMBERS, _NUMBERS)
def test_canonical_numbers_are_equal_as_numbers(one: Decimal | int, other: Decimal | int) -> None:
    """Two numbers have one canonical form exactly where they are equal."""
    assert (canonical_json(one) == canonical_json(other)) == (one == other)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"10.0", Decimal("10.0")),
        (b"0.1000000000000000000000000001", Decimal("0.1000000000000000000000000001")),
        (b"123456789012345678901234567890", 123456789012345678901234567890),
        (b"1e-7", Decimal("1e-7")),
    ],
)
def test_numbers_are_exact(text: bytes, value: Decimal | int) -> None:
    """No number passes through binary floating point."""
    decoded = decode_exact(text)
    assert (decoded, str(decoded)) == (value, str(value))


_TOO_DEEP = b"[" * 5000 + b"]" * 5000
_TOO_GREAT = b"1e" + b"9" * 30


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"{'a': 1}", b"[1,]", b"01", b"NaN", b'"\xff"', b'"\\ud800"', _TOO_DEEP, _TOO_GREAT],
)
def test_no_json(text: bytes) -> None:
    """What is no JSON is an InvalidDocument and nothing else."""
    with pytest.raises(InvalidDocument):
        decode_exact(text)


@given(_JSON)
def test_nothing_repeated(value: Any) -> None:
    """A text whose objects have each name once is never taken for one that repeats a name."""
    text = _text(value)
    assert repeated_name(text, decode_exact(text)) is None


@pytest.mark.parametrize(
    "text", [b'{"a": 1, "a": 1}', b'[{"x": {"b": 1.0, "a": 2, "\\u0061": 3}}]', b'{"": 1, "a": 1, "a": {}}']
)
def test_repeated(text: bytes) -> None:
    """A name that stands twice in one object is found, however it is spelt."""
    assert repeated_name(text, decode_exact(text)) == "a"


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (rb'{"a":"\ud800"}', "half of a character"),
        (rb'{"a":"\uDFFF and more"}', "half of a character"),
        (rb'{"a":"\ud800\ud800"}', "half of a character"),
        (b'{"a":' + b"1" * 5000 + b"}", "more digits"),
        (b'{"a":1e99999999999999999999}', "larger exponent"),
    ],
)
def test_what_a_decoder_cannot_hold_is_told_in_words(raw: bytes, word: str) -> None:
    """A lone half of a character and a number beyond all bounds are named as what they are, with what to do."""
    with pytest.raises(InvalidDocument, match=word) as caught:
        decode_exact(raw)
    assert caught.value.remedy
