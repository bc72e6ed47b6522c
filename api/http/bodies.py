"""How much a stranger may send. In: an ASGI application. Out: the same, which refuses larger and slower bodies."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problems import problem

MOST_BYTES = 1_000_000
LONGEST = 30.0
"""Seconds in which a body must have come."""


_REMEDIES = {
    408: "Send faster, or less at once.",
    413: "Send less at once.",
    415: "Send it as it is, without a Content-Encoding.",
}


class TooLarge(Exception):
    """More came than may."""


class BodyLimit:
    """Reads a whole body before anything else does, up to `most` bytes and for `longest` seconds."""

    def __init__(self, app: ASGIApp, most: int = MOST_BYTES, longest: float = LONGEST) -> None:
        self._app = app
        self._most = most
        self._longest = longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        packed = Headers(scope=scope).get("content-encoding", "identity").lower()
        if packed != "identity":
            await self._refuse(415, f"a body packed with {packed!r} is not taken", scope, receive, send)
            return
        try:
            body = await asyncio.wait_for(self._read(receive), self._longest)
        except TooLarge:
            await self._refuse(413, f"the body is larger than {self._most:,} bytes", scope, receive, send)
            return
        except TimeoutError:
            await self._refuse(408, f"the body did not come within {self._longest:g} s", scope, receive, send)
            return
        await self._app(scope, _given(body, receive), send)

    async def _read(self, receive: Receive) -> bytes:
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return b""
            part = message.get("body", b"")
            size += len(part)
            if size > self._most:
                raise TooLarge
            parts.append(part)
            if not message.get("more_body"):
                return b"".join(parts)

    async def _refuse(self, status: int, what: str, scope: Scope, receive: Receive, send: Send) -> None:
        await problem(status, what, _REMEDIES[status])(scope, receive, send)


def _given(body: bytes, receive: Receive) -> Receive:
    """A body that was read, given again, and then what else comes."""
    given = False

    async def next_message() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return next_message
