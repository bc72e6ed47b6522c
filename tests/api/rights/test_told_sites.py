"""Answers tell dangerous goods by their sites to who may not know more; no outlet is left out, of other goods none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.http.app import Served, app_of
from api.http.audit import Audit
from api.http.service import Service
from api.principals import read_users
from graph_schema.licence import Licence
from tests.api.captured import service_over
from tests.api.rights.attacks import attacks
from tests.api.rights.maker import BASE, CASE, EXT, MAKER, USERS, document
from tests.api.rights.maker import USER as BUYER

MADE, BOUGHT = f"https://id.gs1.org/414/{MAKER}", f"https://id.gs1.org/414/{BUYER}"
WORKSHOP, MAGAZINE, DAIRY, DOCK = (f"{MADE}/254/{place}" for place in ("SHOP-1", "MAG-7", "MILK-1", "DOCK-4"))
CELL, FACE = f"{BOUGHT}/254/CELL-5", f"{BOUGHT}/254/FACE-6"
BUNKER, TUNNEL = "https://example.org/bunkers/BUNKER-3", "https://example.org/bunkers/TUNNEL-2"
HIDDEN = ("SHOP-1", "MAG-7", "BUNKER-3", "TUNNEL-2", "CELL-5", "FACE-6")
POWDER, MILK = "urn:epc:class:lgtin:9521101.000200.P-1", "urn:epc:class:lgtin:9521101.000300.M-1"
POWDER_KEY, MILK_KEY = (
    f"https://id.gs1.org/01/0952110100{code}/10/{lot}" for code, lot in (("2003", "P-1"), ("3000", "M-1"))
)
CAPS = [f"urn:epc:id:sgtin:9521101.000100.C{number}" for number in (1, 2)]
CAP_KEYS = [f"https://id.gs1.org/01/09521101001006/21/C{number}" for number in (1, 2)]
CASE_OF_CAPS = "urn:epc:id:sscc:9521101.0000000017"
CASE_KEY = "https://id.gs1.org/00/095211010000000179"
DESADV = {"type": "desadv", "bizTransaction": "urn:epcglobal:cbv:bt:9521101000016:D-1"}


def at(place: str) -> dict[str, str]:
    """A place as EPCIS writes it."""
    return {"id": place}


def to(source: str, destination: str) -> dict[str, Any]:
    """From where, and to where."""
    return {
        "sourceList": [{"type": "location", "source": source}],
        "destinationList": [{"type": "location", "destination": destination}],
    }


def event(hour: int, step: str, disposition: str, place: str, *, cte: str = "", **more: Any) -> dict[str, Any]:
    """An event of a day, at a place; of a tracking event where that is told."""
    told = {
        "type": "ObjectEvent",
        "eventID": f"urn:uuid:00000000-0000-4000-8000-0000000000{hour:02}",
        "eventTime": f"2017-09-01T{hour:02}:00:00Z",
        "eventTimeZoneOffset": "+08:00",
        "action": "OBSERVE",
        "bizStep": step,
        "disposition": disposition,
        "readPoint": at(place),
        "bizLocation": at(place),
    }
    return told | ({f"{EXT}cte": f"civil_explosives.{cte}"} if cte else {}) | more


def of(lot: str, kilos: int) -> dict[str, Any]:
    """So much of a lot."""
    return {"quantityList": [{"epcClass": lot, "quantity": kilos, "uom": "KGM"}]}


def leaving(hour: int, place: str, **more: Any) -> dict[str, Any]:
    """A departure: goods are nowhere then."""
    told = event(hour, "departing", "in_transit", place, **more)
    return {name: value for name, value in told.items() if name != "bizLocation"}


EVENTS = [
    event(0, "storing", "active", WORKSHOP, **of(POWDER, 100)),
    leaving(1, WORKSHOP, cte="ship", **of(POWDER, 100), **to(WORKSHOP, MAGAZINE)),
    event(2, "receiving", "active", MAGAZINE, **of(POWDER, 100), **to(WORKSHOP, MAGAZINE)),
    leaving(3, MAGAZINE, **of(POWDER, 60), **to(MAGAZINE, BUNKER), bizTransactionList=[DESADV]),
    event(4, "receiving", "active", BUNKER, **of(POWDER, 60), **to(MAGAZINE, BUNKER), bizTransactionList=[DESADV]),
    leaving(5, MAGAZINE, **of(POWDER, 20), **to(MAGAZINE, CELL)),
    event(6, "destroying", "destroyed", BUNKER, action="DELETE", **of(POWDER, 10)),
    event(7, "storing", "active", WORKSHOP, cte="store_in", epcList=CAPS),
    event(8, "packing", "container_closed", WORKSHOP, type="AggregationEvent", action="ADD",
          parentID=CASE_OF_CAPS, childEPCs=CAPS),
    leaving(9, WORKSHOP, epcList=[CASE_OF_CAPS], **to(WORKSHOP, TUNNEL)),
    event(10, "receiving", "active", TUNNEL, epcList=[CASE_OF_CAPS], **to(WORKSHOP, TUNNEL)),
    event(11, "commissioning", "active", DAIRY, action="ADD", **of(MILK, 50)),
    leaving(12, DAIRY, **of(MILK, 50), **to(DAIRY, DOCK)),
    event(13, "receiving", "active", DOCK, **of(MILK, 50), **to(DAIRY, DOCK)),
    leaving(14, DOCK, **of(MILK, 50), **to(DOCK, BUNKER)),
    event(15, "receiving", "active", BUNKER, **of(MILK, 50), **to(DOCK, BUNKER)),
    event(16, "receiving", "active", CELL, **of(POWDER, 20), **to(MAGAZINE, CELL)),
    leaving(17, CELL, **of(POWDER, 5), **to(CELL, FACE)),
    event(18, "other", "stolen", TUNNEL, epcList=CAPS),
]  # fmt: skip
"""Explosives, of each of which one record says what they are; and milk, from the same maker to the same bunker."""
KNOWING = (("work safety", False), ("police", False), ("industry", True), ("coordinator", True), ("commerce", True))
NOT_KNOWING = (("industry", False), ("coordinator", False), ("analyst", True), ("no department", True))
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The events, as somebody captured them whom no site concerns."""
    licences = [Licence(system="civil_explosives", role="seller", number="1", department="iib")]
    folder = tmp_path_factory.mktemp("told_sites")
    with service_over(folder, "registrar", [document(*EVENTS)], licences) as opened:
        yield opened


