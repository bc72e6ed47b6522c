"""EPCIS 2.0 XML over HTTP: bodies, answers, problems, in the forms that headers ask for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from httpx2 import Response
from lxml import etree

from api.capture_document import CaptureLimits
from tests.api.rest.conftest import Client, Serving, event, problem
from tests.loaders.xml_sample import DOCUMENT
from tests.loaders.xml_sample import EVENT as ELEMENT

XML = {"Content-Type": "application/xml"}
TAKES = {"Accept": "application/xml"}


def element(number: int, inside: str = "<bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep>") -> str:
    """An event of XML, by its number."""
    told = f"<eventID>urn:uuid:00000000-0000-4000-8000-{number:012d}</eventID>"
    return ELEMENT.format(inside).replace("<epcList>", f"{told}<epcList>")


def xml(*elements: str) -> bytes:
    """A document of events."""
    return DOCUMENT.format("".join(elements)).encode()


def post(client: Client, path: str, content: bytes, **headers: str) -> Response:
    """Send XML."""
    return client.http.post(path, content=content, headers=XML | {k.replace("_", "-"): v for k, v in headers.items()})


def read(answer: Response) -> Any:
    """An answer's root element; checked to be XML."""
    assert answer.status_code in (200, 201), answer.text
    assert answer.headers["Content-Type"] == "application/xml"
    return etree.fromstring(answer.content)


def refused(answer: Response, status: int, name: str) -> str:
    """What a problem says that comes as XML (RFC 9457, appendix B)."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+xml"), answer.text
    root = etree.fromstring(answer.content)
    assert root.tag == "{urn:ietf:rfc:7807}problem"
    assert root.findtext("{*}type") == f"epcisException:{name}"
    assert root.findtext("{*}status") == str(status)
    return str(root.findtext("{*}detail"))


@pytest.fixture
def schema(corpora: Path) -> etree.XMLSchema:
    """The standard's schema of query documents."""
    return etree.XMLSchema(etree.parse(corpora / "gs1-epcis" / "XSD" / "EPCglobal-epcis-query-2_0.xsd"))


@pytest.mark.parametrize("media", ["application/xml", "text/xml", "application/xml; charset=utf-8"])
def test_a_document_is_captured(client: Client, media: str) -> None:
    """As one of JSON is: the same events are the same, in whichever form they come."""
    job = client.ended(
        client.http.post("/capture", content=xml(element(1), element(2)), headers={"Content-Type": media})
    )
    assert (job["success"], job["accepted"]) == (True, 2)
    found = client.get("/events").json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    assert [one["bizStep"] for one in found] == ["shipping", "shipping"]
    again = [{name: value for name, value in one.items() if name != "@context"} for one in found]
    told = client.ended(client.post("/capture", json.dumps(document_of(again)).encode()))
    assert (told["accepted"], told["duplicates"]) == (0, 2)


def document_of(events: list[dict[str, Any]]) -> dict[str, Any]:
    """A document of JSON."""
    return {
        "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-05T08:00:00Z",
        "epcisBody": {"eventList": events},
    }


def test_a_refused_event_is_told_with_its_place(client: Client) -> None:
    """Line, field, id, rule and remedy, in JSON and in XML; and all is rolled back."""
    answer = post(client, "/capture", xml(element(1), element(2, "<bizStep>no</bizStep>")))
    job = client.ended(answer)
    assert (job["success"], job["accepted"], job["rejected"]) == (False, 0, 1)
    (error,) = job["errors"]
    assert error["where"].startswith("event 2, line ")
    assert error["where"].endswith(", /bizStep")
    assert error["eventID"].endswith("000002")
    root = read(client.get(answer.headers["Location"], TAKES))
    assert root.tag == "{urn:epcglobal:epcis:xsd:2}EPCISCaptureJob"
    assert dict(root.attrib) == {"captureID": job["captureID"], "running": "false", "success": "false"}
    assert root.findtext("captureErrorBehaviour") == "rollback"
    assert root.findtext("errors/error/where") == error["where"]


@pytest.mark.parametrize("accept", [{}, TAKES])
def test_one_event_is_captured(client: Client, accept: dict[str, str]) -> None:
    """Bare or in a document; answered in the form accepted; 409 where it is there."""
    answer = client.http.post("/events", content=element(1).encode(), headers=XML | accept)
    assert answer.status_code == 201
    if accept:
        assert read(answer).findtext("bizStep") == "urn:epcglobal:cbv:bizstep:shipping"
    else:
        assert answer.json()["bizStep"] == "shipping"
    problem(post(client, "/events", element(1).encode()), 409, "ResourceAlreadyExistsException")
    assert post(client, "/events", xml(element(2))).status_code == 201


def test_what_is_no_document(client: Client) -> None:
    """400 for XML that is broken, bare, or has a DOCTYPE; 415 for what is not what it says."""
    bomb = xml(element(1)).replace(b"?>\n", b'?>\n<!DOCTYPE a [<!ENTITY a "a">]>', 1)
    for content, said in (
        (xml(element(1))[:-30], "line"),
        (element(1).encode(), "without a document"),
        (b"<html/>", "neither an EPCIS document"),
        (bomb, "DOCTYPE"),
        (xml(element(1)).replace(b"UTF-8", b"rot13"), "encoding"),
    ):
        assert said in problem(post(client, "/capture", content), 400, "ValidationException")
    assert "DOCTYPE" in problem(post(client, "/events", bomb), 400, "ValidationException")
    for path in ("/capture", "/events"):
        problem(post(client, path, json.dumps(event(1)).encode()), 415, "UnsupportedMediaTypeException")
        problem(client.post(path, xml(element(1))), 415, "UnsupportedMediaTypeException")
    assert client.get("/capture").json() == []


