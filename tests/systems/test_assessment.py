"""How a department's systems stand: what is recorded, what inspections found, and which duties are overdue."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

import pytest

from api.demo.recording import Json, record_event
from engine.assessment import Assessment, SystemAssessed, assess
from engine.capture import capture
from engine.coverage.columns import Noting
from engine.coverage.following import RecordFollower, Records
from engine.ledger import Capture
from engine.seeds import parse_time
from engine.stores.ports import Snapshot
from engine.stores.sqlite import open_store
from graph_schema.errors import InvalidInput
from graph_schema.profiles import Profile, Profiles, load_profiles, profiles
from tests.systems.test_profiles import text_of, write
from tests.systems.test_stories import NAMES, opened, told
from tests.worlds.reading import read_events

LIFTS = "elevator"
LIFT, OTHER_LIFT = (f"urn:epc:id:giai:6901234.LIFT{number}" for number in (1, 2))

OVERDUE = {
    "edible_oil": [("refine", "fill", "RF-8")],
    "cross_border": [("order", "pick_pack", "urn:example:order:6"), ("pick_pack", "deliver", "PKG-2")],
    "drug": [("package", "aggregate", "D-1"), ("package", "aggregate", "D-2")],
    "elevator": [("install", "supervise_inspect", "tower-B")],
    "gas_cylinder": [("ship", "deliver", "GC-3"), ("fill", "postcheck", "GC-2")],
    "other_food": [("ship", "receive", "PK-3")],
    "meat_vegetable": [("slaughter", "cut", "CAR-2")],
    "explosive_precursor": [("ship", "arrive", "BAG-1")],
    "auto_part": [("install", "settle", "VIN-B"), ("install", "settle", "VIN-C")],
}
"""The duties that the stories leave open on their last day: a lift in use, at tower-B, without a supervised inspection,
a cylinder filled by a stranger without the check after, a parcel that left the zone and was never delivered, bags that
nobody signed for. That a carcass was sold whole its profile does not know: it asks for the cut."""


def lead_of(profile: Profile) -> str:
    """The first department that leads a system, else the one proposed."""
    lead = profile.regulator.lead or (profile.regulator.proposed_lead or "",)
    return lead[0]


def records_of(snapshot: Snapshot, systems: Profiles) -> Records:
    """What coverage is measured by."""
    return RecordFollower(Noting(systems)).follow(snapshot)


def assessed_story(name: str, snapshot: Snapshot) -> SystemAssessed:
    """A story's system on the story's last day."""
    (profile,) = profiles().versions(name)
    at = parse_time(f"{told(name).story.asof}+08:00").latest
    found = assess(snapshot, records_of(snapshot, profiles()), profiles(), lead_of(profile), at, 100)
    (system,) = (system for system in found.systems if system.system == name)
    return system


def duties_of(system: SystemAssessed) -> list[tuple[str, str, str]]:
    """From what each arose, what is wanted, and about what first."""
    return [(duty.arose, duty.wanted[0], unquote(duty.about[0].rpartition("/")[2])) for duty in system.duties]


@pytest.mark.parametrize("name", NAMES)
def test_a_story_leaves_the_duties_open_that_it_tells_of(name: str, tmp_path: Path) -> None:
    """On its last day, and no others."""
    with opened(name, tmp_path) as (_, _, snapshot):
        system = assessed_story(name, snapshot)
    assert duties_of(system) == OVERDUE.get(name, [])
    assert system.overdue == len(system.duties)
    assert system.duties_status == "proposed"


def lift(name: str, day: str, *things: str, **more: object) -> Json:
    """A tracking event of lifts."""
    (profile,) = profiles().versions(LIFTS)
    tracked = profile.event(name)
    assert tracked is not None
    event = record_event(
        tracked, f"{day}T10:00:00+08:00", "https://example.org/site/tower", dict.fromkeys(things or (LIFT,))
    )
    return event | {"x:cte": f"{LIFTS}.{name}"} | {key.replace("__", ":"): value for key, value in more.items()}


def assessment(
    events: Iterable[Json],
    folder: Path,
    at: str,
    systems: Profiles | None = None,
    department: str = "qts",
    most: int = 10,
) -> Assessment:
    """An assessment of a ledger of these events."""
    store = open_store(str(folder / "events.db"))
    capture(store, read_events([*events]), Capture("", "test", "test", 0))
    with store.snapshot() as snapshot:
        found = assess(
            snapshot,
            records_of(snapshot, systems or profiles()),
            systems or profiles(),
            department,
            parse_time(at).latest,
            most,
        )
    store.close()
    return found


def lifts(events: Iterable[Json], folder: Path, at: str, systems: Profiles | None = None) -> SystemAssessed:
    """What is assessed of lifts."""
    (system,) = (one for one in assessment(events, folder, at, systems).systems if one.system == LIFTS)
    return system


@pytest.mark.parametrize(("at", "overdue"), [("2017-10-11T09:59:00", 0), ("2017-10-11T10:01:00", 1)])
def test_a_duty_is_overdue_when_its_hours_are_over(at: str, overdue: int, tmp_path: Path) -> None:
    """A lift is to be maintained within 384 hours of the last time."""
    assert lifts([lift("maintain", "2017-09-25")], tmp_path, f"{at}+08:00").overdue == overdue


def test_a_later_event_of_the_kind_meets_a_duty_and_begins_one(tmp_path: Path) -> None:
    """Only the last maintenance is counted from; that it came late is measured elsewhere."""
    events = [lift("maintain", "2017-01-01"), lift("maintain", "2017-06-01")]
    (duty,) = lifts(events, tmp_path, "2017-12-01").duties
    assert (duty.seq, duty.wanted, duty.by) == (2, ("maintain",), ("maintainer",))


def test_what_happened_later_than_asked_for_counts_for_nothing(tmp_path: Path) -> None:
    """On the day before the next maintenance it was overdue."""
    events = [lift("maintain", "2017-01-01"), lift("maintain", "2017-06-01")]
    (duty,) = lifts(events, tmp_path, "2017-05-31").duties
    assert duty.seq == 1


def test_each_thing_owes_for_itself(tmp_path: Path) -> None:
    """Two lifts maintained together, one of them again."""
    events = [lift("maintain", "2017-01-01", LIFT, OTHER_LIFT), lift("maintain", "2017-01-10")]
    found = lifts(events, tmp_path, "2017-01-20")
    assert [duty.about for duty in found.duties] == [("https://id.gs1.org/8004/6901234LIFT2",)]


def test_a_scrapped_thing_owes_nothing(tmp_path: Path) -> None:
    """Until it is recorded again."""
    events = [lift("maintain", "2017-01-01"), lift("scrap", "2017-01-05")]
    assert lifts(events, tmp_path, "2018-01-01").overdue == 0
    assert lifts([*events, lift("fault", "2017-02-01")], tmp_path, "2018-01-01").overdue == 1


@pytest.mark.parametrize(("at", "overdue"), [("2024-12-31T23:00:00Z", 0), ("2025-01-01T12:00:00Z", 1)])
def test_an_event_says_when_the_next_is_due(at: str, overdue: int, tmp_path: Path) -> None:
    """An inspection with its next day, after the law that a year is enough has ended."""
    events = [lift("periodic_inspect", "2024-05-01", x__nextDue="2024-12-31")]
    found = lifts(events, tmp_path, at)
    assert found.overdue == overdue
    again = lift("periodic_inspect", "2024-12-20", x__nextDue="2026-12-31")
    assert lifts([*events, again], tmp_path, at).overdue == 0


def test_a_link_binds_while_it_is_in_force(tmp_path: Path) -> None:
    """By the law of the day on which the duty arose."""
    before, after = (lift("periodic_inspect", day) for day in ("2024-03-31", "2024-04-01"))
    assert lifts([before], tmp_path, "2026-01-01").overdue == 1
    folder = tmp_path / "after"
    folder.mkdir()
    assert lifts([after], folder, "2026-01-01").overdue == 0


@pytest.mark.parametrize("told_of", ["soon", "9999-12-31", ""])
def test_a_day_that_is_none_announces_nothing(told_of: str, tmp_path: Path) -> None:
    """A word in its place, or the end of the calendar."""
    assert lifts([lift("periodic_inspect", "2024-05-01", x__nextDue=told_of)], tmp_path, "2030-01-01").overdue == 0


def test_a_link_with_all_its_tolerance_binds_nobody(tmp_path: Path) -> None:
    """What need not follow at all is never overdue."""
    link = "{from: maintain, to: maintain, match: instance, max_gap_h: 384, tol_pct: 0"
    write(tmp_path, LIFTS, text_of(LIFTS).replace(link, link.replace("tol_pct: 0", "tol_pct: 100")))
    events = [lift("maintain", "2017-01-01")]
    assert lifts(events, tmp_path, "2018-01-01", load_profiles(tmp_path)).overdue == 0


def test_a_duty_of_an_event_that_may_be_another_system_s_is_told_so(tmp_path: Path) -> None:
    """A name without its system may be of any that has it."""
    write(tmp_path, "hoist", text_of(LIFTS).replace(f"profile: {LIFTS}\n", "profile: hoist\n", 1))
    write(tmp_path, LIFTS, text_of(LIFTS))
    events = [lift("maintain", "2017-01-01"), lift("maintain", "2017-01-01", OTHER_LIFT, x__cte="maintain")]
    found = lifts(events, tmp_path, "2018-01-01", load_profiles(tmp_path))
    assert {duty.seq: duty.also for duty in found.duties} == {1: (), 2: ("hoist",)}


def test_inspections_are_counted_by_their_result(tmp_path: Path) -> None:
    """Those of the system; none that is only a firm's own test."""
    drawn = lift("maintain", "2017-01-01", disposition="conformant", x__cte=f"{LIFTS}.random_inspection")
    events = [
        drawn,
        drawn | {"eventTime": "2017-01-02T10:00:00+08:00", "disposition": "non_conformant"},
        drawn | {"x:cte": "drug.random_inspection"},
        lift("supervise_inspect", "2017-01-01"),
    ]
    found = lifts(events, tmp_path, "2017-01-05").inspections
    assert (found.passed, found.failed) == (1, 1)


