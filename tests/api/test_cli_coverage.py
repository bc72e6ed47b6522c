"""`suyuan register` and `suyuan coverage`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api import session
from engine.coverage.columns import Noting
from graph_schema.profiles import profiles
from tests.api.conftest import Suyuan
from tests.coverage.dairy_days import A, B, days

SHEET = f"""system,role,party,gln,licence,holder,area,department
dairy,producer,{A},,SC-A,甲 Alpha,zone/east,fda
dairy,producer,{B},,SC-B,乙 Beta,zone/west,商务局
dairy,retailer,,6901234500028,S-1,丙 Shop,zone/east,
dairy,retailer,,,N2,丁 Shop,zone/west,
dairy,king,,,N3,nobody,,
"""


@pytest.fixture
def recorded(suyuan: Suyuan, tmp_path: Path) -> Suyuan:
    """The days of a dairy, and its register with a bad row, in the default store."""
    (tmp_path / "days.ndjson").write_text("\n".join(map(json.dumps, days())), encoding="utf-8")
    (tmp_path / "holders.csv").write_text(SHEET, encoding="utf-8")
    assert suyuan("load", "days.ndjson").code == 0
    ran = suyuan("register", "holders.csv", "--rejects", "refused.ndjson", "--json")
    assert ran.code == 3
    assert (ran.json["accepted"], ran.json["rejected"]) == (4, 1)
    (refused,) = ran.json["rejects"]
    assert (refused["file"], refused["position"], refused["field"]) == ("holders.csv", "row 6", "/role")
    assert json.loads((tmp_path / "refused.ndjson").read_text(encoding="utf-8"))["place"]["position"] == "row 6"
    return suyuan


def test_coverage_is_told_in_words_and_as_json(recorded: Suyuan) -> None:
    """Every measure with numerator, denominator, rate and target; a target is marked as proposed."""
    shown = recorded("coverage", "dairy", "--at", "2026-03-31")
    assert shown.code == 0
    words = ("乳制品  Dairy products", "as of 2026-03-31", "reporting_rate", "75.0%", "target (proposed)", "not met")
    assert [text for text in words if text not in shown.out] == []
    told = recorded("coverage", "dairy", "--at", "2026-03-31", "--json").json
    (reporting,) = (one for one in told["measures"] if one["id"] == "reporting_rate")
    assert reporting == {
        "id": "reporting_rate", "numerator": 3, "denominator": 4, "rate": 0.75, "target": 0.95,
        "target_status": "proposed", "at_most": False, "met": False,
    }  # fmt: skip
    assert (told["system"], told["at"], told["since"], told["position"]) == ("dairy", "2026-03-31", None, 5)


def test_parts_and_lists_are_told_where_asked(recorded: Suyuan) -> None:
    """By department the measures of each; behind one what falls short, or what is as it should be."""
    asked = ("coverage", "dairy", "--at", "2026-03-31", "--by", "department", "--behind", "link_rate", "--of", "cob")
    told = recorded(*asked, "--json").json
    assert [part["key"] for part in told["parts"]] == ["", "cob", "fda"]
    assert told["behind"]["count"] == 1
    (row,) = told["behind"]["rows"]
    assert (row["holder"], row["link"], row["tracking_event"]) == ("乙 Beta", "ship > receive", "ship")
    assert "Behind link_rate: 1" in recorded(*asked).out
    assert "Behind link_rate: 2" in recorded(*asked[:-2]).out
    good = recorded("coverage", "dairy", "--behind", "kde_rate", "--good", "--limit", "2", "--json").json["behind"]
    assert (good["count"], len(good["rows"])) == (4, 2)


def test_the_first_question_after_a_long_load_reads_no_entries(
    suyuan: Suyuan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The load has noted what coverage is measured by; after a short one, the first question does."""
    monkeypatch.setattr(session, "WAITED_FOR", len(days()) - 1)
    (tmp_path / "days.ndjson").write_text("\n".join(map(json.dumps, days())), encoding="utf-8")
    assert suyuan("load", "days.ndjson").code == 0
    with monkeypatch.context() as unread:
        unread.delattr(Noting, "rows")
        told = suyuan("coverage", "dairy", "--at", "2026-03-31", "--json").json
    assert told["position"] == len(days())
    monkeypatch.setattr(session, "WAITED_FOR", len(days()))
    assert suyuan("load", "days.ndjson", "--store", "sqlite:short.db").code == 0
    assert suyuan("coverage", "dairy", "--at", "2026-03-31", "--store", "sqlite:short.db", "--json").json == told


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("potions",), "there is no product system 'potions'"),
        (("dairy", "--at", "yesterday"), "'yesterday' is no day"),
        (("dairy", "--since", "2026-13-01"), "'2026-13-01' is no day"),
        (("dairy", "--by", "colour"), "coverage is not told by 'colour'"),
        (("dairy", "--behind", "beauty"), "'beauty' is not measured"),
        (("dairy", "--behind", "kde_rate", "--by", "area", "--of", "moon"), "there is no area 'moon' here"),
        (("dairy", "--behind", "kde_rate", "--of", "cob"), "nothing tells what 'cob' is a part of"),
        (("dairy", "--by", "department", "--of", "cob"), "nothing tells what 'cob' is a part of"),
        (("dairy", "--at", "2026-03-01", "--since", "2026-03-02"), "(2026-03-01) before it begins (2026-03-02)"),
    ],
)
def test_what_is_not_there_is_refused(arguments: tuple[str, ...], what: str, recorded: Suyuan) -> None:
    """With what there is."""
    ran = recorded("coverage", *arguments)
    assert ran.code == 1
    assert what in ran.err


def test_every_system_has_coverage(recorded: Suyuan) -> None:
    """Each by its profile; the days of a dairy are none of theirs, since who recorded them stands in its register."""
    for name in profiles().names():
        told = recorded("coverage", name, "--json").json
        kde = next(one for one in told["measures"] if one["id"] == "kde_rate")
        assert kde["denominator"] == (5 if name == "dairy" else 0), name


def test_a_register_that_is_no_sheet_is_refused(suyuan: Suyuan, tmp_path: Path) -> None:
    """By its name; nothing is kept."""
    (tmp_path / "odd.csv").write_bytes(b"\xff\x00\xfe")
    ran = suyuan("register", "odd.csv")
    assert ran.code == 1
    assert "odd.csv" in ran.err
