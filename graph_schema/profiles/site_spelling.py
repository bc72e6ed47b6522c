"""Sites as senders spell them (ADR 0032). In: a text, or a body. Out: whether it says no more than the site; the site.

A site's EPC URN says no more than the site, nor does its Digital Link, of whatever domain. What stands before the key
or behind it does: a path, another qualifier, a query. Of most bodies that is told without reading them as JSON.
"""

from __future__ import annotations

import re
from functools import lru_cache

_URN = "urn:epc:id:sgln:"
_SITE = (
    r"urn:epc:id:(?:sgln:\d+\.\d*\.0|pgln:\d+\.\d*)"
    r"|https?://[a-z0-9.-]+(?::\d+)?/(?:(?:414|gln)/\d{13}(?:/(?:254|glnx)/0)?|(?:417|party)/\d{13})"
)
_PLAIN = re.compile(_SITE, re.ASCII | re.IGNORECASE)
_PARTNER = rf'\{{ (?:,? (?:"type" : "[^"\\]*"|"(?:source|destination)" : "(?:{_SITE})") )++\}}'
_ONE, _SOME = rf'\{{ "id" : "(?:{_SITE})" \}}', rf"\[ (?:,? {_PARTNER} )*+\]"
# Possessive, so that white space is tried in one way alone.
_FIELD = re.compile(rf'"\w+" : (?:{_ONE}|{_SOME})'.replace(" ", r"\s*+").encode(), re.IGNORECASE)
"""A field of which every place is a plain site."""
_MARKS = {
    "readPoint": (b'"readPoint"', b"}"),
    "bizLocation": (b'"bizLocation"', b"}"),
    "sourceList": (b'"sourceList"', b"]"),
    "destinationList": (b'"destinationList"', b"]"),
}
"""Of a field its name in a body, and what ends it."""
_LONGEST = 1_000
"""Bytes of a field that are looked at: they are remembered."""
_KNOWN = 1 << 14


def is_plain(text: str) -> bool:
    """Whether a text that names a site says no more."""
    return _PLAIN.fullmatch(text) is not None


def spelt(text: str, site: str) -> str:
    """A site as the sender spelt the place: the extension of its EPC URN is 0 (TDS §6.3.3), else the key."""
    if is_plain(text):
        return text
    if not text.casefold().startswith(_URN):
        return site
    company, location, *_ = text[len(_URN) :].split(".")
    return f"{_URN}{company}.{location}.0"


def may_say_more(body: bytes, field: str) -> bool:
    """Whether a field may say more than sites, in a body without escaped letters: these may hide the field's name."""
    name, end = _MARKS[field]
    at = body.find(name)
    is_there = at >= 0
    while at >= 0 and _are_plain(body[at : body.find(end, at, at + _LONGEST) + 1]):
        at = body.find(name, at + 1)
    return at >= 0 or not is_there


@lru_cache(maxsize=_KNOWN)
def _are_plain(said: bytes) -> bool:
    return _FIELD.fullmatch(said) is not None
