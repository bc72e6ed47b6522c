"""Over REST too those alone are answered whose key is known; what they capture is theirs, what they ask is noted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.http.app import Served, app_of
from api.http.audit import Audit
from api.http.service import Service, open_service
from api.principals import digest_of, new_key, read_users
from tests.api.rest.conftest import BASE, Client, document, event, problem

KEY = new_key()
READER, SILENT, PASSER_BY = new_key(), new_key(), new_key()
SIGNED = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where questions are noted."""
    return tmp_path / "audit.jsonl"


@pytest.fixture
def signed(tmp_path: Path, log: Path) -> Iterator[Client]:
    """A client that signs in, of a server with users and a log."""
    users = tmp_path / "users.yaml"
    users.write_text(
        f"users:\n- {{name: dairy, role: analyst, captures: true, key: {digest_of(KEY)}}}\n"
        f"- {{name: reader, role: analyst, key: {digest_of(READER)}}}\n"
        f"- {{name: silent, role: enterprise, captures: false, key: {digest_of(SILENT)}}}\n"
        f"- {{name: passer-by, role: consumer, key: {digest_of(PASSER_BY)}}}\n"
    )
    with open_service(f"sqlite:{tmp_path / 's.db'}", to_write=True) as service, Audit(log) as audit:
        app = app_of(service, Served(users=read_users(users), audit=audit))
        with TestClient(app, base_url=BASE, headers=SIGNED) as http:
            yield Client(service, http)


def authors(service: Service) -> set[str]:
    """Who captured what is in the ledger."""
    with service.reading() as state:
        return {entry.capture.author for entry in state.snapshot.ledger.entries()}


def noted(log: Path) -> list[dict[str, Any]]:
    """The lines of the log."""
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_nobody_without_a_key_captures_or_asks(signed: Client, log: Path) -> None:
    """401, and nothing is noted."""
    nobody = TestClient(signed.http.app, base_url=BASE)
    assert (
        nobody.post("/capture", content=document(event(1)), headers={"Content-Type": "application/json"}).status_code
        == 401
    )
    for path in ("/events", "/capture", "/queries", "/epcs", "/bizSteps/shipping/events"):
        assert nobody.get(path).status_code == 401
    assert noted(log) == []


def test_what_is_captured_is_theirs_who_signed_in(signed: Client) -> None:
    """By whatever way."""
    signed.capture(event(1))
    signed.post("/events", json.dumps(event(2)).encode())
    query = "mutation ($document: String!) { capture(document: $document) { id } }"
    answer = signed.http.post("/graphql", json={"query": query, "variables": {"document": document(event(3)).decode()}})
    job = answer.json()["data"]["capture"]["id"]
    while signed.get(f"/capture/{job}").json()["running"]:
        pass
    with signed.service.reading() as state:
        assert state.snapshot.ledger.head().position == 3
    assert authors(signed.service) == {"dairy"}


CAPTURE = "mutation ($document: String!) { capture(document: $document) { id } }"


@pytest.mark.parametrize("key", [READER, SILENT, PASSER_BY], ids=["reader", "silent", "passer-by"])
def test_who_may_not_capture_is_refused_whatever_is_sent(signed: Client, log: Path, key: str) -> None:
    """403 as EPCIS names it, FORBIDDEN in GraphQL, before what came is looked at; nothing is captured, all is noted."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    for path in ("/capture", "/events"):
        for content in (document(event(1)), json.dumps(event(1)).encode(), b"{", b"<no/>", b""):
            answer = signed.http.post(path, content=content, headers=headers)
            assert "may not capture" in problem(answer, 403, "SecurityException")
    for told in (document(event(1)).decode(), "{"):
        asked = {"query": CAPTURE, "variables": {"document": told}}
        answer = signed.http.post("/graphql", json=asked, headers=headers)
        (error,) = answer.json()["errors"]
        assert error["extensions"]["code"] == "FORBIDDEN"
        assert "captures" in error["extensions"]["remedy"]
    assert signed.get("/capture").json() == []
    assert authors(signed.service) == set()
    assert [line["errors"] for line in noted(log)][:12] == [["403"]] * 10 + [["FORBIDDEN"]] * 2


def test_every_question_is_noted_with_who_asked(signed: Client, log: Path) -> None:
    """Its path and parameters, at which position, and whether it was refused; the key nowhere."""
    signed.capture(event(1))
    signed.get("/events", EQ_bizStep="shipping")
    signed.get("/events", EQ_bizstep="shipping")
    *_, fine, refused = noted(log)
    assert (fine["who"], fine["position"], fine["operation"]) == ("dairy", 1, "GET /events")
    assert (fine["query"], fine["errors"], refused["errors"]) == ("EQ_bizStep=shipping", [], ["400"])
    assert KEY not in log.read_text()
