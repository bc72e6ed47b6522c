"""An event has one hash id, however it is written, and another event has another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_schema.event import EventType
from graph_schema.event_hash import event_hash_id, event_pre_hash
from tests.graph_schema.xml_events import xml_events

Json = dict[str, Any]

CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://ns.example.com/"}]

EVENT: Json = {
    "type": "ObjectEvent",
    "eventID": "urn:uuid:00000000-0000-4000-8000-000000000001",
    "recordTime": "2024-05-02T00:00:00Z",
    "eventTime": "2024-05-01T10:00:00.5+02:00",
    "eventTimeZoneOffset": "+02:00",
    "action": "OBSERVE",
    "bizStep": "shipping",
    "disposition": "in_transit",
    "epcList": ["urn:epc:id:sgtin:0614141.107346.2018", "urn:epc:id:sgtin:0614141.107346.2017"],
    "quantityList": [{"quantity": 20, "epcClass": "urn:epc:class:lgtin:0614141.107346.L1", "uom": "KGM"}],
    "readPoint": {"id": "urn:epc:id:sgln:0614141.07346.1234", "ex:door": "7"},
    "bizLocation": {"id": "urn:epc:id:sgln:0614141.07346.0"},
    "bizTransactionList": [
        {"type": "po", "bizTransaction": "http://transaction.example.com/po/1"},
        {"bizTransaction": "urn:epcglobal:cbv:bt:0614141073467:1152"},
    ],
    "sourceList": [{"type": "possessing_party", "source": "urn:epc:id:pgln:0614141.00000"}],
    "destinationList": [{"type": "location", "destination": "urn:epc:id:sgln:0614141.00001.0"}],
    "persistentDisposition": {"set": ["completeness_verified"], "unset": ["expired", "damaged"]},
    "sensorElementList": [
        {
            "sensorMetadata": {"time": "2024-05-01T08:00:00Z", "deviceID": "urn:epc:id:giai:4000001.111"},
            "sensorReport": [
                {"type": "Temperature", "value": Decimal("26.0"), "uom": "CEL"},
                {"type": "Altitude", "component": "z", "booleanValue": True, "exception": "ALARM_CONDITION"},
            ],
        }
    ],
    "ex:weather": {"ex:rain": [3, 1.50], "ex:note": " wet "},
    "rdfs:comment": "not said by the event",
    "errorDeclaration": {"declarationTime": "2024-05-03T00:00:00Z", "reason": "did_not_occur"},
}

PRE_HASH = (
    "eventType=ObjectEvent"
    "eventTime=2024-05-01T08:00:00.500Z"
    "eventTimeZoneOffset=+02:00"
    "epcList"
    "epc=https://id.gs1.org/01/10614141073464/21/2017"
    "epc=https://id.gs1.org/01/10614141073464/21/2018"
    "quantityList"
    "quantityElementepcClass=https://id.gs1.org/01/10614141073464/10/L1quantity=20uom=KGM"
    "action=OBSERVE"
    "bizStep=https://ref.gs1.org/cbv/BizStep-shipping"
    "disposition=https://ref.gs1.org/cbv/Disp-in_transit"
    "persistentDisposition"
    "set=https://ref.gs1.org/cbv/Disp-completeness_verified"
    "unset=https://ref.gs1.org/cbv/Disp-damaged"
    "unset=https://ref.gs1.org/cbv/Disp-expired"
    "readPointid=https://id.gs1.org/414/0614141073467/254/1234{https://ns.example.com/}door=7"
    "bizLocationid=https://id.gs1.org/414/0614141073467"
    "sensorElementList"
    "sensorElement"
    "sensorMetadatatime=2024-05-01T08:00:00.000ZdeviceID=https://id.gs1.org/8004/4000001111"
    "sensorReporttype=https://gs1.org/voc/Altitudeexception=https://gs1.org/voc/ALARM_CONDITION"
    "component=https://ref.gs1.org/cbv/Comp-zbooleanValue=true"
    "sensorReporttype=https://gs1.org/voc/Temperaturevalue=26uom=CEL"
    "bizTransactionList"
    "bizTransaction=urn:epcglobal:cbv:bt:0614141073467:1152"
    "type=https://ref.gs1.org/cbv/BTT-pobizTransaction=http://transaction.example.com/po/1"
    "destinationList"
    "type=https://ref.gs1.org/cbv/SDT-locationdestination=https://id.gs1.org/414/0614141000012"
    "sourceList"
    "type=https://ref.gs1.org/cbv/SDT-possessing_partysource=https://id.gs1.org/417/0614141000005"
    "{https://ns.example.com/}weather"
    "{https://ns.example.com/}note=wet{https://ns.example.com/}rain=1.5{https://ns.example.com/}rain=3"
)


def test_pre_hash() -> None:
    """Fields stand in the canonical order and form, lists in lexical order, extensions last in their record."""
    assert event_pre_hash(EVENT, CONTEXT) == PRE_HASH


def test_hash_id() -> None:
    """The id is the SHA-256 of the pre-hash string in the form of RFC 6920, with the version of the algorithm."""
    digest = hashlib.sha256(PRE_HASH.encode()).hexdigest()
    assert event_hash_id(EVENT, CONTEXT) == f"ni:///sha-256;{digest}?ver=CBV2.0"


@pytest.mark.parametrize(
    "said",
    [
        {"eventID": "urn:uuid:00000000-0000-4000-8000-000000000002"},
        {"recordTime": "2025-01-01T00:00:00Z"},
        {"errorDeclaration": {"declarationTime": "2026-01-01T00:00:00Z"}},
        {"rdfs:comment": "another"},
        {"eventTime": "2024-05-01T03:00:00.500000-05:00"},
        {"eventTime": "2024-05-01T08:00:00.4996Z"},
        {"bizStep": "urn:epcglobal:cbv:bizstep:shipping"},
        {"bizStep": "https://ref.gs1.org/cbv/BizStep-shipping"},
        {"bizStep": "cbv:BizStep-shipping"},
        {"bizStep": " shipping "},
        {"epcList": ["urn:epc:id:sgtin:0614141.107346.2017", "urn:epc:id:sgtin:0614141.107346.2018"]},
        {
            "epcList": [
                "https://example.com/gtin/10614141073464/lot/A/ser/2017?exp=251231",
                "https://id.gs1.org/01/10614141073464/21/2018",
            ]
        },
        {"readPoint": {"ex:door": 7.0, "id": "https://id.gs1.org/414/0614141073467/254/1234"}},
        {"inputEPCList": [], "transformationID": None, "ilmd": {}},
        {"ex:weather": {"ex:note": "wet", "ex:rain": ["1.5", "03.00"]}},
        {"ex:weather": {"ex:note": "wet", "ex:rain": [Decimal("15e-1"), Decimal("3E+0")]}},
    ],
    ids=str,
)
def test_other_ways_to_write_it(said: Json) -> None:
    """Another way of writing the same event, and what is said about the record alone, leaves the id as it is."""
    assert event_pre_hash(EVENT | said, CONTEXT) == PRE_HASH


@pytest.mark.parametrize(
    "said",
    [
        {"type": "TransactionEvent"},
        {"eventTime": "2024-05-01T10:00:00.501+02:00"},
        {"eventTimeZoneOffset": "+01:00"},
        {"action": "ADD"},
        {"bizStep": "departing"},
        {"disposition": "returned"},
        {"epcList": ["urn:epc:id:sgtin:0614141.107346.2018"]},
        {"quantityList": [{"quantity": 21, "epcClass": "urn:epc:class:lgtin:0614141.107346.L1", "uom": "KGM"}]},
        {"bizLocation": {"id": "urn:epc:id:sgln:0614141.07346.1"}},
        {"ilmd": {"ex:lot": "L1"}},
        {"ex:weather": {"ex:rain": [3, 1.51], "ex:note": "wet"}},
        {"ex:new": ""},
        {"certificationInfo": "https://certificates.example.org/1"},
    ],
    ids=str,
)
def test_another_event_has_another_id(said: Json) -> None:
    """A field changed, added or removed changes the id."""
    assert event_hash_id(EVENT | said, CONTEXT) != event_hash_id(EVENT, CONTEXT)


def test_prefix_names_do_not_matter() -> None:
    """An extension is known by its namespace: the prefix that a context gives it may be any, in either context."""
    other = json.loads(json.dumps(EVENT, default=str).replace('"ex:', '"why:'))
    assert event_pre_hash(other, {"why": {"@id": "https://ns.example.com/"}}) == PRE_HASH
    assert event_pre_hash(other | {"@context": {"why": "https://ns.example.com/"}}) == PRE_HASH


def test_a_term_is_its_namespace_and_name() -> None:
    """A context may also name a whole extension field, without a prefix."""
    event = {"type": "ObjectEvent", "door": 7}
    wanted = "eventType=ObjectEvent{https://ns.example.com/}door=7"
    assert event_pre_hash(event, {"door": "https://ns.example.com/door"}) == wanted


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("0010.500", "10.5"),
        ("+7", "7"),
        ("-0.0", "0"),
        (".5", "0.5"),
        ("1E+3", "1000"),
        ("12345678901234567890.10", "12345678901234567890.1"),
        (1e22, "10000000000000000000000"),
        (5e-7, "0.0000005"),
        ("1E99999999", "1E99999999"),
        ("1.2.3", "1.2.3"),
        ("2019-10-21", "2019-10-21"),
        ("nan", "nan"),
        (False, "false"),
        ("shipping", "shipping"),
        ("urn:epcglobal:cbv:disp:active", "https://ref.gs1.org/cbv/Disp-active"),
        ("gs1:Place", "https://gs1.org/voc/Place"),
        ("urn:epc:id:sgtin:broken", "urn:epc:id:sgtin:broken"),
        ("urn:epc:id:upui:1234567.098765.51)'*", "https://id.gs1.org/01/01234567987651/235/51%29'%2A"),
    ],
)
def test_values(written: object, canonical: str) -> None:
    """A number is exact and plain, an identifier and a word canonical; what is none of these stays as it is."""
    assert event_pre_hash({"type": "ObjectEvent", "x": written}) == f"eventType=ObjectEventx={canonical}"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("2023-01-18T11:04:03.1415Z", "2023-01-18T11:04:03.142Z"),
        ("2023-01-18T11:04:03.14149Z", "2023-01-18T11:04:03.141Z"),
        ("2023-12-31T23:59:59.9995Z", "2024-01-01T00:00:00.000Z"),
        ("2023-01-18T11:04:03+14:00", "2023-01-17T21:04:03.000Z"),
        ("9999-12-31T23:59:59.9999Z", "9999-12-31T23:59:59.9999Z"),
        ("2023-02-30T00:00:00Z", "2023-02-30T00:00:00Z"),
        ("yesterday", "yesterday"),
    ],
)
def test_times(written: str, canonical: str) -> None:
    """A time is in UTC, to the millisecond, rounded half up; what the calendar does not know stays as it is."""
    event = {"type": "ObjectEvent", "eventTime": written}
    assert event_pre_hash(event) == f"eventType=ObjectEventeventTime={canonical}"


@given(st.randoms(use_true_random=False))
def test_order_does_not_matter(random: Any) -> None:
    """The order of fields and of the members of lists does not change the id."""
    assert event_pre_hash(shuffled(EVENT, random), CONTEXT) == PRE_HASH


def shuffled(value: Any, random: Any) -> Any:
    if isinstance(value, dict):
        return {key: shuffled(value[key], random) for key in random.sample(list(value), len(value))}
    if isinstance(value, list):
        return [shuffled(member, random) for member in random.sample(value, len(value))]
    return value


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*EVENT, "id"]), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([*EVENT, "@context", "ilmd"]), JSON_VALUES), JSON_VALUES)
def test_any_json_has_an_id(event: Json, context: object) -> None:
    """Whatever JSON an event is, valid or not, it has an id, the same each time."""
    assert event_hash_id(event, context) == event_hash_id(event, context)


# Vectors of others ------------------------------------------------------------------------------------------------

JSON_VECTORS = (
    "CertificationInfoAndSensorReportWithCRS",
    "ReferenceEventHashAlgorithm2",
    "epcisDocHavingEventWithComment",
    "epcisDocWithCustomSchemaInContext",
    "epcisDocWithSingleEvent",
    "epcisDocWithVariousEventTypes",
    "epcisDocWithXMLstartTagAndErrorDeclaration",
    "ralfsChaosExample",
)

XML_VECTORS = (
    "CertificationInfoAndSensorReportWithCRS",
    "ReferenceEventHashAlgorithm2",
    "epcisDocWith2DifferentTransformationEvents",
    "epcisDocWithTransformationEventWithMultipleExtensions",
    "epcisDocWithVariousEventTypes",
    "epcisDocWithXMLstartTagAndErrorDeclaration",
    "epcisXmlDocHavingEventWithIgnoreFields",
)

EQUAL = (
    "differentRepresentationsOfAggregationEvent",
    "differentRepresentationsOfTransformationEvent",
    "ignoreEmptyEpcList",
    "numberPrecision",
    "timestampPrecision",
    "timestampTimeZone",
    "timestampTimeZone3",
)

# The second string of this file is not the one whose hash the file beside it holds.
STALE_PRE_HASHES = {("epcisDocWithCustomSchemaInContext", 1)}


@pytest.mark.corpora
@pytest.mark.parametrize("name", JSON_VECTORS)
def test_json_vectors(corpora: Path, name: str) -> None:
    """Each event of each JSON vector has the published pre-hash string and hash id."""
    path = corpora / "ralphtro-hash" / "examples" / f"{name}.jsonld"
    document = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    assert_as_published(path, list(events_in(document)), document["@context"])


@pytest.mark.corpora
@pytest.mark.parametrize("name", XML_VECTORS)
def test_xml_vectors(corpora: Path, name: str) -> None:
    """Each event of each XML vector, said in JSON, has the published pre-hash string and hash id."""
    path = corpora / "ralphtro-hash" / "examples" / f"{name}.xml"
    assert_as_published(path, *xml_events(path))


@pytest.mark.corpora
@pytest.mark.parametrize("name", EQUAL)
def test_events_that_are_one(corpora: Path, name: str) -> None:
    """All events of a document of `expected_equal` have one hash id."""
    events, context = xml_events(corpora / "ralphtro-hash" / "expected_equal" / f"{name}.xml")
    assert len(events) > 1
    assert len({event_hash_id(event, context) for event in events}) == 1


def assert_as_published(path: Path, events: list[Json], context: object) -> None:
    """Line n of `.hashes` is event n's id, line n of `.prehashes` its string, where that is not stale."""
    hashes = path.with_suffix(".hashes").read_text(encoding="utf-8").split()
    assert [event_hash_id(event, context) for event in events] == hashes
    strings = path.with_suffix(".prehashes")
    if strings.exists():
        published = strings.read_text(encoding="utf-8").splitlines()
        for number, (event, string) in enumerate(zip(events, published, strict=True)):
            if (path.stem, number) not in STALE_PRE_HASHES:
                assert event_pre_hash(event, context) == string


