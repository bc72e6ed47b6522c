"""EPC URNs of what came as GS1 Digital Links (EPCIS 2.0 §12, `GS1-EPC-Format`), where company prefixes are known."""

from __future__ import annotations

from typing import Any

from tests.api.rest.conftest import Client, event

LINKS = "https://id.gs1.org"


def urns_of(client: Client, *events: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The last of events as it comes in EPC URNs, and the format that the answer says it has."""
    for one in events:
        if "childEPCs" in one:
            del one["epcList"]
    client.capture(*events)
    answer = client.get("/events", {"GS1-EPC-Format": "Always_EPC_URN"}, EQ_eventID=events[-1]["eventID"])
    (found,) = answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return found, answer.headers["GS1-EPC-Format"]


def test_digital_links_come_as_urns_where_a_company_prefix_is_known(client: Client) -> None:
    """Of every kind of key, where the event itself, or any that names the same thing, spells the prefix."""
    found, form = urns_of(
        client,
        event(1, readPoint={"id": "urn:epc:id:sgln:9521321.00001.0"}),
        event(
            2,
            type="AggregationEvent",
            action="ADD",
            parentID=f"{LINKS}/00/095213210000000018",
            childEPCs=[f"{LINKS}/01/09521321000001/21/1", f"{LINKS}/8003/095213210000187", "https://a.example/x"],
            childQuantityList=[{"epcClass": f"{LINKS}/01/09521321000001/10/A"}],
            readPoint={"id": f"{LINKS}/414/9521321000018"},
            bizLocation={"id": f"{LINKS}/414/9521321000018/254/7"},
            sourceList=[{"type": "owning_party", "source": f"{LINKS}/417/9521321000018"}],
        ),
    )
    assert form == "Always_EPC_URN"
    assert found["parentID"] == "urn:epc:id:sscc:9521321.0000000001"
    assert found["childEPCs"][::2] == ["urn:epc:id:sgtin:9521321.000000.1", "https://a.example/x"]
    assert found["childQuantityList"][0]["epcClass"] == "urn:epc:class:lgtin:9521321.000000.A"
    assert found["readPoint"]["id"] == "urn:epc:id:sgln:9521321.00001.0"
    assert found["bizLocation"]["id"] == "urn:epc:id:sgln:9521321.00001.7"
    assert found["sourceList"][0]["source"] == "urn:epc:id:pgln:9521321.00001"


def test_a_digital_link_without_a_known_urn_stays_and_the_answer_says_so(client: Client) -> None:
    """No answer is withheld for a spelling; nor is a lot that stands beside a serial, which no URN names."""
    link = f"{LINKS}/01/09521321000001/21/1"
    found, form = urns_of(client, event(1, epcList=[link]))
    assert (found["epcList"], form) == ([link], "No_Preference")
    with_lot = f"{LINKS}/01/09521321000001/10/A/21/2"
    found, form = urns_of(client, event(2), event(3, epcList=[with_lot, f"{LINKS}/01/09521321000001/21/2"]))
    assert (found["epcList"], form) == ([with_lot, "urn:epc:id:sgtin:9521321.000000.2"], "No_Preference")
