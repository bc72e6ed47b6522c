"""How a stream holds its JSON. In: its first bytes. Out: values one after another, or one a line; or why neither.

RFC 8259 §8.1: JSON is UTF-8, and a byte order mark before it may be passed over. No name is looked at.
"""

from __future__ import annotations

import re
from enum import Enum

import msgspec

from graph_schema.errors import InvalidDocument
from loaders.limits import Limits
from loaders.source import ByteSource

UTF8_MARK = b"\xef\xbb\xbf"
_FIRST_LOOK = 64 * 1024
_LOOKED_AT = 3
"""Lines."""
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_GOES_ON = b"[{,:"
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"')
_SIGNS = re.compile(rb'["\[\]{}]')


class Form(Enum):
    """How a stream is read on."""

    VALUES = "values"
    """JSON values one after the other, as a rule a single one."""
    LINES = "lines"
    """One JSON value a line: a broken line costs that line only."""


def form_of(source: ByteSource, limits: Limits) -> Form:
    """The form of a stream, its byte order mark passed; InvalidDocument where it holds no JSON in UTF-8."""
    head = source.look_ahead(_FIRST_LOOK)
    if head.startswith(UTF8_MARK):
        source.read(len(UTF8_MARK))
        head = source.look_ahead(_FIRST_LOOK)
    _check_encoding(head)
    while len(head) < limits.event_bytes and len(_lines(head)) < _LOOKED_AT:
        more = source.look_ahead(min(2 * len(head), limits.event_bytes))
        if len(more) == len(head):
            break
        head = more
    return _form_of_lines(_lines(head))


def _check_encoding(head: bytes) -> None:
    start = head.lstrip()
    if not start:
        raise InvalidDocument("there is nothing in it", where="byte 0", remedy="Check how it was written.")
    if head.startswith(_UTF16_MARKS) or b"\0" in head[:4]:
        raise InvalidDocument(
            "the text is UTF-16 or UTF-32, not UTF-8",
            where="byte 0",
            rule="RFC 8259 §8.1",
            remedy="Save it as UTF-8.",
        )


def _lines(head: bytes) -> list[bytes]:
    """The first three lines that are not blank, the last maybe cut off."""
    found: list[bytes] = []
    start = 0
    while len(found) < _LOOKED_AT and start < len(head):
        end = head.find(b"\n", start)
        end = len(head) if end < 0 else end
        if line := head[start:end].strip():
            found.append(line)
        start = end + 1
    return found


def _form_of_lines(lines: list[bytes]) -> Form:
    if len(lines) < 2:
        return Form.VALUES
    first, second, *third = lines
    if _is_whole(first):
        return Form.LINES
    if first[-1] in _GOES_ON and _goes_on(first, second):
        return Form.LINES if _stands_alone(first, second, third) else Form.VALUES
    # A first line that is broken: the second tells, since no object starts with an object.
    both_objects = first.startswith(b"{") and second.startswith(b"{")
    return Form.LINES if both_objects or _is_whole(second) else Form.VALUES


def _goes_on(first: bytes, second: bytes) -> bool:
    """Whether a value may go on from one line to the next; no string does, and in an object a name comes next."""
    open_brackets = bytearray()
    for sign in _SIGNS.findall(_STRING.sub(b"", first)):
        if sign == b'"':
            return False
        if sign in b"[{":
            open_brackets += sign
        elif open_brackets:
            open_brackets.pop()
    name_due = open_brackets.endswith(b"{") and first[-1] in b"{,"
    return not (name_due and second.startswith((b"{", b"[")))


def _stands_alone(first: bytes, second: bytes, third: list[bytes]) -> bool:
    """Whether a whole second line is no part of a value begun in the first: no sign that joins values follows it.

    A document and an array are taken as one value all the same, since commas in them may be missing.
    """
    begun = first.startswith(b"[") or b'"epcisBody"' in first
    return not begun and _is_whole(second) and all(line.startswith((b"{", b"[")) for line in third)


def _is_whole(line: bytes) -> bool:
    """Whether a line is an object or array by itself."""
    if not line.startswith((b"{", b"[")):
        return False
    try:
        msgspec.json.decode(line, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True
