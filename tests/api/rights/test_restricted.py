"""What product systems restrict is shown to who may know it, by every way; what is withheld is found by none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from api.http.app import Served, app_of
from api.http.service import Service
from api.principals import read_users
from graph_schema.licence import Licence
from graph_schema.profiles.loading import SYSTEMS, load_profiles
from graph_schema.profiles.restricted import WITHHELD, Restrictions
from tests.api.captured import service_over
from tests.api.rights.maker import BASE, CASE, EXT, USERS, document, event
from tests.api.users import Users
from tests.systems.test_profiles import text_of, write
from tests.worlds.reading import read_events

DRIVER, ROUTE, PATIENT, PERSON = "DRIVER-7", "ROUTE-7", "PATIENT-7", "PERSON-7"
SECRETS = (DRIVER, ROUTE, PATIENT, PERSON, "TRUCK-7", "CARRIER-7", "OPERATOR-7")


SHIPPED = event(
    1, "departing", "in_transit",
    **{f"{EXT}cte": "civil_explosives.ship", f"{EXT}personRef": DRIVER, f"{EXT}route": [ROUTE, {"via": ROUTE}],
       f"{EXT}vehicle": "TRUCK-7", f"{EXT}carrier": "CARRIER-7", f"{EXT}licence": "L-1"},
)  # fmt: skip
DISPENSED = event(
    2, "dispensing", "dispensed", **{f"{EXT}cte": "drug.dispense", f"{EXT}deep": {f"{EXT}personRef": PATIENT}}
)
UNMARKED = event(3, "receiving", "conformant", **{f"{EXT}personRef": "OPERATOR-7"})
NOBODYS = event(4, "https://example.org/steps/dreaming", None, **{f"{EXT}personRef": PERSON})
OPEN = event(5, "receiving", "conformant", **{f"{EXT}licence": "L-2"})
EVENTS = (SHIPPED, DISPENSED, UNMARKED, NOBODYS, OPEN)
LICENCES = [
    Licence(system=system, role=role, number="1", department="iib")
    for system, role in (("civil_explosives", "seller"), ("drug", "pharmacy"))
]
"""By which the department of industry supervises subjects of the stages of both marked events."""


@pytest.fixture(scope="module")
def users() -> Users:
    """Those of the maker."""
    return USERS


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The events, as the maker captured them."""
    folder = tmp_path_factory.mktemp("restricted")
    with service_over(folder, "maker", [document(*EVENTS)], LICENCES) as opened:
        yield opened


ALL_OF_SHIPPED = ["driver", "route", "vehicle", "carrier"]
HIDDEN, SOMETHING = "hidden", "something"
SHOWN: dict[tuple[str, bool], tuple[Any, ...]] = {
    ("maker", False): ([], [], [], []),
    ("food and drug", False): (HIDDEN, [], SOMETHING, HIDDEN),
    ("food and drug", True): (HIDDEN, [], SOMETHING, HIDDEN),
    ("work safety", False): ([], HIDDEN, SOMETHING, HIDDEN),
    ("police", False): ([], HIDDEN, SOMETHING, HIDDEN),
    ("industry", False): (ALL_OF_SHIPPED, ["patient_ref"], SOMETHING, HIDDEN),
    ("industry", True): ([], [], SOMETHING, HIDDEN),
    ("coordinator", False): (ALL_OF_SHIPPED, ["patient_ref"], SOMETHING, SOMETHING),
    ("coordinator", True): ([], [], [], []),
    ("commerce", True): ([], [], [], []),
    ("analyst", True): (ALL_OF_SHIPPED, ["patient_ref"], SOMETHING, SOMETHING),
    ("no department", True): (ALL_OF_SHIPPED, ["patient_ref"], SOMETHING, SOMETHING),
    ("user", True): (ALL_OF_SHIPPED, ["patient_ref"], SOMETHING, SOMETHING),
}
"""What is withheld from whom of each event, without a case and under one, or that it is hidden."""


@pytest.mark.parametrize(("name", "case"), SHOWN)
def test_each_is_shown_what_the_profile_says(name: str, case: bool, told: Any) -> None:
    """The lead department, whose record it is, and under a case who supports or coordinates: nobody else."""
    seen = [(given, wanted) for given, wanted in zip(EVENTS, (*SHOWN[name, case], []), strict=True) if wanted != HIDDEN]
    shown = told(name, case)
    assert len(shown) == len(seen)
    for (given, wanted), one in zip(seen, shown, strict=True):
        body = json.loads(one["body"])
        assert one["withheld"] == body.get(WITHHELD, [])
        if wanted == SOMETHING:
            assert one["withheld"]
        else:
            assert sorted(one["withheld"]) == sorted(wanted)
        secrets = [text for text in SECRETS if text in json.dumps(given)]
        assert [text for text in secrets if text in one["body"]] == ([] if one["withheld"] else secrets)
        if not one["withheld"] and name != "user":
            assert body == given


@pytest.mark.parametrize("media", ["application/json", "application/xml"])
@pytest.mark.parametrize("name", ["analyst", "coordinator", "no department", "user"])
def test_no_path_of_rest_shows_what_is_withheld(name: str, media: str, get: Any) -> None:
    """Pages, one event, named queries' parameters, in JSON and XML; the event says that something was left out."""
    ids = [each["eventID"] for each in EVENTS] if name != "user" else []
    for path in ("/events", "/bizSteps/departing/events", *(f"/events/{one}" for one in ids)):
        answer = get(name, path, Accept=media)
        assert answer.status_code == 200
        assert not [text for text in SECRETS if text in answer.text], path
    assert "withheld" in get(name, "/events", Accept=media).text
    assert "withheld" not in get("maker", "/events", Accept=media).text


