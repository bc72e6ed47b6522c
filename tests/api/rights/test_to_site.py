"""Where dangerous goods are is told below the level of the site to who may know it alone, and found by nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from starlette.testclient import TestClient

from api.http.app import app_of
from api.http.service import Service, open_service
from api.loading import Loading
from api.principals import read_users
from api.session import open_session
from graph_schema.profiles.loading import SYSTEMS, load_profiles
from graph_schema.profiles.restricted import WITHHELD, Restrictions, without
from tests.api.rights.dangerous_goods import BUNKER, CELL, EVENTS, MAGAZINE, SECRETS, SHIPPED, SITES, at, captured
from tests.api.rights.maker import BASE, CASE, EXT, USER, USERS, document, event
from tests.api.users import Users
from tests.systems.test_profiles import text_of, write
from tests.worlds.reading import read_events


@pytest.fixture(scope="module")
def users() -> Users:
    """Those of the maker."""
    return USERS


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The events, as the maker captured them."""
    with captured(tmp_path_factory.mktemp("to_site")) as opened:
        yield opened


HIDDEN = "hidden"
READ, BOTH = ["where_read"], ["where_read", "where_biz"]
AS_SITES = (BOTH, BOTH, READ, [], [], READ)
"""As those see them who may not know where dangerous goods are."""
SHOWN: dict[tuple[str, bool], tuple[Any, ...]] = {
    ("maker", False): ([], [], [], [], [], []),
    ("user", True): (BOTH, [], HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    ("work safety", False): ([], [], [], [], HIDDEN, []),
    ("police", False): ([], [], [], [], HIDDEN, []),
    ("industry", False): (BOTH, BOTH, READ, [], HIDDEN, READ),
    ("industry", True): ([], [], [], [], HIDDEN, []),
    ("food and drug", True): (HIDDEN, HIDDEN, HIDDEN, HIDDEN, [], READ),
    ("coordinator", False): AS_SITES,
    ("coordinator", True): ([], [], [], [], [], []),
    ("commerce", False): (HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    ("commerce", True): ([], [], [], [], [], []),
    ("analyst", True): AS_SITES,
    ("no department", True): AS_SITES,
}
"""Of which elements the site alone is told to whom, without a case and under one, or that the event is hidden."""


@pytest.mark.parametrize(("name", "case"), SHOWN)
def test_each_is_told_where_goods_are_as_the_profile_says(name: str, case: bool, told: Any) -> None:
    """The lead department, whose record it is, and under a case who supports or coordinates: nobody else."""
    seen = [(given, wanted) for given, wanted in zip(EVENTS, SHOWN[name, case], strict=True) if wanted != HIDDEN]
    shown = told(name, case)
    assert len(shown) == len(seen)
    for (given, wanted), one in zip(seen, shown, strict=True):
        body = json.loads(one["body"])
        assert one["withheld"] == body.get(WITHHELD, []) == wanted
        if not wanted and name != "user":
            assert body == given
        elif wanted and name != "user":
            assert not [text for text in SECRETS if text in json.dumps(one)]


def test_the_site_stands_where_the_place_stood(told: Any) -> None:
    """In the sender's spelling, at read point, business location, source and destination, and wherever it is named."""
    shipped, stored, abroad, *_ = told("analyst", False)
    site, other = "urn:epc:id:sgln:9521101.00001.0", "urn:epc:id:sgln:9521102.00001.0"
    assert json.loads(shipped["body"]) == SHIPPED | {
        "readPoint": at(site),
        "sourceList": [{"type": "location", "source": SITES["maker"]}],
        "destinationList": [SHIPPED["destinationList"][0], {"type": "location", "destination": other}],
        f"{EXT}loaded": {f"{EXT}from": [site]},
        WITHHELD: BOTH,
    }
    assert shipped["readPoint"] == SITES["maker"]
    assert shipped["sources"] == [{"type": "location", "id": SITES["maker"]}]
    assert shipped["destinations"][1] == {"type": "location", "id": SITES["user"]}
    assert (stored["readPoint"], stored["bizLocation"]) == (SITES["user"], SITES["user"])
    assert (abroad["readPoint"], abroad["bizLocation"]) == (None, SITES["maker"])
    assert "readPoint" not in json.loads(abroad["body"])


def test_a_partner_is_told_the_places_of_its_own_site(told: Any) -> None:
    """Who receives learns at which dock; from where in the maker's site it does not."""
    shipped, stored = told("user", False)
    assert shipped["destinations"][1]["id"] == f"{SITES['user']}/254/DOCK-9"
    assert "DOCK-9" in shipped["body"]
    assert (shipped["readPoint"], "MAG-7" in shipped["body"]) == (SITES["maker"], False)
    assert stored["readPoint"] == CELL


@pytest.mark.parametrize("media", ["application/json", "application/xml"])
@pytest.mark.parametrize("name", ["analyst", "coordinator", "no department"])
def test_no_path_of_rest_tells_a_place_below_the_site(name: str, media: str, get: Any) -> None:
    """Pages, one event, events of a resource, and the lists of values, in JSON and XML."""
    site = quote(SITES["maker"], safe="")
    for path in (
        "/events",
        *(f"/events/{one['eventID']}" for one in EVENTS),
        *("/bizSteps/departing/events", "/eventTypes/ObjectEvent/events"),
        *(f"/{places}{of}" for places in ("readPoints", "bizLocations") for of in (f"/{site}", f"/{site}/events")),
    ):
        answer = get(name, path, Accept="application/json" if path.endswith(site) else media)
        assert answer.status_code == 200, (path, answer.text)
        assert not [text for text in SECRETS if text in answer.text], path
    assert "where_read" in get(name, "/events", Accept=media).text
    assert "where_read" not in get("maker", "/events", Accept=media).text


def test_an_enterprise_is_not_told_what_a_place_is_called_that_it_is_not_told(http: TestClient) -> None:
    """A partner of which it knows the site; to an office master data are told, of whatever place."""
    query = {"query": f'{{ site(id: "{MAGAZINE}") {{ name }} search(text: "seven") {{ id }} }}'}
    for name, wanted in (("user", (None, [])), ("maker", ({"name": "Magazine seven"}, [{"id": MAGAZINE}]))):
        headers = USERS.headers(name)
        told = http.post("/graphql", json=query, headers=headers).json()["data"]
        assert (told["site"], told["search"]) == wanted


def test_the_filter_of_graphql_knows_the_site_alone(told: Any) -> None:
    """As queries over REST do."""
    for place, many in ((MAGAZINE, 0), (CELL, 0), (SITES["user"], 1)):
        assert len(told("analyst", False, f'(filter: {{site: "{place}"}})')) == many
    assert len(told("coordinator", True, f'(filter: {{site: "{MAGAZINE}"}})')) == 1


def test_search_does_not_find_a_place_that_is_not_told(http: TestClient) -> None:
    """Neither by its code nor by a part."""
    for text in (*SECRETS, MAGAZINE, "urn:epc:id:sgln:9521102.00001.CELL-5", BUNKER):
        headers = USERS.headers("analyst")
        query = {"query": "query ($text: String!) { search(text: $text) { id } }", "variables": {"text": text}}
        found = http.post("/graphql", json=query, headers=headers).json()
        assert not [one for one in found["data"]["search"] if one["id"] != text], text


def test_a_digital_link_does_not_tell_that_anything_was_at_a_place(get: Any) -> None:
    """One to a place that is not told is answered as one to a place where nothing was."""
    there, nowhere = (get("analyst", f"/414/{USER}/254/{place}") for place in ("CELL-5", "NOWHERE"))
    assert there.status_code == nowhere.status_code
    assert there.text.replace("CELL-5", "") == nowhere.text.replace("NOWHERE", "")


def test_subscribers_are_sent_the_site(service: Service, http: TestClient, tmp_path: Path) -> None:
    """By web socket and webhook as over REST, by the place nothing; under the case of the socket, the place."""
    signed = USERS.headers("coordinator")
    for name, query in (("all", {}), ("magazine", {"EQ_readPoint": [MAGAZINE]})):
        assert http.post("/queries", json={"name": name, "query": query}, headers=signed).status_code == 201
    at_once = "?stream=true&initialRecordTime=2017-01-01T00:00:00Z"
    for case, secrets in (({}, ()), (CASE, SECRETS)):
        with http.websocket_connect(f"ws://localhost/queries/all/events{at_once}", headers=signed | case) as socket:
            sent = socket.receive_text()
        assert [text for text in SECRETS if text in sent] == list(secrets)
    for case, many in (({}, 0), (CASE, 1)):
        answer = http.get("/queries/magazine/events", headers=signed | case).json()
        assert len(answer["epcisBody"]["queryResults"]["resultsBody"]["eventList"]) == many
    states = service.seen_by_name(read_users(USERS.write(tmp_path)), "coordinator")
    assert states is not None
    with states() as state:
        sent = b"".join(entry.event.body for entry in state.ledger.entries()).decode()
    assert not [text for text in SECRETS if text in sent]


def test_a_profile_tells_sites_from_its_day_on(tmp_path: Path) -> None:
    """By the version that acts on the day of the event; a copy under another name as the profile itself."""
    text = text_of("fireworks").replace("profile: fireworks\n", "profile: sparklers\n", 1)
    write(tmp_path, "sparklers", text.replace("  to_site: [where_read, where_biz]\n", ""))
    later = text.replace("profile: sparklers\n", "profile: sparklers\nvalid_from: '2017-09-10'\n", 1)
    write(tmp_path, "sparklers@2017-09-10", later.replace("[where_read, where_biz]", "[where_biz]"))
    of_copy = Restrictions(load_profiles(SYSTEMS, tmp_path))
    for day, wanted in ((2, []), (11, ["where_biz"])):
        given = event(
            1, "retail_selling", "retail_sold", readPoint=at(MAGAZINE), bizLocation=at(CELL), destinationList=[],
            eventTime=f"2017-09-{day:02}T08:00:00Z", **{f"{EXT}cte": "sparklers.retail"},
        )  # fmt: skip
        (read,) = read_events([given])
        withheld = of_copy.of(read)
        assert [one.element for one in withheld] == wanted
        if withheld:
            shown = without(read, withheld)
            assert (shown.read_point, shown.biz_location) == (MAGAZINE, SITES["user"])


def test_the_public_is_not_told_the_name_of_a_place(tmp_path: Path) -> None:
    """Who made a detonator is called as the site is, not as the workshop in it."""
    workshop = f"{SITES['maker']}/254/SHOP-4"
    made = event(
        7, "commissioning", "active", type="TransformationEvent", readPoint=at(workshop), bizLocation=at(workshop),
        inputEPCList=["urn:epc:id:sgtin:9521101.000200.1"], outputEPCList=["urn:epc:id:sgtin:9521101.000100.7"],
        **{f"{EXT}cte": "civil_explosives.make"},
    )  # fmt: skip
    for name in ("action", "epcList", "destinationList"):
        del made[name]
    names = {SITES["maker"]: "Xinghuo Works", workshop: "Workshop four"}
    location = f"sqlite:{tmp_path / 's.db'}"
    with open_session(location, to_write=True) as session:
        assert Loading(session, "maker").load_document(document(made), "events").accepted == 1
        with session.store.transaction() as writing:
            attributes = ((key, msgspec.json.encode({"kind": "site", "name": name})) for key, name in names.items())
            writing.masters.put([(key, "site", told) for key, told in attributes], 1)
    query = '{ publicLookup(code: "urn:epc:id:sgtin:9521101.000100.7") { readings { fields { id value } } } }'
    with open_service(location, to_write=True) as opened, TestClient(app_of(opened), base_url=BASE) as http:
        readings = http.post("/graphql", json={"query": query}).json()["data"]["publicLookup"]["readings"]
    told = [one["value"] for reading in readings for one in reading["fields"] if one["id"] == "producer_name"]
    assert set(told) - {None} == {"Xinghuo Works"}
