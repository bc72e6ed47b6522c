"""Signing in over HTTP. In: an ASGI application, users. Out: the same, for those whose key it knows (RFC 6750).

A principal stands in `scope["principal"]`. What tells nothing of the ledger is open: health, GraphiQL's page, labels.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.digital_link import PRIMARY
from api.http.problems import problem
from api.principals import Principal, Users

OPEN = ("/", "/healthz", "/graphiql", "/docs")
OPEN_BELOW = ("/static/", *(f"/{ai}/" for ai in PRIMARY))
_SCHEME = "bearer "


class SigningIn:
    """Lets in whoever has a key."""

    def __init__(self, app: ASGIApp, users: Users) -> None:
        self._app = app
        self._users = users

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or connection."""
        if scope["type"] not in ("http", "websocket") or self._is_open(scope):
            await self._app(scope, receive, send)
            return
        principal = self._principal(scope)
        if principal is not None:
            await self._app({**scope, "principal": principal}, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4401, "reason": "sign in"})
        else:
            refusal = problem(401, "this needs an API key", "Send it as: Authorization: Bearer KEY")
            refusal.headers["WWW-Authenticate"] = 'Bearer realm="suyuan"'
            await refusal(scope, receive, send)

    def _principal(self, scope: Scope) -> Principal | None:
        given = Headers(scope=scope).get("authorization", "")
        return self._users.of_key(given[len(_SCHEME) :].strip()) if given.lower().startswith(_SCHEME) else None

    def _is_open(self, scope: Scope) -> bool:
        path = str(scope["path"])
        return scope["type"] == "http" and (path in OPEN or (path.startswith(OPEN_BELOW) and ".." not in path))
