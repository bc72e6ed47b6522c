"""Named queries over REST (EPCIS 2.0 §8.2.5, §12). In: a name and a query. Out: its definition, and its events."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.http.service import Service
from api.principals import Principal, principal_in
from api.rest.events import ANSWERS, FORMATS, answered_query
from api.rest.json_bodies import read_json
from api.rest.negotiation import check_media_type
from api.rest.paging import USUAL, NextPageToken, PerPage, link_to, read_token
from api.rest.problems import EpcisException, RestProblem, no_such
from api.rest.query.event_query import PAGING, parse_query
from api.rest.query.json_query import parameters_of_json
from api.rest.query.values import refused
from api.rest.route import EpcisRoute, add_options
from api.settings import now
from engine.named_query import NamedQuery
from engine.stores.ports import Snapshot

_LONGEST_NAME = 200
_OF_PATHS = (".", "..")
"""What clients take out of a path before they ask for it (RFC 3986 §5.2.4): nobody could read such a query."""


class QueryToken(msgspec.Struct, frozen=True, array_like=True):
    """The last query of a page."""

    name: str


class _Definition(msgspec.Struct):
    name: str
    query: msgspec.Raw


_DEFINITION = msgspec.json.Decoder(_Definition)


def query_routes(service: Service) -> APIRouter:
    """`/queries`."""
    routes = APIRouter(tags=["EPCIS 2.0 named queries"], route_class=EpcisRoute)
    store = service.located.store

    @routes.get("/queries", summary="Queries that are kept under a name", response_class=JSONResponse)
    def queries(request: Request, per_page: PerPage = USUAL, next_page_token: NextPageToken = None) -> Response:
        after = "" if next_page_token is None else read_token(next_page_token, QueryToken).name
        with service.seen(principal_in(request.scope)) as snapshot:
            found = snapshot.queries.after(after, per_page + 1)
        shown = found[:per_page]
        link = link_to(request, QueryToken(shown[-1].name)) if len(found) > per_page else {}
        return _json([_told(query) for query in shown], link)

    @routes.post("/queries", status_code=201, summary="Keep a query under a name", response_class=Response)
    async def add(request: Request) -> Response:
        check_media_type(request.headers)
        query = _read(await request.body(), service.captures.author(principal_in(request.scope)))
        if not await asyncio.to_thread(_keep, service, query):
            raise RestProblem(409, EpcisException.ALREADY_EXISTS, f"there is a query {query.name!r} already")
        return Response(status_code=201, headers={"Location": f"/queries/{quote(query.name, safe='')}"})

    @routes.get("/queries/{queryName}", summary="A query by its name", response_class=JSONResponse)
    def one(request: Request, queryName: str) -> Response:  # noqa: N803 - the standard's name
        return _json(_told(named(service, principal_in(request.scope), queryName)), {})

    @routes.delete("/queries/{queryName}", status_code=204, summary="Forget a query", response_class=Response)
    def remove(request: Request, queryName: str) -> Response:  # noqa: N803 - the standard's name
        named(service, principal_in(request.scope), queryName)
        with store.transaction() as transaction:
            _remove(transaction, queryName, principal_in(request.scope))
        return Response(status_code=204)

    @routes.get(
        "/queries/{queryName}/events",
        summary="The events of a query",
        response_class=JSONResponse,
        responses=ANSWERS,
    )
    def events(
        request: Request,
        queryName: str,  # noqa: N803 - the standard's name
        per_page: PerPage = USUAL,
        next_page_token: NextPageToken = None,
    ) -> Response:
        for name in request.query_params:
            if name not in PAGING:
                raise refused(name[:200], "the query says what is asked for", "Leave it out, or ask /events.")
        query = parse_query(parameters_of_json(named(service, principal_in(request.scope), queryName).definition))
        return answered_query(service, request, query, per_page, next_page_token, queryName)

    add_options(routes, "/queries", "OPTIONS, GET, POST")
    add_options(routes, "/queries/{queryName}", "OPTIONS, GET, DELETE")
    add_options(routes, "/queries/{queryName}/events", "OPTIONS, GET", FORMATS)
    return routes


def _read(content: bytes, author: str) -> NamedQuery:
    """A query as it is sent, checked before it is kept."""
    told = read_json(content, _DEFINITION, "this is no query", "Send name and query.")
    if not 0 < len(told.name) <= _LONGEST_NAME or "/" in told.name or told.name in _OF_PATHS:
        what = "name: it is empty, has a slash, is . or .., or is too long"
        raise RestProblem(400, EpcisException.VALIDATION, what, f"Give at most {_LONGEST_NAME} characters.")
    parse_query(parameters_of_json(bytes(told.query)))
    return NamedQuery(told.name, bytes(told.query), now(), author)


def _keep(service: Service, query: NamedQuery) -> bool:
    with service.located.store.transaction() as transaction:
        return transaction.queries.add(query)


def _remove(transaction: Snapshot, name: str, by: Principal | None) -> None:
    """A query, and with it every subscription to it: whoever kept it may."""
    kept = transaction.queries.get(name)
    if kept is None:
        raise none_named(name)
    if by is not None and by.name != kept.author:
        raise RestProblem(403, EpcisException.SECURITY, "only who kept a query removes it")
    transaction.subscriptions.remove_all(name)
    transaction.queries.remove(name)


def named(service: Service, by: Principal | None, name: str) -> NamedQuery:
    """A query of this name that who asks may know of."""
    with service.seen(by) as snapshot:
        found = snapshot.queries.get(name)
    if found is None:
        raise none_named(name)
    return found


def none_named(name: str) -> RestProblem:
    """There is no query of this name."""
    return no_such(f"there is no query {name[:200]!r}")


def _told(query: NamedQuery) -> dict[str, Any]:
    return {"name": query.name, "query": msgspec.Raw(query.definition)}


def _json(told: Any, headers: dict[str, str]) -> Response:
    return Response(msgspec.json.encode(told), media_type="application/json", headers=headers)
