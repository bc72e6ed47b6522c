"""GS1 Digital Link URIs (URI Syntax 1.2 §4). In: a web URI of any domain. Out: its elements, or None.

Read: uncompressed links, http and https, path and query, GTINs of 8, 12, 13 and 14 digits, percent-encoding,
and the short names that version 1.2 deprecated (`/gtin/…/lot/…`).
"""

from __future__ import annotations

import re

from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers.element_format import LONGEST_AI, is_assigned
from graph_schema.identifiers.naming import PRIMARY
from graph_schema.identifiers.percent import decode

_WEB = re.compile(r"https?://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.IGNORECASE | re.DOTALL)
_HOST = re.compile(r"[a-z0-9.-]+(?::\d+)?", re.IGNORECASE | re.ASCII)
_GS1_HOST = "id.gs1.org"
_NAMES = {
    "sscc": "00",
    "gtin": "01",
    "gdti": "253",
    "gcn": "255",
    "ginc": "401",
    "gsin": "402",
    "gln": "414",
    "payto": "415",
    "party": "417",
    "grai": "8003",
    "giai": "8004",
    "itip": "8006",
    "cpid": "8010",
    "gmn": "8013",
    "gsrnp": "8017",
    "gsrn": "8018",
    "lot": "10",
    "ser": "21",
    "cpv": "22",
    "tpx": "235",
    "glnx": "254",
    "cpsn": "8011",
    "srin": "8019",
    "refno": "8020",
}
_QUALIFIERS = {
    "01": ("22", "10", "21", "235"),
    "414": ("254", "7040"),
    "415": ("8020",),
    "417": ("7040",),
    "8004": ("7040",),
    "8006": ("22", "10", "21"),
    "8010": ("8011",),
    "8017": ("8019",),
    "8018": ("8019",),
}
"""What may qualify a primary key in the path (§4.4, §4.9), in whatever order it came."""
_OPEN_TEXT = frozenset({"401", "8004", "8010", "8013"})
"""Keys that begin with a company prefix and go on as text."""


def read_link(text: str) -> list[tuple[str, str]] | None:
    """The elements of a Digital Link, unchecked; None where the URI is another; raises `InvalidIdentifier`.

    A web URI of GS1's own domain must be a Digital Link; elsewhere the path must hold a primary key AI before
    a value that begins as one of that key does.
    """
    web = _WEB.fullmatch(text)
    if web is None or not _HOST.fullmatch(web[1]):
        return None
    segments = web[2].split("/")[1:]
    at_gs1 = web[1].lower() == _GS1_HOST
    start = _start(segments, at_gs1=at_gs1)
    if start is None:
        if at_gs1:
            raise _wrong(text, "has no primary key in its path")
        return None
    elements = _path(text, segments[start:]) + _query(text, web[3] or "")
    if len(elements) > len({ai for ai, _ in elements}):
        raise _wrong(text, "has an application identifier twice")
    if web[4] and elements[0][0] == "8010":
        raise _wrong(text, "has a #, which may belong to the component; write %23 for it")
    return elements


def _start(segments: list[str], *, at_gs1: bool) -> int | None:
    """Where the primary key stands: first where only its qualifiers follow, else last where one could."""
    found = None
    for place in range(len(segments) - 1):
        ai = _ai(segments[place])
        if ai in PRIMARY and (at_gs1 or _begins_as(ai, segments[place], segments[place + 1])):
            found = place
            rest = segments[place + 2 :]
            if len(rest) % 2 == 0 and all(_ai(name) in _QUALIFIERS.get(ai, ()) for name in rest[::2]):
                return place
    return found


def _ai(segment: str) -> str:
    return _NAMES.get(segment.lower(), segment)


def _begins_as(ai: str, written: str, value: str) -> bool:
    """True where the value begins as such a key: with 4 digits of a company prefix, or 8 of a number."""
    if written != ai:  # a short name is an English word too: only a number that is whole makes a key of it
        return re.fullmatch(r"\d{8}|\d{12,14}|\d{17,18}", value, re.ASCII) is not None
    return re.match(r"\d{4}" if ai in _OPEN_TEXT else r"\d{8}", value, re.ASCII) is not None


def _path(text: str, segments: list[str]) -> list[tuple[str, str]]:
    if len(segments) % 2:
        raise _wrong(text, "has a path that ends without a value")
    key = _ai(segments[0])
    elements = [(key, _value(key, segments[1]))]
    for name, value in zip(segments[2::2], segments[3::2], strict=True):
        if (ai := _ai(name)) not in _QUALIFIERS.get(key, ()):
            raise _wrong(text, f"has {name!r} in its path, which does not qualify ({key})")
        elements.append((ai, decode(value)))
    return elements


def _query(text: str, query: str) -> list[tuple[str, str]]:
    """The AIs of a query string (§4.10); names belong to others, unassigned AIs to a newer edition."""
    elements = []
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if not (name.isascii() and name.isdigit()):
            continue
        if not value or len(name) > LONGEST_AI:
            raise _wrong(text, f"has {pair!r} in its query, which is no application identifier with its value")
        if is_assigned(name):
            elements.append((name, _value(name, value)))
    return elements


def _value(ai: str, written: str) -> str:
    """The value decoded; a GTIN of 8, 12 or 13 digits in 14 (§4.3)."""
    value = decode(written)
    if ai == "01" and len(value) in (8, 12, 13):
        return value.zfill(14)
    return value


def _wrong(text: str, what: str) -> InvalidIdentifier:
    return InvalidIdentifier(
        f"the GS1 Digital Link {text!r} {what}",
        rule="GS1 Digital Link URI Syntax §4",
        remedy="Write https://id.gs1.org/, an application identifier and its value, as in /01/…/10/….",
    )
