"""The EPCIS JSON that others wrote, from the shared corpora: files, documents and single events."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

FOLDERS = (
    "gs1-epcis",
    "openepcis-test-resources",
    "openepcis-testdata-generator",
    "openepcis-converter",
    "openepcis-hash",
    "openepcis-validation",
    "epcis2js",
    "eecc-sanitisation",
    "ralphtro-hash",
    "ift-gftc-opentraceability",
)


def files(corpora: Path, *folders: str) -> list[Path]:
    """Every JSON file below these folders, by name."""
    found = [path for folder in folders or FOLDERS for path in (corpora / folder).rglob("*.json*")]
    return sorted(path for path in found if path.is_file())


def events_of(path: Path, parse_float: Callable[[str], Any] = float) -> list[dict[str, Any]]:
    """The events of a file as another JSON reader sees them; none where it holds no EPCIS or no JSON."""
    try:
        value = json.loads(path.read_text("utf-8-sig"), parse_float=parse_float)
    except ValueError:
        return []
    return events_in(value)


def events_in(value: Any) -> list[dict[str, Any]]:
    """The events of a decoded document, query document, array or bare event."""
    return list(_events(value))


def _events(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for element in value:
            yield from _events(element)
    elif isinstance(value, dict) and isinstance(body := value.get("epcisBody"), dict):
        results = body.get("queryResults", {}).get("resultsBody", {})
        yield from (*body.get("eventList", ()), *results.get("eventList", ()))
        if "event" in body:
            yield body["event"]
    elif isinstance(value, dict) and str(value.get("type")).endswith("Event") and "eventTime" in value:
        yield value
