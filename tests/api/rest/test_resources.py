"""Top-level resources, OPTIONS, headers and the OpenAPI document, as EPCIS 2.0 §12 says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema_rs import validator_for

from api.capture_document import CaptureLimits
from api.rest.resources import RESOURCES
from tests.api.rest.conftest import Client, document, event, problem, served
from tests.api.rest.test_event_query import CONTEXT, DOCK, EVENTS, LOT, PLANT, SHOP, SSCC, numbers

NOT_SERVED = re.compile(r"/subscriptions")
"""Webhooks and web sockets of queries are to come."""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of a server that holds some events."""
    with served(tmp_path_factory.mktemp("resources"), CaptureLimits()) as client:
        client.capture(*EVENTS.values(), event(10, bizStep="https://own.example/步骤/1"), **{"@context": CONTEXT})
        yield client


@pytest.fixture(scope="module")
def standard(corpora: Path) -> dict[str, Any]:
    """The standard's OpenAPI document, read where it lies."""
    text = (corpora / "gs1-epcis" / "REST Bindings" / "openapi.json").read_text(encoding="utf-8")
    whole: dict[str, Any] = json.loads(text)
    return whole


def members(asked: Client, path: str, **parameters: Any) -> list[str]:
    """All members of a collection, page by page."""
    answer = asked.get(path, **parameters)
    found: list[str] = answer.json()["member"]
    while "next" in answer.links:
        answer = asked.http.get(answer.links["next"]["url"])
        found += answer.json()["member"]
    return found


def test_the_top_lists_what_there_is(asked: Client) -> None:
    """Every resource; a browser is led to the page to explore with."""
    told = asked.get("/").json()
    assert (told["type"], set(told["member"]) >= {one.path for one in RESOURCES}) == ("Collection", True)
    page = asked.http.get("/", headers={"Accept": "text/html,*/*;q=0.8"}, follow_redirects=False)
    assert page.headers["Location"] == "/graphiql"


@pytest.mark.parametrize("size", [1, 2, 100])
def test_a_resource_lists_what_events_say(asked: Client, size: int) -> None:
    """Each value once, in order, over pages of any size."""
    assert members(asked, "/bizSteps", perPage=size) == [
        "commissioning", "https://own.example/步骤/1", "packing", "receiving", "shipping"
    ]  # fmt: skip
    assert members(asked, "/dispositions", perPage=size) == ["in_transit"]
    assert len(members(asked, "/readPoints", perPage=size)) == len(members(asked, "/bizLocations", perPage=size)) == 2
    assert len(members(asked, "/eventTypes", perPage=size)) == 5
    epcs = members(asked, "/epcs", perPage=size)
    assert epcs == sorted(set(epcs))
    assert LOT in epcs


OF_ONE = [
    ("eventTypes", "AggregationEvent", {3}),
    ("epcs", "urn:epc:id:sgtin:9521321.000000.1", {1, 3}),
    ("epcs", SSCC, {3}),
    ("epcs", LOT, {3, 4}),
    ("bizSteps", "receiving", {2}),
    ("bizSteps", "urn:epcglobal:cbv:bizstep:receiving", {2}),
    ("bizSteps", "https://own.example/步骤/1", {10}),
    ("bizLocations", PLANT, {1}),
    ("readPoints", DOCK, {1}),
    ("dispositions", "in_transit", {1}),
]


@pytest.mark.parametrize(("path", "value", "wanted"), OF_ONE)
def test_a_value_leads_to_its_events(asked: Client, path: str, value: str, wanted: set[int]) -> None:
    """In any spelling; its events may be narrowed further, but not by what the path says already."""
    of_one = f"/{path}/{quote(value, safe='')}"
    assert asked.get(of_one).json()["member"] == ["events"]
    assert set(numbers(asked.get(f"{of_one}/events"))) == wanted
    assert numbers(asked.get(f"{of_one}/events", LT_eventTime="2020-01-01T00:00:00Z")) == []
    parameter = next(one for one in RESOURCES if one.path == path).parameter(value)
    problem(asked.get(f"{of_one}/events", **{parameter: value}), 400, "QueryParameterException")


@pytest.mark.parametrize("path", [one.path for one in RESOURCES])
def test_a_value_that_no_event_says(asked: Client, path: str) -> None:
    """404, of it and of its events."""
    for of_one in (f"/{path}/urn%3Anone", f"/{path}/urn%3Anone/events"):
        problem(asked.get(of_one), 404, "NoSuchNameException")
    problem(asked.get("/bizSteps/shiping"), 404, "NoSuchNameException")


