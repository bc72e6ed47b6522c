"""What schemathesis is told of our paths, and a check of ours (`SCHEMATHESIS_HOOKS`).

Values that are there are asked for as often as others, and no webhook leads away from this machine.
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

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