@pytest.mark.corpora
def test_every_vector_is_judged(corpora: Path) -> None:
    """No vector is passed over."""
    folder = corpora / "ralphtro-hash"
    files = {str(path.relative_to(folder)) for path in folder.glob("e*/*") if path.suffix in {".jsonld", ".xml"}}
    examples = {*(f"{name}.jsonld" for name in JSON_VECTORS), *(f"{name}.xml" for name in XML_VECTORS)}
    assert files == {f"examples/{name}" for name in examples} | {f"expected_equal/{name}.xml" for name in EQUAL}


@pytest.mark.corpora
def test_stale_pre_hashes_are_stale(corpora: Path) -> None:
    """A published string is left out only where it contradicts the published hash."""
    folder = corpora / "ralphtro-hash" / "examples"
    for name, number in STALE_PRE_HASHES:
        string = (folder / f"{name}.prehashes").read_text(encoding="utf-8").splitlines()[number]
        published = (folder / f"{name}.hashes").read_text(encoding="utf-8").split()[number]
        assert hashlib.sha256(string.encode()).hexdigest() not in published


def events_in(value: Any) -> Iterator[Json]:
    if isinstance(value, dict) and value.get("type") in list(EventType):
        yield value
    elif isinstance(value, dict | list):
        for member in value.values() if isinstance(value, dict) else value:
            yield from events_in(member)
