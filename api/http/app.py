"""The application: GraphQL, its page, EPCIS REST, health. In: a service and settings. Out: an ASGI application."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from api.capture_document import CaptureLimits
from api.graphql.schema import schema_of
from api.http.audit import Audit, noting, noting_requests
from api.http.bodies import LONGEST, MOST_BYTES, BodyLimit, Bound
from api.http.digital_link import digital_link_routes
from api.http.graphiql import graphiql_routes
from api.http.health import health_routes
from api.http.lookup_page import lookup_routes
from api.http.methods import Heads, allowed_at
from api.http.metrics import Measured, Metrics, Routed, metrics_routes
from api.http.names import OwnNames
from api.http.oidc import Tokens
from api.http.openapi import complete_openapi, docs_routes
from api.http.origins import OwnPages
from api.http.over_http import OverHttp
from api.http.problems import problem
from api.http.service import Service
from api.http.signing_in import SigningIn
from api.principals import Users
from api.rest.captures import capture_routes, limit_headers
from api.rest.events import event_routes
from api.rest.negotiation import COMMON
from api.rest.problems import EpcisException
from api.rest.queries import query_routes
from api.rest.resources import resource_routes
from api.rest.subscribing.sockets import socket_routes
from api.rest.subscriptions import subscription_routes

_REFUSALS = {
    404: ("there is nothing at this path", "GraphQL is at /graphql."),
    405: ("this path does not know this method", "The header Allow names those that it knows."),
}
STATIC = Path(__file__).with_name("static")
LONGEST_CAPTURE = 300.0
"""Seconds in which a document must have come."""


@dataclass(frozen=True, slots=True)
class Served:
    """What is served, and what is not."""

    graphiql: bool = True
    introspection: bool = True
    most_bytes: int = MOST_BYTES
    longest_body: float = LONGEST
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    """Names under which requests are answered."""
    users: Users | None = None
    """Who may ask; None: whoever reaches it, or signs in with a token."""
    tokens: Tokens | None = None
    """Whose tokens are taken; None: nobody's."""
    audit: Audit | None = None
    """Where every question is noted."""


def app_of(service: Service, served: Served = Served()) -> FastAPI:
    """The application over a service."""
    app = FastAPI(title="Suyuan", docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    note = None if served.audit is None else noting(served.audit)
    schema = schema_of(
        service.reading,
        service.captures,
        introspection=served.introspection,
        note=note,
        kept=service.kept,
        sights=service.sights,
        lookups=service.lookups,
    )
    app.include_router(OverHttp(schema), prefix="/graphql", include_in_schema=False)
    if served.audit is not None:
        app.state.note = noting_requests(served.audit, lambda: _position(service))
    metrics = Metrics(service)
    app.include_router(health_routes(service))
    app.include_router(metrics_routes(metrics))
    app.router.routes.extend([*digital_link_routes(service), *lookup_routes(service)])
    app.include_router(capture_routes(service))
    app.include_router(event_routes(service))
    app.include_router(query_routes(service))
    app.include_router(subscription_routes(service))
    app.include_router(socket_routes(service))
    app.include_router(resource_routes(service, "/graphiql" if served.graphiql else None))
    if served.graphiql:
        app.include_router(graphiql_routes())
        app.include_router(docs_routes())
        app.mount("/static", StaticFiles(directory=STATIC), name="static")
    complete_openapi(app)
    app.add_middleware(Routed)
    app.add_middleware(Heads)
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    usual = Bound(served.most_bytes, served.longest_body)
    app.add_middleware(BodyLimit, usual=usual, paths=_capture_bounds(service.captures.limits))
    if served.users is not None or served.tokens is not None:
        author = service.captures.author(None)
        users, notes = served.users or Users({}), served.audit is not None
        app.add_middleware(SigningIn, users=users, tokens=served.tokens, author=author, notes=notes)
    app.add_middleware(OwnPages)
    app.add_middleware(OwnNames, names=served.hosts)
    app.add_middleware(Measured, metrics=metrics)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _own_error)
    return app


async def _refused(request: Request, error: Exception) -> Response:
    """What the routes refuse: a path that is not there, a method that it does not know."""
    refused = cast("HTTPException", error)
    what, remedy = _REFUSALS.get(refused.status_code, (refused.detail, None))
    headers = dict(refused.headers or {})
    # Of the routes of a path the first alone was asked, and it knows its own methods alone.
    if refused.status_code == 405 and (allowed := allowed_at(request.url.path, request.app.routes)):
        headers["Allow"] = allowed
    return problem(refused.status_code, what, remedy, headers=headers)


def _position(service: Service) -> int:
    with service.located.store.snapshot() as snapshot:
        return snapshot.ledger.head().position


def _capture_bounds(limits: CaptureLimits) -> dict[str, Bound]:
    """Documents may be larger than questions."""
    headers = {**COMMON, **limit_headers(limits)}
    bound = Bound(limits.size, LONGEST_CAPTURE, EpcisException.CAPTURE_LIMIT.uri, headers)
    return {"/capture": bound, "/events": bound}


async def _own_error(_: Request, __: Exception) -> Response:
    return problem(500, "Suyuan met an error of its own", "Its log tells more.")
