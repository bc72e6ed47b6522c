"""Where dangerous goods are is told below the level of the site to who may know it alone, and found by nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
import yaml
from starlette.testclient import TestClient

from api.http.app import Served, app_of
from api.http.audit import Audit
from api.http.service import Service, open_service
from api.loading import Loading
from api.principals import Principal, Role, digest_of, new_key, read_users
from api.rights import shown_places
from api.rights.clearance import Clearance
from api.rights.cleared_state import ClearedSnapshot
from api.session import open_session
from engine.event_order import EventField, EventSpan, Fact
from graph_schema.licence import KIND, Licence
from graph_schema.profiles.loading import SYSTEMS, load_profiles
from graph_schema.profiles.restricted import WITHHELD, Restrictions, restrictions, without
from tests.api.rights.test_restricted import BASE, CASE, EXT, MAKER, PRINCIPALS, USER, document, event
from tests.systems.test_profiles import text_of, write
from tests.worlds.reading import read_events

KEYS = {name: new_key() for name in PRINCIPALS}
SITES = {"maker": f"https://id.gs1.org/414/{MAKER}", "user": f"https://id.gs1.org/414/{USER}"}
MAGAZINE, CELL = f"{SITES['maker']}/254/MAG-7", f"{SITES['user']}/254/CELL-5"
BUNKER = "https://example.org/bunkers/BUNKER-3"
SECRETS = ("MAG-7", "BAY-7", "DOCK-9", "CELL-5", "BUNKER-3", "SHELF-2")


def at(place: str) -> dict[str, Any]:
    """A place as EPCIS writes it."""
    return {"id": place}


SHIPPED = event(
    1, "departing", "in_transit",
    readPoint=at("urn:epc:id:sgln:9521101.00001.MAG-7") | {f"{EXT}bay": "BAY-7"},
    sourceList=[{"type": "location", "source": MAGAZINE}],
    destinationList=[
        {"type": "owning_party", "destination": "urn:epc:id:pgln:9521102.00001"},
        {"type": "location", "destination": "urn:epc:id:sgln:9521102.00001.DOCK-9"},
    ],
    **{f"{EXT}cte": "civil_explosives.ship", f"{EXT}loaded": {f"{EXT}from": ["urn:epc:id:sgln:9521101.00001.MAG-7"]}},
)  # fmt: skip
STORED = event(
    2, "storing", "active", readPoint=at(CELL), bizLocation=at(CELL), destinationList=[],
    **{f"{EXT}cte": "civil_explosives.store_in"},
)  # fmt: skip
ABROAD = event(
    3, "cycle_counting", "active", readPoint=at(BUNKER), bizLocation=at(SITES["maker"]), destinationList=[],
    **{f"{EXT}cte": "civil_explosives.stock_take"},
)  # fmt: skip
AT_SITE = event(
    4, "cycle_counting", "active", bizLocation=at(SITES["maker"]), destinationList=[],
    **{f"{EXT}cte": "civil_explosives.stock_take"},
)  # fmt: skip
MILK = event(
    5, "receiving", "conformant", readPoint=at("urn:epc:id:sgln:9521101.00001.COLD-1"), destinationList=[],
    **{f"{EXT}cte": "dairy.milk_receive"},
)  # fmt: skip
UNMARKED = event(
    6, "receiving", "conformant", readPoint=at("urn:epc:id:sgln:9521101.00001.SHELF-2"), destinationList=[]
)  # fmt: skip
EVENTS = (SHIPPED, STORED, ABROAD, AT_SITE, MILK, UNMARKED)
LICENCES = [Licence(system="civil_explosives", role=role, number="1", department="iib") for role in ("seller", "psb")]
"""By which the department of industry supervises subjects of the stages of the marked events."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The events, as the maker captured them."""
    location = f"sqlite:{tmp_path_factory.mktemp('to_site') / 's.db'}"
    with open_session(location, to_write=True) as session:
        with session.store.transaction() as writing:
            writing.masters.put([(one.key, KIND, one.attributes()) for one in LICENCES], 0)
            writing.masters.put([(MAGAZINE, "site", b'{"name":"Magazine seven"}')], 0)
        report = Loading(session, "maker").load_document(document(*EVENTS), "events")
        assert report.accepted == len(EVENTS), report
    with open_service(location, to_write=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def http(service: Service) -> Iterator[TestClient]:
    """A server over them that notes what is asked."""
    folder = Path(service.located.index_folder).parent
    users = [{"name": name, "key": digest_of(KEYS[name]), **told} for name, told in PRINCIPALS.items()]
    (folder / "users.yaml").write_text(yaml.safe_dump({"users": users}), encoding="utf-8")
    with Audit(folder / "audit.jsonl") as audit:
        app = app_of(service, Served(users=read_users(folder / "users.yaml"), audit=audit))
        with TestClient(app, base_url=BASE) as opened:
            yield opened


Get = Callable[..., Any]


@pytest.fixture(scope="module")
def get(http: TestClient) -> Get:
    """Asks over REST as somebody, under headers."""

    def asked(name: str, path: str, **headers: str) -> Any:
        return http.get(path, headers={"Authorization": f"Bearer {KEYS[name]}", **headers})

    return asked


@pytest.fixture(scope="module")
def found(get: Get) -> Callable[..., list[str]]:
    """The business steps of the events that a query finds, in the order of time."""

    def asked(name: str, query: str, **headers: str) -> list[str]:
        answer = get(name, f"/events?{query}&orderBy=eventTime&orderDirection=ASC", **headers)
        assert answer.status_code == 200, answer.text
        return [one["bizStep"] for one in answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]]

    return asked


