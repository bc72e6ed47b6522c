"""Whatever is asked, by whatever way, nobody learns what `facts.yaml` says that they must not."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, unquote

import pytest

from graph_schema.identifiers import take_identifier
from tests.api.rights.attacks import FEW, attacks
from tests.api.rights.conftest import ENTERPRISES, EVENTS, GLNS, OFFICES, Ask, is_hidden, never, site_of

QUICK = ("rixin",)
ROLES = [
    name if name in QUICK else pytest.param(name, marks=pytest.mark.slow)
    for name in (*ENTERPRISES, "consumer", *OFFICES)
]
LOTS = [
    *(
        f"https://id.gs1.org/01/0{gln}/10/{lot}"
        for gln, lot in (("9521101000016", "TK-S1"), ("9521102000015", "TK-S2"))
    ),
    *(f"https://id.gs1.org/01/09521103009000/10/CAN-{letter}" for letter in "ABC"),
    "urn:epc:class:lgtin:9521103.000100.BP-1",
    "urn:epc:class:lgtin:9521103.000200.BL-2",
]
PALLETS = [f"urn:epc:id:sscc:9521103.00000000{number}" for number in ("17", "24")]
PRODUCTS = ["https://id.gs1.org/01/09521103009000"]
THINGS = [*LOTS, *PALLETS, *PRODUCTS, *(f"({ai}){gln}" for ai in (414, 417) for gln in GLNS.values())]

ASKED_BY_FIRMS = ("trace", "recallScope", "responsibility", "marketAccess", "path", "events", "search")


def seeds(name: str) -> list[dict[str, Any]]:
    """What one may start from, and what one must not: whatever there is."""
    hidden = [event["eventID"] for event in EVENTS if is_hidden(event, name)][:3]
    own = site_of(name) if name in GLNS else site_of("dairy")
    return [
        *({"item": {"id": key}} for key in (*LOTS, *PALLETS)),
        *({"item": {"id": key, "at": own}} for key in (LOTS[0], LOTS[3], PRODUCTS[0])),
        *({"site": {"id": site_of(firm)}} for firm in GLNS),
        *({"pattern": {"product": PRODUCTS[0], "at": site}} for site in (own, site_of("anan"))),
        *({"load": {"container": pallet}} for pallet in PALLETS),
        *({"event": event} for event in hidden),
        *({"transformation": event} for event in hidden),
    ]


def told(value: Any) -> str:
    """As JSON that facts can be found in."""
    return json.dumps(value, ensure_ascii=False)


def learnt(answer: str, asked: str, facts: list[str]) -> list[str]:
    """The facts that an answer tells and the question did not."""
    return [fact for fact in facts if fact in answer and fact not in asked]


@pytest.mark.parametrize("name", ROLES)
def test_no_field_of_the_schema_tells_what_is_hidden(name: str, ask: Ask) -> None:
    """Each field of each type, from every seed, in every direction, and by every id."""
    asker, facts = ask(name), never(name)
    one = seeds(name)
    values = {
        "ID!": [*THINGS, *(event["eventID"] for event in EVENTS)],
        "String!": ["infant_formula", "a", "CAN", "9521", "奶", "Baby", *PRODUCTS],
        "system: String!": ["infant_formula"],
        "market: String!": ["trade"],
        "month: String!": ["2017-08"],
        "Direction!": ["FORWARD", "BACK", "BOTH"],
        "SeedInput!": one,
        "[SeedInput!]!": [one, *([seed] for seed in one)],
    }
    answered = set()
    for attack in attacks(values):
        for query in attack.queries():
            answer = asker.post(query, **attack.given).json()
            codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
            assert codes <= {"UNKNOWN_SEED", "FORBIDDEN"}, (query, answer)
            assert not learnt(told(answer), told(attack.given), facts), (query, attack.given)
            if not answer["data"] or not answer["data"][attack.field]:
                break
            answered.add(attack.field)
    assert answered >= {
        "ledger",
        *(ASKED_BY_FIRMS if name in GLNS else ()),
    }


def test_the_facts_are_there_to_be_learnt(ask: Ask) -> None:
    """Each of them is told to a coordinator with a case: what the attacks do not find is hidden, not absent."""
    coordinator = ask("coordinator").under("drill")
    facts = set(never("stranger"))
    values: dict[str, list[Any]] = {
        "[SeedInput!]!": [[{"item": {"id": lot}} for lot in LOTS]],
        "SeedInput!": [{"event": "none"}],
        "system: String!": ["infant_formula"],
        "market: String!": ["trade"],
        "month: String!": ["2017-08"],
        "Direction!": ["BOTH"],
        "ID!": ["none"],
        "String!": ["Raw", "powder"],
    }
    answers = "".join(
        told(coordinator.post(query.replace(f"first: {FEW}", "first: 12"), **attack.given).json())
        for attack in attacks(values)
        for query in attack.queries()
    )
    assert facts - {fact for fact in facts if fact in answers} == set()


@pytest.mark.parametrize("name", [*ENTERPRISES, "consumer", *OFFICES])
def test_no_path_of_rest_tells_what_is_hidden(name: str, ask: Ask) -> None:
    """Events by every id and parameter, resources and their events, jobs, queries, labels, and what is not there."""
    asker, facts = ask(name), never(name)
    ids = [quote(key, safe="") for key in THINGS]
    events = [event["eventID"] for event in EVENTS]
    paths = [
        "/",
        "/capture",
        "/queries",
        "/openapi.json",
        "/events?perPage=1000",
        "/events?orderBy=recordTime&perPage=1000",
        *(f"/events/{quote(event, safe='')}" for event in events),
        *(f"/events?EQ_eventID={quote(event, safe='')}" for event in events),
        *(f"/events?MATCH_anyEPC={key}" for key in ids),
        *(f"/events?MATCH_anyEPCClass={key}" for key in ids),
        *(f"/events?EQ_bizLocation={quote(site_of(firm), safe='')}" for firm in GLNS),
        *(f"/events?WD_readPoint={quote(site_of(firm), safe='')}" for firm in GLNS),
        *(f"/events?EQ_bizTransaction_desadv=urn:epcglobal:cbv:bt:{one}" for one in ("9521103000014:DA-170820-X",)),
        *(f"/{kind}" for kind in ("epcs", "bizSteps", "bizLocations", "readPoints", "dispositions", "eventTypes")),
        *(f"/epcs/{key}{more}" for key in ids for more in ("", "/events")),
        *(f"/bizSteps/{step}/events" for step in ("packing", "receiving", "shipping", "inspecting")),
        *(f"/bizLocations/{quote(site_of(firm), safe='')}/events" for firm in GLNS),
        "/01/09521103009000/10/CAN-A",
        "/01/09521103009000/10/CAN-A?linkType=all",
        "/00/395211030000000017",
        "/nowhere",
    ]
    for path in paths:
        answer = asker.get(path)
        assert answer.status_code < 500, (path, answer.text)
        assert not learnt(answer.text + str(answer.headers), unquote(path), _known_of_labels(facts)), path


@pytest.mark.parametrize("name", ["rixin", "beibei", "stranger", "consumer"])
def test_no_public_lookup_tells_what_is_hidden(name: str, ask: Ask) -> None:
    """Every code of the outbreak: what it tells is on the label."""
    asker, facts = ask(name), _known_of_labels(never(name))
    query = """query ($code: String!) { publicLookup(code: $code) { readings {
      key systems gtin lot serial schemes { id } fields { id value } recallStatus findings } } }"""
    for key in (*THINGS, *(event["eventID"] for event in EVENTS)):
        answer = told(asker.data(query, code=key))
        assert not learnt(answer, f"{key} {take_identifier(key)[0].key}", facts), key


def _known_of_labels(facts: list[str]) -> list[str]:
    """A label's page tells the product's name to all."""
    return [fact for fact in facts if not fact.startswith("milk, station") and not fact.endswith(" powder")]


@pytest.mark.parametrize("name", ["dairy", "beibei", "stranger"])
def test_what_is_hidden_is_answered_as_what_is_not_there(name: str, ask: Ask) -> None:
    """The same bytes but for what was asked."""
    asker = ask(name)
    nowhere = "urn:uuid:00000000-0000-4000-8000-000000000000"
    hidden = next(event["eventID"] for event in EVENTS if is_hidden(event, name))
    things = {
        event: asker.post("query ($id: ID!) { event(id: $id) { id } }", id=event).text for event in (hidden, nowhere)
    }
    assert things[hidden] == things[nowhere]
    rest = {event: asker.get(f"/events/{event}") for event in (hidden, nowhere)}
    assert rest[hidden].text.replace(hidden, "") == rest[nowhere].text.replace(nowhere, "")
    for query in ("{ node(id: %s) { id } }", "{ item(id: %s) { id } }", "{ site(id: %s) { id } }"):
        for one, other in (("urn:epc:class:lgtin:9521103.000200.BL-9", "urn:epc:class:lgtin:9521103.000300.BL-9"),):
            assert asker.post(query % json.dumps(one)).text == asker.post(query % json.dumps(other)).text
