"""Every parameter of SimpleEventQuery (EPCIS 2.0 §8.2.7.1): which events it lets through, and how it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from api.capture_document import CaptureLimits
from tests.api.rest.conftest import Client, event, problem, served

PLANT, DOCK, SHOP = (
    "urn:epc:id:sgln:9521321.00001.0",
    "urn:epc:id:sgln:9521321.00001.7",
    "urn:epc:id:sgln:9521321.00002.0",
)
SITE = "https://id.gs1.org/414/9521321000018"
CLASS, LOT = "urn:epc:class:lgtin:9521321.000000.A", "https://id.gs1.org/01/09521321000001/10/A"
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://example.org/ns/"}]
SSCC = "urn:epc:id:sscc:9521321.0000000001"


def sensed(**report: Any) -> list[dict[str, Any]]:
    """One sensor element."""
    metadata = {
        "time": "2026-01-05T06:00:00Z",
        "deviceID": "urn:epc:id:giai:9521321.S1",
        "bizRules": "https://r.example/1",
    }
    return [{"sensorMetadata": metadata, "sensorReport": [report]}]


EVENTS = {
    1: event(1, readPoint={"id": DOCK}, bizLocation={"id": PLANT}, disposition="in_transit"),
    2: event(
        2, bizStep="receiving", readPoint={"id": SHOP}, bizLocation={"id": SHOP},
        persistentDisposition={"set": ["completeness_verified"], "unset": ["completeness_inferred"]},
        bizTransactionList=[{"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:9521321000010:7"}],
        sourceList=[{"type": "owning_party", "source": "urn:epc:id:pgln:9521321.00001"}],
        destinationList=[{"type": "location", "destination": SHOP}],
    ),
    3: {
        **event(3, type="AggregationEvent", action="ADD", bizStep="packing"), "parentID": SSCC,
        "childEPCs": ["urn:epc:id:sgtin:9521321.000000.1"],
        "childQuantityList": [{"epcClass": CLASS, "quantity": 12.5, "uom": "KGM"}],
    },
    4: {
        **event(4, type="TransformationEvent", bizStep="commissioning"), "transformationID": "urn:run:1",
        "inputEPCList": ["urn:epc:id:sgtin:9521321.000000.2"], "outputEPCList": ["urn:epc:id:sgtin:9521321.000000.40"],
        "inputQuantityList": [{"epcClass": LOT, "quantity": 3}],
        "outputQuantityList": [{"epcClass": "urn:epc:class:lgtin:9521321.000000.B", "quantity": 4, "uom": "LTR"}],
        "ilmd": {"ex:fat": 3.5, "ex:farm": {"ex:herd": "north"}},
    },
    5: event(5, **{"ex:grade": "7", "ex:seen": "2026-01-03T00:00:00Z", "ex:box": {"ex:colour": "red", "size": "L"}}),
    6: event(6, action="DELETE", **{"ex:grade": "12"}),
    7: event(
        7, sensorElementList=sensed(
            type="Temperature", value=4.5, minValue=3, maxValue=6, meanValue=4, sDev=0.5, uom="CEL",
        ),
    ),
    8: event(
        8, sensorElementList=sensed(
            type="gs1:AbsoluteHumidity", stringValue="dry", booleanValue=True, hexBinaryValue="F0",
            uriValue="https://u.example/1", chemicalSubstance="https://identifiers.org/inchikey:A",
            microorganism="https://www.ncbi.nlm.nih.gov/taxonomy/1126011", dataProcessingMethod="https://m.example/1",
            startTime="2026-01-01T00:00:00Z", endTime="2026-01-02T00:00:00Z", percRank=50,
        ),
    ),
    9: event(9, errorDeclaration={
        "declarationTime": "2026-01-09T00:00:00Z", "reason": "incorrect_data", "correctiveEventIDs": ["urn:correct"],
    }),
}  # fmt: skip
for _number in (3, 4):
    del EVENTS[_number]["epcList"]
del EVENTS[4]["action"]
ALL = set(EVENTS)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of a server that holds the events, and master data of a place with places within it."""
    vocabulary = {
        "type": "urn:epcglobal:epcis:vtype:BusinessLocation",
        "vocabularyElementList": [{"id": "https://places.example/all", "children": [SHOP, "urn:none"]}],
    }
    header = {"epcisMasterData": {"vocabularyList": [vocabulary]}}
    with served(tmp_path_factory.mktemp("query"), CaptureLimits()) as client:
        client.capture(*EVENTS.values(), **{"@context": CONTEXT, "epcisHeader": header})
        yield client


def numbers(answer: Any) -> list[int]:
    """The events of an answer, by number."""
    assert answer.status_code == 200, answer.text
    found = answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return [int(one["eventID"][-12:]) for one in found]


