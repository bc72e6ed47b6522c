"""Being named by oneself gives no sight: who captures a guess learns nothing of whether it is right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.http.app import Served, app_of
from api.http.service import open_service
from api.principals import read_users
from tests.api.graphql.conftest import Asked
from tests.api.graphql.test_captures import socket
from tests.api.rights.conftest import BASE, GLNS, USERS, Asker, event_document, load_by_firm, never, site_of
from tests.api.rights.test_shown import CAN_B, TRACE, item, nodes

CAN_A = "urn:epc:class:lgtin:9521103.000900.CAN-A"
BLEND = "urn:epc:class:lgtin:9521103.000200.BL-2"
SGLN = {name: f"urn:epc:id:sgln:{gln[:7]}.{gln[7:12]}.0" for name, gln in GLNS.items()}


def event(number: int, lot: str, **fields: Any) -> dict[str, Any]:
    """An event of a lot that somebody makes up."""
    return {
        "type": "ObjectEvent",
        "eventID": f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
        "eventTime": "2017-08-23T08:00:00+08:00",
        "eventTimeZoneOffset": "+08:00",
        "action": "OBSERVE",
        "quantityList": [{"epcClass": lot, "quantity": 5, "uom": "KGM"}],
        **fields,
    }


def at(name: str) -> dict[str, Any]:
    """At a firm's site."""
    return {"readPoint": {"id": SGLN[name]}, "bizLocation": {"id": SGLN[name]}}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Asker]:
    """A shop, of a server over a store of its own."""
    location = f"sqlite:{tmp_path / 's.db'}"
    load_by_firm(location)
    users = read_users(USERS.write(tmp_path))
    with (
        open_service(location, to_write=True, bound=users.bound) as service,
        TestClient(app_of(service, Served(users=users)), base_url=BASE) as http,
    ):
        yield Asker("beibei", http)


def capture(asker: Asker, told: dict[str, Any]) -> None:
    """Capture one event, and wait."""
    signed = {**USERS.headers(asker.name), "Content-Type": "application/json"}
    answer = asker.http.post("/events", content=json.dumps(told).encode(), headers=signed)
    assert answer.status_code == 201, answer.text


GUESSES = [
    event(1, CAN_A, bizStep="inspecting", **at("beibei")),
    event(2, CAN_A, bizStep="receiving", **at("beibei")),
    event(3, BLEND, bizStep="commissioning", **at("beibei")) | {"action": "ADD"},
    event(
        4,
        CAN_A,
        bizStep="shipping",
        readPoint={"id": SGLN["tongshun"]},
        destinationList=[{"type": "location", "destination": SGLN["beibei"]}],
    ),
    event(5, BLEND, bizStep="shipping", **at("beibei"))
    | {"destinationList": [{"type": "location", "destination": SGLN["dairy"]}]},
    event(6, BLEND, bizStep="unpacking")
    | {
        "type": "AggregationEvent",
        "action": "DELETE",
        "parentID": "urn:epc:id:sscc:9521103.0000000024",
        "childQuantityList": [{"epcClass": BLEND, "quantity": 5, "uom": "KGM"}],
        **at("beibei"),
    },
]
GUESSES[-1].pop("quantityList")


def test_a_guess_gives_no_sight(shop: Asker) -> None:
    """Seen, received, made, sent, unpacked in one's own words: no seed, no row, and nothing more than before."""
    before = shop.data(TRACE, seeds=item(CAN_B), direction="BACK")["trace"]
    for guess in GUESSES:
        capture(shop, guess)
    after = shop.data(TRACE, seeds=item(CAN_B), direction="BACK")["trace"]
    assert [row["item"]["id"] for row in nodes(after["items"])] == [row["item"]["id"] for row in nodes(before["items"])]
    for lot in (CAN_A, BLEND):
        assert shop.code(TRACE, seeds=item(lot), direction="BACK") == "UNKNOWN_SEED"
    for direction in ("FORWARD", "BACK", "BOTH"):
        here = shop.data(TRACE, seeds=[{"site": {"id": site_of("beibei")}}], direction=direction)["trace"]
        assert {row["item"]["id"] for row in nodes(here["items"])} == {CAN_B}
        assert {row["site"]["id"] for row in nodes(here["sites"])} <= {site_of("beibei"), site_of("tongshun")}


