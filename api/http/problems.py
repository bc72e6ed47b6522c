"""Errors over HTTP (RFC 9457). In: a status, what is wrong, what to do. Out: `application/problem+json`."""

from __future__ import annotations

from http import HTTPStatus

from starlette.responses import JSONResponse


def problem(status: int, what: str, remedy: str | None = None, *, kind: str = "about:blank") -> JSONResponse:
    """A problem, told."""
    told = {
        "type": kind,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": f"{what}. {remedy}" if remedy else what,
    }
    return JSONResponse(told, status, media_type="application/problem+json")
