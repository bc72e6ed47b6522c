"""Pages of the REST interface (EPCIS 2.0 §12). In: what a page ended with. Out: tokens, the `Link` to the next page.

A token carries all that is needed to go on, so that any process honours it and none expires.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Annotated, TypeVar
from urllib.parse import quote

import msgspec
from fastapi import Query
from pydantic import BeforeValidator
from starlette.requests import Request

from api.rest.problems import EpcisException, RestProblem

USUAL, MOST = 30, 1_000
"""Things of one page: as many as there are where nothing is asked, and as may be asked for."""

PerPage = Annotated[
    int, Query(alias="perPage", ge=1, le=MOST, description=f"How many at most on a page; at most {MOST:,}.")
]
NextPageToken = Annotated[
    str | None,
    BeforeValidator(lambda given: given or None),
    Query(alias="nextPageToken", description="Where the page goes on, as the Link of the last one says; empty: first."),
]

Time = Annotated[int, msgspec.Meta(ge=-(1 << 63), le=(1 << 63) - 1)]
Count = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
"""Numbers of a token, as stores take them."""

Token = TypeVar("Token", bound=msgspec.Struct)


def write_token(token: msgspec.Struct) -> str:
    """A token as it is given to others."""
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(token)).decode("ascii").rstrip("=")


def read_token(text: str, kind: type[Token]) -> Token:
    """A token as it was given; a problem for what never was one."""
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        return msgspec.msgpack.decode(raw, type=kind)
    except (ValueError, RecursionError, msgspec.MsgspecError) as error:  # RecursionError: nested without end.
        raise bad_token() from error


def bad_token() -> RestProblem:
    """A token that is none, or is of another list."""
    return RestProblem(
        400, EpcisException.QUERY_PARAMETER, "nextPageToken: this is no token of this list", "Ask for the first page."
    )


def digest_of(*told: object) -> bytes:
    """What a token is of, as few bytes."""
    return hashlib.sha256(msgspec.json.encode(told, order="deterministic")).digest()[:8]


def link_to(request: Request, token: msgspec.Struct) -> dict[str, str]:
    """The header that leads to the next page."""
    # As it was asked for: the path that the server has decoded holds what no header may.
    asked = request.url.replace(path=quote(request.scope["raw_path"], safe="/%:@!$&'()*+,;=~"))
    url = asked.include_query_params(nextPageToken=write_token(token))
    return {"Link": f'<{url}>; rel="next"'}