TIME = "2026-01-05T06:05:00Z"  # of event 5

LET_THROUGH: list[tuple[dict[str, Any], set[int]]] = [
    ({}, ALL),
    ({"eventType": "AggregationEvent|TransformationEvent"}, {3, 4}),
    ({"eventType": "ex:None"}, set()),
    ({"GE_eventTime": TIME}, {5, 6, 7, 8, 9}),
    ({"LT_eventTime": "2026-01-05T08:05:00+02:00"}, {1, 2, 3, 4}),
    ({"GE_eventTime": TIME, "LT_eventTime": "2026-01-05T06:07:00Z"}, {5, 6}),
    ({"GE_recordTime": "2020-01-01T00:00:00Z"}, ALL),
    ({"LT_recordTime": "2020-01-01T00:00:00Z"}, set()),
    ({"GE_recordTime": "2120-01-01T00:00:00Z"}, set()),
    ({"EQ_action": "ADD|DELETE"}, {3, 6}),
    ({"EQ_bizStep": "receiving|packing"}, {2, 3}),
    ({"EQ_bizStep": "urn:epcglobal:cbv:bizstep:receiving"}, {2}),
    ({"EQ_bizStep": "https://ref.gs1.org/cbv/BizStep-packing"}, {3}),
    ({"EQ_disposition": "in_transit"}, {1}),
    ({"EQ_persistentDisposition_set": "completeness_verified"}, {2}),
    ({"EQ_persistentDisposition_unset": "completeness_inferred"}, {2}),
    ({"EQ_persistentDisposition_set": "completeness_inferred"}, set()),
    ({"EQ_readPoint": DOCK}, {1}),
    ({"EQ_readPoint": PLANT}, set()),
    ({"WD_readPoint": PLANT}, {1}),
    ({"WD_readPoint": SITE}, {1}),
    ({"EQ_bizLocation": SITE}, {1}),
    ({"WD_bizLocation": "https://places.example/all"}, {2}),
    ({"EQ_bizLocation": f"{SHOP}|{PLANT}", "EQ_bizStep": "receiving"}, {2}),
    ({"EQ_transformationID": "urn:run:1"}, {4}),
    ({"MATCH_epc": "urn:epc:id:sgtin:9521321.000000.1"}, {1, 3}),
    ({"MATCH_epc": "https://id.gs1.org/01/09521321000001/21/2"}, {2}),
    ({"MATCH_epc": "urn:epc:idpat:sgtin:9521321.000000.*"}, {1, 2, 3, 5, 6, 7, 8, 9}),
    ({"MATCH_parentID": SSCC}, {3}),
    ({"MATCH_inputEPC": "urn:epc:id:sgtin:9521321.000000.2"}, {4}),
    ({"MATCH_outputEPC": "urn:epc:id:sgtin:9521321.000000.40"}, {4}),
    ({"MATCH_anyEPC": f"urn:epc:id:sgtin:9521321.000000.2|{SSCC}"}, {2, 3, 4}),
    ({"MATCH_epcClass": LOT}, {3}),
    ({"MATCH_inputEPCClass": CLASS}, {4}),
    ({"MATCH_outputEPCClass": "urn:epc:class:lgtin:9521321.000000.B"}, {4}),
    ({"MATCH_anyEPCClass": CLASS}, {3, 4}),
    ({"EQ_quantity": "12.50"}, {3}),
    ({"GT_quantity": "3"}, {3, 4}),
    ({"GE_quantity": "12.5"}, {3}),
    ({"LT_quantity": "4"}, {4}),
    ({"LE_quantity": "3"}, {4}),
    ({"EQ_quantity_LTR": "4"}, {4}),
    ({"GT_quantity_KGM": "13"}, set()),
    ({"EQ_bizTransaction_po": "urn:epcglobal:cbv:bt:9521321000010:7"}, {2}),
    ({"EQ_bizTransaction_inv": "urn:epcglobal:cbv:bt:9521321000010:7"}, set()),
    ({"EQ_source_owning_party": "https://id.gs1.org/417/9521321000018"}, {2}),
    ({"EQ_destination_location": SHOP}, {2}),
    ({"EQ_eventID": "|".join([EVENTS[2]["eventID"], EVENTS[6]["eventID"], "urn:none"])}, {2, 6}),
    ({"EXISTS_errorDeclaration": "true"}, {9}),
    ({"EXISTS_errorDeclaration": "false"}, ALL),
    ({"GE_errorDeclarationTime": "2026-01-09T00:00:00Z"}, {9}),
    ({"LT_errorDeclarationTime": "2026-01-09T00:00:00Z"}, set()),
    ({"EQ_errorReason": "incorrect_data"}, {9}),
    ({"EQ_correctiveEventID": "urn:correct"}, {9}),
    ({"EQ_https://example.org/ns/grade": "7"}, {5}),
    ({"EQ_ex:grade": "7|12"}, {5, 6}),
    ({"EQ_https://example.org/ns#grade": "12.0"}, {6}),
    ({"GT_ex:grade": "8"}, {6}),
    ({"LE_ex:seen": "2026-01-03T01:00:00+01:00"}, {5}),
    ({"EXISTS_ex:box": ""}, {5}),
    ({"EQ_INNER_ex:colour": "red"}, {5}),
    ({"EXISTS_INNER_ex:colour": "true"}, {5}),
    ({"EQ_ILMD_ex:fat": "3.50"}, {4}),
    ({"GE_ILMD_https://example.org/ns/fat": "3.6"}, set()),
    ({"EXISTS_ILMD_ex:fat": ""}, {4}),
    ({"EQ_INNER_ILMD_ex:herd": "north"}, {4}),
    ({"HASATTR_ex:box": "size"}, {5}),
    ({"EQATTR_ex:box_size": "L|M"}, {5}),
    ({"EQATTR_ex:box_size": "S"}, set()),
    ({"EXISTS_sensorElementList": ""}, {7, 8}),
    ({"EQ_type": "Temperature"}, {7}),
    ({"EQ_type": "https://gs1.org/voc/AbsoluteHumidity"}, {8}),
    ({"EQ_deviceID": "urn:epc:id:giai:9521321.S1"}, {7, 8}),
    ({"EQ_bizRules": "https://r.example/1"}, {7, 8}),
    ({"EQ_dataProcessingMethod": "https://m.example/1"}, {8}),
    ({"EQ_microorganism": "https://www.ncbi.nlm.nih.gov/taxonomy/1126011"}, {8}),
    ({"EQ_chemicalSubstance": "https://identifiers.org/inchikey:A"}, {8}),
    ({"EQ_stringValue": "wet|dry"}, {8}),
    ({"EQ_hexBinaryValue": "F0"}, {8}),
    ({"EQ_uriValue": "https://u.example/1"}, {8}),
    ({"EQ_booleanValue": "true"}, {8}),
    ({"EQ_booleanValue": "false"}, set()),
    ({"GE_time": "2026-01-05T06:00:00Z"}, {7, 8}),
    ({"GE_startTime": "2026-01-01T00:00:00Z", "LT_endTime": "2026-01-03T00:00:00Z"}, {8}),
    ({"LT_startTime": "2026-01-01T00:00:00Z"}, set()),
    ({"EQ_value_CEL": "4.50"}, {7}),
    ({"GT_value_FAH": "1"}, set()),
    ({"GE_minValue_CEL": "3", "LT_maxValue_CEL": "7", "LE_meanValue_CEL": "4", "GT_sDev_CEL": "0.1"}, {7}),
    ({"GE_percRank": "50"}, {8}),
]  # fmt: skip


