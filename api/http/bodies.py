"""How much strangers may send. In: an ASGI application. Out: the same, which refuses larger and slower bodies.

And no more bodies at once than there is room for, however many send. A body packed with gzip (RFC 9110 §8.4.1.3) is
unpacked here, up to the same bound: what would be larger is refused when it gets there, whatever it would have come to.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.problems import problem
from loaders.gzip_stream import MAGIC, GzipStream

MOST_BYTES = 1_000_000
ROOM = 200_000_000
"""Bytes of all bodies that are read or answered at one time."""
_PLAIN = "identity"
_GZIP = ("gzip", "x-gzip")
_PIECE = 256 * 1024
LONGEST = 30.0
"""Seconds in which a body must have come."""


_REMEDIES = {
    408: "Send faster, or less at once.",
    413: "Send less at once.",
    400: "Pack it again, or send it as it is.",
    415: "Send it as it is, or packed with gzip.",
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


class Damaged(Exception):
    """What came is not packed as it says."""


class BodyLimit:
    """Reads a whole body before anything else does, up to a bound; some paths have bounds of their own."""

    def __init__(self, app: ASGIApp, usual: Bound = Bound(), paths: Mapping[str, Bound] | None = None) -> None:
        self._app = app
        self._usual = usual
        self._paths = paths or {}
        self._room = ROOM
        self._unpacking = asyncio.Lock()
        """One at a time, so that bombs that come together take no more than one."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        bound = self._paths.get(scope["path"], self._usual)
        headers = Headers(scope=scope)
        packed = headers.get("content-encoding", _PLAIN).lower()
        # Nobody is asked to go on (RFC 9110 §10.1.1) with what will be refused, or waited for.
        if int(headers.get("content-length", "0")) > bound.size:
            await _too_large(bound)(scope, receive, send)
            return
        if packed not in (_PLAIN, *_GZIP):
            refusal = _refusal(415, f"a body packed with {packed[:40]!r} is not taken", bound)
            refusal.headers["Accept-Encoding"] = _GZIP[0]
            await refusal(scope, receive, send)
            return
        held = _Held()
        try:
            await self._pass_on(held, bound, packed in _GZIP, scope, receive, send)
        finally:
            self._room += held.size

    async def _pass_on(
        self, held: _Held, bound: Bound, packed: bool, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """One request whose body may be read."""
        try:
            body = await asyncio.wait_for(self._read(receive, bound.size, held), bound.seconds)
            if packed:
                async with self._unpacking:
                    body = await asyncio.to_thread(unpack, body, bound.size)
                    self._hold(held, len(body))
                scope = _without_packing(scope)
        except TooMuch:
            refused = _refusal(429, "more is being sent by all together than there is room for", bound)
            await refused(scope, receive, send)
            return
        except Damaged as error:
            await _refusal(400, f"the body is not the gzip that it says it is: {error}", bound)(scope, receive, send)
            return
        except TooLarge:
            await _too_large(bound)(scope, receive, send)
            return
        except TimeoutError:
            await _refusal(408, f"the body did not come within {bound.seconds:g} s", bound)(scope, receive, send)
            return
        await self._app(scope, _given(body, receive), send)

    def _hold(self, held: _Held, size: int) -> None:
        """Take room for more of a body."""
        held.size += size
        self._room -= size
        if self._room < 0:
            raise TooMuch

    async def _read(self, receive: Receive, most: int, held: _Held) -> bytes:
        parts: list[bytes] = []
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return b""
            part = message.get("body", b"")
            self._hold(held, len(part))
            if held.size > most:
                raise TooLarge
            parts.append(part)
            if not message.get("more_body"):
                return b"".join(parts)


def unpack(body: bytes, most: int) -> bytes:
    """What was packed with gzip; `TooLarge` once more than `most` bytes come of it, `Damaged` where it is none."""
    stream = GzipStream(io.BytesIO(body))
    if not body.startswith(MAGIC):
        raise Damaged("it begins otherwise")
    parts: list[bytes] = []
    piece, unpacked = bytearray(_PIECE), 0
    while size := stream.readinto(piece):
        unpacked += size
        if unpacked > most:
            raise TooLarge
        parts.append(bytes(piece[:size]))
    if stream.fault is not None:
        raise Damaged(stream.fault.what)
    return b"".join(parts)


def _without_packing(scope: Scope) -> Scope:
    """A request as if its body had come unpacked."""
    kept = [pair for pair in scope["headers"] if pair[0] not in (b"content-encoding", b"content-length")]
    return {**scope, "headers": kept}


def _refusal(status: int, what: str, bound: Bound) -> Response:
    kind = bound.kind if status == 413 else "about:blank"
    return problem(status, what, _REMEDIES[status], kind=kind, headers=bound.headers)


def _too_large(bound: Bound) -> Response:
    return _refusal(413, f"the body is larger than {bound.size:,} bytes", bound)


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
