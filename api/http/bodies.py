"""How much strangers may send. In: an ASGI application. Out: the same, which refuses larger and slower bodies.

And no more bodies at once than there is room for, however many send.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problems import problem

MOST_BYTES = 1_000_000
ROOM = 200_000_000
"""Bytes of all bodies that are read or answered at one time."""
LONGEST = 30.0
"""Seconds in which a body must have come."""


_REMEDIES = {
    408: "Send faster, or less at once.",
    413: "Send less at once.",
    415: "Send it as it is, without a Content-Encoding.",
    429: "Send it again a little later.",
}


@dataclass(frozen=True, slots=True)
class Bound:
    """What one body may be at most, and what a refusal says beside."""

    size: int = MOST_BYTES
    seconds: float = LONGEST
    kind: str = "about:blank"
    """The type of the problem, where it is too large."""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Held:
    """What of one body is held."""

    size: int = 0


class TooLarge(Exception):
    """More came than may."""


class TooMuch(Exception):
    """More came from all together than there is room for."""


class BodyLimit:
    """Reads a whole body before anything else does, up to a bound; some paths have bounds of their own."""

    def __init__(self, app: ASGIApp, usual: Bound = Bound(), paths: Mapping[str, Bound] | None = None) -> None:
        self._app = app
        self._usual = usual
        self._paths = paths or {}
        self._room = ROOM

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        bound = self._paths.get(scope["path"], self._usual)
        packed = Headers(scope=scope).get("content-encoding", "identity").lower()
        if packed != "identity":
            await _refusal(415, f"a body packed with {packed!r} is not taken", bound)(scope, receive, send)
            return
        held = _Held()
        try:
            await self._pass_on(held, bound, scope, receive, send)
        finally:
            self._room += held.size

    async def _pass_on(self, held: _Held, bound: Bound, scope: Scope, receive: Receive, send: Send) -> None:
        """One request whose body may be read."""
        try:
            body = await asyncio.wait_for(self._read(receive, bound.size, held), bound.seconds)
        except TooMuch:
            refused = _refusal(429, "more is being sent by all together than there is room for", bound)
            await refused(scope, receive, send)
            return
        except TooLarge:
            await _refusal(413, f"the body is larger than {bound.size:,} bytes", bound)(scope, receive, send)
            return
        except TimeoutError:
            await _refusal(408, f"the body did not come within {bound.seconds:g} s", bound)(scope, receive, send)
            return
        await self._app(scope, _given(body, receive), send)

    async def _read(self, receive: Receive, most: int, held: _Held) -> bytes:
        parts: list[bytes] = []
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return b""
            part = message.get("body", b"")
            held.size += len(part)
            self._room -= len(part)
            if held.size > most:
                raise TooLarge
            if self._room < 0:
                raise TooMuch
            parts.append(part)
            if not message.get("more_body"):
                return b"".join(parts)


def _refusal(status: int, what: str, bound: Bound) -> Response:
    kind = bound.kind if status == 413 else "about:blank"
    return problem(status, what, _REMEDIES[status], kind=kind, headers=bound.headers)


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
