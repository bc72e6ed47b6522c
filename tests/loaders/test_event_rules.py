"""What is refused, and what is a warning: a table of events with one thing wrong."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from loaders.outcome import Accepted, Rejected
from tests.loaders.sample import EVENTS, LGTIN, SGLN, SGTIN, SSCC, document, event, fields, only

_SAME_CLASS = "https://id.gs1.org/01/09521321123458"
_OWN_CONTEXT = {"@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld", {"ex": "https://ex.org/"}]}

REFUSED: list[tuple[str, str, dict[str, Any]]] = [
    ("ObjectEvent", "/type", {"type": "ShipmentEvent"}),
    ("ObjectEvent", "/type", {"type": 7}),
    ("ObjectEvent", "/type", {"type": None}),
    ("ObjectEvent", "/eventTime", {"eventTime": None}),
    ("ObjectEvent", "/eventTime", {"eventTime": "22-07-2026"}),
    ("ObjectEvent", "/eventTime", {"eventTime": 1767573000}),
    ("ObjectEvent", "/eventTime", {"eventTime": "2026-01-05T08:30:00", "eventTimeZoneOffset": None}),
    ("ObjectEvent", "/eventTime", {"eventTime": "2026-01-05", "eventTimeZoneOffset": None}),
    ("ObjectEvent", "/eventTimeZoneOffset", {"eventTimeZoneOffset": "+25:00"}),
    ("ObjectEvent", "/eventTimeZoneOffset", {"eventTimeZoneOffset": "CET"}),
    ("ObjectEvent", "/action", {"action": None}),
    ("ObjectEvent", "/action", {"action": "CREATE"}),
    ("ObjectEvent", "/bizStep", {"bizStep": "transforming"}),
    ("ObjectEvent", "/bizStep", {"bizStep": "urn:epcglobal:cbv:bizstep:transforming"}),
    ("ObjectEvent", "/disposition", {"disposition": "in_transport"}),
    ("ObjectEvent", "/epcList", {"epcList": None}),
    ("ObjectEvent", "/epcList", {"epcList": SGTIN}),
    ("ObjectEvent", "/epcList/0", {"epcList": ["0952132101234"]}),
    ("ObjectEvent", "/epcList/1", {"epcList": [SGTIN, 7]}),
    ("ObjectEvent", "/quantityList/0/epcClass", {"quantityList": [{"quantity": 5}]}),
    ("ObjectEvent", "/quantityList/0/weight", {"quantityList": [{"epcClass": LGTIN, "weight": 5}]}),
    ("ObjectEvent", "/quantityList/0/quantity", {"quantityList": [{"epcClass": LGTIN, "quantity": -1}]}),
    ("ObjectEvent", "/quantityList/0/quantity", {"quantityList": [{"epcClass": LGTIN, "quantity": -0.001}]}),
    ("ObjectEvent", "/quantityList/0/quantity", {"quantityList": [{"epcClass": LGTIN, "quantity": "5"}]}),
    ("ObjectEvent", "/quantityList/0/quantity", {"quantityList": [{"epcClass": LGTIN, "quantity": True}]}),
    ("ObjectEvent", "/bizTransactionList/0/type", {"bizTransactionList": [{"type": "x", "bizTransaction": "a:b"}]}),
    ("ObjectEvent", "/bizTransactionList/0/bizTransaction", {"bizTransactionList": [{"type": "po"}]}),
    ("ObjectEvent", "/sourceList/0/type", {"sourceList": [{"type": "place", "source": SGLN}]}),
    ("ObjectEvent", "/sourceList/0/type", {"sourceList": [{"source": SGLN}]}),
    ("ObjectEvent", "/readPoint", {"readPoint": SGLN}),
    ("ObjectEvent", "/readPoint/id", {"readPoint": {}}),
    ("ObjectEvent", "/ilmd", {"ilmd": {"cbvmda:lotNumber": "L1"}}),
    ("ObjectEvent", "/ilmd/materialType", {"action": "ADD", "ilmd": {"materialType": "soil"}}),
    ("ObjectEvent", "/certificationInfo", {"certificationInfo": [{"gs1:certificationAgency": "X"}]}),
    ("ObjectEvent", "/parentID", {"parentID": SSCC}),
    ("ObjectEvent", "/epclist", {"epclist": [SGTIN]}),
    ("ObjectEvent", "/epclist", {"epclist": [SGTIN], **_OWN_CONTEXT}),
    ("ObjectEvent", "/note", {"note": "fragile"}),
    ("ObjectEvent", "/eventID", {"eventID": "event 7"}),
    ("ObjectEvent", "/errorDeclaration/declarationTime", {"errorDeclaration": {}}),
    ("ObjectEvent", "/errorDeclaration/declarationTime", {"errorDeclaration": {"declarationTime": "today"}}),
    (
        "ObjectEvent",
        "/errorDeclaration/reason",
        {"errorDeclaration": {"declarationTime": "2026-01-06T00:00:00Z", "reason": "oops"}},
    ),
    (
        "ObjectEvent",
        "/errorDeclaration/correctiveEventIDs",
        {
            "eventID": "urn:uuid:1",
            "errorDeclaration": {"declarationTime": "2026-01-06T00:00:00Z", "correctiveEventIDs": ["urn:uuid:1"]},
        },
    ),
    ("AggregationEvent", "/parentID", {"parentID": None}),
    ("AggregationEvent", "/parentID", {"parentID": None, "action": "DELETE"}),
    ("AggregationEvent", "/parentID", {"childEPCs": [SGTIN, SSCC]}),
    ("AggregationEvent", "/parentID", {"childEPCs": ["https://example.org/00/095213210000000018"]}),
    ("AggregationEvent", "/childEPCs", {"childEPCs": []}),
    ("AggregationEvent", "/epcList", {"epcList": [SGTIN]}),
    ("TransactionEvent", "/epcList", {"epcList": None}),
    ("TransformationEvent", "/outputEPCList", {"outputEPCList": None}),
    ("TransformationEvent", "/inputEPCList", {"inputQuantityList": None}),
    ("TransformationEvent", "/action", {"action": "ADD"}),
    ("AssociationEvent", "/parentID", {"parentID": None}),
]

WARNED: list[tuple[str, str, dict[str, Any]]] = [
    ("ObjectEvent", "/type", {"type": "urn:example:event:own"}),
    ("ObjectEvent", "/eventTime", {"eventTime": "2026-01-05"}),
    ("ObjectEvent", "/eventTime", {"eventTime": "2026-01-05T08:30:00"}),
    ("ObjectEvent", "/eventTimeZoneOffset", {"eventTimeZoneOffset": None}),
    ("ObjectEvent", "/eventTimeZoneOffset", {"eventTimeZoneOffset": "+01:00"}),
    ("ObjectEvent", "/recordTime", {"recordTime": "yesterday"}),
    ("ObjectEvent", "/disposition", {"disposition": ""}),
    ("ObjectEvent", "/bizStep", {"bizStep": "cbv:BizStep-teleporting"}),
    ("ObjectEvent", "/epcList/0", {"epcList": ["urn:epc:id:sgtin:Batch_1"]}),
    ("ObjectEvent", "/epcList/0", {"epcList": ["https://id.gs1.org/01/09521321123451/21/7"]}),
    ("ObjectEvent", "/epcList/0", {"epcList": [_SAME_CLASS]}),
    ("ObjectEvent", "/epcList", {"epcList": [SGTIN, SGTIN]}),
    ("ObjectEvent", "", {"epcList": []}),
    ("ObjectEvent", "/readPoint/id", {"readPoint": {"id": "urn:epc:id:sgln:home"}}),
    ("ObjectEvent", "/quantityList/0/uom", {"quantityList": [{"epcClass": LGTIN, "quantity": 5, "uom": "kg"}]}),
    ("ObjectEvent", "/note", {"note": "fragile", **_OWN_CONTEXT}),
    ("ObjectEvent", "/ilmd/harvested", {"action": "ADD", "ilmd": {"harvested": "2026"}, **_OWN_CONTEXT}),
    ("ObjectEvent", "/sensorElementList/0/sensorReport", {"sensorElementList": [{}]}),
    ("ObjectEvent", "/sensorElementList/0/sensorReport/0/type",
     {"sensorElementList": [{"sensorReport": [{"type": "Mood"}]}]}),
    ("ObjectEvent", "/epcList/0", {"epcList": [SGLN]}),
    ("ObjectEvent", "/readPoint/id", {"readPoint": {"id": LGTIN}}),
    ("ObjectEvent", "/readPoint/id", {"readPoint": {"id": "urn:epc:id:pgln:9521321.00001"}}),
    ("ObjectEvent", "/bizLocation/id", {"bizLocation": {"id": SSCC}}),
    ("ObjectEvent", "/quantityList/0/epcClass", {"quantityList": [{"epcClass": SGTIN, "quantity": 1}]}),
    ("ObjectEvent", "/quantityList/0/epcClass", {"quantityList": [{"epcClass": SSCC}]}),
    ("ObjectEvent", "/quantityList/0/quantity", {"quantityList": [{"epcClass": LGTIN, "quantity": 0, "uom": "KGM"}]}),
    ("ObjectEvent", "/quantityList/0/quantity", {"quantityList": [{"epcClass": LGTIN, "quantity": 1.5}]}),
    ("ObjectEvent", "/quantityList/0/quantity", {"quantityList": [{"epcClass": LGTIN, "quantity": 1e101}]}),
    ("ObjectEvent", "/quantityList/0/quantity", {"quantityList": [{"epcClass": LGTIN, "quantity": 1e-101}]}),
    ("ObjectEvent", "/quantityList/0/uom", {"quantityList": [{"epcClass": LGTIN, "uom": "KGM"}]}),
    ("AggregationEvent", "/childQuantityList/0/uom", {"childQuantityList": [{"epcClass": LGTIN, "uom": "KGM"}]}),
    ("AggregationEvent", "/persistentDisposition", {"persistentDisposition": {"set": ["recalled"]}}),
    ("TransactionEvent", "/bizTransactionList", {"bizTransactionList": None}),
    ("TransactionEvent", "/bizTransactionList", {"bizTransactionList": []}),
    ("TransformationEvent", "/transformationID", {"transformationID": "7d06ddab-9cb6"}),
]  # fmt: skip

ACCEPTED: list[tuple[str, dict[str, Any]]] = [
    *((kind, {}) for kind in EVENTS),
    ("ObjectEvent", {"bizStep": "urn:example:step:own", "disposition": "https://example.org/own"}),
    ("ObjectEvent", {"epcList": ["urn:example:thing:1"], "readPoint": {"id": "geo:22.3,-94.2"}}),
    ("ObjectEvent", {"eventTime": "2026-01-05T00:30:00Z"}),
    ("ObjectEvent", {"ex:note": {"deep": [1.50]}, **_OWN_CONTEXT}),
    ("ObjectEvent", {"epcList": None, "quantityList": [{"epcClass": LGTIN}]}),
    ("ObjectEvent", {"epcList": None, "quantityList": [{"epcClass": LGTIN, "quantity": 2.0}]}),
    ("AggregationEvent", {"parentID": None, "action": "OBSERVE"}),
    ("AggregationEvent", {"childEPCs": None, "action": "DELETE"}),
    ("TransactionEvent", {"epcList": None, "action": "DELETE"}),
    ("TransformationEvent", {"outputEPCList": None, "transformationID": "urn:example:run:1"}),
    ("AssociationEvent", {"parentID": SGLN}),
]


@pytest.mark.parametrize(("kind", "field", "changes"), REFUSED)
def test_refused(kind: str, field: str, changes: dict[str, Any]) -> None:
    """An event whose goods cannot be followed with what is wrong is refused, and the field is named."""
    outcome = only(document(event(kind, **changes)))
    assert isinstance(outcome, Rejected)
    assert field in fields(outcome, "error")


@pytest.mark.parametrize(("kind", "field", "changes"), WARNED)
def test_warned(kind: str, field: str, changes: dict[str, Any]) -> None:
    """An event whose goods can still be followed is accepted, with a warning that names the field."""
    outcome = only(document(event(kind, **changes)))
    assert isinstance(outcome, Accepted)
    assert fields(outcome, "warning") == {field}


@pytest.mark.parametrize(("kind", "changes"), ACCEPTED)
def test_accepted(kind: str, changes: dict[str, Any]) -> None:
    """What the standard allows is accepted without a word."""
    outcome = only(document(event(kind, **changes)))
    assert isinstance(outcome, Accepted)
    assert outcome.warnings == ()


_MEASURED = {"type": "Temperature", "value": 4, "uom": "CEL"}
_NOON = "2026-01-05T12:00:00+08:00"

SENSORS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("sensorReport/0/sDev", {}, {**_MEASURED, "sDev": 1}),
    ("sensorReport/0/percRank", {}, {**_MEASURED, "percRank": 95}),
    ("sensorReport/0/percValue", {}, {**_MEASURED, "percValue": 5}),
    ("sensorReport/0/uom", {}, {"type": "Temperature", "uom": "CEL"}),
    ("sensorReport/0/component", {}, {"type": "Acceleration", "component": "x", "value": 4}),
    (
        "sensorReport/0/chemicalSubstance",
        {},
        {**_MEASURED, "microorganism": "https://example.org/m", "chemicalSubstance": "https://example.org/c"},
    ),
    ("sensorReport/0/deviceID", {"deviceID": "urn:example:d"}, {**_MEASURED, "deviceID": "urn:example:d"}),
    ("sensorReport/0/exception", {}, {**_MEASURED, "exception": "PANIC"}),
    ("sensorMetadata/time", {"time": _NOON}, _MEASURED),
    ("sensorMetadata/endTime", {"endTime": _NOON}, _MEASURED),
    (
        "sensorMetadata/startTime",
        {"startTime": "2026-01-05T08:00:00+08:00", "endTime": "2026-01-04T08:00:00Z"},
        _MEASURED,
    ),
]


@pytest.mark.parametrize(("field", "metadata", "report"), SENSORS)
def test_sensor_data_in_doubt_are_warned_of(field: str, metadata: dict[str, Any], report: dict[str, Any]) -> None:
    """What sensor data lack, say twice or cannot say is named; the event is accepted."""
    outcome = only(document(event(sensorElementList=[{"sensorMetadata": metadata, "sensorReport": [report]}])))
    assert isinstance(outcome, Accepted)
    assert fields(outcome, "warning") == {f"/sensorElementList/0/{field}"}


def test_sensor_data_of_the_standard_pass() -> None:
    """Data measured before the event, each field with those that it needs, are accepted without a word."""
    metadata = {"startTime": "2026-01-04T08:00:00Z", "endTime": "2026-01-05T00:30:00Z", "deviceID": "urn:example:d"}
    report = {**_MEASURED, "meanValue": 4, "sDev": 1, "percRank": 95, "percValue": 5, "component": "x"}
    outcome = only(document(event(sensorElementList=[{"sensorMetadata": metadata, "sensorReport": [report]}])))
    assert isinstance(outcome, Accepted)
    assert outcome.warnings == ()


@pytest.mark.parametrize("written", ["1e999999999", "-0e999999999", "1e-999999999", "0." + "1" * 101, "1e101"])
def test_a_quantity_beyond_reckoning_is_unknown(written: str) -> None:
    """A number that no goods have is taken as an unknown quantity, with a warning, and leaves as it came."""
    made = document(event(quantityList=[{"epcClass": LGTIN, "quantity": "?", "uom": "KGM"}]))
    outcome = only(json.dumps(made).replace('"?"', written).encode())
    assert isinstance(outcome, Accepted)
    assert fields(outcome, "warning") == {"/quantityList/0/quantity"}
    assert [what.quantity for what in outcome.event.whats[1:]] == [None]
    assert outcome.event.fields()["quantityList"][0]["quantity"] == Decimal(written)


def test_an_empty_transformation_id_is_none() -> None:
    """Nothing said of the process joins no two events to one."""
    outcome = only(event("TransformationEvent", transformationID=""))
    assert isinstance(outcome, Accepted)
    assert outcome.event.transformation_id is None


@pytest.mark.parametrize("uom", [7, True, ["KGM"], {"id": "KGM"}])
def test_a_unit_that_is_no_text_leaves_the_quantity_unknown(uom: Any) -> None:
    """What is no text is no unit, pieces least of all: the item counts, with an unknown quantity."""
    outcome = only(event(quantityList=[{"epcClass": LGTIN, "quantity": 5, "uom": uom}]))
    assert isinstance(outcome, Accepted)
    assert fields(outcome, "warning") == {"/quantityList/0/uom"}
    assert [(what.quantity, what.uom) for what in outcome.event.whats[1:]] == [(None, None)]


@pytest.mark.parametrize("written", ["1e99", "9" * 100, "1e-100", "12.30"])
def test_a_quantity_is_exact(written: str) -> None:
    """Every digit of a quantity within the bounds counts."""
    made = document(event(quantityList=[{"epcClass": LGTIN, "quantity": "?", "uom": "KGM"}]))
    outcome = only(json.dumps(made).replace('"?"', written).encode())
    assert isinstance(outcome, Accepted)
    assert [what.quantity for what in outcome.event.whats if what.quantity is not None] == [Decimal(written)]


def test_every_finding_tells_what_to_do() -> None:
    """A finding names what is wrong, and every refusal says what to do or which rule it breaks."""
    for kind, _, changes in REFUSED:
        outcome = only(document(event(kind, **changes)))
        assert isinstance(outcome, Rejected)
        assert all(f.what and f.rule and (f.remedy or f.severity == "warning") for f in outcome.findings), outcome


@pytest.mark.parametrize("written", ["-0.0", "-0", "0.00"])
def test_nothing_has_no_sign(written: str) -> None:
    """A zero with a sign is an amount of nothing like any other, so that no answer shows `-0`."""
    made = json.dumps(document(event(quantityList=[{"epcClass": LGTIN, "quantity": "?", "uom": "KGM"}])))
    outcome = only(made.replace('"?"', written).encode())
    assert isinstance(outcome, Accepted)
    assert str(outcome.event.whats[-1].quantity) == "0"
