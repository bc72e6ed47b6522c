"""A server over a store of its own, asked in this process over HTTP as clients of EPCIS 2.0 do."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from api.capture_document import CaptureLimits
from api.http.app import app_of
from api.http.service import Service, open_service
from api.http.targets import Targets

BASE = "http://localhost"
JSON = {"Content-Type": "application/json"}


def event(number: int, **fields: Any) -> dict[str, Any]:
    """An event of one instance by its number, a minute after the one before."""
    return {
        "type": "ObjectEvent",
        "eventID": f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
        "eventTime": f"2026-01-05T{8 + number // 60:02d}:{number % 60:02d}:00+02:00",
        "eventTimeZoneOffset": "+02:00",
        "epcList": [f"urn:epc:id:sgtin:9521321.000000.{number}"],
        "action": "OBSERVE",
        "bizStep": "shipping",
        **fields,
    }


def document(*events: dict[str, Any], **more: Any) -> bytes:
    """An EPCISDocument."""
    whole = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-05T08:00:00Z",
        "epcisBody": {"eventList": list(events)},
        **more,
    }
    return json.dumps(whole).encode()


class Client:
    """A client of the REST interface."""

    def __init__(self, service: Service, http: TestClient) -> None:
        self.service = service
        self.http = http

    def post(self, path: str, content: bytes, **headers: str) -> Response:
        """Send JSON."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.post(path, content=content, headers=JSON | named)

    def get(self, path: str, headers: dict[str, str] | None = None, **parameters: Any) -> Response:
        """Ask."""
        return self.http.get(path, params=parameters, headers=headers or {})

    def ended(self, accepted: Response) -> dict[str, Any]:
        """The job that a capture leads to, once it has ended."""
        assert accepted.status_code == 202, accepted.text
        until = time.monotonic() + 20
        while time.monotonic() < until:
            job: dict[str, Any] = self.http.get(accepted.headers["Location"]).json()
            if not job["running"]:
                return job
            time.sleep(0.01)
        raise AssertionError(f"the job still runs: {job}")

    def capture(self, *events: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Capture events, and wait."""
        job = self.ended(self.post("/capture", document(*events, **more)))
        assert job["success"], job
        return job


def problem(answer: Response, status: int, name: str) -> str:
    """What a refusal says; checked to be a problem of this exception."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert (told["type"], told["status"]) == (f"epcisException:{name}", status)
    return str(told["detail"])


Serving = Callable[[CaptureLimits], Client]


@contextmanager
def served(folder: Path, limits: CaptureLimits, targets: Targets | None = None) -> Iterator[Client]:
    """A client of a server over the store in a folder, empty at first."""
    location = f"sqlite:{folder / 's.db'}"
    with (
        open_service(location, to_write=True, limits=limits, targets=targets) as service,
        TestClient(app_of(service), base_url=BASE) as http,
    ):
        yield Client(service, http)


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    """Serves one store under given limits."""
    with ExitStack() as stack:
        yield lambda limits: stack.enter_context(served(tmp_path, limits))


@pytest.fixture
def client(serving: Serving) -> Client:
    """A client of a server with the usual limits."""
    return serving(CaptureLimits())
