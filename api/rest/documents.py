"""Answers of queries (EPCIS 2.0 §8.2.7, §10). In: events. Out: an EPCISQueryDocument; collections of words and keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
from starlette.responses import JSONResponse, Response

from api.rest.negotiation import EpcFormat
from api.rest.spelling import spelt
from api.settings import now
from graph_schema.event import Event
from graph_schema.interval import datetime_of
from loaders.document_writer import STANDARD_CONTEXT

SIMPLE = "SimpleEventQuery"


def query_document(
    events: Iterable[Event], form: EpcFormat, headers: Mapping[str, str], name: str = SIMPLE
) -> Response:
    """The events that a query of this name gave, each with its own context where it came under one."""
    head = {
        "@context": [STANDARD_CONTEXT],
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": _created(),
    }
    results = (
        b'"epcisBody":{"queryResults":{"queryName":' + msgspec.json.encode(name) + b',"resultsBody":{"eventList":['
    )
    listed = b",".join(spelt(event, form) for event in events)
    content = msgspec.json.encode(head)[:-1] + b"," + results + listed + b"]}}}}"
    return Response(content, media_type="application/json", headers={"GS1-EPC-Format": form.value, **headers})


def collection(members: Iterable[str], headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A collection of resources."""
    told = {"@context": STANDARD_CONTEXT, "type": "Collection", "member": list(members)}
    return JSONResponse(told, headers=dict(headers or {}))


def _created() -> str:
    moment = datetime_of(now())
    return "" if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
