"""Events written out again: as they came, alone, in lines and in one document."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from graph_schema.event import Event
from loaders.document_writer import export_event, write_document, write_lines
from loaders.epcis import load_paths, load_stream
from loaders.json_text import canonical_json
from loaders.outcome import Accepted, Noted, Outcome
from tests.loaders import others
from tests.loaders.sample import CONTEXT, LGTIN, document, event, load, only

_CREATED = "2026-01-06T00:00:00Z"
_OWN = {"ex": "https://example.org/"}


def _events(outcomes: list[Outcome]) -> list[Event]:
    return [outcome.event for outcome in outcomes if isinstance(outcome, Accepted)]


def _reloaded(data: bytes) -> list[Event]:
    return _events(list(load_stream(io.BytesIO(data), "again")))


def test_export_is_what_came() -> None:
    """An event leaves as it came: extensions, unknown fields, and the text of its numbers."""
    made = event(**{"ex:own": {"deep": [1, "x", None]}, "@context": _OWN})
    raw = json.dumps(made).replace('"x"', "10.00").encode()
    (read,) = _events(load(raw))
    assert export_event(read)["ex:own"] == {"deep": [1, Decimal("10.00"), None]}
    assert str(export_event(read)["ex:own"]["deep"][1]) == "10.00"
    assert read.body == raw


def test_fields_by_name() -> None:
    """What the loader does not need stays within reach: sensors, certificates, lasting dispositions, extensions."""
    made = event(
        action="ADD",
        sensorElementList=[{"sensorReport": [{"type": "Temperature", "value": 4.20}]}],
        certificationInfo="https://example.org/cert/1",
        persistentDisposition={"set": ["recalled"]},
        ilmd={"ex:grade": "A"},
        **{"ex:own": 1, "https://example.org/whole": 2},
    )
    (read,) = _events(load(document(made)))
    assert read.sensor_elements == [{"sensorReport": [{"type": "Temperature", "value": Decimal("4.2")}]}]
    assert read.certification == ("https://example.org/cert/1",)
    assert read.persistent_disposition == {"set": ["recalled"]}
    assert read.ilmd == {"ex:grade": "A"}
    assert read.extensions == {"ex:own": 1, "https://example.org/whole": 2}
    (plain,) = _events(load(document(event())))
    assert (plain.sensor_elements, plain.certification, plain.persistent_disposition) == ([], (), {})
    assert (plain.ilmd, plain.extensions) == ({}, {})


@pytest.mark.parametrize("odd", [7, [CONTEXT[0], 7], [CONTEXT[0], _OWN, _OWN], [CONTEXT[0], "no address"], [[_OWN]]])
def test_an_odd_context_does_not_shut_the_way_back(odd: Any) -> None:
    """An event of a document whose context is odd in parts loads, and what is written of it loads again."""
    before = only(document(event(), **{"@context": odd}))
    assert isinstance(before, Accepted)
    (after,) = load(b"".join(write_lines([before.event])))
    assert isinstance(after, Accepted)
    assert after.event.body_hash == before.event.body_hash


def test_what_is_no_context_is_noted() -> None:
    """A part of a context that is neither address nor object is passed over and told, its events read all the same."""
    outcomes = load(document(event(), **{"@context": [*CONTEXT, 7]}))
    assert [finding.field for noted in outcomes if isinstance(noted, Noted) for finding in noted.findings] == [
        "/@context"
    ]
    assert len(_events(outcomes)) == 1


def test_context_goes_with_the_event() -> None:
    """What two documents mean by one prefix stays apart when their events are written into one."""
    made = event(**{"ex:own": 1})
    one = document(made, **{"@context": [*CONTEXT, _OWN]})
    other = document(
        made | {"eventID": "urn:example:event:2"}, **{"@context": [*CONTEXT, {"ex": "https://other.org/"}]}
    )
    events = _events(load(one)) + _events(load(other)) + _events(load(document(event())))
    written = json.loads(b"".join(write_document(events, created=_CREATED)))
    assert [made.get("@context") for made in written["epcisBody"]["eventList"]] == [
        [*CONTEXT, _OWN],
        [*CONTEXT, {"ex": "https://other.org/"}],
        None,
    ]


@pytest.mark.parametrize("form", ["document", "lines"])
def test_written_events_are_the_same_events(form: str) -> None:
    """Events written and read again have the same ids and bodies: loading them twice adds nothing."""
    own = {"@context": {"more": "https://example.org/more/"}, "more:x": 1}
    events = _events(
        load(document(event(**{"ex:own": 1.50}), event("AggregationEvent", **own), **{"@context": [*CONTEXT, _OWN]}))
    ) + _events(load(event(quantityList=[{"epcClass": LGTIN, "quantity": 5}])))
    pieces = write_lines(events) if form == "lines" else write_document(events, created=_CREATED)
    again = _reloaded(b"".join(pieces))
    assert [(e.id, e.body_hash, e.whats) for e in again] == [(e.id, e.body_hash, e.whats) for e in events]
    twice = write_lines(again) if form == "lines" else write_document(again, created=_CREATED)
    assert [e.body_hash for e in _reloaded(b"".join(twice))] == [e.body_hash for e in events]


def test_no_events() -> None:
    """A document without events is a document."""
    assert load(b"".join(write_document([], created=_CREATED))) == []


@pytest.mark.corpora
def test_written_document_is_valid(corpora: Path) -> None:
    """All events of GS1's examples, written as one document, hold the schema of GS1 and are the same events again."""
    paths = [p for p in others.files(corpora, "gs1-epcis") if "JSON" in p.parts]
    events = _events(list(load_paths(paths)))
    assert len(events) > 20
    data = b"".join(write_document(events, created=_CREATED))
    schema = json.loads((corpora / "gs1-epcis" / "EPCIS-JSON-Schema.json").read_text())
    jsonschema_rs.validator_for(schema, validate_formats=True).validate(json.loads(data))
    again = _reloaded(data)
    assert [e.body_hash for e in again] == [e.body_hash for e in events]
    for before, after in zip(events, again, strict=True):
        fields = {name: value for name, value in export_event(after).items() if name != "@context"}
        assert canonical_json(fields) == canonical_json(
            {name: value for name, value in export_event(before).items() if name != "@context"}
        )
