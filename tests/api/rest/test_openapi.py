"""The OpenAPI document is whole: what it refers to is there, and what it shows is what the server does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import pytest

from api.http.openapi import operations
from api.rest.negotiation import EpcFormat
from api.rest.resources import RESOURCES
from loaders.xml_writer import CbvForm
from tests.api.rest.conftest import Client, event

Json = dict[str, Any]
VALUES = {
    "eventID": quote(event(1)["eventID"], safe=""),
    "queryName": "q",
    "value": "shipping",
    "captureID": "urn:uuid:none",
    "token": "x",
    "subscriptionID": "none",
}
JSON, XML = "application/json", "application/xml"


@pytest.fixture
def told(client: Client) -> Json:
    """The document of a server that has an event and a query."""
    client.capture(event(1, disposition="in_transit"))
    client.post("/queries", b'{"name":"q","query":{"EQ_bizStep":["shipping"]}}')
    document: Json = client.get("/openapi.json").json()
    return document


def parts(value: Any) -> Iterator[Json]:
    """Every object of a document."""
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts(one)


def found(document: Json, ref: str) -> Any:
    """What a reference leads to."""
    value: Any = document
    for step in ref.removeprefix("#/").split("/"):
        value = value[step]
    return value


def test_every_reference_leads_somewhere(told: Json) -> None:
    """And no schema is there that nothing refers to."""
    refs = {part["$ref"] for part in parts(told) if isinstance(part.get("$ref"), str)}
    assert all(found(told, ref) for ref in refs)
    assert {f"#/components/schemas/{name}" for name in told["components"]["schemas"]} <= refs
    assert {f"#/components/examples/{name}" for name in told["components"]["examples"]} <= refs
    assert {f"#/components/headers/{name}" for name in told["components"]["headers"]} <= refs


def test_every_operation_is_whole(told: Json) -> None:
    """Summary, an answer with a schema unless it is empty, problems as RFC 9457 has them, the standard's headers."""
    for path, method, operation in operations(told):
        assert operation["summary"], path
        assert "422" not in operation["responses"]
        good = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        assert len(good) == 1, path
        assert all("schema" in one for one in good[0].get("content", {}).values()) or path == "/metrics", (path, method)
        bad = [answer for status, answer in operation["responses"].items() if not status.startswith("2")]
        assert all(set(one["content"]) == {"application/problem+json", "application/problem+xml"} for one in bad)
        if operation["tags"][0].startswith("EPCIS"):
            assert "GS1-EPCIS-Version" in good[0]["headers"], path


def test_the_formats_are_those_that_are_known(told: Json) -> None:
    """The enumerations of the two format headers."""
    named = told["components"]["parameters"]
    assert set(named["GS1-EPC-Format"]["schema"]["enum"]) == set(EpcFormat)
    assert set(named["GS1-CBV-XML-Format"]["schema"]["enum"]) == set(CbvForm)


def test_a_case_is_shown_wherever_events_are_read(told: Json) -> None:
    """The header under which restricted elements are read, there, with what events say, and nowhere else."""
    ref = {"$ref": "#/components/parameters/Suyuan-Case"}
    shown = {path for path, _, operation in operations(told) if ref in operation["parameters"]}
    of_events = {path for path in told["paths"] if path.endswith("/events") or path == "/events/{eventID}"}
    said = {f"/{resource.path}{of}" for resource in RESOURCES for of in ("", "/{value}")}
    assert shown == of_events | said
    assert all(ref not in told["paths"][path]["options"]["parameters"] for path in shown)
    assert found(told, ref["$ref"])["in"] == "header"


def test_answers_are_those_that_are_shown(client: Client, told: Json) -> None:
    """Every path is asked: status and media type are declared, JSON fits its schema, declared headers are there."""
    for path, method, operation in operations(told):
        if method != "get" or path == "/metrics":
            continue
        value = {"/eventTypes": "ObjectEvent", "/epcs": event(1)["epcList"][0], "/dispositions": "in_transit"}
        chosen = next((v for start, v in value.items() if path.startswith(f"{start}/")), VALUES["value"])
        url = path.format(**{**VALUES, "value": chosen})
        answer = client.get(url)
        shown = operation["responses"][str(answer.status_code)]
        media = answer.headers["Content-Type"].partition(";")[0]
        assert media in shown["content"], path
        schema = {**shown["content"][media]["schema"], "components": told["components"]}
        assert jsonschema_rs.validator_for(schema).is_valid(answer.json()), (path, answer.text)
        missing = {one for one in shown.get("headers", {}) if one not in answer.headers}
        assert missing <= {"Link", "GS1-CBV-XML-Format"}, path  # Of a last page, and of JSON, there is none.


def test_examples_can_be_sent(client: Client, told: Json) -> None:
    """Each of a body is taken as it stands, and fits its schema."""
    sent = 0
    for path, method, operation in operations(told):
        for media, shown in operation.get("requestBody", {}).get("content", {}).items():
            for one in shown["examples"].values():
                example = found(told, one["$ref"])["value"]
                content = example if isinstance(example, str) else json.dumps(example)
                if path == "/queries":
                    client.http.delete(f"/queries/{example['name']}")
                headers = {"Content-Type": media}
                answer = client.http.request(method, path.format(**VALUES), content=content.encode(), headers=headers)
                assert str(answer.status_code) in operation["responses"], answer.text
                # Where a webhook leads is looked up, and no such host is there.
                refused = 400 if "subscriptions" in path else 409
                assert answer.is_success or answer.status_code == refused, (path, media, answer.text)
                if media == JSON:
                    schema = {**shown["schema"], "components": told["components"]}
                    assert jsonschema_rs.validator_for(schema).is_valid(example), path
                sent += 1
    assert sent == 6
