"""Where an event of dangerous goods says more than the site, who may not know where they are is told the site alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest

from api.http.service import Service
from graph_schema.event import Event
from graph_schema.profiles.restricted import WITHHELD, restrictions, without
from loaders.epcis import load_stream
from loaders.outcome import Accepted
from tests.api.captured import service_over
from tests.api.rights.dangerous_goods import LICENCES, SITES, at
from tests.api.rights.maker import CASE, EXT, MAKER, USERS, document, event
from tests.api.users import Users

URN, OTHERS_URN = "urn:epc:id:sgln:9521101.00001.0", "urn:epc:id:sgln:9521102.00001.0"
ROOM, DOCK = f"{SITES['maker']}?room=ROOM-7", f"{SITES['user']}#DOCK-9"
SHELF = f"https://maker.example/gln/{MAKER}?shelf=SHELF-2"
SECRETS = ("ROOM-7", "DOCK-9", "SHELF-2")
PARTY = {"type": "owning_party", "destination": "urn:epc:id:pgln:9521102.00001"}
CTE = f"{EXT}cte"

SHIPPED = event(
    1, "departing", "in_transit", readPoint=at(ROOM), bizLocation=at(URN),
    destinationList=[PARTY, {"type": "location", "destination": DOCK}],
    **{CTE: "civil_explosives.ship", f"{EXT}from": [ROOM, SHELF, URN, SITES["maker"]]},
)  # fmt: skip
COUNTED = event(
    2, "cycle_counting", "active", readPoint=at(URN),
    bizLocation=at(SITES["maker"]) | {f"{EXT}room": "ROOM-7", f"{EXT}in": {f"{EXT}shelf": ["SHELF-2"]}},
    destinationList=[], **{CTE: "civil_explosives.stock_take"},
)  # fmt: skip
PLAIN = event(
    3, "departing", "in_transit", readPoint=at(URN), bizLocation=at(f"https://maker.example/414/{MAKER}"),
    sourceList=[{"source": SITES["maker"], "type": "location"}],
    destinationList=[PARTY, {"type": "location", "destination": OTHERS_URN}], **{CTE: "civil_explosives.ship"},
)  # fmt: skip
MILK = event(
    4, "receiving", "conformant", readPoint=at(ROOM) | {f"{EXT}room": "ROOM-7"}, destinationList=[],
    **{CTE: "dairy.milk_receive"},
)  # fmt: skip
EVENTS = (SHIPPED, COUNTED, PLAIN, MILK)
READ, BIZ = ["where_read"], ["where_biz"]


@pytest.fixture(scope="module")
def users() -> Users:
    """Those of the maker."""
    return USERS


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The events, as the maker captured them."""
    with service_over(tmp_path_factory.mktemp("spelt"), "maker", [document(*EVENTS)], LICENCES) as opened:
        yield opened


def as_shown(event: Event, *own: str) -> Event:
    """An event without all that is restricted of it, to who has some sites."""
    withheld = restrictions().of(event, frozenset(own))
    return without(event, withheld, frozenset(own)) if withheld else event


def read(raw: bytes) -> Event:
    """An event as the loader reads it."""
    (outcome,) = load_stream(BytesIO(raw), "one.json")
    assert isinstance(outcome, Accepted), outcome
    return outcome.event


@pytest.mark.parametrize(
    ("name", "case"),
    [("analyst", True), ("coordinator", False), ("industry", False), ("no department", True)],
)
def test_who_may_not_know_is_told_the_site_alone(name: str, case: bool, told: Any) -> None:
    """In the sender's spelling where that says no more, wherever it stands; of goods that are not dangerous, all."""
    shown = {body["eventID"]: body for body in (json.loads(one["body"]) for one in told(name, case))}
    assert shown[SHIPPED["eventID"]] == SHIPPED | {
        "readPoint": at(SITES["maker"]),
        "destinationList": [PARTY, {"type": "location", "destination": SITES["user"]}],
        f"{EXT}from": [SITES["maker"], SITES["maker"], URN, SITES["maker"]],
        WITHHELD: READ + BIZ,
    }
    assert shown[COUNTED["eventID"]] == COUNTED | {"bizLocation": at(SITES["maker"]), WITHHELD: BIZ}
    assert shown[PLAIN["eventID"]] == PLAIN
    assert shown.get(MILK["eventID"], MILK) == MILK


def test_a_partner_is_told_its_own_place_whole(told: Any) -> None:
    """And of the maker's the site."""
    shipped, plain = (json.loads(one["body"]) for one in told("user", False))
    assert (shipped["readPoint"], shipped[WITHHELD]) == (at(SITES["maker"]), READ)
    assert shipped["destinationList"] == SHIPPED["destinationList"]
    assert plain == PLAIN | {"eventID": plain["eventID"]}


