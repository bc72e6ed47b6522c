"""`suyuan serve` begins, is stopped, and answers from what others load meanwhile."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.api.http.test_robust import JSON, LEDGER, ask
from tests.api.outbreak_words import commissioned, write_lines
from tests.api.served import HOST, Served, demo_store, served
from tests.safety.command import suyuan


class Running(NamedTuple):
    """A server that goes on, and the store that it serves."""

    server: Served
    store: str


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server over the demo."""
    store = demo_store(tmp_path_factory.mktemp("serve"))
    with served(store) as server:
        yield Running(server, store)


def position(server: Served) -> int:
    """Where the ledger stands, as the server tells it."""
    return int(ask(server, "POST", "/graphql", LEDGER, **JSON).json["data"]["ledger"]["position"])


def test_ctrl_c_ends_it_in_a_sentence(tmp_path: Path) -> None:
    """Exit code 130, what it said at the start, one sentence at the end, no traceback."""
    with served(demo_store(tmp_path)) as server:
        code, said = server.stop()
    assert code == 130
    begun, users, ended = said.splitlines()
    assert f"{server.url}/ (Ctrl-C ends it)" in begun
    assert "No users" in users
    assert ended.startswith("Stopped.")


def test_ctrl_c_waits_for_no_one_long(tmp_path: Path) -> None:
    """A body that never comes is told 503 after some seconds; no traceback."""
    with served(demo_store(tmp_path)) as server, socket.create_connection((HOST, server.port), timeout=60) as slow:
        slow.sendall(b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{")
        assert position(server) > 0
        code, said = server.stop()
        assert slow.recv(20).startswith(b"HTTP/1.1 503")
    assert code == 130
    assert "Traceback" not in said
    assert said.splitlines()[-1].startswith("Stopped.")


def test_a_port_that_is_taken_is_told(running: Running) -> None:
    """Exit code 1 and what to do, before the store is opened."""
    port = running.server.port
    ran = suyuan("serve", "--port", str(port), "--store", running.store)
    assert ran.code == 1
    assert f"port {port} of {HOST} cannot be listened on: something listens there already" in ran.err
    assert "--port 8001" in ran.err
    assert "Traceback" not in ran.err


def test_what_another_process_loads_is_answered_at_once(running: Running, tmp_path: Path) -> None:
    """A load beside the server needs no restart, and the next answer is of it."""
    events = write_lines(tmp_path / "more.ndjson", [commissioned(number) for number in range(3)])
    before = position(running.server)
    assert suyuan("load", str(events), "--store", running.store).code == 0
    assert position(running.server) == before + 3
