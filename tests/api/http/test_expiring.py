"""A web socket that was opened with a token ends when the token does; one that was opened with a key goes on."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from api.http.expiring import EXPIRED, serve_until
from api.http.oidc import LEEWAY
from api.principals import digest_of, new_key
from tests.api.http.issuer import oidc_file, said, signed
from tests.api.receiver import PATIENCE
from tests.api.rest.conftest import JSON, event
from tests.api.served import Served, served

KEY = new_key()
LIFE = 6
"""Seconds that a token is taken for: in so many, a socket must be open."""
CLOSE = {"type": "websocket.close", "code": EXPIRED[0], "reason": EXPIRED[1]}


def ended(app: ASGIApp, until: float) -> list[Message]:
    """What an application sends over a web socket that ends at a time."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    asyncio.run(serve_until(until, app, {"type": "websocket"}, receive, send))
    return sent


async def listening(_: Scope, receive: Receive, send: Send) -> None:
    """For as long as it may."""
    await send({"type": "websocket.accept"})
    await receive()


async def closing(_: Scope, receive: Receive, send: Send) -> None:
    """It has closed, and still has something to do."""
    await send({"type": "websocket.close", "code": 1000})
    await receive()


async def failing(_: Scope, __: Receive, ___: Send) -> None:
    """It waits for something else in vain."""
    raise TimeoutError("its own")


async def brief(_: Scope, __: Receive, send: Send) -> None:
    """It ends before."""
    await send({"type": "websocket.close", "code": 1000})


def test_what_still_listens_is_closed_with_the_reason() -> None:
    """And nothing else is sent."""
    for seconds in (0.1, -1):
        assert ended(listening, time.time() + seconds) == [{"type": "websocket.accept"}, CLOSE]


def test_what_has_ended_by_itself_is_not_closed_again() -> None:
    """Nor is an error of its own taken for the end of the token."""
    told = [{"type": "websocket.close", "code": 1000}]
    assert ended(closing, time.time() + 0.1) == ended(brief, time.time() + 60) == told
    with pytest.raises(TimeoutError, match="its own"):
        ended(failing, time.time() + 60)


def signed_in(server: Served, path: str, secret: str, protocol: str | None = None) -> ClientConnection:
    """A web socket of somebody."""
    protocols = None if protocol is None else [Subprotocol(protocol)]
    headers = {"Authorization": f"Bearer {secret}"}
    return connect(server.url.replace("http", "ws") + path, additional_headers=headers, subprotocols=protocols)


@contextmanager
def watching(server: Served, secret: str) -> Iterator[ClientConnection]:
    """A subscription of GraphQL to the ledger, told how it stands now."""
    with signed_in(server, "/graphql", secret, "graphql-transport-ws") as socket:
        socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(socket.recv(PATIENCE))["type"] == "connection_ack"
        asked = {"query": "subscription { ledger { position } }"}
        socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": asked}))
        assert json.loads(socket.recv(PATIENCE))["payload"]["data"]["ledger"]["position"] == 0
        yield socket


def capture(server: Served, number: int) -> str:
    """Capture an event; its id."""
    headers = JSON | {"Authorization": f"Bearer {KEY}"}
    answer = httpx2.post(f"{server.url}/events", content=json.dumps(event(number)), headers=headers)
    assert answer.status_code == 201, answer.text
    return str(event(number)["eventID"])


def test_sockets_of_rest_and_graphql_end_with_their_token(tmp_path: Path) -> None:
    """With code and reason, once the token is no longer taken; a socket of a key is told what comes afterwards."""
    users = tmp_path / "users.yaml"
    users.write_text(f"users: [{{name: desk, role: recall_coordinator, key: {digest_of(KEY)}}}]")
    options = ("--users", str(users), "--oidc", str(oidc_file(tmp_path)))
    with served(f"sqlite:{tmp_path / 's.db'}", *options) as server:
        headers = JSON | {"Authorization": f"Bearer {KEY}"}
        httpx2.post(f"{server.url}/queries", content=b'{"name": "all", "query": {}}', headers=headers)
        ends = int(time.time() - LEEWAY + LIFE)
        token, path = signed(said(exp=ends)), "/queries/all/events?stream=true"
        with (
            signed_in(server, path, token) as of_rest,
            watching(server, token) as of_graphql,
            signed_in(server, path, KEY) as of_a_key,
        ):
            assert capture(server, 1) in str(of_rest.recv(PATIENCE))
            assert json.loads(of_graphql.recv(PATIENCE))["payload"]["data"]["ledger"]["position"] == 1
            for socket in (of_rest, of_graphql):
                with pytest.raises(ConnectionClosed) as closed:
                    socket.recv(PATIENCE)
                assert closed.value.rcvd is not None
                assert (closed.value.rcvd.code, closed.value.rcvd.reason) == EXPIRED
                assert time.time() >= ends + LEEWAY
            assert "000001" in str(of_a_key.recv(PATIENCE))
            assert capture(server, 2) in str(of_a_key.recv(PATIENCE))
        _, said_by_it = server.stop()
    assert "Traceback" not in said_by_it, said_by_it
    assert token not in said_by_it