@pytest.mark.parametrize(
    ("name", "case"), [("maker", False), ("police", False), ("industry", True), ("coordinator", True)]
)
def test_who_may_know_is_told_all(name: str, case: bool, told: Any) -> None:
    """Whose record it is, the department that leads, and under a case who supports or coordinates."""
    shown = [json.loads(one["body"]) for one in told(name, case)]
    assert shown == [one for one in EVENTS if one in shown]
    assert shown[:3] == [SHIPPED, COUNTED, PLAIN]


@pytest.mark.parametrize("media", ["application/json", "application/xml"])
def test_no_path_of_rest_says_more_than_the_site(media: str, get: Any) -> None:
    """Pages, one event, and the events of a resource, in JSON and XML."""
    site = quote(SITES["maker"], safe="")
    paths = ("/bizSteps/departing/events", "/bizSteps/cycle_counting/events", f"/bizLocations/{site}/events")
    for path in (*paths, *(f"/events/{one['eventID']}" for one in (SHIPPED, COUNTED))):
        answer = get("analyst", path, Accept=media)
        assert (answer.status_code, WITHHELD.rpartition(":")[2] in answer.text) == (200, True), path
        assert not [text for text in SECRETS if text in answer.text], path
        assert [text for text in SECRETS if text in get("maker", path, Accept=media).text], path
    assert "withheld" not in get("analyst", f"/events/{PLAIN['eventID']}", Accept=media).text


@pytest.mark.parametrize(
    "query",
    [
        f"EQ_bizLocation_{EXT}room=ROOM-7",
        f"EXISTS_bizLocation_{EXT}room=",
        f"EQ_INNER_{EXT}shelf=SHELF-2",
        f"EQ_{EXT}from={quote(ROOM, safe='')}",
    ],
)
def test_no_query_finds_what_says_more(query: str, get: Any) -> None:
    """It is answered as one for what is not there."""

    def found(name: str, **headers: str) -> list[Any]:
        answer = get(name, f"/events?{query.replace(EXT, quote(EXT, safe=''))}", **headers)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"])

    assert found("analyst") == found("coordinator") == []
    assert len(found("coordinator", **CASE)) == len(found("maker")) == 1


@pytest.mark.parametrize(
    "place",
    [
        SITES["maker"],
        f"{SITES['maker']}/254/0",
        f"https://maker.example/414/{MAKER}",
        f"HTTP://maker.example:8080/gln/{MAKER}",
        f"https://id.gs1.org/417/{MAKER}",
        URN,
        URN.upper(),
        "urn:epc:id:pgln:9521101.00001",
    ],
)
def test_a_plain_site_stays_and_the_event_is_not_read(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """To read the body of each event would take longer than all the rest."""
    given = event(1, "departing", "in_transit", readPoint=at(place), sourceList=[{"type": "location", "source": place}])
    event_read = read(json.dumps(given | {CTE: "civil_explosives.ship"}, indent=1).encode())
    monkeypatch.delattr(Event, "fields")
    assert as_shown(event_read) is event_read


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (f"{SITES['maker']}?room=7", SITES["maker"]),
        (f"{SITES['maker']}?254=0", SITES["maker"]),
        (f"{SITES['maker']}#room-7", SITES["maker"]),
        (f"{SITES['maker']}/7040/1ABC", SITES["maker"]),
        (f"{SITES['maker']}/254/0?7040=1ABC", SITES["maker"]),
        (f"https://maker.example/room/7/414/{MAKER}", SITES["maker"]),
        (f"https://maker.example/gln/{MAKER}?linkType=gs1:room", SITES["maker"]),
        (f"https://id.gs1.org/417/{MAKER}?room=7", f"https://id.gs1.org/417/{MAKER}"),
        ("urn:epc:id:sgln:9521101.00001.%30", URN),
        ("urn:epc:idpat:sgln:9521101.00001.*", SITES["maker"]),
        (f"room7:{MAKER}", SITES["maker"]),
    ],
)
def test_what_stands_before_or_behind_the_key_is_left_out(place: str, told: str) -> None:
    """Also what a prefix of the sender's own is called; the place is the same site before and after."""
    partner = {"type": "location", "destination": place}
    given = event(1, "departing", "in_transit", destinationList=[partner], readPoint=at(URN), bizLocation=at(place))
    context = {"@context": [{"room7": "https://id.gs1.org/414/"}], CTE: "civil_explosives.ship"}
    whole = read(json.dumps(given | context).encode())
    shown = as_shown(whole)
    assert shown.fields() == given | context | {
        "bizLocation": at(told), "destinationList": [partner | {"destination": told}],
        WITHHELD: ["where_read", "where_biz"],
    }  # fmt: skip
    assert (shown.read_point, shown.biz_location) == (whole.read_point, whole.biz_location)
    assert shown.destinations == whole.destinations


