"""Which media type an answer has (RFC 9110 §12.5.1). In: the header `Accept`. Out: what is liked; one of GraphQL's.

The header may stand on several lines, which are one (§5.3).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.datastructures import Headers

JSON = "application/json"
RESPONSE = "application/graphql-response+json"
MEDIA_TYPES = (RESPONSE, JSON)
_QUALITY = re.compile(r"[01](\.\d{0,3})?")


def named_type(text: str) -> str:
    """A media type without its parameters."""
    return text.partition(";")[0].strip().lower()


def accept_of(headers: Headers) -> str | None:
    """All that a request accepts; None where it does not say."""
    lines = headers.getlist("accept")
    return ", ".join(lines) if lines else None


def liked_most(headers: Headers, offered: Sequence[str]) -> str | None:
    """The media type of some that a request likes most, by the most exact name; the first where it likes all alike."""
    wanted = accepted_types(accept_of(headers) or "*/*")
    best = max(offered, key=lambda media: _liked(media, wanted))
    return best if _liked(best, wanted)[0] > 0 else None


def answered_as(accept: str | None) -> str | None:
    """The media type of ours that a client likes most; JSON where it likes all alike, None where it likes neither."""
    wanted = accepted_types(accept or "*/*")
    json, response = _liked(JSON, wanted), _liked(RESPONSE, wanted)
    best = max(json, response)
    if best[0] <= 0:
        return None
    # Older clients accept all, and know plain JSON alone.
    return RESPONSE if response == best and (RESPONSE in wanted or json != best) else JSON


def accepted_types(accept: str) -> dict[str, float]:
    """Each media type or range of an `Accept`, and how much it is liked."""
    return {named_type(one): _quality(one) for one in accept.split(",")}


def _liked(media: str, wanted: dict[str, float]) -> tuple[float, int]:
    """How much, and by how exact a name."""
    names = (media, f"{media.partition('/')[0]}/*", "*/*")
    return next(((wanted[name], -place) for place, name in enumerate(names) if name in wanted), (0.0, 0))


def _quality(one: str) -> float:
    for parameter in one.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            return float(value) if _QUALITY.fullmatch(value.strip()) else 0.0
    return 1.0
