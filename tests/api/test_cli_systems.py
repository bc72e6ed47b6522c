"""`suyuan systems`."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from rich.cells import cell_len

from graph_schema.profiles import Profile, profiles
from tests.api.conftest import Suyuan
from tests.systems.facts import facts_of
from tests.systems.test_profiles import text_of, write


def test_all_systems_are_listed(suyuan: Suyuan) -> None:
    """Each in Chinese and English, with its stages, codes and subjects."""
    listed = suyuan("systems").out
    for profile in profiles().latest():
        assert profile.profile in listed
        assert profile.label_zh in listed
    told = suyuan("systems", "--json").json
    assert [system["name"] for system in told] == profiles().names()
    assert all(system[part] for system in told for part in ("stages", "codes", "subjects", "measures"))


@pytest.mark.parametrize("name", profiles().names())
def test_a_system_is_shown_in_full(name: str, suyuan: Suyuan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every text and number of its profile, and what it refers to; a target is marked as proposed."""
    monkeypatch.setenv("COLUMNS", "5000")
    (profile,) = profiles().versions(name)
    shown = "\n".join(line.strip() for line in suyuan("systems", name).out.splitlines())
    assert [(path, told) for path, told in facts_of(profile) if told not in shown] == []
    assert all(part in shown for part in ("target (proposed)", "Random inspection", "every candidate"))


@pytest.mark.parametrize("name", profiles().names())
def test_the_json_of_a_system_has_its_profile(name: str, suyuan: Suyuan) -> None:
    """As its file has it, beside what is put in words."""
    told = suyuan("systems", name, "--json").json
    (profile,) = profiles().versions(name)
    assert (told["name"], msgspec.convert(told["profile"], Profile)) == (name, profile)


@pytest.mark.parametrize("name", profiles().names())
def test_a_system_fits_a_terminal_of_100_columns(name: str, suyuan: Suyuan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chinese signs are two wide."""
    monkeypatch.setenv("COLUMNS", "100")
    assert [line for line in suyuan("systems", name).out.splitlines() if cell_len(line) > 100] == []


def test_a_measure_without_a_label_is_named_once(suyuan: Suyuan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of one system have a name alone."""
    monkeypatch.setenv("COLUMNS", "500")
    (line,) = (line for line in suyuan("systems", "elevator").out.splitlines() if "overdue_maintenance" in line)
    assert " ".join(line.split()) == "overdue_maintenance elevators with no maintain event in 15 days"


@pytest.mark.parametrize("asked", [(), ("civil_explosives",)], ids=["all", "one"])
def test_every_column_has_a_head(asked: tuple[str, ...], suyuan: Suyuan, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a narrow terminal, where a table is a line a cell, each cell says what it is."""
    monkeypatch.setenv("COLUMNS", "80")
    shown = suyuan("systems", *asked).out
    assert [line for line in shown.splitlines() if line.lstrip().startswith(":")] == []


def test_a_system_that_is_not_there_is_refused(suyuan: Suyuan) -> None:
    """With the names there are."""
    ran = suyuan("systems", "potions")
    assert ran.code == 1
    assert "no product system 'potions'. One of agri_edible," in ran.err


def test_profiles_of_ones_own_stand_beside_ours(suyuan: Suyuan, tmp_path: Path) -> None:
    """A copy under another name is a system; a wrong one is refused with file, line and reason."""
    text = text_of("dairy").replace("profile: dairy\n", "profile: tofu\n", 1)
    write(tmp_path, "tofu", text)
    assert len(suyuan("systems", "--profiles", str(tmp_path), "--json").json) == 25
    assert suyuan("systems", "tofu", "--profiles", str(tmp_path)).code == 0
    write(tmp_path, "tofu", text.replace("retail_selling", "retailing"))
    ran = suyuan("systems", "--profiles", str(tmp_path))
    assert ran.code == 1
    assert "tofu.yaml:" in ran.err
    assert "`retailing` is no business step" in ran.err
    assert suyuan("systems", "--profiles", str(tmp_path / "nowhere")).code == 1
