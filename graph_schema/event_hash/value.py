"""The canonical form of a value (CBV 2.0 §8.9). In: what a field holds, of any JSON type. Out: text for the pre-hash.

Numbers lose zeros that say nothing, times are UTC to the millisecond, identifiers are canonical Digital Links,
words of the standard vocabularies and compact URIs are Web URIs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

from graph_schema.errors import InvalidEvent, InvalidIdentifier
from graph_schema.event_hash.context import Names
from graph_schema.identifiers import canonical_key
from graph_schema.vocabulary import VOCABULARIES, Kind, cbv_word, words_of

Writer = Callable[[object, Names], str]
"""Writes the value of a field; '' where there is nothing to say."""

_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_TIME: Final = re.compile(r"(.+?T\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)", re.ASCII)
_URN_STEMS: Final = {v.urn: v.web_uri("") for v in VOCABULARIES.values() if v.urn}


def write_text(value: object, names: Names) -> str:
    """Any value: a number, an identifier, a word's URN or a compact URI in its canonical form, else as it is."""
    text = _plain(value)
    if not text or text[0] in "0123456789+-.":
        return _number(text)
    return _canonical(names.of_value(text)) if ":" in text else text


def write_time(value: object, names: Names) -> str:
    """A time in UTC to the millisecond, further digits rounded half up; as it is where it is no time."""
    text = _plain(value)
    match = _TIME.fullmatch(text)
    utc = _utc(match[1], match[2] or "", match[3]) if match else None
    return utc or write_text(text, names)


def word_writer(kind: Kind) -> Writer:
    """A writer of the words of one vocabulary."""
    vocabulary, words = VOCABULARIES[kind], words_of(kind)

    def write_word(value: object, names: Names) -> str:
        text = _plain(value)
        if ":" in text:
            text = _word_or_text(kind, names.of_value(text))
        return vocabulary.web_uri(text) if text in words else write_text(text, names)

    return write_word


def _word_or_text(kind: Kind, text: str) -> str:
    """The bare word where the text spells one, else the text: what is no URI either is for a loader to judge."""
    try:
        return cbv_word(kind, text)
    except InvalidEvent:
        return text


def _plain(value: object) -> str:
    """A JSON scalar as trimmed text, spelt as XML spells it."""
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _number(text: str) -> str:
    """A number without sign, point or zeros that say nothing; other text as it is."""
    if not _NUMBER.fullmatch(text):
        return text
    plain = format(Decimal(text), "f").lstrip("+")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in {"-0", ""} else plain


@lru_cache(maxsize=65536)
def _canonical(text: str) -> str:
    """A URI in its canonical form: a word's Web URI, an identifier's Digital Link, or itself."""
    for urn, web in _URN_STEMS.items():
        if text.startswith(urn):
            return web + text[len(urn) :]
    try:
        key = canonical_key(text)
    except InvalidIdentifier:
        return text
    return key if key == text else _with_plain_signs(key)


def _with_plain_signs(link: str) -> str:
    """A Digital Link with those signs plain that the hash, by its published vectors, does not encode."""
    if "%" not in link:
        return link
    return link.replace("%27", "'").replace("%3B", ";").replace("%3D", "=")


@lru_cache(maxsize=4096)
def _utc(seconds: str, fraction: str, zone: str) -> str | None:
    """A time in UTC, spelt with milliseconds and Z; None where the calendar does not know it."""
    digits = fraction.ljust(4, "0")
    millis = int(digits[:3]) + (digits[3] >= "5")
    try:
        moment = datetime.fromisoformat(seconds + zone).astimezone(UTC) + timedelta(milliseconds=millis)
    except (ValueError, OverflowError):
        return None
    return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
