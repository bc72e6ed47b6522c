"""The measures over lots, counted by hand on milk that becomes packs that are sold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.demo.recording import Goods, record_event
from engine.capture import capture
from engine.coverage.columns import Noting
from engine.coverage.following import RecordFollower
from engine.coverage.measured import Asked, By, Coverage, measure
from engine.coverage.register import read_register
from engine.ledger import Capture
from engine.stores.ports import Store
from engine.stores.sqlite import open_store
from graph_schema.profiles import profiles
from tests.worlds.reading import read_events

Json = dict[str, Any]

PLANT, SHOP = "https://id.gs1.org/414/6901234500011", "https://id.gs1.org/414/6901234500028"
DAY = date(2026, 12, 31)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(str(tmp_path / "s.db"))
    yield opened
    opened.close()


def lot(name: str) -> str:
    return f"urn:epc:class:lgtin:6901234.056789.{name}"


def event(name: str, day: int, goods: Goods, made: Goods | None = None, at: str = PLANT) -> Json:
    """A tracking event of a dairy on a day of March."""
    (dairy,) = profiles().versions("dairy")
    tracked = dairy.event(name)
    assert tracked is not None
    return record_event(tracked, f"2026-03-{day:02}T08:00:00+08:00", at, goods, made=made)


def chain(number: int, amount: float = 100) -> list[Json]:
    """From the cow to the counter."""
    milk, tank, silo, pack = (lot(f"{kind}{number}") for kind in "MTSP")
    return [
        event("milk", 1, {milk: amount}),
        event("milk_collect", 2, {milk: amount}, {tank: amount}),
        event("milk_ship", 3, {tank: amount}),
        event("milk_receive", 3, {tank: amount}),
        event("standardise", 4, {tank: amount}, {silo: amount}),
        event("ferment_fill", 5, {silo: amount}, {pack: amount}),
        event("ship", 6, {pack: amount}),
        event("receive", 7, {pack: amount}, at=SHOP),
        event("retail", 8, {pack: amount}, at=SHOP),
    ]


def told(store: Store, events: list[Json]) -> Coverage:
    capture(store, read_events(events), Capture("", "lots", "lots", 0))
    with store.snapshot() as snapshot:
        records = RecordFollower(Noting(profiles())).follow(snapshot)
        return measure(records, read_register(snapshot.masters, "dairy", "", "9"), profiles(), Asked("dairy", DAY))


def counted(found: Coverage) -> dict[str, tuple[float, float]]:
    told = {one.id: (one.numerator, one.denominator) for one in found.total().measures}
    return {name: told[name] for name in ("link_rate", "balance_rate", "orphan_rate", "cte_rate")}


def without(events: list[Json], *steps: str) -> list[Json]:
    return [one for one in events if one["x:cte"] not in steps]


def test_a_whole_chain_falls_short_nowhere(store: Store) -> None:
    """Three links, four lots in balance, no broken end; the pack made, sent and received, the tank sent."""
    assert counted(told(store, chain(1))) == {
        "link_rate": (3, 3),
        "balance_rate": (4, 4),
        "orphan_rate": (0, 4),
        "cte_rate": (4, 4),
    }


def test_what_begins_nowhere_is_an_orphan_with_all_that_is_made_of_it(store: Store) -> None:
    """A silo of which nothing tells whence it came, and its pack; the chain beside it is none."""
    found = counted(told(store, chain(1) + chain(2)[5:]))
    assert found["orphan_rate"] == (2, 6)


def test_a_link_that_nobody_closes_breaks_the_end_of_all_that_it_was_made_of(store: Store) -> None:
    """A pack that is not received: the pack, its silo, its tank and its milk; it is sold, so its receipt is missing."""
    found = counted(told(store, without(chain(1), "receive")))
    assert found == {"link_rate": (2, 3), "balance_rate": (3, 4), "orphan_rate": (4, 4), "cte_rate": (3, 4)}


def test_a_transformation_in_parts_is_one(store: Store) -> None:
    """What went in by one event and came out by another, of one transformation, is broken together."""
    (dairy,) = profiles().versions("dairy")
    (silo, pack) = lot("S9"), lot("P9")
    run = {"transformationID": "urn:x:run:9"}
    into, out = event("ferment_fill", 5, {silo: 50}, {}), event("ferment_fill", 5, {}, {pack: 50})
    assert dairy.event("ferment_fill") is not None
    assert counted(told(store, [into | run, out | run]))["orphan_rate"] == (2, 2)


def test_what_is_made_of_nothing_begins_there(store: Store) -> None:
    """A tank of no milk: a station is no place where a chain begins; a farm is."""
    made = [event("milk_collect", 2, {}, {lot("T1"): 100}), event("milk", 1, {lot("M2"): 100})]
    assert counted(told(store, made))["orphan_rate"] == (1, 2)


@pytest.mark.parametrize(("sold", "balanced"), [(100, 4), (98, 4), (95, 3), (103, 4), (104, 3)])
def test_what_left_is_what_came_but_for_the_tolerance(sold: float, balanced: int, store: Store) -> None:
    """Three of a hundred, by the widest link of a dairy; amounts are sums of decimals, and exact."""
    events = chain(1)
    events[-1] = event("retail", 8, {lot("P1"): sold}, at=SHOP)
    assert counted(told(store, events))["balance_rate"] == (balanced, 4)


def test_amounts_are_exact_beside_huge_ones(store: Store) -> None:
    """A tenth and two tenths are three, whatever else there is."""
    parts = [event("ship", 6, {lot("P1"): amount}) for amount in (0.1, 0.2)]
    parts.append(event("receive", 7, {lot("P1"): 0.3}))
    huge = [event("ship", 6, {lot("H1"): 9e12}), event("receive", 7, {lot("H1"): 9e12})]
    found = told(store, parts + huge)
    assert counted(found)["link_rate"] == (3, 3)
    tally, short = found.behind("link_rate", By.SYSTEM, "", good=False)
    assert (len(tally.owner), len(short)) == (3, 0)


def test_a_lot_that_is_still_sold_is_not_closed(store: Store) -> None:
    """Not before it was quiet for as long as the longest link may take."""
    capture(store, read_events(chain(1)), Capture("", "lots", "lots", 0))
    with store.snapshot() as snapshot:
        records = RecordFollower(Noting(profiles())).follow(snapshot)
        register = read_register(snapshot.masters, "dairy", "", "9")
        soon = measure(records, register, profiles(), Asked("dairy", date(2026, 3, 20)))
    assert counted(soon)["balance_rate"] == (0, 0)


def test_a_measure_that_is_to_be_small_is_met_below_its_target(store: Store) -> None:
    """Two of a hundred lots may be orphans; the list behind is of those that are."""
    found = told(store, chain(1) + chain(2)[5:])
    (orphans,) = (one for one in found.total().measures if one.id == "orphan_rate")
    assert (orphans.target, orphans.met, orphans.at_most) == (0.02, False, True)
    _, short = found.behind("orphan_rate", By.SYSTEM, "", good=False)
    assert len(short) == 2
