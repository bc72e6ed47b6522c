"""A drill tells of each lot drawn whether its records lead all the way, and is the same wherever it is repeated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from api.demo.naming import name_of, site
from api.demo.recording import Json
from engine.coverage.measured import By
from engine.coverage.tracked import NOBODY
from engine.drill import Drill, Sample, drilled, parts_of, samples_of
from engine.inspection import DrawAsked, draw
from engine.ledger import Attestation
from engine.seeds import parse_window
from graph_schema.errors import InvalidInput, LimitExceeded
from graph_schema.licence import Licence
from graph_schema.profiles import load_profiles, profiles
from tests.drill.drilling import SEED, STORY, drill_from, drill_of, drilled_of, sample_of
from tests.systems.test_profiles import text_of, write
from tests.systems.test_stories import NAMES, opened, told

COMPLETE = sorted({*NAMES} - {"elevator", "gas_cylinder", "other_food", "explosive_precursor", "rare_earth"})
"""Stories of lots in which every shipment was received."""
CANS = {"CAN-B", "BL-2", "BP-1", "BP-2", "TK-S1", "TK-S2"}
"""What went into the cans that went on to the shop, and these."""


def without(step: str, place: str, name: str = STORY) -> list[Json]:
    """A story without a record."""
    events = told(name).events
    kept = [one for one in events if (one["bizStep"], one["readPoint"]["id"]) != (step, site(place))]
    assert len(kept) == len(events) - 1
    return kept


def licence(role: str, place: str, area: str = "", department: str = "") -> Licence:
    """Somebody who is licensed at a place of the story."""
    return Licence(system=STORY, role=role, number=f"N-{place}", site=site(place), area=area, department=department)


REGISTER = (
    licence("milk_station", "station-S1", "经开区/明湖", "aec"),
    licence("milk_station", "station-S2", "经开区/京航", "aec"),
    licence("producer", "dairy-D", "经开区/明湖", "fda"),
)


@pytest.mark.parametrize("name", COMPLETE)
def test_every_lot_of_a_complete_story_is_traced(name: str, tmp_path: Path) -> None:
    """Its records lead back to where chains may begin, and on to where goods are or left the chain."""
    found = drill_of(name, tmp_path)
    assert found.samples
    assert [one for one in found.samples if not one.traced] == []
    assert drilled(found).success.rate == 1


def test_a_lot_whose_receipt_is_missing_is_not_traced_and_says_why(tmp_path: Path) -> None:
    """The gap, where it is, and the shipment that nobody received; so does every lot that went into it."""
    found = drill_from(without("receiving", "store-Y"), tmp_path)
    assert {name_of(one.key) for one in found.samples if not one.traced} == CANS
    (why,) = sample_of(found, "TK-S1").shortfalls
    assert (why.kind, name_of(why.item), why.site) == ("no_receipt", "CAN-B", site("store-Y"))
    assert len(why.events) == 1
    success = drilled(found).success
    assert (success.numerator, success.denominator, success.target, success.met) == (2, 8, 0.98, False)


def test_a_lot_that_nothing_tells_the_origin_of_is_not_traced(tmp_path: Path) -> None:
    """A chain may begin where milk is collected, and not where a distributor receives."""
    found = drill_from([one for one in told(STORY).events if "distributor-X" in one["readPoint"]["id"]], tmp_path)
    assert {(one.kind, one.site) for one in sample_of(found, "CAN-B").shortfalls} >= {
        ("no_origin", site("distributor-X"))
    }


def test_goods_at_a_place_that_no_record_names_are_not_traced(tmp_path: Path) -> None:
    """A sale without a place."""
    events = [
        {name: value for name, value in one.items() if name != "readPoint" or one["bizStep"] != "retail_selling"}
        for one in told(STORY).events
    ]
    kinds = {one.kind for one in sample_of(drill_from(events, tmp_path), "CAN-B").shortfalls}
    assert "unknown_place" in kinds


def test_what_goods_merely_touched_need_come_from_nowhere(tmp_path: Path) -> None:
    """Nobody records where a plot or a tanker is from: neither is it a gap of a lot, nor counted beside the goods."""
    (sprayed,) = (one for one in drill_of("pesticide", tmp_path).samples if name_of(one.key) == "BOT-7")
    assert sprayed.traced
    assert sprayed.effects is not None
    assert [effect.affected for effect in sprayed.effects] == [20_000]


def test_a_walk_that_a_bound_cuts_traces_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a lot says so, and how much of it is affected is not known."""
    monkeypatch.setattr("engine.drill.drilling.MOST_REACHED", 3)
    found = drill_of(STORY, tmp_path)
    cut = sample_of(found, "TK-S1")
    assert ("cut", cut.key) in {(one.kind, one.item) for one in cut.shortfalls}
    assert cut.effects is None
    assert all(one.effect.rate is None and one.unknown for one in drilled(found).effects)


