"""Places are found and listed as events are shown with them: the site alone where the place is not told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from api.http.service import Service
from api.loading import Loading
from api.principals import Principal, Role
from api.rights import shown_places
from api.rights.clearance import Clearance
from api.rights.cleared_state import ClearedSnapshot
from api.session import open_session
from engine.event_order import EventField, EventSpan, Fact
from graph_schema.profiles.restricted import restrictions
from tests.api.rights.dangerous_goods import BUNKER, CELL, MAGAZINE, MILK, SHIPPED, SITES, at, captured
from tests.api.rights.maker import CASE, EXT, USERS, document
from tests.api.users import Users


@pytest.fixture(scope="module")
def users() -> Users:
    """Those of the maker."""
    return USERS


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The events, as the maker captured them."""
    with captured(tmp_path_factory.mktemp("shown_places")) as opened:
        yield opened


@pytest.fixture(scope="module")
def found(get: Any) -> Callable[..., list[str]]:
    """The business steps of the events that a query finds, in the order of time."""

    def asked(name: str, query: str, **headers: str) -> list[str]:
        answer = get(name, f"/events?{query}&orderBy=eventTime&orderDirection=ASC", **headers)
        assert answer.status_code == 200, answer.text
        return [one["bizStep"] for one in answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]]

    return asked


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


def test_an_enterprise_finds_events_of_others_by_the_site_that_it_is_told(found: Any, get: Any) -> None:
    """And is listed no other; its own places it finds."""
    assert found("user", f"EQ_readPoint={quote(MAGAZINE, safe='')}") == []
    assert found("user", f"EQ_readPoint={quote(SITES['maker'], safe='')}") == ["departing"]
    assert found("user", f"EQ_readPoint={quote(CELL, safe='')}") == ["storing"]
    assert get("user", "/readPoints").json()["member"] == [SITES["maker"], CELL]


def test_the_events_of_a_site_come_in_pages_in_the_order_of_time(get: Any) -> None:
    """Each once, though they are found by several places."""
    path: str | None = f"/readPoints/{quote(SITES['maker'], safe='')}/events?perPage=1&orderBy=eventTime"
    steps = []
    while path is not None:
        answer = get("analyst", path)
        steps += [one["bizStep"] for one in answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]]
        path = answer.links["next"]["url"] if "next" in answer.links else None
    assert steps == ["receiving", "cycle_counting", "departing"]


def test_lists_of_places_have_the_sites_that_are_told(get: Any) -> None:
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
