"""Subscriptions by web socket, as EPCIS 2.0 §12 says; a server of its own, and a client as others have one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from lxml import etree
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect
from websockets.exceptions import ConnectionClosed, ConnectionClosedOK, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from api.http.app import Served, app_of
from api.http.audit import Audit
from api.http.service import open_service
from api.principals import digest_of, new_key, read_users
from api.rest.subscribing.sockets import MOST_OF_ONE
from tests.api.receiver import PATIENCE, until
from tests.api.rest.conftest import BASE, JSON, Client, event
from tests.api.rest.subscribed import SHIPPED
from tests.api.served import Served as Running
from tests.api.served import served


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server over an empty store."""
    with served(f"sqlite:{tmp_path_factory.mktemp('sockets') / 's.db'}") as running:
        yield running


@pytest.fixture
def query(server: Running) -> Iterator[str]:
    """A query for what is shipped; removed afterwards."""
    keep(server, "sent")
    yield "sent"
    httpx2.delete(f"{server.url}/queries/sent")


def keep(server: Running, name: str) -> None:
    """Keep a query for what is shipped."""
    content = json.dumps({"name": name, "query": SHIPPED})
    assert httpx2.post(f"{server.url}/queries", content=content, headers=JSON).status_code == 201


_numbers = iter(range(2, 2_000, 2))


def capture(server: Running, **fields: Any) -> int:
    """Capture an event that is shipped, unless said otherwise; its number."""
    number = next(_numbers)
    answer = httpx2.post(
        f"{server.url}/events",
        content=json.dumps(event(number, eventTime="2026-01-05T08:00:00Z", **fields)),
        headers=JSON,
    )
    assert answer.status_code == 201, answer.text
    return number


def listening(server: Running, name: str, parameters: str, **headers: str) -> ClientConnection:
    """A web socket to the events of a query."""
    url = f"{server.url.replace('http', 'ws')}/queries/{name}/events?{parameters}"
    return connect(url, additional_headers={name.replace("_", "-"): value for name, value in headers.items()})


def numbers(socket: ClientConnection) -> list[int]:
    """The events of the next document."""
    results = json.loads(socket.recv(PATIENCE))["epcisBody"]["queryResults"]
    assert results["queryName"] == "sent"
    assert "subscriptionID" not in results
    return [int(one["eventID"][-12:]) for one in results["resultsBody"]["eventList"]]


def test_a_stream_tells_what_is_new(server: Running, query: str) -> None:
    """In order, each once; not what was there before, nor what the query does not let through."""
    capture(server)
    with listening(server, query, "stream=true") as socket:
        assert socket.response is not None
        assert socket.response.headers["GS1-EPCIS-Version"] == "2.0.0"
        assert datetime.fromisoformat(socket.response.headers["GS1-Query-Min-Record-Time"]) <= datetime.now(UTC)
        wanted = []
        for _ in range(3):
            capture(server, bizStep="packing")
            wanted.append(capture(server))
            assert numbers(socket) == wanted[-1:]


def test_each_socket_has_a_subscription_of_its_own(server: Running, query: str) -> None:
    """Two that listen are told the same; one that begins later, only what is new then."""
    with listening(server, query, "stream=true") as first:
        one = capture(server)
        assert numbers(first) == [one]
        with listening(server, query, "stream=true") as second:
            two = capture(server)
            assert numbers(first) == numbers(second) == [two]


def test_a_schedule_tells_at_its_times(server: Running, query: str) -> None:
    """What is new since the last one; an empty document only where it is asked for."""
    with (
        listening(server, query, "second=[0-59]&reportIfEmpty=true") as every,
        listening(server, query, "second=0/1") as new,
        listening(server, query, "month=1&dayOfMonth=1&hour=0&minute=0") as far_off,
    ):
        assert numbers(every) == []
        one = capture(server)
        assert numbers(new) == [one]
        told = numbers(every)
        while not told:
            told = numbers(every)
        assert told == [one]
        with pytest.raises(TimeoutError):
            far_off.recv(0.1)


def test_who_comes_back_asks_for_what_came_meanwhile(server: Running, query: str) -> None:
    """By the time since which it was recorded."""
    with listening(server, query, "stream=true") as socket:
        capture(server)
        since = json.loads(socket.recv(PATIENCE))["creationDate"]
    two, three = capture(server), capture(server)
    with listening(server, query, f"stream=true&initialRecordTime={since}") as socket:
        assert socket.response is not None
        assert socket.response.headers["GS1-Query-Min-Record-Time"] == since
        assert numbers(socket) == [two, three]


def test_identifiers_are_written_as_the_header_says(server: Running, query: str) -> None:
    """As in any other answer."""
    with listening(server, query, "stream=true", GS1_EPC_Format="Always_GS1_Digital_Link") as socket:
        capture(server)
        assert "urn:epc" not in str(socket.recv(PATIENCE))


def test_documents_are_xml_where_that_is_accepted(server: Running, query: str) -> None:
    """As the answer to the same request is that is not upgraded; words of the CBV in the form asked for."""
    asked = {"Accept": "application/xml", "GS1_CBV_XML_Format": "Always_Web_URI"}
    with listening(server, query, "stream=true", **asked) as socket:
        assert socket.response is not None
        assert socket.response.headers["GS1-CBV-XML-Format"] == "Always_Web_URI"
        number = capture(server)
        root = etree.fromstring(str(socket.recv(PATIENCE)).encode())
        assert root.findtext(".//eventID") == event(number)["eventID"]
        assert root.findtext(".//bizStep") == "https://ref.gs1.org/cbv/BizStep-shipping"