@pytest.fixture(scope="module")
def told(http: TestClient) -> Callable[..., list[dict[str, Any]]]:
    """The events as GraphQL shows them, in the order of the ledger."""

    def asked(name: str, case: bool, which: str = "") -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {KEYS[name]}", **(CASE if case else {})}
        one = "body withheld readPoint bizLocation sources { type id } destinations { type id }"
        query = f"{{ events{which} {{ edges {{ node {{ {one} }} }} }} }}"
        answer = http.post("/graphql", json={"query": query}, headers=headers).json()
        return [edge["node"] for edge in answer["data"]["events"]["edges"]]

    return asked


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
def test_no_path_of_rest_tells_a_place_below_the_site(name: str, media: str, get: Get) -> None:
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


def test_a_query_finds_an_event_by_the_site_that_is_told(found: Any) -> None:
    """By the place nothing is found, as by one where nothing was; whoever is told the place finds it by that."""
    maker, nowhere = (quote(key, safe="") for key in (SITES["maker"], f"{SITES['maker']}/254/NOWHERE"))
    magazine, cell, bunker, user = (quote(key, safe="") for key in (MAGAZINE, CELL, BUNKER, SITES["user"]))
    for place, name in ((magazine, "readPoint"), (cell, "readPoint"), (cell, "bizLocation"), (bunker, "readPoint")):
        for query in (f"EQ_{name}={place}", f"WD_{name}={place}"):
            assert found("analyst", query) == found("analyst", f"EQ_{name}={nowhere}") == []
            assert found("coordinator", query) == []
            assert len(found("coordinator", query, **CASE)) == 1
            assert len(found("maker", query)) == 1
    assert found("analyst", f"EQ_readPoint={maker}") == ["departing", "cycle_counting", "receiving"]
    assert found("coordinator", f"EQ_readPoint={maker}", **CASE) == found("maker", f"EQ_readPoint={maker}")
    assert found("maker", f"EQ_readPoint={maker}") == ["cycle_counting"]
    assert found("analyst", f"WD_readPoint={maker}") == ["departing", "cycle_counting", "receiving", "receiving"]
    assert found("analyst", f"EQ_bizLocation={user}") == ["storing"]
    assert found("analyst", f"EQ_source_location={magazine}") == []
    assert found("analyst", f"EQ_source_location={maker}") == ["departing"]
    assert found("analyst", f"EQ_readPoint={quote(MILK['readPoint']['id'], safe='')}") == ["receiving"]


def test_an_enterprise_finds_events_of_others_by_the_site_that_it_is_told(found: Any, get: Get) -> None:
    """And is listed no other; its own places it finds."""
    assert found("user", f"EQ_readPoint={quote(MAGAZINE, safe='')}") == []
    assert found("user", f"EQ_readPoint={quote(SITES['maker'], safe='')}") == ["departing"]
    assert found("user", f"EQ_readPoint={quote(CELL, safe='')}") == ["storing"]
    assert get("user", "/readPoints").json()["member"] == [SITES["maker"], CELL]


def test_an_enterprise_is_not_told_what_a_place_is_called_that_it_is_not_told(http: TestClient) -> None:
    """A partner of which it knows the site; to an office master data are told, of whatever place."""
    query = {"query": f'{{ site(id: "{MAGAZINE}") {{ name }} search(text: "seven") {{ id }} }}'}
    for name, wanted in (("user", (None, [])), ("maker", ({"name": "Magazine seven"}, [{"id": MAGAZINE}]))):
        headers = {"Authorization": f"Bearer {KEYS[name]}"}
        told = http.post("/graphql", json=query, headers=headers).json()["data"]
        assert (told["site"], told["search"]) == wanted


def test_the_events_of_a_site_come_in_pages_in_the_order_of_time(get: Get) -> None:
    """Each once, though they are found by several places."""
    path: str | None = f"/readPoints/{quote(SITES['maker'], safe='')}/events?perPage=1&orderBy=eventTime"
    steps = []
    while path is not None:
        answer = get("analyst", path)
        steps += [one["bizStep"] for one in answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]]
        path = answer.links["next"]["url"] if "next" in answer.links else None
    assert steps == ["receiving", "cycle_counting", "departing"]


