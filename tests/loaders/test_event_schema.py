"""Our schema beside that of GS1: what either refuses, over the events of others and mutants of them."""

from __future__ import annotations

import copy
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from graph_schema.errors import InvalidEvent
from graph_schema.vocabulary import Kind, cbv_word
from loaders.epcis_event import read_event
from loaders.event_schema import TOLERANCES
from loaders.findings import REFUSAL, Findings
from loaders.json_text import decode_exact
from loaders.jsonld_context import NO_CONTEXT
from loaders.limits import Limits
from loaders.outcome import Finding
from tests.loaders import others
from tests.loaders.sample import CONTEXT, EVENTS, event

Json = dict[str, Any]
MUTANTS = 4000

STRICTER: dict[str, str] = {
    r"/type": "EPCIS 2.0 §7.4: an event of a type of one's own names its goods in fields nobody knows",
    r"/parentID": "EPCIS 2.0 §7.4.3: a parent is needed to add or delete, and is not its own child",
    r"/\w+/\d+/quantity": "EPCIS 2.0 §7.3.3.3: no quantity is below zero",
    r"/errorDeclaration/correctiveEventIDs": "EPCIS 2.0 §7.4.1.3: an event does not correct itself",
}
"""Fields for which we refuse what the schema of GS1 lets pass, and the clause that asks for it."""


@pytest.fixture(scope="module")
def gs1(corpora: Path) -> jsonschema_rs.Draft7Validator:
    """The schema of GS1 for one event of a document."""
    schema = json.loads((corpora / "gs1-epcis" / "EPCIS-JSON-Schema.json").read_text())
    schema["allOf"] = [{"$ref": "#/definitions/EPCIS-Document-Event"}]
    return jsonschema_rs.Draft7Validator(schema, validate_formats=True)


@pytest.fixture(scope="module")
def events(corpora: Path) -> list[Json]:
    """Every distinct event of others, and one of each type of ours."""
    found = [made for path in others.files(corpora) for made in others.events_of(path)]
    distinct = {json.dumps(made, sort_keys=True): made for made in found}
    return [*distinct.values(), *map(event, EVENTS)]


def _findings(made: Json) -> tuple[Finding, ...]:
    raw = json.dumps(made).encode()
    findings = Findings()
    read_event(decode_exact(raw), raw, NO_CONTEXT, Limits(), findings)
    return tuple(findings.all)


@pytest.mark.corpora
def test_events_of_others(gs1: jsonschema_rs.Draft7Validator, events: list[Json]) -> None:
    """Every event of others is refused by both schemas or by neither, save for the listed rules."""
    assert len(events) > 150
    tally = Counter(_compare(gs1, made) for made in events)
    assert tally["both accept"] > 100
    assert tally["looser"] > 5


@pytest.mark.corpora
def test_mutants(gs1: jsonschema_rs.Draft7Validator, events: list[Json]) -> None:
    """Every event with one thing changed is refused by both schemas or by neither, save for the listed rules."""
    draw = random.Random(2)
    small = [made for made in events if len(json.dumps(made)) < 4000]
    tally = Counter(_compare(gs1, _mutant(draw.choice(small), draw)) for _ in range(MUTANTS))
    assert tally["both refuse"] > MUTANTS / 4
    assert tally["both accept"] > MUTANTS / 10
    assert tally["stricter"] > 5
    assert tally["looser"] > MUTANTS / 20


def _compare(gs1: jsonschema_rs.Draft7Validator, made: Json) -> str:
    """How the two verdicts stand; fails where no listed rule explains a difference."""
    findings = _findings(made)
    refusals = [finding for finding in findings if finding.severity == REFUSAL]
    theirs = gs1.is_valid(made)
    if theirs and refusals:
        unlisted = [f for f in refusals if not any(re.fullmatch(field, f.field) for field in STRICTER)]
        # Under a type of one's own, the schema of GS1 looks at no other field.
        assert not unlisted or ":" in str(made.get("type")), (made, unlisted)
        return "stricter"
    if not theirs and not refusals:
        repaired = _repaired(made)
        assert gs1.is_valid(repaired), (made, [(e.message, e.instance_path) for e in gs1.iter_errors(repaired)])
        return "looser"
    return "both accept" if theirs else "both refuse"


def _repaired(made: Json) -> Json:
    """The event with every listed departure undone; that GS1 accepts it shows that nothing else was wrong."""
    repaired = copy.deepcopy(made)
    for repair in _REPAIRS:
        repair(repaired)
    return repaired


def _drop(*names: str) -> Callable[[Json], None]:
    def repair(made: Json) -> None:
        for name in names:
            made.pop(name, None)

    return repair


def _drop_sensors(made: Json) -> None:
    """A sensor event keeps its form: one plain report."""
    if "sensorElementList" in made:
        made["sensorElementList"] = [{"sensorReport": [{"type": "Temperature"}]}] if made["sensorElementList"] else []


def _bare_words(made: Json) -> None:
    """Words in any spelling of the standard's are written bare; empty ones are left out."""
    for holder, name, kind in _word_places(made):
        if holder.get(name) == "":
            del holder[name]
        elif isinstance(text := holder.get(name), str):
            try:
                holder[name] = cbv_word(kind, text)
            except InvalidEvent:
                continue


