"""Methods of HTTP that hold for every path (RFC 9110 §9.3.2, §10.2.1). In: an ASGI application. Out: HEAD; `Allow`."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.routing import BaseRoute, Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_METHODS = ("GET", "POST", "DELETE", "OPTIONS")
GRAPHQL = "/graphql"
"""It takes GET and POST alone: what is asked there has no representation that would be there to look at."""


class Heads:
    """Answers HEAD as GET, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or scope["path"] == GRAPHQL:
            await self._app(scope, receive, send)
            return

        async def bare(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, bare)


def allowed_at(path: str, routes: Iterable[BaseRoute]) -> str:
    """The methods that a path knows, whichever routes they belong to; empty where it is of files."""
    known = [route for route in routes if not isinstance(route, Mount)]
    found = [method for method in _METHODS if any(_takes(route, path, method) for route in known)]
    if "GET" in found and path != GRAPHQL:
        found.insert(1, "HEAD")
    return ", ".join(found)


def _takes(route: BaseRoute, path: str, method: str) -> bool:
    scope = {"type": "http", "path": path, "method": method, "root_path": "", "headers": []}
    return route.matches(scope)[0] is Match.FULL
