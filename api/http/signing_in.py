"""Signing in over HTTP. In: an ASGI application, users, tokens. Out: the same, for those whom it knows (RFC 6750).

By an API key, or a token of an issuer; whatever is wrong with either, the refusal is the same. A principal stands in
`scope["principal"]`, the case under which it asks in `scope["case"]`; a web socket that a token opened ends with it.
What is for all is open: health, GraphiQL's page, labels, public lookups.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.cases import HEADER, read_case
from api.http.digital_link import PRIMARY
from api.http.expiring import serve_until
from api.http.oidc import Tokens
from api.http.problems import problem
from api.principals import SignedIn, Users
from graph_schema.errors import InvalidInput

OPEN = ("/", "/healthz", "/graphiql", "/docs", "/lookup")
OPEN_BELOW = ("/static/", *(f"/{ai}/" for ai in PRIMARY))
_SCHEME = "bearer "


class SigningIn:
    """Lets in whoever has a key or a token. No token makes anybody one of the users, or who loads at the console."""

    def __init__(
        self, app: ASGIApp, users: Users, tokens: Tokens | None = None, author: str = "", *, notes: bool = False
    ) -> None:
        self._app = app
        self._users = users
        self._tokens = tokens
        self._taken = users.names | {author}
        self._notes = notes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or connection."""
        if scope["type"] not in ("http", "websocket") or self._is_open(scope):
            await self._app(scope, receive, send)
            return
        known = await self._signed_in(scope)
        if known is not None:
            await self._served(known, scope, receive, send)
        else:
            refusal = problem(401, "this needs an API key or a token", "Send it as: Authorization: Bearer KEY")
            refusal.headers["WWW-Authenticate"] = 'Bearer realm="suyuan"'
            await _refuse(refusal, 4401, "sign in", scope, receive, send)

    async def _served(self, known: SignedIn, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            case = self._case(Headers(scope=scope))
        except InvalidInput as error:
            await _refuse(problem(400, error.what, error.remedy), 4400, error.what, scope, receive, send)
            return
        told = {**scope, "principal": known.principal, "principal_lasts": known.until is None, "case": case}
        if scope["type"] == "websocket" and known.until is not None:
            await serve_until(known.until, self._app, told, receive, send)
        else:
            await self._app(told, receive, send)

    def _case(self, headers: Headers) -> str | None:
        """The case under which it is asked: there is none where nobody could look it up afterwards."""
        case = read_case(headers)
        if case is not None and not self._notes:
            raise InvalidInput("no question is noted here", where=HEADER, remedy="Ask without a case.")
        return case

    async def _signed_in(self, scope: Scope) -> SignedIn | None:
        header = Headers(scope=scope).get("authorization", "")
        if not header.lower().startswith(_SCHEME):
            return None
        given = header[len(_SCHEME) :].strip()
        if (user := self._users.of_key(given)) is not None:
            return SignedIn(user)
        known = None if self._tokens is None else await self._tokens.signed_in(given)
        return None if known is None or known.principal.name in self._taken else known

    def _is_open(self, scope: Scope) -> bool:
        path = str(scope["path"])
        return scope["type"] == "http" and (path in OPEN or (path.startswith(OPEN_BELOW) and ".." not in path))


async def _refuse(refusal: Response, code: int, reason: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request, close a web socket."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": code, "reason": reason})
    else:
        await refusal(scope, receive, send)