@pytest.mark.parametrize(
    "place",
    [
        '"readPoint": {"id": "SITE", "ex:room": 7}',
        '"readPoint"\n:\t{\n"ex:room": "7",\n"id"\n: "SITE" }',
        '"ex:copy": {"readPoint": {"id": "SITE"}}, "readPoint": {"id": "SITE", "ex:room": 7}',
        '"ex:copy": {"readPoint": {"id": "SITE"}}, "read\\u0050oint": {"id": "SITE", "ex:room": 7}',
        '"ex:copy": "\\"readPoint\\":{\\"id\\":\\"SITE\\"}", "readPoint": {"id": "SITE", "ex:room": "}"}',
        '"readPoint": {"ex:in": {"readPoint": {"id": "SITE"}, "ex:room": 7}, "id": "SITE"}',
        '"readPoint": {"id": "SITE\\u003froom=7"}',
        '"readPoint": {"id": "SITE?room=7"}',
        '"readPoint": {"id": "https:\\/\\/id.gs1.org\\/414\\/GLN\\/7040\\/1ABC"}',
    ],
)
def test_more_than_the_site_is_seen_however_the_body_is_written(place: str) -> None:
    """White space, backslashes, order, and a copy of the field elsewhere hide nothing."""
    given = event(1, "departing", "in_transit", **{CTE: "civil_explosives.ship"})
    del given["readPoint"]
    context = '{"@context": [{"ex": "https://example.org/epcis/"}], '
    text = place.replace("SITE", SITES["maker"]).replace("GLN", MAKER)
    shown = as_shown(read((context + text + ", " + json.dumps(given)[1:]).encode())).fields()
    assert (shown["readPoint"], shown[WITHHELD]) == (at(SITES["maker"]), READ)


@pytest.mark.parametrize("slash", ["/", "\\/", "\\u002f"])
def test_a_plain_site_that_is_written_oddly_stays(slash: str) -> None:
    """What its bytes do not tell is read."""
    partners = [PARTY | {"destination": "https://example.org/party/7?x"}, {"type": "location", "destination": URN}]
    given = event(1, "departing", "in_transit", destinationList=partners, **{CTE: "civil_explosives.ship"})
    whole = read(json.dumps(given).replace("/", slash).encode())
    assert as_shown(whole) is whole


@pytest.mark.parametrize("many", [6, 100])
def test_each_of_many_partners_is_seen(many: int) -> None:
    """In a list that is longer than what is remembered of bodies, and in one of much white space."""
    partners = [{"type": "location", "destination": OTHERS_URN} for _ in range(many)]
    given = event(1, "departing", "in_transit", destinationList=partners, **{CTE: "civil_explosives.ship"})
    whole = read(json.dumps(given, indent=8).encode())
    assert as_shown(whole) is whole
    partners[-1]["destination"] = DOCK
    shown = as_shown(read(json.dumps(given, indent=8).encode()))
    assert shown.fields()["destinationList"] == [*partners[:-1], partners[-1] | {"destination": SITES["user"]}]


def test_places_at_sites_of_ones_own_stay_whole() -> None:
    """Those of others in the same list do not."""
    partners = [{"type": "location", "destination": place} for place in (DOCK, ROOM)]
    given = event(1, "departing", "in_transit", destinationList=partners, **{CTE: "civil_explosives.ship"})
    whole = read(json.dumps(given).encode())
    shown = as_shown(whole, SITES["user"])
    assert [one["destination"] for one in shown.fields()["destinationList"]] == [DOCK, SITES["maker"]]
    assert as_shown(whole, SITES["user"], SITES["maker"]) is whole


def test_a_broken_place_that_is_named_elsewhere_is_left_out() -> None:
    """Of a text that is no SGLN no site is told, wherever it stands."""
    broken = "urn:epc:id:sgln:ROOM-7"
    given = event(1, "departing", "in_transit", readPoint=at(broken), **{CTE: "civil_explosives.ship"})
    shown = as_shown(read(json.dumps(given | {f"{EXT}from": broken}).encode()))
    assert "ROOM-7" not in shown.body.decode()


def test_an_event_keeps_its_id() -> None:
    """By which it is asked for, even where that is a Digital Link of its site."""
    name = {"eventID": f"https://maker.example/414/{MAKER}?event=1"}
    given = event(1, "departing", "in_transit", readPoint=at(ROOM), **{CTE: "civil_explosives.ship"}) | name
    shown = as_shown(read(json.dumps(given).encode()))
    assert shown.fields() == given | {"readPoint": at(SITES["maker"]), WITHHELD: READ}
    assert shown.id == name["eventID"]
