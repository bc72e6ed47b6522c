"""Whoever watches a server is answered at once, whatever its store is busy with."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from pathlib import Path

import httpx2
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.http.health import health_routes
from api.http.service import open_service
from api.session import open_session
from tests.api.served import HOST, Served, demo_store, readable, served

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
            answered = readable([one.sock for one in waiting], 0)
        assert (ready.status_code, ready.json()["status"], answered) == (200, "ready", [])
        assert {one.getresponse().status for one in waiting} <= {201, 503}
        for one in waiting:
            one.close()


def test_a_store_that_takes_too_long_is_not_ready(tmp_path: Path) -> None:
    """503, and alive; no store answers in no time at all."""
    app = FastAPI()
    with open_service(demo_store(tmp_path), to_write=False) as service:
        app.include_router(health_routes(service, longest=0.0))
        with TestClient(app) as client:
            assert client.get("/readyz").status_code == 503
            assert client.get("/healthz").status_code == 200


def _begun(server: Served, number: int) -> HTTPConnection:
    """A request to keep a query, which is sent and not yet answered."""
    connection = HTTPConnection(HOST, server.port, timeout=60)
    content = json.dumps({"name": f"q{number}", "query": {}})
    connection.request("POST", "/queries", content, {"Content-Type": "application/json"})
    return connection
