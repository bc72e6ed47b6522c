"""A web socket that ends with the token that opened it. In: an ASGI application, until when. Out: the same, until then.

A request is answered and over; a socket would go on for as long as it is open. What is sent over it is for somebody who
is known by a token, which holds for a time: who has a new one opens another socket.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

EXPIRED = (4401, "the token has expired: sign in with a new one")
"""Code and reason of its end; the code is what graphql-transport-ws has for who is not signed in."""


async def serve_until(until: float, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """One web socket until a time, in seconds since 1970; nothing is sent over it afterwards."""
    ended = False

    async def sent(message: Message) -> None:
        nonlocal ended
        ended = ended or message["type"] in ("websocket.close", "websocket.http.response.start")
        await send(message)

    try:
        async with asyncio.timeout(until - time.time()) as bound:
            await app(scope, receive, sent)
    except TimeoutError:
        if not bound.expired():
            raise
        if not ended:
            code, reason = EXPIRED
            with suppress(OSError):  # The other side was gone first.
                await send({"type": "websocket.close", "code": code, "reason": reason})