def _word_places(made: Json) -> Iterator[tuple[Json, str, Kind]]:
    yield made, "bizStep", Kind.BIZ_STEP
    yield made, "disposition", Kind.DISPOSITION
    if isinstance(declaration := made.get("errorDeclaration"), dict):
        yield declaration, "reason", Kind.ERROR_REASON
    lists = {
        "bizTransactionList": Kind.BIZ_TRANSACTION_TYPE,
        "sourceList": Kind.SOURCE_DEST_TYPE,
        "destinationList": Kind.SOURCE_DEST_TYPE,
    }
    for name, kind in lists.items():
        yield from ((entry, "type", kind) for entry in made.get(name, ()))


def _plain_times(made: Json) -> None:
    """A moment of the clock where the event was is written with an offset; the offset is there."""
    made.setdefault("eventTimeZoneOffset", "+00:00")
    made["eventTime"] = "2026-01-05T08:30:00Z"
    if isinstance(declaration := made.get("errorDeclaration"), dict):
        declaration["declarationTime"] = "2026-01-05T08:30:00Z"


def _each_once(made: Json) -> None:
    for name in ("epcList", "inputEPCList", "outputEPCList"):
        if name in made:
            made[name] = list(dict.fromkeys(made[name]))


def _drop_units(made: Json) -> None:
    for name in ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"):
        for entry in made.get(name, ()):
            entry.pop("uom", None)


def _plain_transformation(made: Json) -> None:
    if "transformationID" in made:
        made["transformationID"] = "urn:example:run:1"


def _plain_context(made: Json) -> None:
    if "@context" in made:
        made["@context"] = CONTEXT


def _some_transaction(made: Json) -> None:
    if made.get("type") == "TransactionEvent" and not made.get("bizTransactionList"):
        made["bizTransactionList"] = [{"bizTransaction": "urn:example:despatch:1"}]


def _event_id(made: Json) -> None:
    """JSON-LD's own name for eventID (EPCIS 2.0 §10.1: an alias)."""
    made.pop("id", None)


_REPAIRS = (
    _drop("persistentDisposition", "recordTime"),
    _drop_sensors,
    _bare_words,
    _plain_times,
    _each_once,
    _drop_units,
    _plain_transformation,
    _some_transaction,
    _plain_context,
    _event_id,
)


def test_every_tolerance_is_used() -> None:
    """Each line of tolerances.yaml makes a difference for some event: none is there in vain."""
    own = {"@context": [{"ex": "https://example.org/"}]}
    quantity = [{"epcClass": "urn:example:c", "quantity": 1, "uom": "kg"}]
    lists = {"inputEPCList": ["a:b", "a:b"], "outputEPCList": ["a:c", "a:c"]}
    samples = [
        event(sensorElementList=[{}]),
        event("AggregationEvent", persistentDisposition={"set": []}),
        event(persistentDisposition={"set": []}),
        event(eventTimeZoneOffset=None),
        event(recordTime=7),
        event(epcList=["a:b", "a:b"]),
        event("TransformationEvent", inputQuantityList=None, **lists),
        event(quantityList=quantity),
        event("TransformationEvent", transformationID="run 1"),
        event("TransactionEvent", bizTransactionList=None),
        event(**{"@context": [7]}),
        event(ownWord=1, **own),
        event(action="ADD", ilmd={"ownWord": 1}, **own),
    ]
    told: set[str] = set()
    for made in samples:
        findings = Findings()
        raw = json.dumps(made).encode()
        assert read_event(decode_exact(raw), raw, NO_CONTEXT.with_event(made), Limits(), findings), findings.all
        told |= {finding.remedy for finding in findings.all}
    assert {f"Accepted: {tolerance.why}." for tolerance in TOLERANCES} <= told


_JUNK: tuple[Any, ...] = (
    None, True, 7, -1, 2.5, "", "x", "a b", "urn:example:x", "2026-01-05", "2026-01-05T08:30:00", [], {}, ["x"],
    ["urn:example:x", "urn:example:x"], [{}], "shipping", "urn:epcglobal:cbv:bizstep:shipping",
    "https://ref.gs1.org/cbv/BizStep-shipping", "did_not_occur", "kg", "KGM", "DELETE", "OBSERVE", "+99:00",
)  # fmt: skip
_NAMES = ("note", "ex:note", "epclist", "id", "parentID", "ilmd", "weight", "transformationID", "sensorElementList")


def _mutant(made: Json, draw: random.Random) -> Json:
    """The event with one thing changed somewhere: left out, replaced, doubled, renamed or put in."""
    mutant = copy.deepcopy(made)
    holder: Any = draw.choice(list(_holders(mutant)))
    if isinstance(holder, list):
        _mutate_list(holder, draw)
    else:
        _mutate_object(holder, draw)
    return mutant


def _holders(value: Any) -> Iterator[Any]:
    """Every object and every list with something in it."""
    if isinstance(value, dict | list) and value:
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _holders(inner)


def _mutate_list(holder: list[Any], draw: random.Random) -> None:
    place = draw.randrange(len(holder))
    match draw.randrange(3):
        case 0:
            del holder[place]
        case 1:
            holder[place] = draw.choice(_JUNK)
        case _:
            holder.append(copy.deepcopy(holder[place]))


def _mutate_object(holder: Json, draw: random.Random) -> None:
    name = draw.choice(list(holder))
    match draw.randrange(4):
        case 0:
            del holder[name]
        case 1:
            holder[name] = draw.choice(_JUNK)
        case 2:
            holder[draw.choice((name.upper(), name + "s"))] = holder.pop(name)
        case _:
            holder[draw.choice(_NAMES)] = draw.choice(_JUNK)
