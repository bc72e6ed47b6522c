"""Errors over HTTP (RFC 9457). In: a status, what is wrong, what to do. Out: `application/problem+json`, or `+xml`."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from xml.sax.saxutils import escape

import orjson
from starlette.responses import Response

from loaders.xml_writer import clean_text

MEDIA_TYPE = "application/problem+json"
XML_TYPE = "application/problem+xml"
_NAMESPACE = "urn:ietf:rfc:7807"


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


def problem_as_xml(response: Response) -> Response:
    """A problem as XML (RFC 9457, appendix B); any other answer as it is."""
    if response.media_type != MEDIA_TYPE:
        return response
    told = orjson.loads(bytes(response.body)).items()
    members = "".join(f"<{name}>{escape(clean_text(str(value)))}</{name}>" for name, value in told)
    content = f'<?xml version="1.0" encoding="UTF-8"?>\n<problem xmlns="{_NAMESPACE}">{members}</problem>\n'
    kept = {name: value for name, value in response.headers.items() if name not in ("content-length", "content-type")}
    return Response(content, response.status_code, kept, media_type=XML_TYPE)