def test_limits_hold_for_xml(serving: Serving) -> None:
    """As many events, and bytes, as the headers say, and no more."""
    client = serving(CaptureLimits(events=2, size=len(xml(element(1), element(2)))))
    assert client.ended(post(client, "/capture", xml(element(1), element(2))))["accepted"] == 2
    problem(post(client, "/capture", xml(element(1), element(2), element(3))), 413, "CaptureLimitExceededException")
    assert "3 events" in problem(
        post(client, "/capture", xml(*["<ObjectEvent/>"] * 3)), 413, "CaptureLimitExceededException"
    )


@pytest.mark.corpora
def test_every_answer_with_events_comes_in_xml(client: Client, schema: etree.XMLSchema) -> None:
    """Valid against the standard's schema, page by page, with the same events as in JSON."""
    client.capture(*(event(number, readPoint={"id": "urn:epc:id:sgln:9521321.00001.0"}) for number in range(5)))
    client.post("/queries", b'{"name":"q","query":{"EQ_bizStep":["shipping"]}}')
    paths = [
        "/events",
        f"/events/{quote(event(1)['eventID'], safe='')}",
        "/queries/q/events",
        "/bizSteps/shipping/events",
        "/eventTypes/ObjectEvent/events",
        "/readPoints/urn:epc:id:sgln:9521321.00001.0/events",
        "/epcs/urn:epc:id:sgtin:9521321.000000.1/events",
    ]
    for path in paths:
        root = read(client.get(path, TAKES))
        schema.assertValid(root)
        told = client.get(path).json()["epcisBody"]["queryResults"]
        assert root.findtext(".//queryName") == told["queryName"]
        assert [one.text for one in root.iter("eventID")] == [
            one["eventID"] for one in told["resultsBody"]["eventList"]
        ]
    answer = client.get("/events", TAKES, perPage=2)
    following = client.http.get(answer.links["next"]["url"], headers=TAKES)
    assert [one.text[-1] for page in (answer, following) for one in read(page).iter("eventID")] == ["0", "1", "2", "3"]


def test_other_answers_are_json(client: Client) -> None:
    """Where the standard has no XML, XML alone is not acceptable; the refusal is XML."""
    for path in ("/capture", "/queries", "/epcs", "/bizSteps", "/"):
        refused(client.get(path, TAKES), 406, "NotAcceptableException")
        assert client.get(path, {"Accept": "application/xml, application/json;q=0.1"}).status_code == 200


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("application/xml", "xml"),
        ("text/xml", "xml"),
        ("application/xml;q=0.9, application/json;q=0.8", "xml"),
        ("application/json, application/xml", "json"),
        ("application/xml;q=0.1, */*;q=0.5", "json"),
        ("application/*", "json"),
        ("application/json;q=0, */*", "xml"),
        ("application/xml, application/problem+json", "xml"),
        ("application/problem+json", "json"),
    ],
)
def test_the_form_is_the_one_liked_most(client: Client, accept: str, media: str) -> None:
    """JSON where both are liked alike (RFC 9110 §12.5.1)."""
    assert client.get("/events", {"Accept": accept}).headers["Content-Type"] == f"application/{media}"


@pytest.mark.parametrize(
    ("form", "step"),
    [
        (None, "urn:epcglobal:cbv:bizstep:shipping"),
        ("Never_Translates", "urn:epcglobal:cbv:bizstep:shipping"),
        ("Always_URN", "urn:epcglobal:cbv:bizstep:shipping"),
        ("Always_Web_URI", "https://ref.gs1.org/cbv/BizStep-shipping"),
    ],
)
def test_words_in_the_form_asked(client: Client, form: str | None, step: str) -> None:
    """`GS1-CBV-XML-Format`; JSON knows none of it."""
    client.capture(event(1))
    asked = {} if form is None else {"GS1-CBV-XML-Format": form}
    answer = client.get("/events", TAKES | asked)
    assert read(answer).findtext(".//bizStep") == step
    assert answer.headers["GS1-CBV-XML-Format"] == (form or "No_Preference")
    plain = client.get("/events", asked)
    assert '"shipping"' in plain.text
    assert "GS1-CBV-XML-Format" not in plain.headers
    refused(client.get("/events", TAKES | {"GS1-CBV-XML-Format": "Mostly"}), 406, "NotAcceptableException")


def test_identifiers_in_the_form_asked(client: Client) -> None:
    """`GS1-EPC-Format` holds for XML too."""
    client.capture(event(1))
    answer = client.get("/events", TAKES | {"GS1-EPC-Format": "Always_GS1_Digital_Link"})
    assert read(answer).findtext(".//epc") == "https://id.gs1.org/01/09521321000001/21/1"


def test_problems_come_as_xml(client: Client) -> None:
    """To who likes XML most; JSON to all others."""
    assert "EQ_wrong" in refused(client.get("/events", TAKES, EQ_wrong="1"), 400, "QueryParameterException")
    refused(client.get("/events/none", {"Accept": "application/problem+xml"}), 404, "NoSuchNameException")
    problem(client.get("/events/none", {"Accept": "*/*"}), 404, "NoSuchNameException")


def test_graphql_captures_xml(client: Client) -> None:
    """As text, whatever encoding the text says it was in."""
    text = xml(element(1, "<ex:name>溯源</ex:name>")).decode().replace("UTF-8", "GB18030")
    query = "mutation ($d: String!) { capture(document: $d) { id } }"
    told = client.http.post("/graphql", json={"query": query, "variables": {"d": text}}).json()
    assert "errors" not in told, told
    client.service.captures.close()
    assert "溯源" in client.get("/events").text
