"""Whether a market may take goods: admit or hold, with each reason; where anything is doubtful, hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from api.demo.naming import site
from api.demo.recording import record_event
from api.session import Reading
from engine.access import market_access
from engine.capture import capture
from engine.index import open_index
from engine.ledger import Capture
from engine.stores.ports import Store
from engine.stores.sqlite import open_store
from graph_schema.errors import InvalidInput, UnknownSeed
from graph_schema.identifiers import canonical_key
from graph_schema.profiles import ActingSystem, Profiles, profiles
from graph_schema.profiles.market import Market
from tests.systems.admitted import CASES, IDS, asked, judge, telling, told_to, unmet
from tests.worlds.reading import read_events

INFANT = next(number for number, case in enumerate(CASES) if case["profile"] == "infant_formula")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(str(tmp_path / "suyuan.db"))
    yield opened
    opened.close()


@pytest.mark.parametrize("number", range(len(CASES)), ids=IDS)
def test_the_goods_of_a_story_are_admitted_or_held(number: int, store: Store) -> None:
    """Certificates, tests, days, recalls and links, each as the records tell it on that day."""
    judge(number, store)


@pytest.fixture
def milk(store: Store) -> Iterator[Reading]:
    """The story of infant formula, every record with its papers."""
    told_to(INFANT, store)
    with store.snapshot() as snapshot:
        yield Reading(snapshot, open_index(None, snapshot))


def test_each_reason_tells_the_events_that_show_it(milk: Reading) -> None:
    """Of a demand that is met those that meet it."""
    answer = asked(INFANT, milk, "CAN-A", "2017-08-20")
    met = {one.demand: len(one.events) for one in answer.reasons if one.met}
    assert met == {"factory_test": 1, "incoming_test": 2, "in_date": 1, "recall": 0, "goods": 0}


def test_a_hold_that_is_in_conflict_holds(store: Store) -> None:
    """One id with two bodies, a hold and a retest that passed: either may be so."""
    told_to(INFANT, store)
    (profile,) = profiles().versions("infant_formula")
    goods: dict[str, float | None] = {telling(INFANT).item("CAN-A"): 1}
    bodies = [
        record_event(tracked, "2017-08-21T08:00:00+08:00", site("dairy-D"), goods) | {"eventID": "urn:uuid:twice"}
        for name in ("hold", "retest")
        if (tracked := profile.event(name)) is not None
    ]
    capture(store, read_events(bodies), Capture("", "more", "more", 0))
    with store.snapshot() as snapshot:
        answer = asked(INFANT, Reading(snapshot, open_index(None, snapshot)), "CAN-A", "2017-08-22")
    assert ("recall", "recall", "CAN-A") in unmet(answer)


def test_a_reason_tells_the_site_not_the_place_in_it(store: Store) -> None:
    """A hold in a cold room of the plant is told of the plant."""
    told_to(INFANT, store)
    hold = profiles().versions("infant_formula")[0].event("hold")
    assert hold is not None
    plant = "https://id.gs1.org/414/9521103000014"
    goods: dict[str, float | None] = {telling(INFANT).item("CAN-A"): 1}
    (held,) = read_events([record_event(hold, "2017-08-21T08:00:00+08:00", f"{plant}/254/ROOM-1", goods)])
    capture(store, [held], Capture("", "more", "more", 0))
    with store.snapshot() as snapshot:
        answer = asked(INFANT, Reading(snapshot, open_index(None, snapshot)), "CAN-A", "2017-08-22")
    assert {reason.site for reason in answer.reasons if held.id in reason.events} == {plant}


def test_a_market_that_the_system_has_not_is_refused(milk: Reading) -> None:
    """With the names of those that it has; goods that no event names are refused too."""
    system = ActingSystem("infant_formula", profiles())
    with pytest.raises(InvalidInput, match="no market 'bazaar'"):
        market_access(milk, canonical_key(telling(INFANT).item("CAN-A")), "bazaar", system, "2017-08-20")
    with pytest.raises(UnknownSeed):
        market_access(milk, "urn:example:nothing", "trade", system, "2017-08-20")


def test_the_law_is_that_of_the_day(milk: Reading) -> None:
    """A version that demands nothing more from a day on admits from that day on what was held before."""
    (before,) = profiles().versions("infant_formula")
    (market,) = before.markets
    lax = msgspec.structs.replace(market, demands=())
    system = ActingSystem("infant_formula", _with_later(before.profile, lax, "2017-08-10"))
    key = canonical_key(telling(INFANT).item("BL-1"))
    lax_of_all = market_access(milk, key, "trade", system, "2017-08-10")
    strict = market_access(milk, key, "trade", system, "2017-08-09")
    assert {one.demand for one in lax_of_all.reasons} == {"recall", "link", "goods"}
    assert {one.demand for one in strict.reasons} > {"recall", "link", "goods"}
    assert (strict.version, lax_of_all.version) == (before.version, before.version + 1)


def _with_later(name: str, market: Market, day: str) -> Profiles:
    """The profiles, one of which has another version from a day on."""
    ours = profiles()
    versions = {each: ours.versions(each) for each in ours.names()}
    (before,) = versions[name]
    later = msgspec.structs.replace(before, version=before.version + 1, valid_from=day, markets=(market,))
    return Profiles(ours.common, versions | {name: (before, later)})


def test_every_system_has_a_market() -> None:
    """What each demands is marked with how sure it is, and can be met by its events."""
    for profile in profiles().latest():
        assert profile.markets, profile.profile
        for market in profile.markets:
            assert market.basis
            assert all(demand.any_of for demand in market.demands)
