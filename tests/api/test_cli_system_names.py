"""Every command that asks for a product system takes its name or label; those that read a profile take ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graph_schema.profiles import profiles
from tests.api.conftest import Suyuan
from tests.api.story import load_story
from tests.systems.test_profiles import text_of, write

CAN = "urn:epc:class:lgtin:9521103.000900.CAN-B"
DAIRY, TOFU = "乳制品", "豆制品"
BY_SYSTEM = (
    ("systems", "{}"),
    ("systems", "{}", "--on", "2026-01-01"),
    ("coverage", "{}"),
    ("retention", "{}"),
    ("draw", "{}", "--seed", "7"),
    ("drill", "{}", "--seed", "7"),
    ("open-data", "{}", "--month", "2020-01"),
    ("access", CAN, "--market", "market", "--system", "{}"),
    ("responsibility", CAN, "--system", "{}"),
    ("lookup", CAN, "--system", "{}"),
    ("recall", "scope", CAN, "--system", "{}"),
    ("exchange", "pack", "--to", "henan", "--out", "out.zip", "--system", "{}"),
)
"""What is asked of a system."""


def _of(command: tuple[str, ...], system: str) -> list[str]:
    return [word.format(system) for word in command]


@pytest.mark.parametrize("command", BY_SYSTEM, ids=lambda command: command[0])
def test_a_system_is_asked_for_by_its_label(command: tuple[str, ...], loaded: Suyuan) -> None:
    """As by its name; another word is refused with the names there are."""
    known = [loaded(*_of(command, called)) for called in ("dairy", DAIRY)]
    assert len({(ran.code, ran.out if command[0] == "systems" else "") for ran in known}) == 1
    assert not [ran.err for ran in known if "no product system" in ran.err]
    refused = loaded(*_of(command, "potions"))
    assert refused.code == 1
    assert "there is no product system 'potions'" in refused.err


def test_a_story_is_played_by_its_label(suyuan: Suyuan) -> None:
    """Of a system that people call so."""
    assert suyuan("demo", "--system", "肥料").code == 0


@pytest.fixture
def own(tmp_path: Path) -> str:
    """A folder with a system of one's own."""
    folder = tmp_path / "own"
    folder.mkdir()
    told = text_of("dairy").replace("profile: dairy\n", "profile: tofu\n", 1).replace(DAIRY, TOFU, 1)
    write(folder, "tofu", told.replace("label_en: Dairy", "label_en: Tofu", 1))
    return str(folder)


@pytest.mark.parametrize("command", BY_SYSTEM, ids=lambda command: command[0])
def test_profiles_of_ones_own_are_read_by_every_command(command: tuple[str, ...], own: str, loaded: Suyuan) -> None:
    """A system that only they have is known with them, and not without."""
    assert "no product system" not in loaded(*_of(command, TOFU), "--profiles", own).err
    assert "no product system" in loaded(*_of(command, TOFU)).err


def test_a_register_of_a_system_of_ones_own_is_taken(own: str, loaded: Suyuan) -> None:
    """Its holders are the denominator of its coverage, which is measured by its profile."""
    Path("holders.csv").write_text("system,role,gln,holder\n豆制品,producer,9521103000014,D\n", encoding="utf-8")
    assert loaded("register", "holders.csv").code == 3
    assert loaded("register", "holders.csv", "--profiles", own).code == 0
    told = loaded("coverage", "tofu", "--profiles", own, "--json").json
    assert json.dumps(told).count("reporting_rate")


def test_duties_are_told_in_words(suyuan: Suyuan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was wanted, of whom and since what, in both languages; the JSON has the ids."""
    monkeypatch.setenv("COLUMNS", "400")
    lifts = load_story(suyuan, tmp_path, "elevator")
    asked = ("assess", "质监分局", "--at", "2026-08-24")
    (lift,) = (one for one in lifts(*asked, "--json").json["systems"] if one["system"] == "elevator")
    shown = lifts(*asked).out
    assert lift["duties"]
    wanted = lift["duties"][0]["wanted"][0]
    assert wanted.isascii()
    event = profiles().versions("elevator")[-1].event(wanted)
    assert event is not None
    assert f"{event.label_zh} {event.label_en}" in shown
