"""What is no message of graphql-transport-ws closes the socket with a word, whatever its form."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.websockets import WebSocketDisconnect

from tests.api.graphql.conftest import Asked

URL, PROTOCOL = "ws://localhost/graphql", ["graphql-transport-ws"]
LEDGER = "{ ledger { position } }"
SUBSCRIBE = {"type": "subscribe", "id": "1"}


@pytest.mark.parametrize(
    "message",
    [
        [],
        None,
        7,
        {},
        {"type": "x" * 1_000},
        {"type": ["subscribe"]},
        {"type": "complete"},
        {"type": "complete", "id": []},
        {"type": "subscribe"},
        {**SUBSCRIBE, "payload": None},
        {**SUBSCRIBE, "payload": []},
        {**SUBSCRIBE, "payload": {"query": 5}},
        {**SUBSCRIBE, "payload": {"query": LEDGER, "variables": []}},
        {**SUBSCRIBE, "payload": {"query": LEDGER, "operationName": 5}},
        {**SUBSCRIBE, "id": ["1"], "payload": {"query": LEDGER}},
    ],
    ids=lambda message: json.dumps(message)[:60],
)
def test_what_is_no_message_closes_the_socket(asked: Asked, message: object) -> None:
    """4400, and why; the server meets no error of its own."""
    with asked.client.websocket_connect(URL, subprotocols=PROTOCOL) as socket:
        socket.send_json({"type": "connection_init"})
        assert socket.receive_json() == {"type": "connection_ack"}
        socket.send_json(message)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
    assert (closed.value.code, closed.value.reason) == (4400, "this is no message of graphql-transport-ws")


def test_a_message_that_is_nested_too_deep_closes_the_socket(asked: Asked) -> None:
    """As any other that is none."""
    with asked.client.websocket_connect(URL, subprotocols=PROTOCOL) as socket:
        socket.send_text("[" * 100_000)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
    assert closed.value.code == 4400


def test_a_message_is_answered(asked: Asked) -> None:
    """With all that it may have."""
    payload: dict[str, Any] = {"query": f"query A {LEDGER}", "operationName": "A", "variables": {}, "extensions": None}
    with asked.client.websocket_connect(URL, subprotocols=PROTOCOL) as socket:
        socket.send_json({"type": "connection_init", "payload": {"anything": 1}})
        assert socket.receive_json()["type"] == "connection_ack"
        socket.send_json({**SUBSCRIBE, "payload": payload})
        assert socket.receive_json()["payload"] == {"data": {"ledger": {"position": 35}}}
        assert socket.receive_json() == {"id": "1", "type": "complete"}
        socket.send_json({"type": "ping", "payload": {}})
        assert socket.receive_json() == {"type": "pong"}