def test_the_lots_are_those_of_the_draw(tmp_path: Path) -> None:
    """The same seed, position and window draw the same lots, in the same order."""
    with opened(STORY, tmp_path) as (_, index, snapshot):
        for more in ({}, {"position": 12}, {"window": parse_window("2017-08-10", "2017-08-12")}, {"count": 3}):
            found = drilled_of(index, snapshot, **more)
            drawn = draw(snapshot, profiles(), DrawAsked(**{"system": STORY, "seed": SEED, "count": 100} | more))
            assert [(one.rank, one.key) for one in found.samples] == [(one.rank, one.key) for one in drawn.drawn]
            assert found.draw == drawn


def test_another_store_of_the_same_ledger_gives_the_same_drill(tmp_path: Path) -> None:
    """To the letter, but for the seconds, which are of the machine."""
    one, other = (drill_of(STORY, tmp_path / name) for name in ("one", "other"))
    assert repeatable(one) == repeatable(other)
    assert one.digest == other.digest


def test_what_comes_later_changes_no_drill_at_a_position(tmp_path: Path) -> None:
    """A drill at a position is of the records up to it: the receipt that came later was missing then."""
    events = told(STORY).events
    before = drill_from(events[:15], tmp_path / "before")
    after = drill_from(events[:15], tmp_path / "after", then=events[15:], position=15)
    assert repeatable(after) == repeatable(before)
    assert not sample_of(after, "CAN-B").traced
    assert sample_of(drill_from(events[:15], tmp_path / "whole", then=events[15:]), "CAN-B").traced


def test_a_lot_that_nothing_places_is_not_traced(tmp_path: Path) -> None:
    """Amidst what one capture took, the flow graph has no state of its own: nothing is passed for traced there."""
    found = drill_from(told(STORY).events, tmp_path, position=15)
    assert {one.kind for sample in found.samples for one in sample.shortfalls} == {"unmoved"}
    assert drilled(found).success.numerator == 0


def test_the_digest_is_of_what_is_told_and_not_of_the_seconds(tmp_path: Path) -> None:
    """Another clock changes nothing, another ending does."""
    with opened(STORY, tmp_path) as (_, index, snapshot):
        one = drilled_of(index, snapshot)
        assert {sample.seconds for sample in one.samples} == {1}
        assert drilled_of(index, snapshot, seed="another").digest != one.digest
    sold = [one for one in told(STORY).events if one["bizStep"] != "retail_selling"]
    assert drill_from(sold, tmp_path).digest != one.digest


def test_how_long_answers_took_is_told_and_never_negative(tmp_path: Path) -> None:
    """Of each lot, and the time that 95 of 100 do not exceed; a clock that is put back gives no negative time."""
    found = drill_of(STORY, tmp_path)
    assert all(one.seconds >= 0 for one in found.samples)
    assert drilled(found).seconds.p95 == 1


def test_a_sample_is_of_who_recorded_its_first_event(tmp_path: Path) -> None:
    """Milk of the stations that collected it, all else of the dairy that made it, by the register of coverage."""
    found = drill_from(told(STORY).events, tmp_path, REGISTER)
    keys = {name_of(one.key): found.register.licences[one.owner].key for one in found.samples}
    dairy = "urn:suyuan:licence:infant_formula:producer:N-dairy-D"
    assert keys == dict.fromkeys(("BP-1", "BP-2", "BL-1", "BL-2", "CAN-A", "CAN-B"), dairy) | {
        f"TK-{station}": f"urn:suyuan:licence:infant_formula:milk_station:N-station-{station}"
        for station in ("S1", "S2")
    }


@pytest.mark.parametrize(
    ("by", "samples"),
    [
        (By.DEPARTMENT, {"aec": 2, "fda": 6}),
        (By.AREA, {"经开区": 8, "经开区/京航": 1, "经开区/明湖": 7}),
        (By.ROLE, {"milk_station": 2, "producer": 6}),
    ],
    ids=str,
)
def test_each_part_has_measures_of_its_own_samples(by: By, samples: dict[str, int], tmp_path: Path) -> None:
    """Numerators and amounts of a part are those of the list behind it; an area is part of what it lies in."""
    found = drill_from(told(STORY).events[:15], tmp_path, REGISTER)
    parts = {part.key: part for part in parts_of(found, by)}
    assert {key: part.samples for key, part in parts.items()} == samples
    for key, part in parts.items():
        behind = samples_of(found, by, key)
        assert part.success.numerator == sum(one.traced for one in behind)
        assert part.success.denominator == len(behind)
        assert part.effects[0].effect.affected == sum(affected(one) for one in behind)