@pytest.mark.parametrize(
    "query",
    [
        f"EQ_{quote(EXT + 'personRef', safe='')}={PERSON}",
        f"EQ_{quote(EXT + 'route', safe='')}={ROUTE}",
        f"EXISTS_{quote(EXT + 'personRef', safe='')}=",
        f"EQ_INNER_{quote(EXT + 'personRef', safe='')}={PATIENT}",
        f"EXISTS_INNER_{quote(EXT + 'personRef', safe='')}=",
    ],
)
def test_no_query_finds_a_value_that_is_withheld(query: str, get: Any) -> None:
    """It is answered as one for a value, or a field, that is not there."""

    def events(name: str, asked: str, **headers: str) -> Any:
        answer = get(name, f"/events?{asked}", **headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]

    nothing = query.replace("personRef", "nobodyRef").replace("route", "nowhere")
    assert events("analyst", query) == events("analyst", nothing) == []
    assert events("coordinator", query) == []
    assert events("coordinator", query, **CASE)
    assert events("maker", query)


def test_the_order_of_events_does_not_tell_what_is_withheld(get: Any) -> None:
    """Ordered by a field that is withheld, they come as by one that none has."""

    def ordered(name: str, field: str) -> list[str]:
        answer = get(name, f"/events?orderBy={quote(EXT + field, safe='')}&orderDirection=DESC").json()
        return [one["eventID"] for one in answer["epcisBody"]["queryResults"]["resultsBody"]["eventList"]]

    assert ordered("analyst", "personRef") == ordered("analyst", "nobodyRef")
    assert ordered("maker", "personRef") != ordered("maker", "nobodyRef")


def test_search_does_not_find_what_is_withheld(http: TestClient) -> None:
    """Neither by the whole value nor by a part."""
    for text in (*SECRETS, "DRIVER", "PATIENT"):
        headers = USERS.headers("analyst")
        query = {"query": "query ($text: String!) { search(text: $text) { id } }", "variables": {"text": text}}
        assert http.post("/graphql", json=query, headers=headers).json() == {"data": {"search": []}}


def test_subscribers_are_sent_events_without_what_is_withheld(
    service: Service, http: TestClient, tmp_path: Path
) -> None:
    """By web socket as over REST; under the case with which it was opened."""
    http.post("/queries", json={"name": "all", "query": {}}, headers=USERS.headers("coordinator"))
    path = "ws://localhost/queries/all/events?stream=true&initialRecordTime=2017-01-01T00:00:00Z"
    for case, wanted in (({}, False), (CASE, True)):
        headers = USERS.headers("coordinator") | case
        with http.websocket_connect(path, headers=headers) as socket:
            sent = socket.receive_text()
        assert [text in sent for text in SECRETS] == [wanted] * len(SECRETS)
    states = service.seen_by_name(read_users(USERS.write(tmp_path)), "coordinator")
    assert states is not None
    with states() as state:
        assert not any(DRIVER.encode() in entry.event.body for entry in state.ledger.entries())


def test_a_case_is_noted_with_every_question(told: Any, get: Any, log: Path) -> None:
    """In GraphQL and over REST, as its number is written."""
    told("coordinator", True)
    get("industry", "/events", **CASE)
    get("industry", "/events")
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()][-3:]
    number = "经开食药监〔2017〕46号"
    assert [(one["who"], one["case"]) for one in lines] == [
        ("coordinator", number),
        ("industry", number),
        ("industry", None),
    ]


@pytest.mark.parametrize("case", ["", " ", "x" * 101, "%0A", "%ff"])
def test_what_is_no_case_is_refused(case: str, get: Any) -> None:
    """Not taken for none: who sends it believes to ask under one."""
    answer = get("coordinator", "/events", **{"Suyuan-Case": case})
    assert (answer.status_code, "Suyuan-Case" in answer.text or "case" in answer.text) == (400, True)


def test_two_cases_are_none(http: TestClient) -> None:
    """The log has one, and nobody would know under which was asked."""
    headers = [*USERS.headers("coordinator").items(), ("Suyuan-Case", "1"), ("Suyuan-Case", "2")]
    assert http.get("/events", headers=headers).status_code == 400


def test_without_a_log_there_is_no_case(service: Service, tmp_path: Path) -> None:
    """What nobody notes opens nothing."""
    app = app_of(service, Served(users=read_users(USERS.write(tmp_path))))
    with TestClient(app, base_url=BASE) as http:
        headers = USERS.headers("coordinator")
        assert http.get("/events", headers=headers).status_code == 200
        assert http.get("/events", headers={**headers, **CASE}).status_code == 400


def test_without_users_all_is_shown(service: Service) -> None:
    """Who reaches such a server is who runs it."""
    with TestClient(app_of(service), base_url=BASE) as http:
        assert DRIVER in http.get("/events").text


def test_a_profile_restricts_from_its_day_on(tmp_path: Path) -> None:
    """By the version that acts on the day of the event; a copy under another name as the profile itself."""
    text = text_of("drug").replace("profile: drug\n", "profile: remedy\n", 1)
    write(tmp_path, "remedy", text.replace("restricted: [patient_ref, driver, customer]", "restricted: []"))
    later = text.replace("profile: remedy\n", "profile: remedy\nvalid_from: '2017-09-10'\n", 1)
    write(tmp_path, "remedy@2017-09-10", later)
    restrictions = Restrictions(load_profiles(SYSTEMS, tmp_path))
    for day, wanted in ((2, []), (11, ["patient_ref"])):
        given = DISPENSED | {f"{EXT}cte": "remedy.dispense", "eventTime": f"2017-09-{day:02}T08:00:00Z"}
        (read,) = read_events([given])
        assert [one.element for one in restrictions.of(read)] == wanted
