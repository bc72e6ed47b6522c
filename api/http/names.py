"""Under which names a server answers. In: an ASGI application. Out: the same, which is not reached by other names.

A page of another site must not reach us under a name of its own that it lets point here.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.problems import problem


class OwnNames:
    """Answers under some names alone."""

    def __init__(self, app: ASGIApp, names: tuple[str, ...]) -> None:
        self._app = app
        self._names = frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, WebSocket or life of the application."""
        if scope["type"] == "lifespan" or _name(Headers(scope=scope).get("host", "")) in self._names:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            refused = problem(400, "this server has another name", f"Ask it as {' or '.join(sorted(self._names))}.")
            await refused(scope, receive, send)


def _name(host: str) -> str:
    """A `Host` without its port."""
    name, _, port = host.rpartition(":")
    return (name if name and not port.endswith("]") else host).lower()
