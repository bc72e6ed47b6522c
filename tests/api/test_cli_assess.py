"""`suyuan assess` and `suyuan retention`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.api.conftest import Suyuan
from tests.systems.test_profiles import text_of, write
from tests.systems.test_stories import told


@pytest.fixture
def lifts(suyuan: Suyuan, tmp_path: Path) -> Suyuan:
    """The command line over the story of lifts."""
    return with_lifts(suyuan, tmp_path, "elevator")


def with_lifts(suyuan: Suyuan, folder: Path, system: str) -> Suyuan:
    """The same, its records said to be of a product system."""
    lines = "\n".join(json.dumps(event, ensure_ascii=False) for event in told("elevator").events)
    (folder / "lifts.ndjson").write_text(lines.replace('"elevator.', f'"{system}.'), encoding="utf-8")
    assert suyuan("load", "lifts.ndjson").code == 0
    return suyuan


def test_a_department_s_report_tells_what_is_overdue(lifts: Suyuan) -> None:
    """With whose duty it is, since when, and that the limits are proposed."""
    shown = lifts("assess", "质监分局", "--at", "2017-10-01")
    assert shown.code == 0
    wanted = ("elevator", "监督检验 Supervised inspection", "1 duty overdue (limits proposed)")
    assert all(part in shown.out for part in wanted)
    assert all(part in shown.out for part in ("kde_rate", "target (proposed)"))
    assert "not judged: overdue_maintenance: elevators with no maintain event in 15 days" in shown.out
    told_of = lifts("assess", "qts", "--at", "2017-10-01", "--json").json
    (system,) = (one for one in told_of["systems"] if one["system"] == "elevator")
    assert {one["id"] for one in system["measures"]} >= {"reporting_rate", "link_rate", "timeliness"}
    assert (system["overdue"], system["duties"][0]["due"]) == (1, "2016-08-29T22:01:00+00:00")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_as_any_other(day: str, lifts: Suyuan) -> None:
    """Nothing was recorded before the first; on the last all is overdue that ever was."""
    for command in (("assess", "qts"), ("coverage", "elevator"), ("retention", "elevator")):
        assert lifts(*command, "--at", day).code == 0, command


def test_a_dry_run_deletes_nothing(lifts: Suyuan) -> None:
    """The ledger stands as it stood; what is kept is told with the reason."""
    before = lifts("stats", "--json").json
    shown = lifts("retention", "elevator", "--at", "2117-01-01").out
    assert "0 of 12 records of elevator may be deleted on 2117-01-01" in shown
    assert "12 kept: in use" in shown
    assert lifts("stats", "--json").json == before


def test_what_may_be_deleted_is_listed_with_its_rule(
    suyuan: Suyuan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Period, basis and mark: an unverified figure is shown as such."""
    lifts = with_lifts(suyuan, tmp_path, "hoist")
    monkeypatch.setenv("COLUMNS", "300")
    folder = tmp_path / "own"
    folder.mkdir()
    text = text_of("elevator").replace("profile: elevator\n", "profile: hoist\n", 1)
    life = next(line for line in text.splitlines() if "life of equipment" in line)
    write(folder, "hoist", text.replace(f"{life}\n", ""))
    shown = lifts("retention", "hoist", "--at", "2021-09-28", "--profiles", str(folder)).out
    assert "11 of 12 records of hoist may be deleted on 2021-09-28" in shown
    assert "1 later, from a day in 2021 on" in shown
    assert all(part in shown for part in ("P4Y", "TSG T5002", "memory"))
    listed = lifts("retention", "hoist", "--at", "2030-01-01", "--first", "2", "--profiles", str(folder), "--json").json
    assert (listed["deletable"], len(listed["rows"])) == (12, 2)
    assert listed["rows"][0]["rule"]["status"] == "memory"


@pytest.mark.parametrize(
    ("command", "told_of"),
    [
        (("retention", "elevator", "--at", "soon"), "'soon' is no day"),
        (("retention", "potions"), "no product system 'potions'"),
        (("assess", "moon"), "no department 'moon'"),
        (("assess", "qts", "--at", "soon"), "'soon' is no time"),
    ],
)
def test_what_cannot_be_asked_is_refused(command: tuple[str, ...], told_of: str, lifts: Suyuan) -> None:
    """Each with what to write instead."""
    ran = lifts(*command)
    assert ran.code == 1
    assert told_of in ran.err
