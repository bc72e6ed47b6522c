"""GraphiQL from our own files (3.8.3, with React 18.2): no outside request. Out: `/graphiql`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from starlette.responses import HTMLResponse

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy: nothing from elsewhere. GraphiQL sets styles of its own on elements."""


def graphiql_routes() -> APIRouter:
    """The routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/graphiql")
    async def graphiql() -> HTMLResponse:
        return HTMLResponse(_page(), headers={"Content-Security-Policy": POLICY})

    return routes


@cache
def _page() -> str:
    return files(__package__).joinpath("static", "graphiql.html").read_text(encoding="utf-8")
