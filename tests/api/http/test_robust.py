"""A server that runs, and what strangers do to it: each is a clear 4xx, in words that say what to do."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import sys
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import pytest

from tests.api.served import HOST, Served, demo_store, served

JSON = {"content-type": "application/json"}
LEDGER = json.dumps({"query": "{ ledger { position } }"}).encode()


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Its body."""
        return json.loads(self.body)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server over the demo, which waits a second for a body and two for a head."""
    command = [sys.executable, "-m", "tests.api.http.slow_bodies"]
    with served(demo_store(tmp_path_factory.mktemp("robust")), command=command) as running:
        yield running
        assert "Traceback" not in running.log.read_text(encoding="utf-8")


def ask(server: Served, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
    """One request on a connection of its own; the path goes as it stands."""
    connection = http.client.HTTPConnection(HOST, server.port, timeout=60)
    try:
        connection.request(method, path, body or None, {name.replace("_", "-"): text for name, text in headers.items()})
        answer = connection.getresponse()
        named = {name.lower(): text for name, text in answer.getheaders()}
        return Answer(answer.status, named, answer.read())
    finally:
        connection.close()


def raw(server: Served, *parts: bytes) -> Answer:
    """What bytes are answered with."""
    with socket.create_connection((HOST, server.port), timeout=60) as connection:
        for part in parts:
            connection.sendall(part)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return Answer(answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read())


def assert_problem(answer: Answer, status: int) -> None:
    """A problem of this status, which says what is wrong (RFC 9457)."""
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json["status"] == status
    assert answer.json["detail"].endswith(".")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/graphql/x",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e%2f%2e%2e%2fsettings.py",
        "/static//etc/passwd",
        "/static/%00",
        "/static/" + "x" * 5_000,
        "/static/",
        "/%ff%fe",
    ],
)
def test_a_path_that_leads_nowhere_is_not_found(server: Served, path: str) -> None:
    """Also where it tries to leave the folder of our own files."""
    assert_problem(ask(server, "GET", path), 404)


def test_a_method_that_a_path_does_not_know_is_refused(server: Served) -> None:
    """405, and the header Allow."""
    for method, path, allowed in (
        ("OPTIONS", "/graphql", "GET, POST"),
        ("PUT", "/graphql", "GET, POST"),
        ("DELETE", "/graphql", "GET, POST"),
        ("POST", "/healthz", "GET"),
        ("OPTIONS", "/readyz", "GET"),
    ):
        answer = ask(server, method, path)
        assert_problem(answer, 405)
        assert allowed in answer.headers["allow"], (method, path)
    assert_problem(ask(server, "POST", "/static/graphiql-page.js"), 405)
    refused = ask(server, "HEAD", "/graphql")
    assert (refused.status, refused.body) == (405, b"")


def test_head_is_get_without_a_body(server: Served) -> None:
    """Of pages, files and health."""
    for path in ("/healthz", "/readyz", "/graphiql", "/static/graphiql-page.js"):
        answer = ask(server, "HEAD", path)
        assert (answer.status, answer.body) == (200, b""), path


def test_a_slow_body_is_refused(server: Served) -> None:
    """408 once its time is over, while others are answered."""
    head = (
        b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"
    )
    with socket.create_connection((HOST, server.port), timeout=60) as slow:
        slow.sendall(head)
        assert ask(server, "POST", "/graphql", LEDGER, **JSON).status == 200
        answer = http.client.HTTPResponse(slow)
        answer.begin()
        named = {name.lower(): text for name, text in answer.getheaders()}
        assert_problem(Answer(answer.status, named, answer.read()), 408)


def test_a_body_that_is_said_to_be_too_large_is_refused_before_it_comes(server: Served) -> None:
    """413 at once: nobody waits for it, or has the sender go on (`Expect: 100-continue`)."""
    for path in ("/graphql", "/capture"):
        head = f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        for more in ("", "expect: 100-continue\r\n"):
            assert_problem(raw(server, f"{head}{more}content-length: 99999999999\r\n\r\n".encode()), 413)


def test_a_slow_head_is_refused(server: Served) -> None:
    """408, so that nobody holds connections open for nothing."""
    assert_problem(raw(server, b"GET /healthz HTTP/1.1\r\nhost: loc"), 408)


def test_a_head_that_is_too_large_or_none_is_refused(server: Served) -> None:
    """400 from before any of our own code sees it."""
    assert_problem(raw(server, b"GET / HTTP/1.1\r\nhost: localhost\r\nx: " + b"x" * 200_000), 400)
    assert_problem(raw(server, b"\x16\x03\x01\x02\x00\r\n\r\n"), 400)
    assert_problem(raw(server, b"GET / HTTP/1.1\r\nhost: evil.example\r\n\r\n"), 400)
    assert_problem(raw(server, b"GET / HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n"), 400)


def test_a_body_that_breaks_off_is_refused_once(server: Served) -> None:
    """One answer, whether what is no body comes before it or after."""
    head = b"POST /capture HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\ncontent-encoding: br\r\n\r\n"
    assert_problem(raw(server, head + b"no chunk\r\n"), 400)
    with socket.create_connection((HOST, server.port), timeout=60) as connection:
        connection.sendall(head)
        answer = connection.recv(65_536)
        assert answer.startswith(b"HTTP/1.1 415 ")
        connection.sendall(b"no chunk\r\n")
        rest = b"".join(iter(partial(connection.recv, 65_536), b""))
        assert b"HTTP/1.1" not in rest


def test_large_and_packed_bodies_are_refused(server: Served) -> None:
    """413 by what comes and what it unpacks to, not by what a header says; 415 for what is not unpacked."""
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    head = b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n"
    assert_problem(raw(server, head, *[chunk] * 16), 413)
    bomb = gzip.compress(b" " * 50_000_000)
    assert_problem(ask(server, "POST", "/graphql", bomb, content_encoding="gzip", **JSON), 413)
    for packing in ("br", "deflate, gzip", "nonsense"):
        assert_problem(ask(server, "POST", "/graphql", bomb, content_encoding=packing, **JSON), 415)


def test_deep_and_unknown_bodies_are_graphql_errors(server: Served) -> None:
    """JSON ten thousand levels deep is 400, a media type that is not ours 415."""
    for body in (b"[" * 10_000, b'{"query":' + b"[" * 10_000 + b"]" * 10_000 + b"}", b'{"a":' * 10_000, b"\xff"):
        answer = ask(server, "POST", "/graphql", body, **JSON)
        assert answer.status == 400
        assert answer.json["errors"][0]["extensions"]["remedy"]
    for kind in ("application/xml", "text/plain", "x", "multipart/form-data"):
        answer = ask(server, "POST", "/graphql", LEDGER, content_type=kind)
        assert (answer.status, answer.json["errors"][0]["extensions"]["code"]) == (415, "BAD_REQUEST")


def test_another_name_than_its_own_is_refused(server: Served) -> None:
    """With and without a port; its own names are answered, that of IPv6 too."""
    for name in ("evil.example", f"evil.example:{server.port}", "", "[::2]:80", "localhost.evil.example"):
        assert_problem(ask(server, "GET", "/healthz", host=name), 400)
    for name in ("localhost", f"LOCALHOST:{server.port}", f"{HOST}:1", "[::1]", "[::1]:8000"):
        assert ask(server, "GET", "/healthz", host=name).status == 200, name


def test_it_still_answers(server: Served) -> None:
    """After all that."""
    assert ask(server, "POST", "/graphql", LEDGER, **JSON).json["data"]["ledger"]["position"] > 0
