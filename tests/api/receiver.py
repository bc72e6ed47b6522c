"""A receiver of webhooks, as subscribers have one. In: how it answers. Out: all that came, in order."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from lxml import etree

from tests.neo4j_server.port import free_port

PATIENCE = 60
"""Seconds after which what is waited for is held not to come."""


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it does not come to hold"
        time.sleep(0.02)


@dataclass(frozen=True, slots=True)
class Got:
    """One request, and how it was answered."""

    path: str
    headers: dict[str, str]
    body: bytes
    status: int

    @property
    def document(self) -> dict[str, Any]:
        """The EPCISQueryDocument."""
        told: dict[str, Any] = json.loads(self.body)
        return told

    @property
    def results(self) -> dict[str, Any]:
        """Its results."""
        found: dict[str, Any] = self.document["epcisBody"]["queryResults"]
        return found

    @property
    def numbers(self) -> list[int]:
        """The numbers of its events, as tests number them, in JSON or XML."""
        if self.headers["Content-Type"] == "application/xml":
            return [int(found.text[-12:]) for found in etree.fromstring(self.body).iter("eventID")]
        return [int(event["eventID"][-12:]) for event in self.results["resultsBody"]["eventList"]]


@dataclass
class Receiver:
    """Listens on loopback, always on the same port; `status` says how the next requests are answered."""

    status: Callable[[], int] = lambda: 200
    headers: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    got: list[Got] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook?of=us"

    @property
    def taken(self) -> list[int]:
        """The numbers of the events that it took, in order."""
        return [number for one in self.got if one.status // 100 == 2 for number in one.numbers]

    def __enter__(self) -> Receiver:
        self.start()
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Listen."""
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Be gone."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def wait(self, until: Callable[[Receiver], bool]) -> None:
        """Until something holds of it."""
        with self._changed:
            assert self._changed.wait_for(lambda: until(self), PATIENCE), [
                (one.status, one.numbers) for one in self.got
            ]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Take a document, or refuse it."""
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.status()
                with receiver._changed:
                    receiver.got.append(Got(self.path, dict(self.headers.items()), body, status))
                    receiver._changed.notify_all()
                self.send_response(status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
                """Say nothing."""

        return Handler
