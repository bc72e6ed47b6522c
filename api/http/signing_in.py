"""Signing in over HTTP. In: an ASGI application, users, tokens. Out: the same, for those whom it knows (RFC 6750).

By an API key, or a token of an issuer; whatever is wrong with either, the refusal is the same. A principal stands in
`scope["principal"]`. What is for all is open: health, GraphiQL's page, labels, public lookups.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.digital_link import PRIMARY
from api.http.oidc import Tokens
from api.http.problems import problem
from api.principals import Principal, Users

OPEN = ("/", "/healthz", "/graphiql", "/docs", "/lookup")
OPEN_BELOW = ("/static/", *(f"/{ai}/" for ai in PRIMARY))
_SCHEME = "bearer "


class SigningIn:
    """Lets in whoever has a key or a token. No token makes anybody one of the users, or who loads at the console."""

    def __init__(self, app: ASGIApp, users: Users, tokens: Tokens | None = None, author: str = "") -> None:
        self._app = app
        self._users = users
        self._tokens = tokens
        self._taken = users.names | {author}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or connection."""
        if scope["type"] not in ("http", "websocket") or self._is_open(scope):
            await self._app(scope, receive, send)
            return
        principal = await self._principal(scope)
        if principal is not None:
            lasting = principal.name in self._users.names
            await self._app({**scope, "principal": principal, "principal_lasts": lasting}, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4401, "reason": "sign in"})
        else:
            refusal = problem(401, "this needs an API key or a token", "Send it as: Authorization: Bearer KEY")
            refusal.headers["WWW-Authenticate"] = 'Bearer realm="suyuan"'
            await refusal(scope, receive, send)

    async def _principal(self, scope: Scope) -> Principal | None:
        header = Headers(scope=scope).get("authorization", "")
        if not header.lower().startswith(_SCHEME):
            return None
        given = header[len(_SCHEME) :].strip()
        known = self._users.of_key(given)
        if known is not None or self._tokens is None:
            return known
        principal = await self._tokens.principal(given)
        return None if principal is None or principal.name in self._taken else principal

    def _is_open(self, scope: Scope) -> bool:
        path = str(scope["path"])
        return scope["type"] == "http" and (path in OPEN or (path.startswith(OPEN_BELOW) and ".." not in path))
