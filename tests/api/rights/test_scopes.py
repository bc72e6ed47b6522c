"""A department sees the events of its systems and stages, by every way; what its answers tell is whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from api.http.service import Service
from api.principals import read_users
from graph_schema.errors import InvalidInput
from graph_schema.licence import KIND, Licence
from tests.api.captured import service_over
from tests.api.users import Users
from tests.coverage.dairy_days import LOTS, S1, SITES, SYSTEM, A, B, event

PRINCIPALS: dict[str, dict[str, Any]] = {
    "regulator": {"role": "regulator"},
    "leads": {"role": "regulator", "department": "fda"},
    "supports": {"role": "regulator", "department": "商务局"},
    "supports too": {"role": "regulator", "department": "qts"},
    "elsewhere": {"role": "regulator", "department": "port"},
    "has a site": {"role": "regulator", "department": "port", "sites": [SITES[B]]},
}
USERS = Users(PRINCIPALS)
HEADERS = {name: USERS.headers(name) for name in PRINCIPALS}


def _event(number: int, name: str, by: str, lot: str, **more: Any) -> dict[str, Any]:
    told = event(name, by, f"2026-03-0{number}T08:00:00+08:00", lot, 10, **more)
    return told | {"eventID": f"urn:uuid:00000000-0000-4000-8000-00000000000{number}"}


SHIPPED = _event(1, "ship", A, "A1", **{"x:cte": "dairy.ship"})
SOLD = _event(2, "retail", S1, "A1", **{"x:cte": "dairy.retail"})
UNNAMED = _event(3, "ship", B, "B1", **{"x:cte": None})
SHIPPED_BY_ANY = _event(4, "ship", B, "B1")
NOBODYS = _event(5, "ship", B, "B1", **{"x:cte": None}) | {"bizStep": "https://example.org/steps/dreaming"}
EVENTS = (SHIPPED, SOLD, UNNAMED, SHIPPED_BY_ANY, NOBODYS)
REGISTER = [
    Licence(system=SYSTEM, role="retailer", number="S", department="cob"),
    Licence(system="meat_products", role="distributor", number="M", department="qts"),
]
"""Commerce supervises the retailers of dairy, and quality the distributors of meat."""
SEEN = {
    "regulator": EVENTS,
    "leads": (SHIPPED, SOLD, UNNAMED, SHIPPED_BY_ANY),
    "supports": (SOLD, UNNAMED, SHIPPED_BY_ANY),
    "supports too": (UNNAMED, SHIPPED_BY_ANY),
    "elsewhere": (),
    "has a site": (UNNAMED, SHIPPED_BY_ANY, NOBODYS),
}
"""What may be of several systems is seen by each that leads one of them, what is of none by whose site it was at."""


@pytest.fixture(scope="module")
def users() -> Users:
    """Departments, and who has none."""
    return USERS


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The events, and the registers."""
    documents = [json.dumps(one).encode() for one in EVENTS]
    with service_over(tmp_path_factory.mktemp("scopes"), "loader", documents, REGISTER) as opened:
        yield opened


Answer = Callable[..., Any]


@pytest.fixture(scope="module")
def answer(http: TestClient) -> Answer:
    """What is answered in GraphQL."""

    def asked(name: str, query: str) -> Any:
        told = http.post("/graphql", json={"query": query}, headers=HEADERS[name]).json()
        assert "errors" not in told, told
        return told["data"]

    return asked


def ids(events: tuple[dict[str, Any], ...]) -> set[str]:
    """The ids of events."""
    return {one["eventID"] for one in events}


@pytest.mark.parametrize("name", SEEN)
def test_a_department_sees_the_events_of_its_scope(name: str, answer: Answer, http: TestClient) -> None:
    """In lists and by item, in GraphQL; in lists, by id and below resources, over REST."""
    listed = [
        answer(name, "{ events { edges { node { id } } } }")["events"]["edges"],
        *(
            answer(name, f'{{ events(filter: {{item: "{lot}"}}) {{ edges {{ node {{ id }} }} }} }}')["events"]["edges"]
            for lot in LOTS.values()
        ),
    ]
    assert {edge["node"]["id"] for edge in listed[0]} == ids(SEEN[name])
    assert {edge["node"]["id"] for some in listed[1:] for edge in some} == ids(SEEN[name])
    for path in ("/events", "/events?orderBy=recordTime", *(f"/epcs/{quote(lot, safe='')}/events" for lot in LOTS)):
        told = http.get(path, headers=HEADERS[name])
        assert not [one for one in ids(EVENTS) - ids(SEEN[name]) if one in told.text], path
    every = http.get("/events", headers=HEADERS[name]).json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    assert {one["eventID"] for one in every} == ids(SEEN[name])
    for one in ids(EVENTS):
        assert http.get(f"/events/{one}", headers=HEADERS[name]).status_code == (200 if one in ids(SEEN[name]) else 404)


