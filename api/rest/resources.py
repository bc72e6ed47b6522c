"""Top-level resources (EPCIS 2.0 §12): what the ledger's events say, and the events that say it.

In: a word, a key. Out: collections, a page at a time, and EPCISQueryDocuments.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, NamedTuple

import msgspec
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.cases import case_in
from api.http.service import Service
from api.principals import principal_in
from api.rest.documents import collection
from api.rest.events import ANSWERS, FORMATS, QUERY_PARAMETERS, answered
from api.rest.negotiation import EpcFormat
from api.rest.paging import USUAL, NextPageToken, PerPage, link_to, read_token
from api.rest.problems import EpcisException, RestProblem, no_such
from api.rest.query.values import key_of_text
from api.rest.route import EpcisRoute, add_options
from engine.event_order import EventField, EventSpan, Fact
from engine.stores.ports import Snapshot
from graph_schema.errors import InvalidEvent
from graph_schema.event import EventType
from graph_schema.identifiers import Kind as KeyKind
from graph_schema.identifiers import kind_of_key
from graph_schema.vocabulary import Kind, cbv_word

TYPES = tuple(one.value for one in EventType if one is not EventType.EXTENSION)
TOP = ("events", "capture", "queries", "eventTypes", "epcs", "bizSteps", "bizLocations", "readPoints", "dispositions")
_LINKS = {"GS1-EPC-Format": EpcFormat.DIGITAL_LINK.value}
"""Keys are canonical GS1 Digital Links wherever they are not a URI of one's own."""


class ValueToken(msgspec.Struct, frozen=True, array_like=True):
    """The last value of a page."""

    value: str


class Resource(NamedTuple):
    """A top-level resource."""

    path: str
    of: str
    """What one of its values is."""
    values: Callable[[Snapshot, str, int], list[str]]
    """So many of them after one, in order."""
    known: Callable[[Snapshot, str], bool]
    """Whether some event says this value, in any spelling."""
    parameter: Callable[[str], str]
    """The query parameter that asks for the events of a value."""


def _of_field(path: str, of: str, field: EventField, read: Callable[[str], str], parameter: str) -> Resource:
    def known(snapshot: Snapshot, value: str) -> bool:
        facts = (Fact(field, read(value)),)
        span = EventSpan(snapshot.ledger.head().position, facts=facts)
        return next(snapshot.events.in_order(span), None) is not None

    return Resource(
        path,
        of,
        lambda snapshot, after, limit: snapshot.events.values(field, after, limit),
        known,
        lambda _: parameter,
    )


def _word(kind: Kind) -> Callable[[str], str]:
    def read(text: str) -> str:
        try:
            return cbv_word(kind, text)
        except InvalidEvent as error:
            raise no_such(error.what) from error

    return read


def _types(_: Snapshot, after: str, limit: int) -> list[str]:
    return sorted(one for one in TYPES if one > after)[:limit]


def _item_known(snapshot: Snapshot, text: str) -> bool:
    key = key_of_text(text)
    return snapshot.lookup.items_like(key, 1) == [key]


def _item_parameter(text: str) -> str:
    wide = kind_of_key(key_of_text(text)) in (KeyKind.lot, KeyKind.class_)
    return "MATCH_anyEPCClass" if wide else "MATCH_anyEPC"


RESOURCES = (
    Resource("eventTypes", "event type", _types, lambda _, value: value in TYPES, lambda _: "eventType"),
    Resource(
        "epcs",
        "item",
        lambda snapshot, after, limit: snapshot.lookup.items_after(after, limit),
        _item_known,
        _item_parameter,
    ),
    _of_field("bizSteps", "business step", EventField.BIZ_STEP, _word(Kind.BIZ_STEP), "EQ_bizStep"),
    _of_field("bizLocations", "business location", EventField.BIZ_LOCATION, key_of_text, "EQ_bizLocation"),
    _of_field("readPoints", "read point", EventField.READ_POINT, key_of_text, "EQ_readPoint"),
    _of_field("dispositions", "disposition", EventField.DISPOSITION, _word(Kind.DISPOSITION), "EQ_disposition"),
)

Value = Annotated[str, Path(description="The value, in any spelling; its slashes escaped.")]


def resource_routes(service: Service, page: str | None = None) -> APIRouter:
    """`/` and the resources; a browser that asks for `/` is led to a page of ours, if there is one."""
    routes = APIRouter(tags=["EPCIS 2.0 resources"], route_class=EpcisRoute)

    @routes.get("/", summary="The top-level resources", response_class=JSONResponse)
    def top(request: Request) -> Response:
        if page is not None and "text/html" in request.headers.get("accept", ""):
            return RedirectResponse(page)
        return collection(TOP)

    @routes.delete("/nextPageToken/{token}", summary="Tokens do not expire, nor can they be ended")
    def end_token(token: str) -> Response:  # noqa: ARG001 - the standard's path
        raise RestProblem(501, EpcisException.IMPLEMENTATION, "a token carries all that it is of: nothing is kept")

    add_options(routes, "/", "OPTIONS, GET")
    for resource in RESOURCES:
        _add(routes, service, resource)
    return routes


def _add(routes: APIRouter, service: Service, resource: Resource) -> None:
    def values(request: Request, per_page: PerPage = USUAL, next_page_token: NextPageToken = None) -> Response:
        after = "" if next_page_token is None else read_token(next_page_token, ValueToken).value
        with service.seen(principal_in(request.scope), case_in(request.scope)) as snapshot:
            found = resource.values(snapshot, after, per_page + 1)
        shown = found[:per_page]
        link = link_to(request, ValueToken(shown[-1])) if len(found) > per_page else {}
        return collection(shown, _LINKS | link)

    def events(
        request: Request, value: Value, per_page: PerPage = USUAL, next_page_token: NextPageToken = None
    ) -> Response:
        _check_known(service, request, resource, value)
        return answered(service, request, per_page, next_page_token, {resource.parameter(value): [value]})

    def one(request: Request, value: Value) -> Response:
        _check_known(service, request, resource, value)
        return collection(["events"])

    whole, of_one = f"/{resource.path}", f"/{resource.path}/{{value:path}}"
    routes.add_api_route(
        whole, values, summary=f"Every {resource.of} that the ledger's events say", response_class=JSONResponse
    )
    routes.add_api_route(
        f"{of_one}/events",
        events,
        summary=f"The events of one {resource.of}",
        openapi_extra=QUERY_PARAMETERS,
        response_class=JSONResponse,
        responses=ANSWERS,
    )
    for path in (whole, f"{of_one}/events", of_one):
        add_options(routes, path, "OPTIONS, GET", FORMATS)
    routes.add_api_route(of_one, one, summary=f"What there is of one {resource.of}", response_class=JSONResponse)


def _check_known(service: Service, request: Request, resource: Resource, value: str) -> None:
    with service.seen(principal_in(request.scope), case_in(request.scope)) as snapshot:
        if not resource.known(snapshot, value):
            raise no_such(f"no event says the {resource.of} {value[:200]!r}")
