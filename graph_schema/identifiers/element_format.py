"""What the value of an application identifier (AI) looks like. In: AI and value. Out: nothing, or an error.

The AIs that make keys are spelled out here (GS1 General Specifications §3.2, figure 3.2-1); those that only
describe take their pattern from biip's table of the same figure.
"""

from __future__ import annotations

import re
from calendar import monthrange
from functools import lru_cache

import msgspec

from graph_schema.errors import InvalidIdentifier, WrongCheckDigit
from graph_schema.identifiers.check_digit import check_digit, check_pair

X = r"[!\"%-?A-Z_a-z]"
"""GS1 AI encodable character set 82 (General Specifications figure 7.11-1)."""
Y = r"[#/0-9A-Z-]"
"""GS1 AI encodable character set 39 (figure 7.11-2)."""


class Format(msgspec.Struct, frozen=True):
    """The value of one AI."""

    pattern: re.Pattern[str]
    words: str
    """The pattern as a person says it."""
    checked: int = 0
    """How many leading digits end in a check digit; 0 for none."""


def _format(pattern: str, words: str, checked: int = 0) -> Format:
    return Format(re.compile(pattern, re.ASCII), words, checked)


LONGEST_AI = 4
"""Digits of an AI, at most."""
FORMATS: dict[str, Format] = {
    "00": _format(r"\d{18}", "18 digits", 18),
    "01": _format(r"\d{14}", "14 digits", 14),
    "02": _format(r"\d{14}", "14 digits", 14),
    "03": _format(r"\d{14}", "14 digits", 14),
    "10": _format(X + r"{1,20}", "1 to 20 characters of set 82"),
    "21": _format(X + r"{1,20}", "1 to 20 characters of set 82"),
    "22": _format(X + r"{1,20}", "1 to 20 characters of set 82"),
    "235": _format(X + r"{1,28}", "1 to 28 characters of set 82"),
    "253": _format(r"\d{13}" + X + r"{0,17}", "13 digits and at most 17 characters of set 82", 13),
    "254": _format(X + r"{1,20}", "1 to 20 characters of set 82"),
    "255": _format(r"\d{13,25}", "13 to 25 digits", 13),
    "401": _format(r"(?=\d{4})" + X + r"{1,30}", "a company prefix and at most 30 characters of set 82 in all"),
    "402": _format(r"\d{17}", "17 digits", 17),
    **{ai: _format(r"\d{13}", "13 digits", 13) for ai in ("410", "411", "412", "413", "414", "415", "416", "417")},
    "7040": _format(r"\d" + X + r"{3}", "a digit and 3 characters of set 82"),
    "8003": _format(r"0\d{13}" + X + r"{0,16}", "0, 13 digits and at most 16 characters of set 82", 14),
    "8004": _format(r"(?=\d{4})" + X + r"{1,30}", "a company prefix and at most 30 characters of set 82 in all"),
    "8006": _format(r"\d{18}", "18 digits", 14),
    "8010": _format(r"(?=\d{4})" + Y + r"{1,30}", "a company prefix and at most 30 characters of set 39 in all"),
    "8011": _format(r"0|[1-9]\d{0,11}", "1 to 12 digits without a leading zero"),
    "8013": _format(r"(?=\d{4})" + X + r"{1,25}", "a company prefix and at most 25 characters of set 82 in all"),
    "8017": _format(r"\d{18}", "18 digits", 18),
    "8018": _format(r"\d{18}", "18 digits", 18),
    "8019": _format(r"\d{1,10}", "1 to 10 digits"),
    "8020": _format(X + r"{1,25}", "1 to 25 characters of set 82"),
    "8026": _format(r"\d{18}", "18 digits", 14),
}
_DATES = frozenset({"11", "12", "13", "15", "16", "17"})


@lru_cache(maxsize=1024)
def format_at(text: str) -> tuple[str, Format] | None:
    """The AI that begins `text` (its first 4 characters are enough) and its format; None for no AI."""
    if not (text.isascii() and text[:2].isdigit()):
        return None
    for length in (2, 3, 4):
        if (own := FORMATS.get(text[:length])) is not None:
            return text[:length], own
    return _described(text)


def _described(text: str) -> tuple[str, Format] | None:
    # biip takes a tenth of a second to import, and a key alone has no need of it.
    from biip import ParseError
    from biip.gs1_application_identifiers import GS1ApplicationIdentifier

    try:
        known = GS1ApplicationIdentifier.extract(text)
    except ParseError:
        return None
    # Its pattern repeats the AI between ^ and $, and leaves \d open to the digits of other scripts.
    value = known.pattern.removeprefix("^" + known.ai).removesuffix("$")
    return known.ai, Format(re.compile(value, re.ASCII), known.format)


def is_assigned(ai: str) -> bool:
    """True where GS1 has assigned exactly this AI."""
    found = format_at(ai)
    return found is not None and found[0] == ai


def _format_of(ai: str) -> Format:
    found = format_at(ai)
    if found is None or found[0] != ai:
        raise InvalidIdentifier(
            f"({ai}) is no application identifier of GS1",
            rule="GS1 General Specifications §3.2",
            remedy="Write an assigned application identifier.",
        )
    return found[1]


def check_element(ai: str, value: str) -> None:
    """Raises `InvalidIdentifier` where the value breaks its length, character set, check digit or date."""
    form = FORMATS.get(ai) or _format_of(ai)
    if form.pattern.fullmatch(value) is None:
        raise InvalidIdentifier(
            f"({ai}) has the value {value!r}, which is not {form.words}",
            rule=f"GS1 General Specifications §3.2 ({ai})",
            remedy="Correct its length and characters.",
        )
    if form.checked:
        _check_last_digit(ai, value, value[: form.checked])
    if ai in _PARTICULAR:
        _PARTICULAR[ai](ai, value)


def _check_last_digit(ai: str, value: str, digits: str) -> None:
    right = check_digit(digits[:-1])
    if digits[-1] != right:
        raise WrongCheckDigit(
            f"({ai}) {value} has the check digit {digits[-1]} where {right} is right",
            rule="GS1 General Specifications §7.9.1",
            remedy=f"If the other digits are right, write {digits[:-1]}{right}.",
        )


def _check_pieces(ai: str, value: str) -> None:
    piece, total = value[14:16], value[16:18]
    if piece == "00" or total == "00" or piece > total:
        raise InvalidIdentifier(
            f"({ai}) {value} is piece {piece} of {total}",
            rule=f"GS1 General Specifications §3.2 ({ai})",
            remedy="Number the pieces from 01 to the total.",
        )


def _check_model(ai: str, value: str) -> None:
    right = check_pair(value[:-2])
    if value[-2:] != right:
        raise InvalidIdentifier(
            f"({ai}) {value} has the check characters {value[-2:]} where {right} is right",
            rule="GS1 General Specifications §7.9.5",
            remedy=f"If the others are right, write {value[:-2]}{right}.",
        )


def _check_date(ai: str, value: str) -> None:
    """Day 00 is the end of the month; the century tells nothing of leap years but in 1900 and 2100."""
    year, month, day = 2000 + int(value[:2]), int(value[2:4]), int(value[4:6])
    if not 1 <= month <= 12 or day > monthrange(year, month)[1]:
        raise InvalidIdentifier(
            f"({ai}) {value} is no date YYMMDD",
            rule=f"GS1 General Specifications §3.4 ({ai})",
            remedy="Write year, month and day in two digits each; day 00 is the end of the month.",
        )


_PARTICULAR = {
    "8006": _check_pieces,
    "8026": _check_pieces,
    "8013": _check_model,
    **dict.fromkeys(_DATES, _check_date),
}
