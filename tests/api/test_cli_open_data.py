"""`suyuan open-data`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.api.conftest import Suyuan
from tests.coverage.dairy_days import days

HEAD = "system,role,party,gln,licence,holder,area,department"
ROWS = [f"dairy,retailer,,,N{number},Shop {number},zone/east," for number in range(6)]


@pytest.fixture
def recorded(suyuan: Suyuan, tmp_path: Path) -> Suyuan:
    """The days of a dairy, and a register of six shops."""
    (tmp_path / "days.ndjson").write_text("\n".join(map(json.dumps, days())), encoding="utf-8")
    (tmp_path / "holders.csv").write_text("\n".join([HEAD, *ROWS]), encoding="utf-8")
    assert suyuan("load", "days.ndjson").code == 0
    assert suyuan("register", "holders.csv").code == 0
    return suyuan


def test_rates_are_told_in_words_and_as_json(recorded: Suyuan) -> None:
    """Of the whole and of areas, with the smallest group and its mark."""
    shown = recorded("open-data", "dairy", "--month", "2026-03")
    assert shown.code == 0
    assert "zone/east" in shown.out
    assert "Groups of 5 licence holders or more (proposed); some are withheld." in shown.out
    told = recorded("open-data", "dairy", "--month", "2026-03", "--json").json
    assert [(one["area"], one["measure"], one["holders"], one["rate"]) for one in told["rates"]] == [
        (area, "reporting_rate", 6, 0.0) for area in ("", "zone", "zone/east")
    ]


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("dairy", "--month", "9999-01"), "9999-01 is not over"),
        (("dairy", "--month", "March"), "'March' is no month"),
        (("tofu", "--month", "2026-03"), "no product system 'tofu'"),
    ],
)
def test_what_cannot_be_told_is_refused(arguments: tuple[str, ...], what: str, recorded: Suyuan) -> None:
    """In one line, with what to do."""
    ran = recorded("open-data", *arguments)
    assert ran.code == 1
    assert what in ran.err