@pytest.mark.corpora
def test_every_path_of_the_standard_is_served(asked: Client, standard: dict[str, Any]) -> None:
    """With OPTIONS that tell versions and methods, and in the OpenAPI document with a summary each."""
    ours = asked.get("/openapi.json").json()["paths"]
    plain = {re.sub(r"\{[^}]*\}", "{}", path): operations for path, operations in ours.items()}
    for path, operations in standard["paths"].items():
        if NOT_SERVED.search(path):
            continue
        own = plain[re.sub(r"\{[^}]*\}", "{}", path)]
        methods = {method for method in operations if method in ("get", "post", "put", "delete", "options")}
        assert methods <= set(own), path
        assert all(own[method]["summary"] for method in methods)
        if "options" in methods:
            told = asked.http.options(re.sub(r"\{[^}]*\}", "x", path))
            assert told.status_code == 204
            also = {"head"} & {one.replace("get", "head") for one in methods}  # HTTP has it wherever there is GET.
            assert {one.lower() for one in told.headers["Allow"].split(", ")} == methods | also
            for name in ("EPCIS-Version", "EPCIS-Min", "EPCIS-Max", "CBV-Version", "CBV-Min", "CBV-Max"):
                assert told.headers[f"GS1-{name}"] == "2.0.0"
            assert "GS1-Extensions" in told.headers
            assert told.headers["GS1-Vendor-Version"].startswith("Suyuan ")


@pytest.mark.corpora
def test_every_query_parameter_of_the_standard_is_understood(asked: Client, standard: dict[str, Any]) -> None:
    """Each that its OpenAPI document names is in ours; none is refused as unknown."""
    named = {one["name"] for one in standard["components"]["parameters"].values() if one["in"] == "query"}
    parameters = asked.get("/openapi.json").json()["paths"]["/events"]["get"]["parameters"]
    own = {one["name"] for one in parameters if "name" in one}
    of_subscriptions = {"second", "minute", "hour", "dayOfMonth", "month", "dayOfWeek", "stream"}
    of_subscriptions |= {"reportIfEmpty", "initialRecordTime"}
    assert named - of_subscriptions <= own
    for name in named - of_subscriptions:
        answer = asked.get("/events", **{name: "?"})
        assert "no parameter of a query" not in answer.text


def test_answers_have_the_headers_of_the_standard(asked: Client) -> None:
    """Versions and extensions, on refusals as well."""
    for path in ("/events", "/capture", "/bizSteps", "/events/none", f"/bizLocations/{quote(SHOP, safe='')}"):
        headers = asked.get(path).headers
        assert (headers["GS1-EPCIS-Version"], headers["GS1-CBV-Version"]) == ("2.0.0", "2.0.0")


def test_other_methods_and_paths_are_problems_too(asked: Client) -> None:
    """405 and 404 as RFC 9457 has them; a token cannot be ended."""
    for answer, status in ((asked.http.put("/events"), 405), (asked.get("/nothing"), 404)):
        assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    problem(asked.http.delete("/nextPageToken/x"), 501, "ImplementationException")


@pytest.mark.corpora
def test_answers_fit_the_schemas_of_the_standard(asked: Client, standard: dict[str, Any]) -> None:
    """Jobs, collections, definitions of queries, problems."""
    asked.post("/queries", b'{"name":"q","query":{"EQ_bizStep":["shipping"]}}')
    refused = asked.post("/capture", document(event(1, eventTime="yesterday")))
    asked.ended(refused)
    for answer, name, many in (
        (asked.get("/capture"), "CaptureJob", True),
        (asked.get("/queries"), "QueryDefinition", True),
        (asked.get("/queries/q"), "QueryDefinition", False),
        (asked.get("/"), "TopLevelResourceCollection", False),
        (asked.get("/bizSteps/shipping"), "ResourceCollection", False),
        (asked.get("/epcs"), "UriCollection", False),
        (asked.get("/eventTypes"), "EventTypeCollection", False),
        (asked.get("/nothing"), "RFC7807ProblemResponseBody", False),
    ):
        # Not even the standard's own example of a job fits exactly one of its alternatives.
        components = json.loads(json.dumps(standard["components"]).replace('"oneOf"', '"anyOf"'))
        validator = validator_for({"$ref": f"#/components/schemas/{name}", "components": components})
        for one in answer.json() if many else [answer.json()]:
            assert [error.message for error in validator.iter_errors(one)] == [], name
