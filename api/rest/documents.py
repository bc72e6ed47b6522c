"""Answers of queries (EPCIS 2.0 §8.2.7, §9.5, §10). In: events. Out: an EPCISQueryDocument; collections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from starlette.responses import JSONResponse, Response

from api.rest.negotiation import MediaType
from api.rest.spelling import Form, Spelling
from api.settings import now
from engine.stores.ports import Snapshot
from graph_schema.event import Event
from graph_schema.interval import datetime_of
from loaders.document_writer import STANDARD_CONTEXT
from loaders.xml_writer import write_query_document

SIMPLE = "SimpleEventQuery"


def query_document(
    events: Sequence[Event], form: Form, snapshot: Snapshot, headers: Mapping[str, str], name: str = SIMPLE
) -> Response:
    """The events that a query of this name gave, each with its own context where it came under one."""
    spelling = Spelling(form, snapshot, events)
    written = [spelling.written(event) for event in events]
    if form.media is MediaType.XML:
        content = b"".join(write_query_document(written, created=_created(), query=name))
    else:
        content = _json_document(written, name)
    return Response(content, media_type=form.media, headers={**form.headers(spelling), **headers})


def _json_document(events: Iterable[bytes], name: str) -> bytes:
    head = {
        "@context": [STANDARD_CONTEXT],
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": _created(),
    }
    results = (
        b'"epcisBody":{"queryResults":{"queryName":' + msgspec.json.encode(name) + b',"resultsBody":{"eventList":['
    )
    return msgspec.json.encode(head)[:-1] + b"," + results + b",".join(events) + b"]}}}}"


def collection(members: Iterable[str], headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A collection of resources."""
    told = {"@context": STANDARD_CONTEXT, "type": "Collection", "member": list(members)}
    return JSONResponse(told, headers=dict(headers or {}))


def _created() -> str:
    moment = datetime_of(now())
    return "" if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