@pytest.mark.parametrize(("parameters", "wanted"), LET_THROUGH, ids=lambda value: str(value)[:80])
def test_a_parameter_lets_events_through(asked: Client, parameters: dict[str, Any], wanted: set[int]) -> None:
    """Those that it says, in whatever way a store finds them, each once, and whatever order is asked for."""
    found = numbers(asked.get("/events", **parameters))
    assert sorted(found) == sorted(wanted)
    for order in ("eventTime", "recordTime", "ex:grade"):
        assert set(numbers(asked.get("/events", **parameters, orderBy=order))) == wanted


REFUSED = [
    {"EQ_bizstep": "shipping"},
    {"eventtype": "ObjectEvent"},
    {"eventType": "objectEvent"},
    {"eventType": "ObjectEvent,AggregationEvent"},
    {"EQ_bizStep": ""},
    {"EQ_bizStep": "shiping"},
    {"EQ_action": "MOVE"},
    {"GE_eventTime": "yesterday"},
    {"GE_eventTime": "2026-01-05T06:00:00"},
    {"LT_recordTime": "1"},
    {"GE_eventTime": "2026-01-05T06:00:00Z|2026-01-05T06:00:00Z"},
    {"EQ_quantity": "many"},
    {"EQ_quantity": "1_000"},
    {"EQ_quantity": "٥"},
    {"EXISTS_errorDeclaration": "maybe"},
    {"GT_ex:grade": "high"},
    {"GT_grade": "1"},
    {"MATCH_epc": "urn:epc:idpat:sgtin:9521321.*.7"},
    {"EQ_bizTransaction_order": "urn:x"},
    {"orderBy": "bizStep"},
    {"orderBy": "eventTime", "orderDirection": "UP"},
    {"eventCountLimit": "3"},
    {"orderBy": "eventTime", "eventCountLimit": "0"},
    {"maxEventCount": "-1"},
    {"maxEventCount": "9" * 5_000},
    {"EQATTR_box": "1"},
    {"nextPageToken": "nonsense"},
    {"perPage": "0"},
]


