"""Long chains as files to load. In: how many steps. Out: EPCIS events, one a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

START = datetime(2026, 1, 1, tzinfo=UTC)
CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
PLANT = "urn:epc:id:sgln:0614141.00001.0"


def lot(name: object) -> str:
    """A lot by its number."""
    return f"urn:epc:class:lgtin:0614141.100001.{name}"


def made_of(number: int, source: str, product: str) -> dict[str, Any]:
    """The step of a number: all of a lot becomes another, a minute after the step before."""
    amount = {"quantity": 10, "uom": "KGM"}
    return {
        "@context": CONTEXT,
        "type": "TransformationEvent",
        "eventID": f"urn:uuid:00000000-0000-4000-8000-{number:012}",
        "eventTime": (START + timedelta(minutes=number)).isoformat(),
        "eventTimeZoneOffset": "+00:00",
        "readPoint": {"id": PLANT},
        "inputQuantityList": [{"epcClass": source, **amount}],
        "outputQuantityList": [{"epcClass": product, **amount}],
    }


def chain(steps: int) -> Iterator[dict[str, Any]]:
    """Lot 0 becomes lot 1, which becomes lot 2 and so on."""
    return (made_of(number, lot(number), lot(number + 1)) for number in range(steps))


def rework(rounds: int) -> Iterator[dict[str, Any]]:
    """Lot A becomes lot B, and what of it is not good becomes lot A again, round after round."""
    names = ("A", "B")
    return (made_of(number, lot(names[number % 2]), lot(names[1 - number % 2])) for number in range(2 * rounds))


def write(path: Path, events: Iterable[dict[str, Any]]) -> Path:
    """The events as a file, one a line."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(event) + "\n" for event in events)
    return path
