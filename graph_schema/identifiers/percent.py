"""Percent-encoding of values (RFC 3986 §2.1). In: a piece of a URI or a value. Out: the other."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes

from graph_schema.errors import InvalidIdentifier

_URN_SAFE = "!'()*+,-.:;=_"
"""What an EPC URN leaves as it is (TDS §6.3, OtherChar); a Digital Link leaves only RFC 3986's unreserved."""
_PLAIN = re.compile(r"[0-9A-Za-z._~-]*", re.ASCII)


def encode_for_link(value: str) -> str:
    """The value as a path segment of a canonical Digital Link: all but unreserved characters encoded."""
    return value if _PLAIN.fullmatch(value) else quote(value, safe="")


def encode_for_urn(value: str) -> str:
    """The value as a field of an EPC URN."""
    return value if _PLAIN.fullmatch(value) else quote(value, safe=_URN_SAFE)


def decode(piece: str) -> str:
    """The value written by this piece; a % without two hexadecimal digits stands for itself."""
    if "%" not in piece:
        return piece
    try:
        return unquote_to_bytes(piece).decode("utf-8")
    except UnicodeError as error:
        raise InvalidIdentifier(
            f"{piece!r} holds percent codes that are no UTF-8",
            rule="RFC 3986 §2.5",
            remedy="Percent-encode each byte of the UTF-8 form.",
        ) from error