@pytest.fixture(scope="module")
def ask(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """What GraphQL answers somebody, with a case or without."""
    folder = tmp_path_factory.mktemp("users")
    with Audit(folder / "audit.jsonl") as audit:
        app = app_of(service, Served(users=read_users(USERS.write(folder)), audit=audit))
        with TestClient(app, base_url=BASE) as http:
            yield partial(_asked, http)


def _asked(http: TestClient, who: tuple[str, bool], query: str, **variables: Any) -> Any:
    headers = {**USERS.headers(who[0]), **(CASE if who[1] else {})}
    return http.post("/graphql", json={"query": query, "variables": variables}, headers=headers).json()


TRACE = """query ($seeds: [SeedInput!]!, $direction: Direction!) {
  trace(seeds: $seeds, direction: $direction) {
    sites { edges { node { site { id name } certainty } } }
    flows { edges { node { from { id } to { id } } } }
    gaps { edges { node { kind site } } }
    withheld
  }
}"""
SCOPE = """query ($seeds: [SeedInput!]!) {
  recallScope(seeds: $seeds) {
    outlets { edges { node { site { id } certainty stock { edges { node {
      item { id } received { low high } destroyed { low high } forwarded { low high }
    } } } } } }
    inTransit { edges { node { from { id } to { id } } } }
    withheld
  }
}"""
PAGE = """query ($seeds: [SeedInput!]!, $after: String) {
  trace(seeds: $seeds, direction: FORWARD) { sites(first: 1, after: $after) {
    edges { node { site { id } } } pageInfo { endCursor hasNextPage }
  } }
}"""


def seed(key: str, **more: str) -> list[dict[str, Any]]:
    """An item as a seed."""
    return [{"item": {"id": key, **more}}]


def sites(answer: Any) -> list[str]:
    """The sites of a trace."""
    return [edge["node"]["site"]["id"] for edge in answer["data"]["trace"]["sites"]["edges"]]


@pytest.mark.parametrize("who", KNOWING)
def test_who_may_know_is_told_every_place(who: tuple[str, bool], ask: Ask) -> None:
    """As the records have it."""
    answer = ask(who, TRACE, seeds=seed(POWDER_KEY), direction="FORWARD")
    assert set(sites(answer)) == {WORKSHOP, MAGAZINE, BUNKER, CELL, FACE}


@pytest.mark.parametrize("who", NOT_KNOWING)
def test_others_are_told_the_sites_and_that_there_is_a_place_more(who: tuple[str, bool], ask: Ask) -> None:
    """An extension is told by its GLN, what is no GLN by a name that tells nothing, the same in each answer."""
    answers = [ask(who, TRACE, seeds=seed(key), direction="FORWARD") for key in (POWDER_KEY, CAP_KEYS[0])]
    told = [set(sites(answer)) for answer in answers]
    (bunker,), (tunnel,) = (some - {MADE, BOUGHT} for some in told)
    assert told == [{MADE, BOUGHT, bunker}, {MADE, tunnel}]
    assert bunker != tunnel
    assert {one.rpartition(":")[0] for one in (bunker, tunnel)} == {"urn:suyuan:withheld"}
    assert not [text for text in HIDDEN for answer in answers if text in json.dumps(answer)]


def test_the_name_tells_nothing_to_another(ask: Ask) -> None:
    """Each has their own."""
    names = [sites(ask(who, TRACE, seeds=seed(POWDER_KEY), direction="FORWARD")) for who in NOT_KNOWING]
    assert len({site for told in names for site in told if site.startswith("urn:")}) == len(NOT_KNOWING)


@pytest.mark.parametrize("who", NOT_KNOWING)
def test_a_recall_scope_has_every_outlet_with_its_stock(who: tuple[str, bool], ask: Ask) -> None:
    """The sums of a site are those of the places in it; nothing is left out."""
    whole = ask(KNOWING[-1], SCOPE, seeds=seed(POWDER_KEY))["data"]["recallScope"]["outlets"]["edges"]
    told = ask(who, SCOPE, seeds=seed(POWDER_KEY))["data"]["recallScope"]["outlets"]["edges"]
    assert [e["node"]["site"]["id"] for e in told if e["node"]["site"]["id"] == MADE]
    held = [{e["node"]["site"]["id"]: e["node"]["stock"] for e in edges} for edges in (whole, told)]
    (bunker,) = [site for site in held[1] if site.startswith("urn:")]
    assert held[1][bunker] == held[0][BUNKER]


@pytest.mark.parametrize("who", NOT_KNOWING)
def test_of_other_goods_every_outlet_is_named(who: tuple[str, bool], ask: Ask) -> None:
    """Milk came to the bunker too: whom to call is told."""
    assert set(sites(ask(who, TRACE, seeds=seed(MILK_KEY), direction="FORWARD"))) == {DAIRY, DOCK, BUNKER}


@pytest.mark.parametrize("place", [MAGAZINE, TUNNEL])
def test_a_question_for_such_a_place_finds_what_one_for_nowhere_finds(place: str, ask: Ask) -> None:
    """An extension stands for its site, as one where nothing was; what is no GLN is a place that nothing knows."""
    nowhere = {MAGAZINE: f"{MADE}/254/NOWHERE", TUNNEL: "https://example.org/bunkers/NOWHERE"}[place]
    there, elsewhere = (
        ask(NOT_KNOWING[1], TRACE, seeds=seed(POWDER_KEY, at=one), direction="FORWARD") for one in (place, nowhere)
    )
    assert json.dumps(there).replace(place, nowhere) == json.dumps(elsewhere)


def test_a_place_is_known_where_other_goods_were(ask: Ask) -> None:
    """A look at a place tells whether anything is told to have been there."""
    query = "query ($id: ID!) { site(id: $id) { id } }"
    known = {place: ask(NOT_KNOWING[1], query, id=place)["data"]["site"] for place in (DOCK, BUNKER, MAGAZINE, TUNNEL)}
    assert known == {DOCK: {"id": DOCK}, BUNKER: {"id": BUNKER}, MAGAZINE: None, TUNNEL: None}


@pytest.mark.parametrize("who", [*KNOWING, *NOT_KNOWING])
def test_an_answer_says_whether_sites_alone_are_told(who: tuple[str, bool], ask: Ask) -> None:
    """Of the powder, not of the milk; kept scopes too."""
    wanted = [] if who in KNOWING else ["where_read", "where_biz"]
    for _ in range(2):
        told = [ask(who, SCOPE, seeds=seed(key))["data"]["recallScope"]["withheld"] for key in (POWDER_KEY, MILK_KEY)]
        told += [ask(who, TRACE, seeds=seed(POWDER_KEY), direction="BOTH")["data"]["trace"]["withheld"]]
        assert told == [wanted, [], wanted]


ACCESS = """query ($id: ID!) { marketAccess(id: $id, system: "civil_explosives", market: "trade", on: "2017-10-01") {
  reasons { edges { node { text site { id } } } }
} }"""


@pytest.mark.parametrize("who", [KNOWING[-1], *NOT_KNOWING])
def test_market_access_tells_where_goods_are_barred_as_a_trace_does(who: tuple[str, bool], ask: Ask) -> None:
    """Caps were stolen in the tunnel."""
    answer = ask(who, ACCESS, id=CAP_KEYS[0])["data"]["marketAccess"]["reasons"]["edges"]
    (where,) = [edge["node"]["site"]["id"] for edge in answer if edge["node"]["text"].startswith("stolen")]
    assert where in sites(ask(who, TRACE, seeds=seed(CAP_KEYS[0]), direction="FORWARD"))
    assert (where == TUNNEL) is (who in KNOWING)


def test_pages_of_an_answer_are_the_answer(ask: Ask) -> None:
    """A place keeps its name from page to page."""
    found, after, more = [], None, True
    while more:
        page = ask(NOT_KNOWING[1], PAGE, seeds=seed(POWDER_KEY), after=after)["data"]["trace"]["sites"]
        found += [edge["node"]["site"]["id"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert found == sites(ask(NOT_KNOWING[1], TRACE, seeds=seed(POWDER_KEY), direction="FORWARD"))


ROLES = [*NOT_KNOWING, ("maker", False), ("user", False), ("food and drug", True)]
QUICK = (NOT_KNOWING[1],)
THEIRS = {"maker": {"SHOP-1", "MAG-7", "CELL-5", "TUNNEL-2"}, "user": {"CELL-5", "FACE-6", "MAG-7"}}
"""Places at their sites, and those that events there name."""


@pytest.mark.parametrize("who", [r if r in QUICK else pytest.param(r, marks=pytest.mark.slow) for r in ROLES])
def test_no_field_of_the_schema_tells_such_a_place(who: tuple[str, bool], ask: Ask) -> None:
    """Each field of each type, from every seed; a firm is told its own places, and everybody where milk was."""
    hidden = {*HIDDEN} - THEIRS.get(who[0], set()) - {"BUNKER-3"}
    things = [POWDER_KEY, *CAP_KEYS, CASE_KEY, CAP_KEYS[0].partition("/21/")[0], MADE, BOUGHT]
    seeds = [
        *({"item": {"id": key}} for key in things[:5]),
        *({"item": {"id": POWDER_KEY, "at": place}} for place in (MADE, BOUGHT)),
        *({"site": {"id": place}} for place in (MADE, BOUGHT)),
        {"load": {"container": CASE_KEY}},
        *({"event": one["eventID"]} for one in EVENTS[:11:5]),
    ]
    values: dict[str, list[Any]] = {
        "ID!": [*things, *(one["eventID"] for one in EVENTS)],
        "String!": ["civil_explosives", "a", "MAG", "BUNKER", "CELL", "9521", *things[:1]],
        "system: String!": ["civil_explosives"],
        "market: String!": ["trade"],
        "month: String!": ["2017-09"],
        "Direction!": ["FORWARD", "BACK", "BOTH"],
        "SeedInput!": seeds,
        "[SeedInput!]!": [seeds[:1], *([one] for one in seeds)],
    }
    for attack in attacks(values):
        for query in attack.queries():
            answer = json.dumps(ask(who, query, **attack.given))
            given = json.dumps(attack.given)
            told = [text for text in hidden if text in answer and text not in given]
            assert not told, (query, attack.given, answer)
