"""Whoever watches a server is answered at once, whatever its store is busy with."""

from __future__ import annotations

import json
import select
from http.client import HTTPConnection
from pathlib import Path

import httpx2

from api.session import open_session
from tests.api.served import HOST, Served, demo_store, served

MORE_THAN_THREADS = 40
"""Requests that wait, more than a server has threads for."""


def test_neither_waits_for_a_write_nor_behind_requests_that_do(tmp_path: Path) -> None:
    """Another process holds the store, and every thread of the server waits for it."""
    location = demo_store(tmp_path)
    with served(location) as server, open_session(location, to_write=True) as other:
        with other.store.transaction():
            waiting = [_begun(server, number) for number in range(MORE_THAN_THREADS)]
            assert httpx2.get(f"{server.url}/healthz", timeout=60).json() == {"status": "ok"}
            ready = httpx2.get(f"{server.url}/readyz", timeout=60)
            answered, _, _ = select.select([one.sock for one in waiting], [], [], 0)
        assert (ready.status_code, ready.json()["status"], answered) == (200, "ready", [])
        assert {one.getresponse().status for one in waiting} <= {201, 503}
        for one in waiting:
            one.close()


def _begun(server: Served, number: int) -> HTTPConnection:
    """A request to keep a query, which is sent and not yet answered."""
    connection = HTTPConnection(HOST, server.port, timeout=60)
    content = json.dumps({"name": f"q{number}", "query": {}})
    connection.request("POST", "/queries", content, {"Content-Type": "application/json"})
    return connection
