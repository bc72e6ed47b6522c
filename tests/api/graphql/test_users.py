"""Who may ask: those whose key a file of users has; and every question is noted with who asked it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.http.app import Served, app_of
from api.http.audit import Audit
from api.http.service import Service
from api.principals import digest_of, new_key, read_users
from graph_schema.errors import InvalidInput
from tests.api.conftest import Suyuan
from tests.api.graphql.conftest import BASE

KEY = new_key()
USERS = f"""users:
- {{name: wang.min, role: regulator, department: fda, key: {digest_of(KEY)}}}
- {{name: plant, role: analyst, key: {digest_of(new_key())}}}
"""
QUERY = {"query": "query Head { ledger { position } }", "operationName": "Head"}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where questions are noted."""
    return tmp_path / "audit.jsonl"


@pytest.fixture
def client(service: Service, tmp_path: Path, log: Path) -> Iterator[TestClient]:
    """A server with users and a log."""
    file = tmp_path / "users.yaml"
    file.write_text(USERS)
    with (
        Audit(log) as audit,
        TestClient(app_of(service, Served(users=read_users(file), audit=audit)), base_url=BASE) as asking,
    ):
        yield asking


def noted(log: Path) -> list[dict[str, Any]]:
    """The lines of the log."""
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_nobody_without_a_key_is_answered(client: TestClient, log: Path) -> None:
    """401 with what to send, by whatever way: no key, another's, another scheme; what tells nothing is open."""
    for headers in ({}, {"authorization": f"Bearer {new_key()}"}, {"authorization": f"Basic {KEY}"}):
        for path in ("/graphql", "/readyz", "/openapi.json", "/nothing"):
            answer = client.post(path, json=QUERY, headers=headers)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert "Authorization: Bearer" in answer.json()["detail"]
    for path in ("/healthz", "/graphiql", "/static/graphiql-page.js"):
        assert client.get(path).status_code == 200
    assert client.get("/static/../openapi.json").status_code in (401, 404)
    assert noted(log) == []


def test_whoever_has_a_key_is_answered_and_noted(client: TestClient, log: Path) -> None:
    """Name, position, question, variables, and the codes of what was refused; the key nowhere."""
    headers = {"authorization": f"Bearer {KEY}"}
    assert client.post("/graphql", json=QUERY, headers=headers).json()["data"]["ledger"]["position"] == 35
    wrong = {"query": "query ($id: ID!) { item(id: $id) { id } }", "variables": {"id": "bogus"}}
    assert "errors" in client.post("/graphql", json=wrong, headers=headers).json()
    first, second = noted(log)
    assert (first["who"], first["position"], first["operation"], first["query"]) == (
        "wang.min",
        35,
        "Head",
        QUERY["query"],
    )
    assert (second["variables"], second["errors"]) == ({"id": "bogus"}, ["INVALID_IDENTIFIER"])
    assert first["at"].endswith("+00:00")
    assert KEY not in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("users: []", "names nobody"),
        ("users: [{name: a, role: king, key: ''}]", "role"),
        ("users: [{name: a, role: analyst, key: secret}]", "no SHA-256"),
        ("users: [{name: a, role: analyst, key: KEY}, {name: b, role: analyst, key: KEY}]", "twice"),
        ("users: [{name: a, role: analyst, key: KEY, password: x}]", "password"),
        ("- : [", "no file of users"),
    ],
)
def test_a_file_of_users_that_is_wrong_is_refused_with_what(text: str, what: str, tmp_path: Path) -> None:
    """By name of what is wrong, and without its keys."""
    file = tmp_path / "users.yaml"
    file.write_text(text.replace("KEY", digest_of(KEY)))
    with pytest.raises(InvalidInput, match=what) as refused:
        read_users(file)
    assert refused.value.where == str(file)
    assert digest_of(KEY) not in str(refused.value)


def test_without_users_nobody_from_elsewhere_is_served(suyuan: Suyuan) -> None:
    """`serve` refuses an address that other machines reach, and says what to do."""
    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org"):  # noqa: S104 - what is refused
        ran = suyuan("serve", "--host", host)
        assert ran.code == 1
        assert "--users" in ran.err


def test_a_new_key_is_printed_with_its_digest(suyuan: Suyuan) -> None:
    """One for its owner, one for the file, and never the same again."""
    lines = [suyuan("key").out.splitlines() for _ in range(2)]
    for key, digest in lines:
        assert digest_of(key.split(": ")[1]) == digest.split(": ")[1]
    assert lines[0] != lines[1]
