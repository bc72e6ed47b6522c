"""The application: GraphQL, its page, health. In: a service and settings. Out: an ASGI application."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.staticfiles import StaticFiles

from api.graphql.schema import schema_of
from api.http.bodies import MOST_BYTES, BodyLimit
from api.http.graphiql import graphiql_routes
from api.http.health import health_routes
from api.http.over_http import OverHttp
from api.http.problems import problem
from api.http.service import Service

STATIC = Path(__file__).with_name("static")


@dataclass(frozen=True, slots=True)
class Served:
    """What is served, and what is not."""

    graphiql: bool = True
    introspection: bool = True
    most_bytes: int = MOST_BYTES
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    """Names under which requests are answered."""


def app_of(service: Service, served: Served = Served()) -> FastAPI:
    """The application over a service."""
    app = FastAPI(title="Suyuan", docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    schema = schema_of(service.reading, introspection=served.introspection)
    graphql = OverHttp(schema, graphql_ide=None, subscription_protocols=("graphql-transport-ws",))
    app.include_router(graphql, prefix="/graphql", include_in_schema=False)
    app.include_router(health_routes(service))
    if served.graphiql:
        app.include_router(graphiql_routes())
        app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    app.add_middleware(BodyLimit, most=served.most_bytes)
    # A page of another site must not reach us under a name of its own that it lets point here.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(served.hosts))
    app.add_exception_handler(Exception, _own_error)
    return app


async def _own_error(_: Request, __: Exception) -> JSONResponse:
    return problem(500, "Suyuan met an error of its own", "Its log tells more.")
