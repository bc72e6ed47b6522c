"""`suyuan systems --on` and the head of `suyuan recall scope`: which classes and limits of a recall hold on a day."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from api.demo import BAD_TANK
from tests.api.conftest import Suyuan
from tests.api.story import load_story
from tests.systems.test_profiles import text_of, write
from tests.systems.test_stories import told

BOX = "urn:epc:class:lgtin:6901234.056789.D-1"
FORMER, PRESENT = "notify within 24 hours", "notify within 1 day; report progress every 1 day"


def _classes(law: Any) -> list[list[str]]:
    return [[f"{limit['of']} {limit['within']} {limit['unit']}" for limit in one["limits"]] for one in law["classes"]]


def test_a_system_tells_the_rule_of_a_day(suyuan: Suyuan) -> None:
    """In words and as JSON, by its name or by its label, with mark, source and when another rule begins."""
    shown = suyuan("systems", "药品", "--on", "2022-10-31").out
    assert f"Class 1: {FORMER} [verified]" in shown
    assert "Source: dybbs8.com" in shown
    assert "Another rule from: 2022-11-01" in shown
    (now,) = suyuan("systems", "drug", "--on", "2022-11-01", "--json").json["on"]
    assert _classes(now["law"])[0] == ["notify 1 days", "report progress every 1 days"]
    assert now["next"] is None


def test_nothing_is_told_as_law_where_nothing_is(suyuan: Suyuan) -> None:
    """What is proposed says so; before the first rule there is none."""
    assert (
        "Class leak: start at once [proposed (unverified)]"
        in suyuan("systems", "toxic_chemical", "--on", "2026-06-01").out
    )
    assert "none that is known was in force" in suyuan("systems", "cross_border", "--on", "2026-02-12").out


def test_all_systems_tell_their_rules(suyuan: Suyuan) -> None:
    """Each its own."""
    assert len({law["system"] for law in suyuan("systems", "--on", "2026-11-27", "--json").json}) == 24


@pytest.mark.parametrize("day", ["2022-13-01", "yesterday", "2022"])
def test_a_day_that_is_none_is_refused(suyuan: Suyuan, day: str) -> None:
    """With how to write one."""
    ran = suyuan("systems", "drug", "--on", day)
    assert ran.code == 1
    assert "--on: " in ran.err


def test_a_profile_that_changes_acts_from_the_day_of_its_rule(suyuan: Suyuan, tmp_path: Path) -> None:
    """With profiles of one's own."""
    changed = text_of("dairy").replace("in_force: '2015-09-01'", "in_force: '2026-07-01'")
    changed = changed.replace("start_h: 24", "start_h: 12")
    own = tmp_path / "own"
    own.mkdir()
    write(own, "dairy@2026-06-01", changed.replace("label_zh:", "valid_from: '2026-06-01'\nlabel_zh:", 1))
    for day, hours in (("2026-06-15", 24), ("2026-07-01", 12)):
        (found,) = suyuan("systems", "dairy", "--on", day, "--profiles", str(own), "--json").json["on"]
        assert found["law"]["classes"][0]["limits"][0]["within"] == hours


class TestScope:
    """Of a recall."""

    def test_a_scope_tells_the_rule_of_the_event_and_of_the_recall(self, suyuan: Suyuan, tmp_path: Path) -> None:
        """In text, JSON and the head of the files: limits of 2007 for goods of 2017, of 2022 for the recall."""
        drugs = load_story(suyuan, tmp_path, "drug")
        asked = ("recall", "scope", BOX, "--system", "drug", "--on", "2026-11-27")
        shown = drugs(*asked, "--csv", "files").out
        law = drugs(*asked, "--json").json["recallLaw"]
        with Path("files", "header.csv").open(encoding="utf-8-sig", newline="") as file:
            head = [f"{row['What']}: {row['Value']}" for row in csv.DictReader(file)]
        for limits in (FORMER, PRESENT):
            assert f"Class 1: {limits} [verified]" in shown
            assert any(line.startswith(f"Class 1: {limits} [verified]") for line in head)
        assert [one["of"] for one in law["on"]] == [["the first event of what is recalled"], ["the recall"]]
        assert [one["law"]["inForce"] for one in law["on"]] == ["2007-12-10", "2022-11-01"]
        assert "Product system: drug  药品  Drugs (and vaccines)" in head

    def test_one_rule_is_told_once(self, suyuan: Suyuan, tmp_path: Path) -> None:
        """Where the recall is made under the rule of the goods' first event."""
        scope = load_story(suyuan, tmp_path, "drug")(
            "recall", "scope", BOX, "--system", "药品", "--on", "2018-07-10", "--json"
        )
        (only,) = scope.json["recallLaw"]["on"]
        assert only["of"] == ["the first event of what is recalled", "the recall"]

    def test_where_no_system_is_told_none_is_guessed(self, loaded: Suyuan) -> None:
        """It says how to ask."""
        assert loaded("recall", "scope", BAD_TANK, "--json").json["recallLaw"] is None
        assert "--system NAME" in loaded("recall", "scope", BAD_TANK).out
        assert "there is no product system 'potions'" in loaded("recall", "scope", BAD_TANK, "--system", "potions").err

    def test_a_site_has_no_first_event(self, loaded: Suyuan) -> None:
        """The rule of the day of the recall is told alone."""
        site = "site:urn:epc:id:sgln:9521101.00001.0"
        scope = loaded("recall", "scope", site, "--system", "infant_formula", "--on", "2017-08-20", "--json").json
        assert [one["of"] for one in scope["recallLaw"]["on"]] == [["the recall"]]

    def test_the_system_is_that_which_the_senders_name(self, suyuan: Suyuan, tmp_path: Path) -> None:
        """By `cte` of an event that names what is recalled, or that is the seed itself."""
        oil = load_story(suyuan, tmp_path, "edible_oil")
        named = next(event for event in told("edible_oil").events if "edible_oil." in json.dumps(event))
        (made,) = named["outputQuantityList"]
        scope = oil("recall", "scope", made["epcClass"], "--json").json
        assert scope["recallLaw"]["system"] == "edible_oil"
        events = {event for outlet in scope["outlets"] for event in outlet["evidence"]}
        told_of = [oil("recall", "scope", f"event:{event}", "--json").json["recallLaw"] for event in sorted(events)]
        assert "edible_oil" in [law["system"] for law in told_of if law is not None]