@pytest.mark.parametrize("parameters", REFUSED, ids=lambda parameters: str(parameters)[:60])
def test_an_unknown_or_malformed_parameter_is_refused_by_name(asked: Client, parameters: dict[str, str]) -> None:
    """400 QueryParameterException; never is it passed over, which would answer another question."""
    name = list(parameters)[-1]
    assert problem(asked.get("/events", **parameters), 400, "QueryParameterException").startswith(name)


def test_two_limits_exclude_each_other(asked: Client) -> None:
    """`eventCountLimit` and `maxEventCount` in one query."""
    both = {"orderBy": "eventTime", "eventCountLimit": "1", "maxEventCount": "1"}
    problem(asked.get("/events", **both), 400, "QueryParameterException")


def test_events_come_in_the_order_asked(asked: Client) -> None:
    """DESC where no direction is given, as the standard says; by an extension field what lacks it comes last."""
    up, down = ({"orderBy": "eventTime", "orderDirection": way} for way in ("ASC", "DESC"))
    assert numbers(asked.get("/events", **up)) == sorted(ALL)
    assert numbers(asked.get("/events", **down)) == sorted(ALL, reverse=True)
    assert numbers(asked.get("/events", orderBy="recordTime")) == sorted(ALL, reverse=True)
    assert numbers(asked.get("/events", orderBy="recordTime", orderDirection="ASC")) == sorted(ALL)
    assert numbers(asked.get("/events", orderBy="https://example.org/ns/grade", orderDirection="ASC"))[:2] == [5, 6]
    assert numbers(asked.get("/events", orderBy="ex:grade"))[:2] == [6, 5]


def test_a_limit_gives_the_first(asked: Client) -> None:
    """`eventCountLimit`, over pages too."""
    first = {"orderBy": "eventTime", "eventCountLimit": 4}
    assert numbers(asked.get("/events", **first)) == [9, 8, 7, 6]
    answer = asked.get("/events", **first, perPage=3)
    assert numbers(answer) == [9, 8, 7]
    last = asked.http.get(answer.links["next"]["url"])
    assert (numbers(last), "next" in last.links) == ([6], False)


def test_more_than_may_be_is_too_large(asked: Client) -> None:
    """`maxEventCount`: exactly so many are answered, and one more is 413 QueryTooLargeException."""
    assert len(numbers(asked.get("/events", maxEventCount=len(ALL)))) == len(ALL)
    problem(asked.get("/events", maxEventCount=len(ALL) - 1), 413, "QueryTooLargeException")


def test_an_answer_is_a_query_document_with_the_events_as_they_came(asked: Client) -> None:
    """Each with the context that its names need."""
    answer = asked.get("/events", EQ_eventID=EVENTS[5]["eventID"])
    told = answer.json()
    assert (told["type"], told["schemaVersion"]) == ("EPCISQueryDocument", "2.0")
    assert told["epcisBody"]["queryResults"]["queryName"] == "SimpleEventQuery"
    (found,) = told["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    context = found.pop("@context")
    assert {"ex": "https://example.org/ns/"} in context
    assert found == EVENTS[5]
    assert answer.headers["GS1-EPC-Format"] == "Never_Translates"


def test_identifiers_come_in_the_form_asked(asked: Client) -> None:
    """As they came, or every EPC URN as a Digital Link."""
    same = asked.get("/events", {"GS1-EPC-Format": "Never_Translates"}, EQ_bizStep="packing")
    assert SSCC in same.text
    links = asked.get("/events", {"GS1-EPC-Format": "Always_GS1_Digital_Link"}, perPage=100)
    assert "urn:epc:id" not in links.text.replace("urn:epc:id:giai:9521321.S1", "")
    assert "urn:epc:class" not in links.text
    assert "https://id.gs1.org/00/095213210000000018" in links.text
    assert links.headers["GS1-EPC-Format"] == "Always_GS1_Digital_Link"
    assert numbers(links) == sorted(ALL)
    problem(asked.get("/events", {"GS1-EPC-Format": "Sometimes"}), 406, "NotAcceptableException")


def test_an_event_by_its_id(asked: Client) -> None:
    """In all that was accepted of it; 404 for none."""
    answer = asked.get(f"/events/{quote(EVENTS[2]['eventID'], safe='')}")
    assert numbers(answer) == [2]
    problem(asked.get("/events/urn:none"), 404, "NoSuchNameException")
