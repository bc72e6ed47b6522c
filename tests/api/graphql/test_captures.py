"""Capturing through GraphQL, and what is told as it changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from api.demo import BAD_TANK, outbreak
from tests.api.graphql.conftest import Asked
from tests.api.rest.conftest import document, event

CAPTURE = """mutation ($document: String!, $all: Boolean = false) {
  capture(document: $document, allOrNothing: $all) { id running allOrNothing } }"""
JOB = """ captureJob(id: $id) { id running success accepted duplicates rejected position finished
  errors { name event where remedy } } }"""
BAD = event(2, eventTime="yesterday")


class Socket:
    """Speaks graphql-transport-ws."""

    def __init__(self, socket: WebSocketTestSession) -> None:
        self._socket = socket
        socket.send_json({"type": "connection_init"})
        assert socket.receive_json()["type"] == "connection_ack"

    def ask(self, query: str, **variables: Any) -> None:
        """Begin an operation."""
        payload = {"query": query, "variables": variables}
        self._socket.send_json({"id": "1", "type": "subscribe", "payload": payload})

    def next(self) -> Any:
        """What is told next."""
        told = self._socket.receive_json()
        assert told["type"] == "next", told
        assert "errors" not in told["payload"], told
        return next(iter(told["payload"]["data"].values()))

    def error(self) -> str:
        """The code of an error."""
        told = self._socket.receive_json()
        errors = told["payload"] if told["type"] == "error" else told["payload"]["errors"]
        return str(errors[0]["extensions"]["code"])

    def complete(self) -> bool:
        """Whether nothing more is told."""
        return bool(self._socket.receive_json()["type"] == "complete")


@contextmanager
def socket(asked: Asked, headers: dict[str, str] | None = None) -> Iterator[Socket]:
    """An open web socket."""
    protocols = ["graphql-transport-ws"]
    with asked.client.websocket_connect(
        "ws://localhost/graphql", subprotocols=protocols, headers=headers or {}
    ) as opened:
        yield Socket(opened)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.graphql.subscription.PAUSE", 0.01)


def captured(asked: Asked, *events: dict[str, Any], whole: bool = False) -> dict[str, Any]:
    """Capture, and the job at its end."""
    job = asked.data(CAPTURE, document=document(*events).decode(), all=whole)["capture"]
    assert job["allOrNothing"] is whole
    with socket(asked) as opened:
        opened.ask("subscription ($id: ID!) {" + JOB, id=job["id"])
        while (told := opened.next())["running"]:
            pass
        assert opened.complete()
    assert asked.data("query ($id: ID!) {" + JOB, id=job["id"])["captureJob"] == told
    return dict(told)


def test_a_document_is_captured_and_its_job_tells_the_end(asked: Asked) -> None:
    """GraphQL keeps what can be kept, unless told otherwise."""
    job = captured(asked, event(1), BAD)
    assert (job["success"], job["accepted"], job["rejected"]) == (False, 1, 1)
    assert job["errors"][0]["event"] == BAD["eventID"]
    assert asked.data("query ($id: ID!) {event(id: $id) {bizStep}}", id=event(1)["eventID"])["event"]
    again = captured(asked, event(1), event(3), whole=True)
    assert (again["success"], again["accepted"], again["duplicates"]) == (True, 1, 1)
    nothing = captured(asked, event(4), BAD, whole=True)
    assert (nothing["accepted"], nothing["rejected"]) == (0, 1)


def test_what_is_no_document_is_refused(asked: Asked) -> None:
    """Before there is a job."""
    assert asked.code(CAPTURE, document="{") == "INVALID_DOCUMENT"
    assert asked.code(CAPTURE, document="<epcis/>") == "INVALID_DOCUMENT"
    assert asked.data('{captureJob(id: "urn:none") {id}}') == {"captureJob": None}


def test_a_change_is_not_asked_for_by_a_link(asked: Asked) -> None:
    """A mutation is refused over GET."""
    query = f"mutation {{ capture(document: {json.dumps('{}')}) {{ id }} }}"
    assert asked.client.get("/graphql", params={"query": query}).status_code == 405


def test_the_ledger_is_told_when_it_grows(asked: Asked) -> None:
    """Now, and then each time that something was accepted; never twice the same."""
    with socket(asked) as opened:
        opened.ask("subscription { ledger { position hash } }")
        first = opened.next()
        captured(asked, event(1), event(2))
        second = opened.next()
        captured(asked, event(1))
        captured(asked, event(3))
        third = opened.next()
    assert [one["position"] - first["position"] for one in (first, second, third)] == [0, 2, 3]


def test_a_scope_is_told_when_events_change_it(asked: Asked) -> None:
    """Now, and after an event of its goods; events of others are not told."""
    query = """subscription ($id: ID!) { scopeChanged(seeds: [{item: {id: $id}}]) {
      ledger { position } outlets(first: 100) { edges { node { site { id name } stock { edges { node {
      item { id } } } } } } } } }"""
    with socket(asked) as opened:
        opened.ask(query, id=BAD_TANK)
        first = opened.next()
        captured(asked, event(1))
        place = {"id": "urn:epc:id:sgln:9521999.00001.0"}
        moved = event(5, bizStep="receiving", bizLocation=place, readPoint=place, eventTime="2017-09-20T08:00:00+08:00")
        del moved["epcList"]
        moved["quantityList"] = [{"epcClass": BAD_TANK, "quantity": 1, "uom": "LTR"}]
        captured(asked, moved)
        second = opened.next()
    assert second["ledger"]["position"] == first["ledger"]["position"] + 2
    assert len(second["outlets"]["edges"]) == len(first["outlets"]["edges"]) + 1


def test_any_operation_may_go_over_a_web_socket(asked: Asked) -> None:
    """A query is answered once; what is wrong has a code, as over POST."""
    with socket(asked) as opened:
        opened.ask("{ ledger { position } }")
        assert opened.next()["position"] > 0
        assert opened.complete()
        for query, code in (
            ('subscription { captureJob(id: "urn:none") { id } }', "INVALID_INPUT"),
            ("subscription { scopeChanged(seeds: []) { hash } }", "INVALID_INPUT"),
            ("{", "BAD_REQUEST"),
        ):
            opened.ask(query)
            assert opened.error() == code
            if query != "{":
                assert opened.complete()


def test_a_page_of_elsewhere_opens_no_web_socket(asked: Asked) -> None:
    """Browsers let it try; its Origin tells."""
    for origin in ("https://evil.example", "http://[", "null"):
        with pytest.raises(WebSocketDisconnect), socket(asked, {"Origin": origin}):
            pass
    with socket(asked, {"Origin": "http://localhost"}):
        pass


def test_the_shipped_outbreak_is_captured_again_without_a_change(asked: Asked) -> None:
    """Every event of it is there already."""
    job = asked.data(CAPTURE, document=outbreak().read_text(encoding="utf-8"))["capture"]
    with socket(asked) as opened:
        opened.ask("subscription ($id: ID!) {" + JOB, id=job["id"])
        while (told := opened.next())["running"]:
            pass
    assert (told["accepted"], told["rejected"]) == (0, 0)
    assert told["duplicates"] > 10
