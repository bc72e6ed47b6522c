"""Events over REST (EPCIS 2.0 §8.2.7.1, §12). In: query parameters. Out: EPCISQueryDocuments, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.cases import case_in
from api.http.service import Service
from api.principals import principal_in
from api.rest.captures import limit_headers
from api.rest.documents import SIMPLE, query_document
from api.rest.negotiation import EITHER, EpcFormat, answer_of
from api.rest.paging import USUAL, NextPageToken, PerPage, link_to, read_token
from api.rest.problems import no_such
from api.rest.query.event_pages import PageToken, event_page
from api.rest.query.event_query import EventQuery, parameters_of_url, parse_query
from api.rest.query.predicates import FIXED
from api.rest.query.values import refused
from api.rest.route import EpcisRoute, add_options
from api.rest.spelling import form_of
from loaders.xml_writer import CbvForm

_MORE = "Also the parameters whose names hold a unit, a type or a field's name: docs/api.md."
_SINGLE = ("orderBy", "orderDirection", "eventCountLimit", "maxEventCount")

FORMATS = {"GS1-EPC-Format": ", ".join(EpcFormat), "GS1-CBV-XML-Format": ", ".join(CbvForm)}
"""What a query's events can be asked for in."""

ANSWERS: dict[int | str, dict[str, Any]] = {200: answer_of("An EPCISQueryDocument.", EITHER)}
"""In JSON or XML."""

QUERY_PARAMETERS: dict[str, Any] = {
    "parameters": [
        *(
            {
                "in": "query",
                "name": name,
                "style": "pipeDelimited",
                "explode": False,
                "description": f"EPCIS 2.0 §8.2.7.1, {name}.",
                "schema": {"type": "array", "items": {"type": "string"}},
            }
            for name in (*FIXED, "WD_readPoint", "WD_bizLocation")
        ),
        *(
            {"in": "query", "name": name, "description": f"EPCIS 2.0 §8.2.7.1, {name}.", "schema": {"type": "string"}}
            for name in _SINGLE
        ),
    ]
}
"""Of a query, as the OpenAPI document shows them."""


def event_routes(service: Service) -> APIRouter:
    """`/events`."""
    routes = APIRouter(tags=["EPCIS 2.0 query"], route_class=EpcisRoute)

    @routes.get(
        "/events",
        summary="Events that a query lets through",
        description=_MORE,
        openapi_extra=QUERY_PARAMETERS,
        response_class=JSONResponse,
        responses=ANSWERS,
    )
    def events(request: Request, per_page: PerPage = USUAL, next_page_token: NextPageToken = None) -> Response:
        return answered(service, request, per_page, next_page_token)

    @routes.get(
        "/events/{eventID:path}",
        summary="An event, in all that was accepted of it",
        response_class=JSONResponse,
        responses=ANSWERS,
    )
    def event(request: Request, eventID: str) -> Response:  # noqa: N803 - the standard's name
        form = form_of(request.headers)
        with service.seen(principal_in(request.scope), case_in(request.scope)) as snapshot:
            events = [entry.event for entry in snapshot.ledger.entries_of([eventID])]
            if not events:
                raise no_such(f"there is no event {eventID[:200]!r}")
            return query_document(events, form, snapshot, {})

    add_options(routes, "/events", "OPTIONS, GET, POST", limit_headers(service.captures.limits) | FORMATS)
    add_options(routes, "/events/{eventID:path}", "OPTIONS, GET", FORMATS)
    return routes


def answered(
    service: Service,
    request: Request,
    per_page: int,
    token: str | None,
    more: Mapping[str, Sequence[str]] | None = None,
) -> Response:
    """A page of the events that the parameters of a request let through, and `more`, which its path says."""
    given = parameters_of_url(request.query_params.multi_items())
    for name in more or {}:
        if name in given:
            raise refused(name, "the path says it already", "Leave it out.")
    return answered_query(service, request, parse_query({**given, **(more or {})}), per_page, token)


def answered_query(
    service: Service, request: Request, query: EventQuery, per_page: int, token: str | None, name: str = SIMPLE
) -> Response:
    """A page of the events of a query of this name."""
    form = form_of(request.headers)
    begin = None if token is None else read_token(token, PageToken)
    with service.seen(principal_in(request.scope), case_in(request.scope)) as snapshot:
        page = event_page(snapshot, query, per_page, begin)
        link = {} if page.following is None else link_to(request, page.following)
        return query_document([entry.event for entry in page.entries], form, snapshot, link, name)
