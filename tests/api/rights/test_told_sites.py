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
from tests.api.rights.bunkers import (
    BOUGHT,
    BUNKER,
    CAP_KEYS,
    CASE_KEY,
    CELL,
    DAIRY,
    DOCK,
    EVENTS,
    FACE,
    HIDDEN,
    KNOWING,
    MADE,
    MAGAZINE,
    MILK_KEY,
    NOT_KNOWING,
    PAGE,
    POWDER_KEY,
    SCOPE,
    TRACE,
    TUNNEL,
    WORKSHOP,
    asked,
    seed,
)
from tests.api.rights.maker import BASE, USERS, document

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
            yield partial(asked, http)


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
THEIRS = {"maker": {"SHOP-1", "MAG-7", "CELL-5", "TUNNEL-2"}, "user": {"CELL-5", "FACE-6", "MAG-7"}}
"""Places at their sites, and those that events there name."""


@pytest.mark.slow
@pytest.mark.parametrize("who", ROLES)
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
