"""Any spelling of an identifier to its value (design §2). In: text. Out: `Identifier`, or an error.

Told apart by how the text begins: EPC URN, web URI, element string in brackets or raw, or any other URI,
which is its own key.
"""

from __future__ import annotations

import re
from functools import lru_cache

from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers.combination import check_pairs, check_repeats, check_signature
from graph_schema.identifiers.digital_link import read_link
from graph_schema.identifiers.element_format import check_element
from graph_schema.identifiers.element_string import read_bracketed, read_raw
from graph_schema.identifiers.epc_urn import parse_urn
from graph_schema.identifiers.kind import Identifier, Kind
from graph_schema.identifiers.naming import Elements, name_elements

LONGEST = 2048
"""Characters of an identifier, the bound of design §8; no GS1 key needs 200."""
_REMEMBERED = 1 << 16
"""How many spellings are remembered: some 40 MB, and most events name what others named."""
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_HOSTLESS = re.compile(r"https?:(?!//[^/?#])", re.IGNORECASE)


@lru_cache(maxsize=_REMEMBERED)
def parse_identifier(text: str) -> Identifier:
    """The identifier that `text` spells; raises `InvalidIdentifier` with clause and remedy."""
    if len(text) > LONGEST:
        raise InvalidIdentifier(
            f"an identifier of {len(text)} characters",
            rule="docs/loading.md, Limits",
            remedy=f"Keep to {LONGEST} characters.",
        )
    text = text.strip(" \t\r\n")
    if text[:8].lower() == "urn:epc:":
        return parse_urn(text)
    if text[:1] == "(":
        return _from_elements(read_bracketed(text))
    if text[:1] and text[0] in "]^\x1d0123456789":
        return _from_elements(read_raw(text))
    if text[:4].lower() == "http" and (elements := read_link(text)) is not None:
        return _from_elements(elements)
    return _opaque(text)


def _from_elements(elements: Elements) -> Identifier:
    for ai, value in elements:
        check_element(ai, value)
    check_repeats(elements)
    ais = [ai for ai, _ in elements]
    check_pairs(ais)
    identifier = name_elements(elements)
    check_signature(identifier, ais)
    return identifier


def _opaque(text: str) -> Identifier:
    if _URI.fullmatch(text) is None or _HOSTLESS.match(text):
        raise InvalidIdentifier(
            f"{text[:80]!r} is neither a GS1 key nor a URI",
            rule="EPCIS 2.0 §6.4, RFC 3986 §3",
            remedy="Write an EPC URN, a GS1 Digital Link, an element string as (01)…, or a URI of your own.",
        )
    return Identifier(text, None, Kind.other, "uri")
