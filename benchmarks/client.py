"""A client of a server. In: a port. Out: what GraphQL answers, and what becomes of captures; `RuntimeError` else."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Sequence
from typing import Any

from api.generate.record import Json
from tests.api.served import HOST

LONGEST = 120.0
"""Seconds until an answer is given up."""
BETWEEN = 0.02
"""Seconds between two looks at a capture job."""


class Client:
    """A connection that is kept."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=LONGEST)

    def ask(self, query: str, **variables: object) -> Any:
        """What GraphQL answers."""
        told = json.loads(self._post("/graphql", {"query": query, "variables": variables}, 200)[1])
        if "errors" in told:
            raise RuntimeError(str(told))
        return told["data"]

    def capture(self, events: Sequence[Json]) -> int:
        """Events captured by EPCIS REST, once their job has ended; how many were accepted."""
        document = {
            "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-01-01T00:00:00Z",
            "epcisBody": {"eventList": events},
        }
        where = self._post("/capture", document, 202)[0]
        while (job := self._job(where))["running"]:
            time.sleep(BETWEEN)
        if not job["success"]:
            raise RuntimeError(str(job))
        return int(job["accepted"])

    def close(self) -> None:
        """End it."""
        self._connection.close()

    def _job(self, where: str) -> Any:
        self._connection.request("GET", where)
        return json.loads(self._answer(200)[1])

    def _post(self, path: str, given: object, status: int) -> tuple[str, bytes]:
        self._connection.request("POST", path, json.dumps(given), {"content-type": "application/json"})
        return self._answer(status)

    def _answer(self, status: int) -> tuple[str, bytes]:
        answer = self._connection.getresponse()
        told = answer.read()
        if answer.status != status:
            raise RuntimeError(f"{answer.status} {told[:300]!r}")
        return answer.getheader("location", ""), told