def test_the_filter_of_graphql_knows_the_site_alone(told: Any) -> None:
    """As queries over REST do."""
    for place, many in ((MAGAZINE, 0), (CELL, 0), (SITES["user"], 1)):
        assert len(told("analyst", False, f'(filter: {{site: "{place}"}})')) == many
    assert len(told("coordinator", True, f'(filter: {{site: "{MAGAZINE}"}})')) == 1


def test_lists_of_places_have_the_sites_that_are_told(get: Get) -> None:
    """And a place that is told of other goods; what is not told is not there, but under a case."""
    milk, magazine = f"{SITES['maker']}/254/COLD-1", quote(MAGAZINE, safe="")
    assert get("analyst", "/readPoints").json()["member"] == [SITES["maker"], milk, SITES["user"]]
    assert get("analyst", "/bizLocations").json()["member"] == [SITES["maker"], SITES["user"]]
    assert get("maker", "/bizLocations").json()["member"] == [SITES["maker"], CELL]
    every = get("coordinator", "/readPoints", **CASE).json()["member"]
    assert every == sorted([SITES["maker"], milk, MAGAZINE, f"{SITES['maker']}/254/SHELF-2", CELL, BUNKER])
    for path in (f"/readPoints/{magazine}", f"/readPoints/{magazine}/events"):
        assert get("analyst", path).status_code == 404
        assert get("coordinator", path, **CASE).status_code == 200
    pages = [get("analyst", "/readPoints?perPage=1")]
    while "next" in pages[-1].links:
        pages.append(get("analyst", pages[-1].links["next"]["url"]))
    assert [one for page in pages for one in page.json()["member"]] == [SITES["maker"], milk, SITES["user"]]


def test_many_places_of_a_site_are_found_as_few_are(found: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where they are too many to look each up, all events are looked at: the answer is the same."""
    monkeypatch.setattr(shown_places, "MOST", 0)
    maker = quote(SITES["maker"], safe="")
    assert found("analyst", f"EQ_readPoint={maker}") == ["departing", "cycle_counting", "receiving"]
    assert found("analyst", f"EQ_readPoint={quote(MAGAZINE, safe='')}") == []


def test_of_many_places_of_a_site_the_first_tell_how_all_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a list does not read the events of each; what is not listed is found all the same."""
    magazine = MILK | {"readPoint": at(MAGAZINE), f"{EXT}cte": "civil_explosives.mat_receive"}
    shelf = MILK | {"eventID": SHIPPED["eventID"], "readPoint": at(f"{SITES['maker']}/254/SHELF-9")}
    analyst = Clearance(Principal(name="analyst", role=Role.ANALYST), frozenset(), None, restrictions())
    with open_session(f"sqlite:{tmp_path / 's.db'}", to_write=True) as session:
        assert Loading(session, "maker").load_document(document(magazine, shelf), "events").accepted == 2
        with session.store.snapshot() as snapshot:
            events = ClearedSnapshot(snapshot, analyst).events
            said = [SITES["maker"], f"{SITES['maker']}/254/SHELF-9"]
            for looked, wanted in ((1, said[:1]), (2, said)):
                monkeypatch.setattr(shown_places, "LOOKED", looked)
                assert events.values(EventField.READ_POINT, "", 10) == wanted
            assert len([*events.in_order(EventSpan(2, facts=(Fact(EventField.READ_POINT, said[1]),)))]) == 1


def test_search_does_not_find_a_place_that_is_not_told(http: TestClient) -> None:
    """Neither by its code nor by a part."""
    for text in (*SECRETS, MAGAZINE, "urn:epc:id:sgln:9521102.00001.CELL-5", BUNKER):
        headers = {"Authorization": f"Bearer {KEYS['analyst']}"}
        query = {"query": "query ($text: String!) { search(text: $text) { id } }", "variables": {"text": text}}
        found = http.post("/graphql", json=query, headers=headers).json()
        assert not [one for one in found["data"]["search"] if one["id"] != text], text


def test_a_digital_link_does_not_tell_that_anything_was_at_a_place(get: Get) -> None:
    """One to a place that is not told is answered as one to a place where nothing was."""
    there, nowhere = (get("analyst", f"/414/{USER}/254/{place}") for place in ("CELL-5", "NOWHERE"))
    assert there.status_code == nowhere.status_code
    assert there.text.replace("CELL-5", "") == nowhere.text.replace("NOWHERE", "")


def test_subscribers_are_sent_the_site(service: Service, http: TestClient) -> None:
    """By web socket and webhook as over REST, by the place nothing; under the case of the socket, the place."""
    signed = {"Authorization": f"Bearer {KEYS['coordinator']}"}
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
    users = read_users(Path(service.located.index_folder).parent / "users.yaml")
    states = service.seen_by_name(users, "coordinator")
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
