"""Errors over HTTP (RFC 9457). In: a status, what is wrong, what to do. Out: `application/problem+json`."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import orjson
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


def told_problem(status: int, what: str, remedy: str | None = None, *, kind: str = "about:blank") -> bytes:
    """A problem as JSON."""
    detail = f"{what}. {remedy}" if remedy else what
    return orjson.dumps({"type": kind, "title": HTTPStatus(status).phrase, "status": status, "detail": detail})


def problem(
    status: int,
    what: str,
    remedy: str | None = None,
    *,
    kind: str = "about:blank",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem, told."""
    return Response(told_problem(status, what, remedy, kind=kind), status, headers, media_type=MEDIA_TYPE)
