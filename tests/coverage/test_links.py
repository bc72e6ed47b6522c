"""Which links are expected of single things, and which are matched, counted by hand on cylinders and lifts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from api.coverage import Behind, Recorded
from api.demo.recording import Goods, Json, record_event
from engine.capture import capture
from engine.coverage.columns import Noting
from engine.coverage.following import RecordFollower
from engine.coverage.measured import Asked, By
from engine.inspection import DrawAsked, draw
from engine.ledger import Capture
from engine.stores.ports import Store
from engine.stores.sqlite import open_store
from graph_schema.interval import datetime_of
from graph_schema.profiles import profiles
from graph_schema.profiles.profile import Drawable
from tests.systems.test_stories import NAMES, events_of
from tests.worlds.reading import read_events

SITE = "https://id.gs1.org/414/6901234500011"
LIFTS, CYLINDERS = "elevator", "gas_cylinder"
Listed = list[tuple[str, str]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(str(tmp_path / "s.db"))
    yield opened
    opened.close()


def key(name: str) -> str:
    return f"https://id.gs1.org/8004/6901234{name}"


def things(*names: str) -> Goods:
    return {f"urn:epc:id:giai:6901234.{name}": None for name in names}


def event(system: str, name: str, time: str, goods: Goods, parent: str | None = None) -> Json:
    """A tracking event of a system, at a time of 2017."""
    tracked = profiles().versions(system)[-1].event(name)
    assert tracked is not None
    return record_event(
        tracked, f"2017-{time}:00+08:00", SITE, goods, parent=parent, more={"x:cte": f"{system}.{name}"}
    )


def keep(store: Store, events: list[Json]) -> None:
    capture(store, read_events(events), Capture("", "links", "links", 0))


def behind(store: Store, system: str, measure: str, *, good: bool) -> list[Behind]:
    """The list behind a measure, years later."""
    with store.snapshot() as snapshot:
        recorded = Recorded(RecordFollower(Noting(profiles())).follow(snapshot), snapshot, snapshot, None)
        found = recorded.coverage(Asked(system, date(2026, 12, 31)), profiles())
        tally, numbers = found.behind(measure, By.SYSTEM, "", good=good)
        return recorded.rows(found, tally, numbers.tolist())


def links(store: Store, system: str) -> tuple[Listed, Listed]:
    """Links that are not matched, and that are."""
    short, good = (
        sorted((one.link or "", one.thing or "") for one in behind(store, system, "link_rate", good=found))
        for found in (False, True)
    )
    return short, good


def lots(store: Store, system: str) -> tuple[set[str | None], set[str | None]]:
    """Lots with a broken end, and those without."""
    broken, whole = ({one.thing for one in behind(store, system, "orphan_rate", good=good)} for good in (False, True))
    return broken, whole


@pytest.mark.parametrize("missing", range(1, 6))
def test_of_a_thing_that_goes_round_only_the_arrival_that_is_missing_is_missing(missing: int, store: Store) -> None:
    """Five times a cylinder is shipped, and delivered within the hour, but for once."""
    months = range(1, 6)
    shipped = [event(CYLINDERS, "ship", f"{month:02}-01T08:00", things("C")) for month in months]
    delivered = [event(CYLINDERS, "deliver", f"{month:02}-01T09:00", things("C")) for month in months]
    del delivered[missing - 1]
    keep(store, shipped + delivered)
    short, good = (
        [one.time for one in behind(store, CYLINDERS, "link_rate", good=found) if one.link == "ship > deliver"]
        for found in (False, True)
    )
    assert len(good) == 4
    assert [datetime_of(time.earliest).month for time in short] == [missing]


def test_what_comes_late_belongs_to_the_last_departure(store: Store) -> None:
    """Four days after the second departure, of which the link allows three: neither is matched."""
    days = (("ship", "01-01T08:00"), ("ship", "02-01T08:00"), ("deliver", "02-05T08:00"))
    keep(store, [event(CYLINDERS, name, time, things("C")) for name, time in days])
    short, good = links(store, CYLINDERS)
    assert [link for link, _ in short].count("ship > deliver") == 2
    assert good == []


def test_a_link_concerns_what_may_follow_by_its_kind(store: Store) -> None:
    """Parts that are built into a lift are not installed by themselves: the lift is, once."""
    built = [event(LIFTS, "make_component", "01-01T08:00", things("P", "Q"))]
    built += [event(LIFTS, "assemble", "02-01T08:00", things("P", "Q"), parent=key("L"))]
    keep(store, built)
    assert links(store, LIFTS) == ([("assemble > install", key("L"))], [])
    keep(store, [event(LIFTS, "install", "03-01T08:00", things("L"), parent=key("place"))])
    short, good = links(store, LIFTS)
    assert short == [("install > supervise_inspect", key("L"))]
    assert good == [("assemble > install", key("L"))]
    assert lots(store, LIFTS) == ({key("L")}, {key("P"), key("Q")})


def test_what_stands_together_is_one_link(store: Store) -> None:
    """The place, which by its records may be a lift, and the lift: that is inspected, so the link is met."""
    keep(store, [event(LIFTS, "install", "03-01T08:00", things("L"), parent=key("place"))])
    assert len(links(store, LIFTS)[0]) == 1
    keep(store, [event(LIFTS, "supervise_inspect", "03-02T08:00", things("L"))])
    assert links(store, LIFTS) == ([], [("install > supervise_inspect", key("L"))])


def test_gas_in_a_cylinder_is_not_checked_after_filling(store: Store) -> None:
    """The cylinder is, whichever of the two the check could name by other records."""
    gas = {"urn:epc:class:lgtin:6901234.056789.G": 12.0}
    keep(store, [event(CYLINDERS, "fill", "03-01T08:00", gas, parent=key("C"))])
    assert links(store, CYLINDERS) == ([("fill > postcheck", key("C"))], [])
    keep(store, [event(CYLINDERS, "postcheck", "03-01T09:00", things("C"))])
    assert links(store, CYLINDERS) == ([], [("fill > postcheck", key("C"))])


def test_a_thing_whose_kind_the_records_contradict_is_counted(store: Store) -> None:
    """What came as steel and leaves as a cylinder is nobody knows what: it is to be delivered."""
    keep(store, [event(CYLINDERS, "mat_receive", "01-01T08:00", things("C"))])
    keep(store, [event(CYLINDERS, "ship", "02-01T08:00", things("C"))])
    assert links(store, CYLINDERS) == ([("ship > deliver", key("C"))], [])


def test_plots_boxes_and_permits_are_no_lots(store: Store) -> None:
    """Of a farm the harvests are, not the plots that they are from; single things where they surely are goods."""
    for system in ("agri_edible", "civil_explosives"):
        capture(store, events_of(system), Capture("", "links", "links", 0))
    broken, whole = lots(store, "agri_edible")
    assert not [one for one in broken | whole if "plot" in str(one)]
    broken, whole = lots(store, "civil_explosives")
    assert not [one for one in broken | whole if any(word in str(one) for word in ("box", "case", "permit"))]


@pytest.mark.parametrize("system", NAMES)
def test_a_lot_is_what_is_drawn_as_one(system: str, store: Store) -> None:
    """Of every story: each lot that a draw has and its events name, and beside these single things alone."""
    events = events_of(system)
    capture(store, events, Capture("", "links", "links", 0))
    counted = set.union(*lots(store, system))
    with store.snapshot() as snapshot:
        drawn, single = (
            {
                one.key
                for one in draw(snapshot, profiles(), DrawAsked(system=system, seed="1", count=1000, kind=kind)).drawn
            }
            for kind in (Drawable.LOTS, Drawable.INSTANCES)
        )
    named = {what.item for one in events for what in one.whats}
    assert drawn & named <= counted
    assert counted - drawn <= single