@pytest.mark.parametrize("name", SEEN)
def test_what_its_answers_tell_is_whole(name: str, answer: Answer) -> None:
    """A recall scope is a department's, and a trace tells no more of a lot: both as to who sees all events."""
    seeds = ", ".join(f'{{item: {{id: "{lot}"}}}}' for lot in LOTS.values())
    for asked in (
        """trace(seeds: [SEEDS], direction: BOTH) { complete sites(first: 5) { edges { node { site { id } } } }
           flows(first: 5) { edges { node { from { id } to { id } departed { text } events } } } }""",
        "recallScope(seeds: [SEEDS]) { outlets(first: 5) { edges { node { site { id } certainty evidence } } } }",
        """responsibility(id: "LOT") { accounts { subjects(first: 5) { edges { node {
           site { id } records(first: 5) { event time { text } } } } } } }""",
    ):
        query = f"{{ {asked.replace('SEEDS', seeds).replace('LOT', LOTS['A1'])} }}"
        assert answer(name, query) == answer("regulator", query)
    events = "events { totalCount edges { node { id } } }"
    query = f"{{ trace(seeds: [{seeds}], direction: BOTH) {{ {events} }} }}"
    opened, every = (answer(who, query)["trace"]["events"] for who in (name, "regulator"))
    shown = {edge["node"]["id"] for edge in opened["edges"]}
    assert shown == {edge["node"]["id"] for edge in every["edges"]} & ids(SEEN[name])
    assert opened["totalCount"] == len(shown)


def test_a_page_of_one_department_is_not_gone_on_from_by_another(answer: Answer, http: TestClient) -> None:
    """What a cursor stands for is in a list of its own."""
    page = answer("leads", "{ events(first: 1) { edges { cursor } } }")["events"]
    asked = f'{{ events(first: 1, after: "{page["edges"][0]["cursor"]}") {{ edges {{ node {{ id }} }} }} }}'
    refused = http.post("/graphql", json={"query": asked}, headers=HEADERS["supports"]).json()
    assert refused["errors"][0]["extensions"]["code"] == "CURSOR_EXPIRED"


def test_subscribers_are_sent_the_events_of_their_scope(http: TestClient) -> None:
    """By web socket as over REST."""
    http.post("/queries", json={"name": "all", "query": {}}, headers=HEADERS["supports"])
    path = "ws://localhost/queries/all/events?stream=true&initialRecordTime=2017-01-01T00:00:00Z"
    with http.websocket_connect(path, headers=HEADERS["supports"]) as socket:
        sent = socket.receive_text()
    assert {one for one in ids(EVENTS) if one in sent} == ids(SEEN["supports"])


def test_a_register_that_changes_changes_what_is_seen(service: Service, http: TestClient, answer: Answer) -> None:
    """A server that runs sees from then on what the department supervises then."""

    def seen(name: str) -> set[str]:
        edges = answer(name, "{ events { edges { node { id } } } }")["events"]["edges"]
        return {edge["node"]["id"] for edge in edges}

    assert SOLD["eventID"] in seen("supports") - seen("supports too")
    licence = Licence(system=SYSTEM, role="retailer", number="S", department="qts")
    with service.located.store.transaction() as writing:
        writing.masters.put([(licence.key, KIND, licence.attributes())], writing.ledger.head().position)
    assert SOLD["eventID"] in seen("supports too") - seen("supports")


def test_a_department_that_no_profile_knows_is_refused(tmp_path: Path) -> None:
    """It would see nothing, and not know why."""
    file = Users({"wang": {"role": "regulator", "department": "SAMR"}}).write(tmp_path)
    with pytest.raises(InvalidInput, match="there is no department 'SAMR'"):
        read_users(file)
