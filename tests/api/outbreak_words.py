"""The shipped outbreak in a few words, and records that go beside it. In: numbers, a path. Out: events, files."""

from __future__ import annotations

import json
from pathlib import Path

from api.demo import outbreak
from tests.api.conftest import Ran

STORE_Y = "urn:epc:id:sgln:9521105.00001.0"


STORE_Z = "urn:epc:id:sgln:9521106.00001.0"


DAIRY = "urn:epc:id:sgln:9521103.00001.0"


SPRAY_DRYING = "urn:uuid:20170803-0007-4000-8000-000009521103"


BAD_EVENT = {"type": "ObjectEvent", "eventTime": "2026-01-01T08:00:00Z", "eventTimeZoneOffset": "+00:00"}


def events() -> list[dict[str, object]]:
    """The events of the shipped outbreak."""
    document = json.loads(outbreak().read_text(encoding="utf-8"))
    found: list[dict[str, object]] = document["epcisBody"]["eventList"]
    return found


def commissioned(number: int) -> dict[str, object]:
    """A lot of its own begins."""
    return {
        "type": "ObjectEvent",
        "action": "ADD",
        "bizStep": "commissioning",
        "eventTime": "2026-01-01T08:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "readPoint": {"id": STORE_Y},
        "quantityList": [{"epcClass": f"urn:epc:class:lgtin:9521103.000900.L{number}", "quantity": 1}],
    }


def write_lines(path: Path, records: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def items_of(ran: Ran) -> dict[str, str]:
    """The items of a trace, with their certainty."""
    return {item["id"]: item["certainty"] for item in ran.json["items"]}
