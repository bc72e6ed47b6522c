"""The case under which something is asked (header `Suyuan-Case`, ADR 0032). In: a header. Out: its number.

A case opens what product systems restrict to who may ask under one, and is noted with every question. In a header a
number with other letters than ASCII is written in UTF-8 and percent-encoded (RFC 3986 §2.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from starlette.datastructures import Headers

from graph_schema.errors import InvalidInput

HEADER = "Suyuan-Case"
LONGEST = 100
"""Characters."""


def read_case(headers: Headers) -> str | None:
    """The number of the case that a request names; `InvalidInput` for what is none."""
    given = headers.getlist(HEADER)
    if not given:
        return None
    if len(given) > 1:
        raise InvalidInput("several cases are named", where=HEADER, remedy="Ask under one.")
    try:
        case = unquote(given[0], errors="strict").strip()
    except UnicodeDecodeError:
        case = ""
    if not 0 < len(case) <= LONGEST or not case.isprintable():
        remedy = f"Send 1 to {LONGEST} printable characters, percent-encoded where they are not ASCII."
        raise InvalidInput("this is no number of a case", where=HEADER, remedy=remedy)
    return case


def case_in(scope: Mapping[str, Any]) -> str | None:
    """The case under which a request or connection asks, as it was let in."""
    found = scope.get("case")
    return found if isinstance(found, str) else None
