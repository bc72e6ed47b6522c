"""One JSON text to values and to its canonical form. In: UTF-8 text. Out: values with exact numbers; bytes to hash.

Numbers never pass through binary floating point: whole numbers are `int`, others `Decimal` (RFC 8259 §6).
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import msgspec
import orjson

from graph_schema.errors import InvalidDocument

Value = Any
"""dict, list, str, int, Decimal, bool or None."""

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_LONGEST_EXPONENT = 1000
_HALF_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")


def decode_exact(raw: bytes) -> Value:
    """The value of a JSON text; InvalidDocument says what is wrong and at which byte of it."""
    try:
        return _DECODER.decode(raw)
    except UnicodeDecodeError as error:
        raise InvalidDocument(
            f"the text is not UTF-8: byte 0x{error.object[error.start]:02x} ({error.reason})",
            rule="RFC 8259 §8.1",
            remedy="Save it as UTF-8.",
        ) from error
    except RecursionError as error:
        raise InvalidDocument("objects and arrays are nested too deep", rule="RFC 8259 §9") from error
    except (msgspec.MsgspecError, ValueError, ArithmeticError) as error:
        raise _no_json(raw, str(error)) from error


def _no_json(raw: bytes, said: str) -> InvalidDocument:
    """The error in words that tell what to do, where the decoder's own would not."""
    if ("surrogate" in said or "truncated" in said) and _HALF_CHARACTER.search(raw):
        what = "a \\u escape is one half of a character, without the other"
        return InvalidDocument(what, rule="RFC 8259 §8.2", remedy="Write the character itself, or both halves.")
    if "InvalidOperation" in said or "out of range" in said:
        what = "a number of more digits, or with a larger exponent, than can be read"
        return InvalidDocument(what, rule="RFC 8259 §6", remedy="Write it as text, or with fewer digits.")
    return InvalidDocument(said, rule="RFC 8259", remedy="Correct it and load it again.")


def repeated_name(raw: bytes, value: Value) -> str | None:
    """A member name that one object of the text has twice (RFC 8259 §4: not predictable), else None.

    `value` is the decoded text: written again it is shorter where a member was repeated, which clears most texts.
    """
    try:
        if orjson.dumps(value, default=_as_float) == msgspec.json.format(raw, indent=-1):
            return None
    except (orjson.JSONEncodeError, ValueError):
        pass  # A number or depth that only the thorough way can take.
    return _find_repeated(raw)


def _as_float(number: Value) -> float:
    return float(number)


def _find_repeated(raw: bytes) -> str | None:
    repeated: list[str] = []

    def note(pairs: list[tuple[str, Value]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            repeated.extend(sorted({name for name in names if names.count(name) > 1}))

    json.loads(raw, object_pairs_hook=note, parse_int=str, parse_float=str)
    return repeated[0] if repeated else None


def canonical_json(value: Value) -> bytes:
    """The value with sorted names, no white space, each number in one spelling (10, 10.0 and 1e1 are equal)."""
    try:
        return orjson.dumps(value, default=_fragment, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        return orjson.dumps(_with_large_numbers(value), default=_fragment, option=orjson.OPT_SORT_KEYS)


def _fragment(number: Decimal) -> orjson.Fragment:
    return orjson.Fragment(_normal_text(number).encode())


def _normal_text(number: Decimal) -> str:
    """Whole numbers in plain digits, others as digits and exponent without trailing zeros; never rounded."""
    sign, digits, exponent = number.as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    if not text:
        return "0"
    stripped = text.rstrip("0")
    power = int(exponent) + len(text) - len(stripped)
    minus = "-" if sign else ""
    if 0 <= power <= _LONGEST_EXPONENT:
        return f"{minus}{stripped}{'0' * power}"
    return f"{minus}{stripped}e{power}"


def _with_large_numbers(value: Value) -> Value:
    """The value with whole numbers beyond 64 bits as Decimal, which `canonical_json` can write."""
    if isinstance(value, dict):
        return {name: _with_large_numbers(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_with_large_numbers(element) for element in value]
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return Decimal(value)
    return value