def test_a_sample_of_somebody_in_no_register_counts_for_the_system_alone(tmp_path: Path) -> None:
    """It stands under no key, beside the parts."""
    found = drill_from(told(STORY).events, tmp_path, REGISTER[:1])
    assert {part.key: part.samples for part in parts_of(found, By.DEPARTMENT)} == {"": 7, "aec": 1}
    assert drilled(found).samples == 8


def test_an_event_that_is_in_error_or_a_strangers_makes_nobody_an_owner(tmp_path: Path) -> None:
    """Nobody gets another's lot by capturing an earlier event of it."""
    earlier: Json = told(STORY).events[0] | {
        "eventTime": "2017-07-01T00:00:00+08:00", "readPoint": {"id": site("dairy-D")},
        "x:recorder": site("dairy-D"), "eventID": "urn:uuid:00000000-0000-4000-8000-000000000001",
    }  # fmt: skip
    events = [earlier, *told(STORY).events]
    declared = earlier | {
        "errorDeclaration": {"declarationTime": "2017-07-02T00:00:00Z", "reason": "did_not_occur"},
    }
    strangers = (Attestation.STRANGER, *[Attestation.FREE] * (len(events) - 1))
    for number, told_of in enumerate((events, [*events, declared], events)):
        found = drill_from(told_of, tmp_path / str(number), REGISTER, attestations=strangers if number == 2 else ())
        role = found.register.licences[sample_of(found, "TK-S1").owner].role
        assert role == ("milk_station" if number else "producer")


def test_a_profile_proposes_the_targets(tmp_path: Path) -> None:
    """A rate is to be reached, a time is not to be exceeded, and without a target nothing is met or missed."""
    assert [one.met for one in drilled(drill_of(STORY, tmp_path / "as-is")).effects] == [None]
    own = text_of(STORY).replace(
        "targets: {", "targets: {sample_success: 0.25, trace_seconds: 0.5, recall_effect: 0.9, ", 1
    )
    write(tmp_path, STORY, own)
    found = drilled(drill_of(STORY, tmp_path / "own", known=load_profiles(tmp_path)))
    assert (found.success.target, found.success.met) == (0.25, True)
    assert (found.seconds.target, found.seconds.met) == (0.5, False)
    assert [(one.target, one.met) for one in found.effects] == [(0.9, True)]


@pytest.mark.parametrize("more", [{"position": 0}, {"system": "dairy"}], ids=str)
def test_a_drill_of_nothing_measures_nothing(more: dict[str, Any], tmp_path: Path) -> None:
    """Neither a rate nor a time, and no amount."""
    with opened(STORY, tmp_path) as (_, index, snapshot):
        found = drilled_of(index, snapshot, **more)
    told_of = drilled(found)
    assert (found.samples, told_of.samples) == ((), 0)
    assert (told_of.success.rate, told_of.seconds.p95, told_of.effects) == (None, None, ())
    assert parts_of(found, By.AREA) == []


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"count": 0}, "count"),
        ({"count": 101}, "count"),
        ({"seed": "\n"}, "seed"),
        ({"position": 19}, "position"),
        ({"system": "potions"}, "system"),
    ],
    ids=str,
)
def test_what_cannot_be_drilled_is_refused(wrong: dict[str, Any], where: str, tmp_path: Path) -> None:
    """Each with where it is wrong and what to do."""
    with opened(STORY, tmp_path) as (_, index, snapshot), pytest.raises(InvalidInput) as caught:
        drilled_of(index, snapshot, **wrong)
    assert caught.value.where == where
    assert caught.value.remedy


def test_more_events_than_a_draw_reads_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a draw."""
    monkeypatch.setattr("engine.inspection.drawing.MOST_EVENTS", 17)
    with opened(STORY, tmp_path) as (_, index, snapshot), pytest.raises(LimitExceeded):
        drilled_of(index, snapshot)


def repeatable(found: Drill) -> tuple[object, ...]:
    """All but the seconds."""
    return found.draw.id, [(one.key, one.owner, one.shortfalls, one.effects) for one in found.samples]


def affected(sample: Sample) -> Any:
    """How much of it is."""
    assert sample.effects is not None
    assert sample.owner != NOBODY
    return sum(effect.affected or 0 for effect in sample.effects)
