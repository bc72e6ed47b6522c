"""What strangers send takes bounded memory, however many of them send at once (issue: memory bounded).

Measured is the most that a server had meanwhile (VmHWM) beyond what it had before.
"""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from api.capture_document import CaptureLimits
from api.http.bodies import ROOM
from tests.api.served import HOST, Served, demo_store, readable, served

MOST = 100_000_000
"""Bytes by which a server may grow beyond two copies of what it takes at all."""
AT_ONCE = 4
JSON = {"content-type": "application/json"}
Attack = tuple[str, bytes, dict[str, str]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server over the demo that has answered a question of each kind."""
    with served(demo_store(tmp_path_factory.mktemp("memory"))) as running:
        for path, body, headers in [*attacks().values(), ("/graphql", query("{ ledger { position } }"), JSON)]:
            answered(running, path, body[:20_000], headers)
        yield running
        assert "Traceback" not in running.log.read_text(encoding="utf-8")


def query(text: str) -> bytes:
    """A query as it is sent."""
    return json.dumps({"query": text}).encode()


def attacks() -> dict[str, Attack]:
    """What is sent: path, body, headers."""
    circle = "".join(f" fragment F{n} on Query {{ ...F{(n + 1) % 5_000} }}" for n in range(5_000))
    aliases = " ".join(f"a{n}: ledger {{ position }}" for n in range(30_000))
    packed = {**JSON, "content-encoding": "gzip"}
    return {
        "10 MB of query": ("/graphql", query("{ ledger { position } }" + " " * 10_000_000), JSON),
        "malformed": ("/graphql", query("{" * 400_000), JSON),
        "deep query": ("/graphql", query("{ a" * 100_000 + "}" * 100_000), JSON),
        "deep JSON": ("/graphql", b'{"variables":' + b"[" * 450_000 + b"]" * 450_000 + b"}", JSON),
        "circle of fragments": ("/graphql", query("{ ...F0 }" + circle), JSON),
        "alias flood": ("/graphql", query("{" + aliases + "}"), JSON),
        "compressed bomb": ("/graphql", gzip.compress(b" " * 100_000_000), packed),
        "compressed document": ("/capture", gzip.compress(b" " * 100_000_000), packed),
        "unknown media type": ("/capture", b"\0" * 10_000_000, {"content-type": "application/octet-stream"}),
        "deep document": ("/capture", b'{"type":"EPCISDocument","epcisBody":' + b"[" * 5_000_000, JSON),
        "binary document": ("/capture", b"\xff" * 10_000_000, JSON),
        "no document": ("/capture", b'"' + b"x" * 10_000_000 + b'"', JSON),
    }


def answered(server: Served, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    """Status and text of the answer; it may come before all is sent."""
    connection = http.client.HTTPConnection(HOST, server.port, timeout=120)
    try:
        try:
            connection.request("POST", path, body, headers)
        except (BrokenPipeError, ConnectionResetError):
            assert connection.sock is not None
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def most_memory(server: Served) -> int:
    """The most that a server had since it was last reset, in bytes."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def grown(server: Served, attack: Callable[[], None]) -> int:
    """By how many bytes a server grew."""
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5", encoding="ascii")  # From here on (proc(5)).
    before = most_memory(server)
    attack()
    return most_memory(server) - before


@pytest.mark.parametrize("name", attacks())
def test_an_attack_is_refused_in_bounded_memory(server: Served, name: str) -> None:
    """A clear 4xx to each of several at once, and little memory for all of them."""
    path, body, headers = attacks()[name]

    def several() -> None:
        with ThreadPoolExecutor(AT_ONCE) as senders:
            told = list(senders.map(lambda _: answered(server, path, body, headers), range(AT_ONCE)))
        for status, text in told:
            refused = 400 <= status < 500 or (status == 200 and b'"code":"BAD_REQUEST"' in text)
            assert refused, (status, text[:300])
            assert b"Traceback" not in text

    taken = AT_ONCE * len(body) if path == "/capture" else 0
    assert grown(server, several) < MOST + 2 * taken


def test_many_large_documents_at_once_are_more_than_there_is_room_for(server: Served) -> None:
    """Senders that never end keep a bounded part of the memory; the others are told to come later."""
    head = "POST /capture HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n"
    size = CaptureLimits().size - 1_000_000
    count = ROOM // size + 2

    def flood() -> None:
        with ExitStack() as opened:
            senders = []
            for _ in range(count):
                senders.append(opened.enter_context(socket.create_connection((HOST, server.port), timeout=120)))
                with suppress(BrokenPipeError, ConnectionResetError):
                    senders[-1].sendall(head.format(size + 1).encode() + b" " * size)
            refused = readable(senders, 120)
            for sender in refused:
                assert sender.recv(12) == b"HTTP/1.1 429"
            assert refused
            assert len(refused) < count

    assert grown(server, flood) < 2 * ROOM + MOST
    until = time.monotonic() + 60
    while answered(server, "/graphql", query("{ ledger { position } }"), JSON)[0] != 200:
        assert time.monotonic() < until, "the room is not given back"
        time.sleep(0.1)