def test_a_refusal_is_xml_where_that_is_accepted(server: Running, query: str) -> None:
    """As any other problem."""
    with pytest.raises(InvalidStatus) as refused, listening(server, query, "stream=false", Accept="application/xml"):
        pass
    assert refused.value.response.headers["Content-Type"] == "application/problem+xml"
    root = etree.fromstring(refused.value.response.body or b"")
    assert root.findtext("{*}type") == "epcisException:SubscriptionControlsException"


def test_removing_a_query_closes_its_sockets(server: Running) -> None:
    """With the reason; and what a subscriber says is passed over."""
    keep(server, "gone")
    with listening(server, "gone", "stream=true") as socket:
        socket.send("hello")
        httpx2.delete(f"{server.url}/queries/gone")
        with pytest.raises(ConnectionClosedOK, match="the query was removed"):
            socket.recv(PATIENCE)


@pytest.mark.parametrize(
    ("name", "parameters", "status", "exception"),
    [
        ("none", "stream=true", 404, "NoSuchNameException"),
        ("sent", "", 400, "SubscriptionControlsException"),
        ("sent", "stream=false", 400, "SubscriptionControlsException"),
        ("sent", "stream=true&second=0", 400, "SubscriptionControlsException"),
        ("sent", "second=60", 400, "SubscriptionControlsException"),
        ("sent", "stream=true&perPage=3", 400, "SubscriptionControlsException"),
        ("sent", "stream=perhaps", 400, "QueryParameterException"),
        ("sent", "stream=true&initialRecordTime=today", 400, "QueryParameterException"),
    ],
)
def test_a_handshake_that_is_wrong_is_refused(
    server: Running, query: str, name: str, parameters: str, status: int, exception: str
) -> None:
    """With a problem that tells why."""
    with pytest.raises(InvalidStatus) as refused, listening(server, name, parameters):
        pass
    response = refused.value.response
    assert (response.status_code, response.headers["GS1-EPCIS-Version"]) == (status, "2.0.0")
    assert json.loads(response.body or b"")["type"] == f"epcisException:{exception}"


def test_a_refused_handshake_is_no_error_of_the_server(server: Running) -> None:
    """Its log has none: a stranger writes nothing there."""
    for _ in range(3):
        with pytest.raises(InvalidStatus, match="404"), listening(server, "none", "stream=true"):
            pass
    until(lambda: httpx2.get(f"{server.url}/healthz").is_success)
    assert "ERROR" not in server.log.read_text(encoding="utf-8")


def test_a_principal_has_so_many_sockets(server: Running, query: str) -> None:
    """One more is refused, until one is closed."""
    with ExitStack() as sockets:
        for _ in range(MOST_OF_ONE):
            sockets.enter_context(listening(server, query, "stream=true"))
        with pytest.raises(InvalidStatus, match="400"), listening(server, query, "stream=true"):
            pass
    until(lambda: is_let_in(server, query))


def is_let_in(server: Running, query: str) -> bool:
    """Whether another socket is opened."""
    try:
        with listening(server, query, "stream=true"):
            return True
    except InvalidStatus:
        return False


def test_a_server_stops_though_somebody_listens(tmp_path: Path) -> None:
    """Ctrl-C ends it, and closes the sockets."""
    with served(f"sqlite:{tmp_path / 's.db'}") as server:
        keep(server, "sent")
        with listening(server, "sent", "stream=true") as socket:
            code, said = server.stop()
            with pytest.raises(ConnectionClosed):
                socket.recv(PATIENCE)
        assert (code, "Traceback" in said) == (130, False), said


def test_only_who_has_a_key_listens_and_it_is_noted(tmp_path: Path) -> None:
    """A socket is a question like any other."""
    key, users, log = new_key(), tmp_path / "users.yaml", tmp_path / "audit.jsonl"
    users.write_text(f"users:\n- {{name: dairy, role: recall_coordinator, key: {digest_of(key)}}}\n")
    with open_service(f"sqlite:{tmp_path / 's.db'}", to_write=True) as service, Audit(log) as audit:
        app = app_of(service, Served(users=read_users(users), audit=audit))
        with TestClient(app, base_url=BASE) as http:
            path = "ws://localhost/queries/sent/events?stream=true"
            with pytest.raises(WebSocketDisconnect), http.websocket_connect(path):
                pass
            http.headers["Authorization"] = f"Bearer {key}"
            client = Client(service, http)
            client.post("/queries", json.dumps({"name": "sent", "query": SHIPPED}).encode())
            with http.websocket_connect(path) as socket:
                client.capture(event(2))
                assert event(2)["eventID"] in socket.receive_text()
            with pytest.raises(WebSocketDenialResponse), http.websocket_connect(path.replace("true", "false")):
                pass
    told = [json.loads(line) for line in log.read_text().splitlines()]
    assert [
        (one["who"], one["query"], one["errors"]) for one in told if one["operation"] == "GET /queries/sent/events"
    ] == [
        ("dairy", "stream=true", []),
        ("dairy", "stream=false", ["400"]),
    ]
