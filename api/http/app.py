"""The application: GraphQL, its page, health. In: a service and settings. Out: an ASGI application."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import orjson
from cross_web import HTTPException
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.staticfiles import StaticFiles
from strawberry.fastapi import GraphQLRouter

from api.graphql.schema import Note, Operation, schema_of
from api.http.audit import Audit, Question, moment
from api.http.bodies import MOST_BYTES, BodyLimit
from api.http.digital_link import digital_link_routes
from api.http.graphiql import graphiql_routes
from api.http.health import health_routes
from api.http.problems import problem
from api.http.service import Service
from api.http.signing_in import SigningIn
from api.principals import Principal, Users
from api.settings import now

STATIC = Path(__file__).with_name("static")


@dataclass(frozen=True, slots=True)
class Served:
    """What is served, and what is not."""

    graphiql: bool = True
    introspection: bool = True
    most_bytes: int = MOST_BYTES
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    """Names under which requests are answered."""
    users: Users | None = None
    """Who may ask; None: whoever reaches it."""
    audit: Audit | None = None
    """Where every question is noted."""


class _Router(GraphQLRouter[None, None]):
    def decode_json(self, data: str | bytes) -> object:
        """A body as JSON; what is no UTF-8 is no JSON either."""
        try:
            return orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise HTTPException(400, "Unable to parse request body as JSON") from error


def app_of(service: Service, served: Served = Served()) -> FastAPI:
    """The application over a service."""
    app = FastAPI(title="Suyuan", docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    note = None if served.audit is None else _noting(served.audit)
    schema = schema_of(service.reading, introspection=served.introspection, note=note, kept=service.kept)
    graphql = _Router(
        schema, graphql_ide=None, allow_queries_via_get=True, subscription_protocols=("graphql-transport-ws",)
    )
    app.include_router(graphql, prefix="/graphql", include_in_schema=False)
    app.include_router(health_routes(service))
    app.router.routes.extend(digital_link_routes(service))
    if served.graphiql:
        app.include_router(graphiql_routes())
        app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    app.add_middleware(BodyLimit, most=served.most_bytes)
    if served.users is not None:
        app.add_middleware(SigningIn, users=served.users)
    # A page of another site must not reach us under a name of its own that it lets point here.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(served.hosts))
    app.add_exception_handler(Exception, _own_error)
    return app


def _noting(audit: Audit) -> Note:
    """Writes each operation into the log, with who asked."""

    def note(operation: Operation) -> None:
        given = operation.given
        request = given["context_value"].get("request") or given["context_value"].get("ws")
        principal: Principal | None = request.scope.get("principal")
        audit.note(
            Question(
                at=moment(now()),
                who=None if principal is None else principal.name,
                position=operation.position,
                operation=given.get("operation_name"),
                query=operation.query,
                variables=given.get("variable_values"),
                errors=operation.errors,
            )
        )

    return note


async def _own_error(_: Request, __: Exception) -> JSONResponse:
    return problem(500, "Suyuan met an error of its own", "Its log tells more.")