def test_measures_are_those_of_coverage(tmp_path: Path) -> None:
    """Up to the day asked for, with their targets."""
    events = [lift("maintain", "2017-01-01", x__recorder="SC-1"), lift("maintain", "2018-01-01", x__recorder="SC-1")]
    found = lifts(events, tmp_path, "2017-01-02")
    measures = {one.id: one for one in found.measures}
    assert (measures["kde_rate"].numerator, measures["kde_rate"].denominator) == (0, 1)
    assert measures["kde_rate"].target == profiles().common.targets_default["kde_rate"]


@pytest.mark.parametrize("name", ["qts", "质监分局", "Quality and Technical Supervision Sub-bureau"])
def test_a_department_is_asked_for_by_any_of_its_names(name: str, tmp_path: Path) -> None:
    """And is told of every system that it leads, with what of them only words say."""
    found = assessment([lift("maintain", "2016-12-31")], tmp_path, "2017-01-01", department=name)
    led = [each.profile for each in profiles().latest() if "qts" in (each.regulator.lead or ())]
    assert (found.department, [system.system for system in found.systems]) == ("qts", led)
    (system,) = (system for system in found.systems if system.system == LIFTS)
    assert "overdue_maintenance" in system.not_judged


def test_who_leads_nothing_has_an_empty_report(tmp_path: Path) -> None:
    """The Finance Bureau leads no product system."""
    assert assessment([lift("maintain", "2016-12-31")], tmp_path, "2017-01-01", department="财政局").systems == ()


def test_a_lead_that_is_proposed_is_told_so(tmp_path: Path) -> None:
    """The paper names none for rare earths."""
    (profile,) = profiles().versions("rare_earth")
    department = profile.regulator.proposed_lead
    assert department is not None
    systems = assessment([lift("maintain", "2016-12-31")], tmp_path, "2017-01-01", department=department).systems
    assert {system.system: system.proposed for system in systems}["rare_earth"]


def test_rows_are_bounded_and_counts_are_not(tmp_path: Path) -> None:
    """The longest overdue are listed, all are counted."""
    events = [lift("maintain", f"2017-01-{day}", f"urn:epc:id:giai:6901234.LIFT{day}") for day in range(10, 20)]
    found = assessment(events, tmp_path, "2018-01-01", most=3)
    (system,) = (system for system in found.systems if system.system == LIFTS)
    assert ([duty.seq for duty in system.duties], system.overdue) == ([1, 2, 3], 10)


def test_a_department_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """With those there are."""
    with pytest.raises(InvalidInput, match=r"no department 'moon'.*qts \(质监分局\)"):
        assessment([lift("maintain", "2016-12-31")], tmp_path, "2017-01-01", department="moon")
