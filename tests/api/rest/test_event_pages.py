"""Pages of the events of a query: cut anywhere, one after another they are one page."""

from __future__ import annotations

from typing import Any

import pytest

from api.capture_document import CaptureLimits
from tests.api.rest.conftest import Client, Serving, event, problem
from tests.api.rest.test_event_query import CONTEXT, EVENTS, TIME, numbers


@pytest.fixture
def client(serving: Serving) -> Client:
    """A client of a server that holds the events."""
    client = serving(CaptureLimits())
    client.capture(*EVENTS.values(), **{"@context": CONTEXT})
    return client


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"orderBy": "eventTime"},
        {"orderBy": "recordTime"},
        {"orderBy": "recordTime", "orderDirection": "ASC"},
        {"orderBy": "ex:grade"},
        {"EQ_bizStep": "shipping"},
        {"GE_recordTime": "2020-01-01T00:00:00Z"},
        {"MATCH_epc": "urn:epc:id:sgtin:9521321.000000.1|urn:epc:id:sgtin:9521321.000000.2"},
        {"GE_eventTime": TIME, "eventType": "ObjectEvent|AggregationEvent"},
    ],
    ids=str,
)
@pytest.mark.parametrize("size", [1, 2, 5])
def test_pages_are_one_page_cut(client: Client, parameters: dict[str, Any], size: int) -> None:
    """Whatever is captured between the pages; the last page has no Link."""
    whole = numbers(client.get("/events", **parameters))
    answer = client.get("/events", **parameters, perPage=size)
    found, number = numbers(answer), 20
    while "next" in answer.links:
        client.capture(event(number, bizStep="shipping"))
        number += 1
        answer = client.http.get(answer.links["next"]["url"])
        assert len(numbers(answer)) <= size
        found += numbers(answer)
    assert found == whole


def test_a_page_looks_at_a_bounded_number_of_events(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where that ends it, fewer come, and the Link leads on until all are told; what must see all says so."""
    monkeypatch.setattr("api.rest.query.event_pages.LOOKED_AT", 2)
    monkeypatch.setattr("api.rest.query.event_pages.COUNTED", 5)
    answer = client.get("/events", EQ_quantity="12.5")
    found = numbers(answer)
    pages = 1
    while "next" in answer.links:
        answer = client.http.get(answer.links["next"]["url"])
        found += numbers(answer)
        pages += 1
    assert (found, pages) == ([3], 5)
    for dear in ({"maxEventCount": 100}, {"orderBy": "ex:grade"}):
        problem(client.get("/events", EQ_quantity="12.5", **dear), 413, "QueryTooComplexException")


def test_a_token_of_another_query_is_refused(client: Client) -> None:
    """Never other rows."""
    link = client.get("/events", perPage=1).links["next"]["url"]
    problem(client.http.get(f"{link}&EQ_bizStep=packing"), 400, "QueryParameterException")
