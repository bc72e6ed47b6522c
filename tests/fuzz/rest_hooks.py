"""What schemathesis is told of our paths, and a check of ours (`SCHEMATHESIS_HOOKS`).

Values that are there are asked for as often as others, and no webhook leads away from this machine.
"""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urljoin
from zlib import crc32

import httpx2
import schemathesis

from api.demo import BAD_TANK, COMPLAINED
from tests.api.rest.requests.running import DEST

VALUES = [
    BAD_TANK,
    COMPLAINED,
    "urn:epc:id:sgln:9521105.00001.0",
    "shipping",
    "in_transit",
    "ObjectEvent",
    "奶",
    "a/b",
    "%",
]


@schemathesis.hook
def map_path_parameters(_: schemathesis.HookContext, given: dict[str, Any] | None) -> dict[str, Any] | None:
    """Every other one is one that is there; which, what was made up decides, so that it can be made again."""
    if given is None:
        return None
    chosen = crc32(repr(sorted(given.items())).encode())
    return dict.fromkeys(given, VALUES[chosen // 2 % len(VALUES)]) if chosen % 2 else given


@schemathesis.hook
def map_body(context: schemathesis.HookContext, body: Any) -> Any:
    """Where a webhook would lead, nothing listens, on this machine."""
    if isinstance(body, dict) and isinstance(body.get("dest"), str):
        return {**body, "dest": DEST}
    return body


@schemathesis.check
def no_fault_of_ours(_: object, response: schemathesis.Response, __: object) -> None:
    """No 5xx but what is not done, never a traceback."""
    assert response.status_code < 500 or response.status_code == 501, response.text
    assert "Traceback" not in response.text


@schemathesis.check
def told_by_its_job(_: object, response: schemathesis.Response, case: schemathesis.Case[Any]) -> None:
    """What a capture takes ends; a document that breaks the schema ends with the events that are refused (§12.6.1)."""
    if response.status_code != 202:
        return
    job = _ended(urljoin(str(response.request.url), response.headers["location"][0]))
    assert job["success"] == (not job["errors"]), job
    assert case.meta is not None
    assert job["errors"] or not case.meta.generation.mode.is_negative, job


def _ended(url: str) -> dict[str, Any]:
    """A capture job that has come to its end."""
    while (job := httpx2.get(url).raise_for_status().json())["running"]:
        time.sleep(0.02)
    return dict(job)
