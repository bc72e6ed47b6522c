"""Element strings (GS1 General Specifications §7.8). In: `(01)…(21)…` or raw text with FNC1. Out: elements.

In brackets a backslash stands before a ( that belongs to a value. Raw text may begin with a symbology
identifier or FNC1, and FNC1 is the character GS (U+001D), or ^ as people type it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers.element_format import format_at
from graph_schema.identifiers.naming import Elements

_BRACKETED = re.compile(r"\(([0-9]{2,4})\) *((?:[^(\\]|\\.)+)")
_SYMBOLOGY = re.compile(r"\](?:C1|e0|d2|Q3|J1)")
_FNC1 = "\x1d"
_PREDEFINED = {
    **dict.fromkeys(("00",), 20),
    **dict.fromkeys(("01", "02", "03", "41"), 16),
    **dict.fromkeys(("04",), 18),
    **dict.fromkeys(("11", "12", "13", "14", "15", "16", "17", "18", "19"), 8),
    **dict.fromkeys(("20",), 4),
    **dict.fromkeys(("31", "32", "33", "34", "35", "36"), 10),
}
"""Lengths of AI and value by the AI's first two digits, where no FNC1 need follow (figure 7.8.5-2)."""


def read_bracketed(text: str) -> list[tuple[str, str]]:
    """The elements of a bracketed element string, their values unchecked; raises `InvalidIdentifier`."""
    elements, place = [], 0
    while place < len(text):
        found = _BRACKETED.match(text, place)
        if found is None:
            raise _wrong(text, f"cannot be read from character {place + 1} on")
        elements.append((found[1], re.sub(r"\\(.)", r"\1", found[2]).rstrip(" ")))
        place = found.end()
    return elements


def read_raw(text: str) -> list[tuple[str, str]]:
    """The elements of a raw element string, their values unchecked; raises `InvalidIdentifier`."""
    message = _SYMBOLOGY.sub("", text, count=1) if text.startswith("]") else text
    message = message.replace("^", _FNC1).removeprefix(_FNC1)
    elements = list(_scan(text, message))
    if not elements:
        raise _wrong(text, "is empty")
    return elements


def _scan(text: str, message: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(message):
        found = format_at(message[place : place + 4])
        if found is None:
            raise _wrong(text, f"has no application identifier at {message[place : place + 4]!r}")
        ai = found[0]
        separator = message.find(_FNC1, place)
        end = len(message) if separator < 0 else separator
        end = min(end, place + _PREDEFINED.get(ai[:2], end))
        yield ai, message[place + len(ai) : end]
        place = end + (end < len(message) and message[end] == _FNC1)


def write_bracketed(elements: Elements) -> str:
    """The elements as people read them."""
    return "".join(f"({ai})" + value.replace("(", "\\(") for ai, value in elements)


def write_raw(elements: Elements) -> str:
    """The elements as a scanner sends them, FNC1 as GS where one must separate two."""
    parts = [ai + value + _FNC1 * (ai[:2] not in _PREDEFINED) for ai, value in elements]
    return "".join(parts).removesuffix(_FNC1)


def _wrong(text: str, what: str) -> InvalidIdentifier:
    return InvalidIdentifier(
        f"the element string {text!r} {what}",
        rule="GS1 General Specifications §7.8",
        remedy="Write application identifiers in brackets, as in (01)09520123456788(10)ABC.",
    )
