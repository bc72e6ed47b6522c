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
    told = form.headers(spelling.told(form.epcs))
    return Response(query_content(written, name, form.media), media_type=form.media, headers={**told, **headers})


def query_content(events: Iterable[bytes], name: str, media: MediaType, subscription_id: str | None = None) -> bytes:
    """An EPCISQueryDocument of events that are written out, and for which subscription it was made."""
    if media is MediaType.XML:
        written = write_query_document(events, created=moment(now()), query=name, subscription=subscription_id)
        return b"".join(written)
    head = {
        "@context": [STANDARD_CONTEXT],
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": moment(now()),
    }
    results = {"queryName": name} if subscription_id is None else {"queryName": name, "subscriptionID": subscription_id}
    body = msgspec.json.encode(results)[:-1] + b',"resultsBody":{"eventList":[' + b",".join(events) + b"]}}"
    return msgspec.json.encode(head)[:-1] + b',"epcisBody":{"queryResults":' + body + b"}}"


def collection(members: Iterable[str], headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A collection of resources."""
    told = {"@context": STANDARD_CONTEXT, "type": "Collection", "member": list(members)}
    return JSONResponse(told, headers=dict(headers or {}))


def moment(micros: int) -> str:
    """A time as the standard writes it."""
    told = datetime_of(micros)
    return "" if told is None else told.isoformat(timespec="milliseconds").replace("+00:00", "Z")
