"""Which records may be deleted, by the rules of the day of each; nothing is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from api.demo.recording import Json, record_event
from engine.capture import capture
from engine.ledger import Capture
from engine.retention import Kept, RetentionReport, after, retention_report
from engine.stores.sqlite import open_store
from graph_schema.errors import InvalidInput
from graph_schema.profiles import Profiles, load_profiles, profiles
from tests.systems.test_profiles import text_of, write
from tests.systems.test_stories import opened
from tests.worlds.reading import read_events

SYSTEM = "other_food"
LOT = "urn:epc:class:lgtin:6901234.056789.A"
THING = "urn:epc:id:giai:6901234.LIFT0001"
RULES = text_of(SYSTEM).partition("retention:\n")[2].partition("recall:")[0]
"""The rules of the shipped profile, which tests put their own in place of."""


def systems(folder: Path, *rules: str) -> Profiles:
    """The system with rules of one's own."""
    own = "".join(f"  - {{what: records, basis: a law, status: memory, {rule}}}\n" for rule in rules)
    write(folder, SYSTEM, text_of(SYSTEM).replace(RULES, own))
    return load_profiles(folder)


def event(name: str, time: str, goods: str = LOT, **more: object) -> Json:
    """A tracking event of the system about one lot or thing, and fields beside it."""
    (profile,) = profiles().versions(SYSTEM)
    tracked = profile.event(name)
    assert tracked is not None
    amounts = {goods: 5.0 if ":class:" in goods else None}
    return record_event(tracked, time, "https://example.org/site/plant", amounts, made=amounts) | {
        name.replace("__", ":"): value for name, value in more.items()
    }


def report(
    events: Iterable[Json], folder: Path, at: str, rules: Profiles | None = None, most: int = 10
) -> RetentionReport:
    """What may be deleted of a ledger of these events."""
    store = open_store(str(folder / "events.db"))
    capture(store, read_events([*events]), Capture("", "test", "test", 0))
    with store.snapshot() as snapshot:
        found = retention_report(snapshot, rules or profiles(), SYSTEM, date.fromisoformat(at), most)
        assert snapshot.ledger.verify() == snapshot.ledger.head()
    store.close()
    return found


@pytest.mark.parametrize(
    ("day", "period", "first"),
    [
        ("2024-01-10", "P2Y", "2026-01-11"),
        ("2024-02-29", "P1Y", "2025-03-01"),
        ("2024-08-31", "P6M", "2025-03-01"),
        ("2023-08-31", "P6M", "2024-03-01"),
        ("2024-12-15", "P1M", "2025-01-16"),
        ("2024-01-01", "P1Y2M3W4D", "2025-03-27"),
        ("2024-01-01", "P0D", "2024-01-02"),
    ],
)
def test_a_period_is_over_on_the_day_after_its_last(day: str, period: str, first: str) -> None:
    """Months are those of the calendar; a day that a month has not is its last."""
    assert after(date.fromisoformat(day), period) == date.fromisoformat(first)


def test_a_period_beyond_the_calendar_does_not_end() -> None:
    """What is to be kept for 9,000 years is kept."""
    assert after(date(2024, 1, 1), "P9000Y") is Kept.PERMANENT


def test_a_record_may_be_deleted_from_the_day_after_its_period(tmp_path: Path) -> None:
    """On the last day it is kept, and counted under the year in which it may be deleted."""
    rules = systems(tmp_path, "min: P2Y, from: event")
    events = [event("factory_test", "2024-01-10T10:00:00+08:00")]
    before = report(events, tmp_path, "2026-01-10", rules)
    assert (before.events, before.deletable, before.later) == (1, 0, {2026: 1})
    (row,) = report(events, tmp_path, "2026-01-11", rules).rows
    assert (row.since, row.tracking_event, row.rule.status) == (date(2026, 1, 11), "factory_test", "memory")


def test_the_day_of_a_record_is_that_of_its_zone(tmp_path: Path) -> None:
    """Late in the evening of UTC it is the next day in China."""
    rules = systems(tmp_path, "min: P1Y, from: event")
    (row,) = report([event("factory_test", "2024-01-10T17:00:00Z")], tmp_path, "2026-01-01", rules).rows
    assert row.since == date(2025, 1, 12)


def test_the_rule_that_keeps_longest_decides(tmp_path: Path) -> None:
    """Whatever the order of the rules."""
    rules = systems(tmp_path, "min: P1Y, from: event", "min: P3Y, from: event", "min: P2Y, from: transaction")
    (row,) = report([event("factory_test", "2020-01-10T10:00:00+08:00")], tmp_path, "2026-01-01", rules).rows
    assert (row.rule.min, row.since) == ("P3Y", date(2023, 1, 11))


def test_an_expiry_counts_for_every_record_of_the_lot(tmp_path: Path) -> None:
    """Told once, as the goods are made; of what has none told, nothing may be deleted."""
    rules = systems(tmp_path, "min: P6M, from: shelf_life_end")
    events = [
        event("make", "2024-01-10T10:00:00+08:00", ilmd={"cbvmda:itemExpirationDate": "2024-03-31"}),
        event("factory_test", "2024-01-11T10:00:00+08:00"),
        event("factory_test", "2024-01-12T10:00:00+08:00", "urn:epc:class:lgtin:6901234.056789.B"),
    ]
    found = report(events, tmp_path, "2026-01-01", rules)
    assert {(row.tracking_event, row.since) for row in found.rows} == {
        ("make", date(2024, 10, 1)),
        ("factory_test", date(2024, 10, 1)),
    }
    assert found.kept == {Kept.NO_EXPIRY: 1}


