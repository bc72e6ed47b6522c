"""Named queries, as EPCIS 2.0 §8.2.5 and §12 say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from httpx2 import Response

from tests.api.rest.conftest import Client, event, problem
from tests.api.rest.test_event_query import CONTEXT, EVENTS, numbers


def keep(client: Client, name: str, query: Any) -> Response:
    """Keep a query under a name."""
    return client.post("/queries", json.dumps({"name": name, "query": query}).encode())


def test_a_query_is_kept_under_its_name(client: Client) -> None:
    """201 with its address; told as it was given; the name is given once, until the query is removed."""
    query = {"eventType": ["ObjectEvent"], "EQ_bizStep": ["shipping", "receiving"]}
    answer = keep(client, "my query", query)
    assert (answer.status_code, answer.headers["Location"]) == (201, "/queries/my%20query")
    assert client.get("/queries/my%20query").json() == {"name": "my query", "query": query}
    problem(keep(client, "my query", {}), 409, "ResourceAlreadyExistsException")
    assert client.http.delete("/queries/my%20query").status_code == 204
    for gone in (client.http.delete("/queries/my%20query"), client.get("/queries/my%20query")):
        problem(gone, 404, "NoSuchNameException")
    assert keep(client, "my query", {}).status_code == 201


def test_queries_are_listed_a_page_at_a_time(client: Client) -> None:
    """In order of name."""
    for name in ("c", "a", "b"):
        keep(client, name, {"EQ_bizStep": [name + "://x"]})
    answer = client.get("/queries", perPage=2)
    last = client.http.get(answer.links["next"]["url"])
    assert [one["name"] for one in answer.json() + last.json()] == ["a", "b", "c"]
    assert "next" not in last.links


@pytest.mark.parametrize("name", ["奶粉出厂", "a b", "50%", "ó\f\x05", "a?b#c"], ids=ascii)
def test_the_pages_of_a_query_of_any_name(client: Client, name: str) -> None:
    """The Link leads on, whatever the name is spelled with."""
    client.capture(*EVENTS.values(), **{"@context": CONTEXT})
    address = keep(client, name, {}).headers["Location"]
    answer = client.get(f"{address}/events", perPage=5)
    found = numbers(answer)
    while "next" in answer.links:
        answer = client.http.get(answer.links["next"]["url"])
        found += numbers(answer)
    assert found == numbers(client.get("/events"))


QUERIES: list[tuple[dict[str, Any], set[int]]] = [
    ({"EQ_bizStep": ["receiving", "packing"]}, {2, 3}),
    ({"GT_quantity": 4, "EQ_quantity_KGM": [12.5]}, {3}),
    ({"EXISTS_errorDeclaration": None}, {9}),
    ({"EXISTS_errorDeclaration": 1}, {9}),
    ({"EQ_booleanValue": True}, {8}),
    ({"@context": {"other": "https://example.org/ns/"}, "EQ_other:grade": "7"}, {5}),
    ({"@context": {"e": "https://example.org/"}, "EQ_eventID": ["e:x", EVENTS[1]["eventID"]]}, {1}),
]


@pytest.mark.parametrize(("query", "wanted"), QUERIES, ids=str)
def test_a_query_answers_with_its_events(client: Client, query: dict[str, Any], wanted: set[int]) -> None:
    """Those that it lets through now, under its name, page by page."""
    keep(client, "q", query)
    client.capture(*EVENTS.values(), **{"@context": CONTEXT})
    answer = client.get("/queries/q/events")
    assert set(numbers(answer)) == wanted
    assert answer.json()["epcisBody"]["queryResults"]["queryName"] == "q"
    found, page = [], client.get("/queries/q/events", perPage=1)
    while True:
        found += numbers(page)
        if "next" not in page.links:
            break
        page = client.http.get(page.links["next"]["url"])
    assert found == numbers(answer)


def test_a_query_is_read_anew_each_time(client: Client) -> None:
    """Events that came later are among its events."""
    keep(client, "q", {"EQ_bizStep": ["shipping"]})
    assert numbers(client.get("/queries/q/events")) == []
    client.capture(event(1))
    assert numbers(client.get("/queries/q/events")) == [1]


def test_a_query_that_is_wrong_is_not_kept(client: Client) -> None:
    """Its parameter is named; so is one that is added where the query says all."""
    for query in ({"EQ_bizstep": ["shipping"]}, {"perPage": 3}, {"EQ_bizStep": [{}]}, {"EQ_action": ["MOVE"]}):
        told = problem(keep(client, "q", query), 400, "QueryParameterException")
        assert told.startswith(next(iter(query)))
    for body in (
        b"{",
        b"[]",
        b'{"name":"q"}',
        b'{"name":"","query":{}}',
        b'{"name":"a/b","query":{}}',
        b'{"name":"..","query":{}}',
    ):
        problem(client.post("/queries", body), 400, "ValidationException")
    nested = b"[" * 30_000 + b"]" * 30_000
    for sent in (nested, b'{"@context":' + nested + b"}", b'{"EQ_bizStep":"\xff"}', b'{"EQ_bizStep":"\\ud800"}'):
        problem(client.post("/queries", b'{"name":"q","query":' + sent + b"}"), 400, "ValidationException")
    problem(keep(client, "q", [1]), 400, "ValidationException")
    assert client.get("/queries").json() == []
    keep(client, "q", {})
    problem(client.get("/queries/q/events", EQ_action="ADD"), 400, "QueryParameterException")
    problem(client.get("/queries/none/events"), 404, "NoSuchNameException")
