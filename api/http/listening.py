"""Listening on a port until Ctrl-C. In: an application, an address. Out: nothing; `KeyboardInterrupt` when stopped.

A head that is no HTTP, too large, or too slow is refused as a problem (RFC 9457), like all else that is refused.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from api.http.problems import problem, told_problem
from graph_schema.errors import InvalidInput

LONGEST_HEAD = 30.0
"""Seconds in which the head of a request must have come."""
LONGEST_STOP = 5
"""Seconds that requests have to end in once the server stops."""
_REASONS = {
    errno.EADDRINUSE: "something listens there already",
    errno.EACCES: "this user may not listen there",
    errno.EADDRNOTAVAIL: "this machine has no such address",
}


class Http(H11Protocol):
    """HTTP/1.1, with our words for what is no request."""

    longest_head = LONGEST_HEAD
    _head: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first head."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing."""
        self._have_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; a head that began must end in time."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._await_head()
        else:
            self._have_head()

    def send_400_response(self, msg: str) -> None:
        """What came is no HTTP, or its head has more than 64 KiB."""
        del msg
        self._refuse(400, "this is no HTTP/1.1, or its head is larger than 64 KiB", "Send a smaller or a valid one.")

    def _await_head(self) -> None:
        if self._head is None:
            self._head = self.loop.call_later(self.longest_head, self._head_is_late)

    def _have_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _head_is_late(self) -> None:
        self._head = None
        if self.conn.their_state is h11.IDLE and self.conn.our_state is h11.IDLE:
            self._refuse(408, f"no request came within {self.longest_head:.0f} s", "Send faster.")

    def _refuse(self, status: int, what: str, remedy: str) -> None:
        if self.transport.is_closing():
            return
        if self.cycle is not None:  # Whoever is answering, or would, has nobody to answer any more.
            self.cycle.disconnected = True
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):  # An answer began, or was given.
            self.transport.close()
            return
        body = told_problem(status, what, remedy)
        headers = [("content-type", "application/problem+json"), ("content-length", str(len(body)))]
        head = h11.Response(
            status_code=status, headers=[*headers, ("connection", "close")], reason=HTTPStatus(status).phrase
        )
        for event in (head, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


class Sockets(WebSocketsSansIOProtocol):
    """Web sockets, of which one that was refused is no error: the library takes it for one that nobody answered."""

    async def send(self, message: Any) -> None:
        """Pass on; what is refused has its answer with the end of the body."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body", False):
            self.handshake_complete = True


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens; `InvalidInput` where it cannot, with what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # By the number of the protocol asyncio knows connections that are not to wait with small packets (TCP_NODELAY): an
    # answer in two parts else waits 40 ms for the other side to say that it has the first.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen()
        except OSError as error:
            why = _REASONS.get(error.errno or 0, error.strerror or str(error))
            raise InvalidInput(
                f"port {port} of {host} cannot be listened on: {why}",
                where="--port",
                remedy="End what listens there, or give another port: --port 8001.",
            ) from error
        yield listener


class Stoppable:
    """An application whose requests end in a word when the server stops before they do."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        began = False

        async def sent(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except asyncio.CancelledError:
            if scope["type"] == "http" and not began:
                await problem(503, "the server stops", "Ask again when it is back.")(scope, receive, send)


def serve_on(listener: socket.socket, application: ASGIApp) -> None:
    """Answer what comes in, until Ctrl-C."""
    config = uvicorn.Config(
        Stoppable(application),
        http=Http,
        ws=Sockets,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=LONGEST_STOP,
    )
    uvicorn.Server(config).run(sockets=[listener])