def test_an_expiry_that_is_no_date_is_none(tmp_path: Path) -> None:
    """A word in its place keeps the record."""
    rules = systems(tmp_path, "min: P6M, from: expiry")
    told_of = event("factory_test", "2024-01-10T10:00:00+08:00", x__expiryDate="next spring")
    assert report([told_of], tmp_path, "2030-01-01", rules).kept == {Kept.NO_EXPIRY: 1}


@pytest.mark.parametrize(
    ("rule", "first"),
    [("min: life of equipment, from: event", "2024-06-02"), ("min: P2Y, from: end_of_use", "2026-06-02")],
)
def test_a_life_ends_with_the_thing(rule: str, first: str, tmp_path: Path) -> None:
    """Kept until it is destroyed, however long that is; what is seen again afterwards has not ended."""
    rules = systems(tmp_path, rule)
    tested = event("factory_test", "2020-01-10T10:00:00+08:00", THING)
    destroyed = event("destroy", "2024-06-01T10:00:00+08:00", THING)
    assert report([tested], tmp_path, "2030-01-01", rules).kept == {Kept.IN_USE: 1}
    found = report([tested, destroyed], tmp_path, "2030-01-01", rules)
    assert {row.since for row in found.rows} == {date.fromisoformat(first)}
    seen = event("factory_test", "2024-07-01T10:00:00+08:00", THING)
    assert report([tested, destroyed, seen], tmp_path, "2030-01-01", rules).kept == {Kept.IN_USE: 3}


def test_what_is_permanent_is_never_named(tmp_path: Path) -> None:
    """Nor what has no rule at all."""
    events = [event("factory_test", "1990-01-10T10:00:00+08:00")]
    rules = systems(tmp_path, "min: permanent, from: event", "min: P1D, from: event")
    assert report(events, tmp_path, "9999-12-31", rules).kept == {Kept.PERMANENT: 1}
    write(tmp_path, SYSTEM, text_of(SYSTEM).replace(f"retention:\n{RULES}", "retention: []\n"))
    assert report(events, tmp_path, "9999-12-31", load_profiles(tmp_path)).kept == {Kept.NO_RULE: 1}


def test_the_law_of_the_day_of_a_record_holds_for_it(tmp_path: Path) -> None:
    """A longer period of a later version does not keep what was recorded before it."""
    systems(tmp_path, "min: P1Y, from: event")
    later = text_of(SYSTEM).replace(RULES, "  - {what: all, min: P5Y, from: event, basis: new, status: draft}\n")
    write(tmp_path, f"{SYSTEM}@2024-01-01", later.replace("version: 1", "version: 2\nvalid_from: '2024-01-01'", 1))
    events = [event("factory_test", f"{day}T10:00:00+08:00") for day in ("2023-12-31", "2024-01-01")]
    found = report(events, tmp_path, "2026-01-01", load_profiles(tmp_path))
    assert [(row.version, row.since) for row in found.rows] == [(1, date(2025, 1, 1))]
    assert found.later == {2029: 1}


def test_a_record_that_may_be_another_system_s_is_told_so(tmp_path: Path) -> None:
    """A despatch that does not say whose it is; one that does is its own alone."""
    rules = load_profiles_of(tmp_path)
    events = [
        event("ship", "2020-01-10T10:00:00+08:00"),
        event("ship", "2020-01-11T10:00:00+08:00", x__cte=f"{SYSTEM}.ship"),
    ]
    found = report(events, tmp_path, "2026-01-01", rules)
    assert [row.also for row in found.rows] == [("tofu",), ()]
    assert found.deletable == 2


def load_profiles_of(folder: Path) -> Profiles:
    """The system with one rule, and a copy of it under another name."""
    systems(folder, "min: P1Y, from: event")
    text = (folder / f"{SYSTEM}.yaml").read_text(encoding="utf-8")
    write(folder, "tofu", text.replace(f"profile: {SYSTEM}\n", "profile: tofu\n", 1))
    return load_profiles(folder)


def test_rows_are_bounded_and_counts_are_not(tmp_path: Path) -> None:
    """The first are listed, in the order of the ledger; all are counted."""
    rules = systems(tmp_path, "min: P1Y, from: event")
    events = [event("factory_test", f"2020-01-{day}T10:00:00+08:00") for day in range(10, 20)]
    found = report(events, tmp_path, "2026-01-01", rules, most=3)
    assert ([row.seq for row in found.rows], found.deletable) == ([1, 2, 3], 10)


@pytest.mark.parametrize(("name", "at"), [("agri_edible", "2019-08-26"), ("civil_explosives", "2019-09-21")])
def test_the_records_of_a_story_may_go_two_years_later(name: str, at: str, tmp_path: Path) -> None:
    """Of the last day of the story, and not a day before."""
    with opened(name, tmp_path) as (_, _, snapshot):
        last = date.fromisoformat(at)
        every = retention_report(snapshot, profiles(), name, last, 100)
        before = retention_report(snapshot, profiles(), name, date.fromordinal(last.toordinal() - 1), 100)
    assert every.deletable == every.events > 0
    assert before.deletable < every.deletable


def test_a_system_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """With the names there are."""
    with opened("drug", tmp_path) as (_, _, snapshot), pytest.raises(InvalidInput, match="no product system"):
        retention_report(snapshot, profiles(), "potions", date(2026, 1, 1), 1)
