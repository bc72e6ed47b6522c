"""Values of query parameters (EPCIS 2.0 §8.2.7.1). In: text. Out: times, numbers, words, keys; or what is wrong."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from api.rest.problems import EpcisException, RestProblem
from api.rest.query.patterns import is_pattern, read_pattern
from graph_schema.errors import InvalidEvent, InvalidIdentifier
from graph_schema.identifiers import take_identifier
from graph_schema.interval import Interval
from graph_schema.vocabulary import Kind, cbv_word
from loaders.moment import parse_moment

Comparison = Callable[[Any, Any], bool]

COMPARISONS: Mapping[str, Comparison] = MappingProxyType(
    {"EQ": operator.eq, "GT": operator.gt, "GE": operator.ge, "LT": operator.lt, "LE": operator.le}
)
_MOST_DIGITS = 12
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
"""A number as JSON and XML write it: what Python reads beside, as 1_000, is none."""
_TRUE, _FALSE = ("true", "1", ""), ("false", "0")
"""The query schema has a number or null for what the URL has as true (`EXISTS_…`)."""


def refused(name: str, what: str, remedy: str | None = None) -> RestProblem:
    """A parameter that is unknown or malformed; named."""
    return RestProblem(400, EpcisException.QUERY_PARAMETER, f"{name}: {what}", remedy)


def single(name: str, values: Sequence[str]) -> str:
    """The one value of a parameter that takes one."""
    if len(values) != 1:
        raise refused(name, f"{len(values)} values, where one is taken")
    return values[0]


def time_of(name: str, text: str) -> Interval:
    """A moment with its zone."""
    try:
        return parse_moment(text.replace(" ", "+"), None)  # A plus that was not escaped.
    except InvalidEvent as error:
        raise refused(name, error.what, error.remedy) from error


def number_of(name: str, text: str) -> Decimal:
    """A finite number."""
    number = as_number(text)
    if number is None:
        raise refused(name, f"{text[:80]!r} is no number")
    return number


def count_of(name: str, text: str) -> int:
    """A whole number of at least 1."""
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS and int(text)):
        raise refused(name, f"{text[:80]!r} is no number of events", "Give 1 or more.")
    return int(text)


def flag_of(name: str, text: str) -> bool:
    """True or false."""
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise refused(name, f"{text[:80]!r} is neither true nor false")


def word_of(name: str, kind: Kind, text: str) -> str:
    """The bare word of the CBV, or a URI."""
    try:
        return cbv_word(kind, text)
    except InvalidEvent as error:
        raise refused(name, error.what, error.remedy) from error


def item_of(name: str, text: str) -> Callable[[str], bool]:
    """What matches a key as an identifier or pattern does (§8.2.7.1.1)."""
    if not is_pattern(text):
        return take_identifier(text)[0].key.__eq__
    try:
        return read_pattern(text)
    except InvalidIdentifier as error:
        raise refused(name, error.what, error.remedy) from error


def key_of_text(text: str) -> str:
    """The key of an identifier in any spelling."""
    return take_identifier(text)[0].key


def as_number(value: Any) -> Decimal | None:
    """A number, or a text of one."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    if isinstance(value, str) and _NUMBER.fullmatch(value) is None:
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:  # Its exponent is beyond all.
        return None
    return found if found.is_finite() else None


def as_time(value: Any) -> Interval | None:
    """A moment with its zone, where a value is one."""
    try:
        return parse_moment(value, None) if isinstance(value, str) else None
    except InvalidEvent:
        return None


def holds(comparison: str, value: Any, wanted: str) -> bool:
    """Whether a value of an event compares so to the text of a parameter: as numbers, as times, else as texts."""
    compare = COMPARISONS[comparison]
    if (ours := as_number(value)) is not None and (theirs := as_number(wanted)) is not None:
        return compare(ours, theirs)
    if (then := as_time(value)) is not None and (at := as_time(wanted)) is not None:
        return compare(then.earliest, at.earliest)
    return comparison == "EQ" and _text(value) == wanted


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