def test_what_nobody_else_named_is_ones_own(shop: Asker) -> None:
    """A lot that one was the first to tell of can be traced, also by its own event."""
    lot = "urn:epc:class:lgtin:9521105.000100.OWN-1"
    made = event(9, lot, bizStep="commissioning", **at("beibei")) | {"action": "ADD"}
    capture(shop, made)
    for seed in ({"item": {"id": lot}}, {"event": made["eventID"]}):
        trace = shop.data(TRACE, seeds=[seed], direction="FORWARD")["trace"]
        assert [row["site"]["id"] for row in nodes(trace["sites"])] == [site_of("beibei")]


def test_an_event_of_anothers_id_is_taken_as_if_there_were_none(shop: Asker) -> None:
    """That an id is taken already is not told to whom may not see it."""
    taken = event(1, "urn:epc:class:lgtin:9521105.000100.OWN-2", **at("beibei"))
    taken["eventID"] = "urn:uuid:20170803-0007-4000-8000-000009521103"
    capture(shop, taken)


def test_a_scope_that_is_watched_tells_no_more(shop: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over a web socket too; jobs of others are not there to be watched."""
    monkeypatch.setattr("api.graphql.subscription.PAUSE", 0.01)
    asked, signed = Asked(None, shop.http), USERS.headers("beibei")  # type: ignore[arg-type]
    query = """subscription ($seeds: [SeedInput!]!) { scopeChanged(seeds: $seeds) {
      outlets { edges { node { site { id name } evidence } } } lots { edges { node { item { id } } } }
      hidden { outlets lots } gaps { edges { node { text events } } } } }"""
    with socket(asked, signed) as opened:
        opened.ask(query, seeds=item(CAN_B))
        told = json.dumps(opened.next(), ensure_ascii=False)
    assert site_of("beibei") in told
    assert [fact for fact in never("beibei") if fact in told] == []
    with socket(asked, signed) as opened:
        opened.ask('subscription { captureJob(id: "none") { id } }')
        assert opened.error() == "INVALID_INPUT"


def test_jobs_of_others_are_not_there(shop: Asker) -> None:
    """By id and in the list."""
    capture(shop, event(7, CAN_A, **at("beibei")))
    jobs = shop.get("/capture").json()
    assert len(jobs) == 1
    regulator = Asker("regulator", shop.http)
    capture(regulator, event(8, CAN_A, **at("beibei")))
    others = {job["captureID"] for job in regulator.get("/capture").json()} - {job["captureID"] for job in jobs}
    assert len(others) == 1
    assert [job["captureID"] for job in shop.get("/capture").json()] == [jobs[0]["captureID"]]
    for job in others:
        assert shop.get(f"/capture/{job}").status_code == 404
        assert shop.data("query ($id: ID!) { captureJob(id: $id) { id } }", id=job)["captureJob"] is None


def test_master_data_of_others_are_left_out_and_the_job_says_so(shop: Asker) -> None:
    """Whose a site is and what it is called are not for everybody to say."""
    site = {"id": SGLN["dairy"], "attributes": [{"id": "urn:epcglobal:cbv:mda#name", "attribute": "Closed down"}]}
    header = {
        "epcisMasterData": {
            "vocabularyList": [{"type": "urn:epcglobal:epcis:vtype:Location", "vocabularyElementList": [site]}]
        }
    }
    signed = {**USERS.headers("beibei"), "Content-Type": "application/json"}
    told = event_document([event(10, CAN_A, **at("beibei"))], header)
    job = shop.http.post("/capture", content=told, headers=signed).headers["Location"]
    while (ended := shop.get(job).json())["running"]:
        pass
    assert (ended["success"], ended["accepted"], len(ended["warnings"])) == (True, 1, 1)
    query = "query ($id: ID!) { captureJob(id: $id) { warnings { what remedy } } }"
    assert shop.data(query, id=job.removeprefix("/capture/"))["captureJob"]["warnings"][0]["remedy"]
    named = Asker("regulator", shop.http).data("query ($id: ID!) { site(id: $id) { name } }", id=site_of("dairy"))
    assert named["site"]["name"].startswith("青禾")
