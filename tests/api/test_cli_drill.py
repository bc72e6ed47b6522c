"""`suyuan drill`: a drill as a table and as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import Suyuan
from tests.api.story import load_story
from tests.systems.test_stories import told

SYSTEM, SEED = "other_food", "041117"
REGISTER = f"""system,role,name,licence,area,department
{SYSTEM},producer,豆腐厂,%s,经开区/明湖,fda
"""


@pytest.fixture
def story(suyuan: Suyuan, tmp_path: Path) -> Suyuan:
    """The command line over a story in which a shipment was not received, and a register."""
    return load_story(suyuan, tmp_path, SYSTEM)


def measures(part: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The measures of a part, by name."""
    return {one["id"]: one for one in part["measures"]}


def test_a_drill_tells_each_measure_and_the_list_behind_it(story: Suyuan) -> None:
    """How many lots are traced, how long it took, what a recall would locate; each lot with what falls short."""
    told_of = story("drill", SYSTEM, "--seed", SEED, "--count", "100", "--json").json
    found = measures(told_of)
    assert (found["sample_success"]["numerator"], found["sample_success"]["denominator"]) == (3, 8)
    assert (found["sample_success"]["target"], found["sample_success"]["target_status"]) == (0.98, "proposed")
    effects = [one for one in told_of["measures"] if one["id"] == "recall_effect"]
    amounts = {one["uom"]: (one["located"], one["affected"]) for one in effects}
    assert amounts == {None: ("98600", "108600"), "KGM": ("270", "270")}
    assert found["trace_seconds"]["p95"] >= 0
    assert len(told_of["behind"]) == told_of["samples"] == told_of["candidates"] == 8
    reasons = {why["kind"] for one in told_of["behind"] for why in one["shortfalls"]}
    assert reasons == {"no_receipt"}
    assert all(one["traced"] is not bool(one["shortfalls"]) for one in told_of["behind"])


def test_a_drill_is_repeated_at_its_position(story: Suyuan) -> None:
    """All but the seconds is the same, and is told by one digest."""
    first = story("drill", SYSTEM, "--seed", SEED, "--json").json
    again = story("drill", SYSTEM, "--seed", SEED, "--position", str(first["position"]), "--json").json
    assert again["digest"] == first["digest"]
    assert [one | {"seconds": 0} for one in again["behind"]] == [one | {"seconds": 0} for one in first["behind"]]
    drawn = story("draw", SYSTEM, "--seed", SEED, "--json").json
    assert (first["draw"], [one["key"] for one in first["behind"]]) == (
        drawn["id"], [one["key"] for one in drawn["drawn"]],
    )  # fmt: skip


def test_people_read_the_same(story: Suyuan) -> None:
    """Rates, targets with their mark, and of each lot what falls short, where, by which event."""
    shown = " ".join(story("drill", SYSTEM, "--seed", SEED, "--count", "100").out.split())
    assert "8 of 8 lots drawn" in shown
    assert "sample_success 3 8 37.5% 98.0% not met" in shown
    assert "recall_effect 98,600 pieces 108,600 pieces at least 90.8%" in shown
    assert "recall_effect 270 kg 270 kg at least 100.0%" in shown
    assert (
        "no receipt: https://id.gs1.org/01/06901234567892/10/PK-3 at https://example.org/site/dist-Z (ni:///" in shown
    )


def test_parts_are_told_by_the_register(story: Suyuan, tmp_path: Path) -> None:
    """Whose lots they are, by area and department; those of nobody known stand apart."""
    (tmp_path / "register.csv").write_text(REGISTER % told(SYSTEM).events[0]["x:recorder"], encoding="utf-8")
    assert story("register", "register.csv").code == 0
    for by, keys in (("department", {"", "fda"}), ("area", {"", "经开区", "经开区/明湖"})):
        parts = story("drill", SYSTEM, "--seed", SEED, "--count", "100", "--by", by, "--json").json["parts"]
        assert {part["key"] for part in parts} == keys
        whole = [part for part in parts if "/" not in part["key"]]
        assert sum(part["samples"] for part in whole) == 8
    ran = story("drill", SYSTEM, "--seed", SEED, "--by", "weather")
    assert (ran.code, "weather" in ran.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("--count", "101"), "count: 101 lots are to be traced. Trace 1 to 100 at once."),
        (("--position", "20"), "position: the ledger has no position 20"),
        (("--since", "yesterday"), "yesterday"),
    ],
    ids=str,
)
def test_what_cannot_be_drilled_is_refused(arguments: tuple[str, ...], fault: str, story: Suyuan) -> None:
    """In a sentence that says what to do."""
    ran = story("drill", SYSTEM, "--seed", SEED, *arguments)
    assert (ran.code, ran.out) == (1, "")
    assert fault in " ".join(ran.err.split())


def test_a_ledger_without_lots_of_the_system_has_nothing_to_drill(story: Suyuan) -> None:
    """Of another system nothing is measured."""
    shown = " ".join(story("drill", "dairy", "--seed", SEED).out.split())
    assert "0 of 0 lots drawn" in shown
    assert "sample_success 0 0 nothing to count" in shown
