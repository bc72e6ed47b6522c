"""`suyuan draw` and `suyuan inspected`: from a seed to results in the ledger."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import Suyuan
from tests.api.story import load_story
from tests.systems.test_stories import told

SYSTEM, SEED = "infant_formula", "041117"
PLACE, TIME = "https://example.org/site/dairy-D", "2017-09-16T10:00:00+08:00"
Rows = list[dict[str, str]]


@pytest.fixture
def story(suyuan: Suyuan, tmp_path: Path) -> Suyuan:
    """The command line over a story."""
    return load_story(suyuan, tmp_path, SYSTEM)


def fill(file: Path, change: Callable[[Rows], Rows]) -> None:
    """Write a form as somebody filled it in."""
    rows = [*csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")))]
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(change(rows))


def results(*told_results: str, **more: str) -> Callable[[Rows], Rows]:
    """A result for each row."""
    return lambda rows: [
        row | {"result": result, "site": PLACE, "time": TIME} | more
        for row, result in zip(rows, told_results, strict=True)
    ]


def test_a_draw_tells_what_whoever_repeats_it_needs(story: Suyuan) -> None:
    """Position, chain hash, seed, weights with their mark, digest of the candidates; given again, it is the same."""
    told_of = story("draw", SYSTEM, "--seed", SEED, "--count", "3", "--json").json
    assert (told_of["position"], told_of["seed"], told_of["weights"]["status"]) == (18, SEED, "proposed")
    assert all(len(told_of[part]) == 64 for part in ("hash", "digest"))
    again = story("draw", SYSTEM, "--seed", SEED, "--count", "3", "--position", "18", "--json").json
    assert again == told_of
    shown = story("draw", SYSTEM, "--seed", SEED, "--count", "3").out
    assert all(part in shown for part in (told_of["hash"], told_of["digest"], "weights proposed", "3 of 8 lots"))
    assert all(one["key"] in shown for one in told_of["drawn"])


def keys_in(form: Path) -> list[str]:
    """What a form asks for results of."""
    return [row["key"] for row in csv.DictReader(io.StringIO(form.read_text(encoding="utf-8-sig")))]


def failed_of(drawn: Iterable[dict[str, Any]]) -> set[str]:
    """What was drawn that had failed."""
    return {one["key"] for one in drawn if "failed" in one["signals"]}


def test_results_come_back_as_events(story: Suyuan, tmp_path: Path) -> None:
    """A form, filled in, becomes events that `suyuan load` takes; what failed has more tickets from then on."""
    assert story("draw", SYSTEM, "--seed", SEED, "--count", "3", "--form", "lots.csv").code == 0
    fill(tmp_path / "lots.csv", results("不合格", "conformant", "", report="TR-1"))
    wrote = story("inspected", "lots.csv", "--out", "results.json")
    assert "2 results; 1 without one yet" in wrote.err
    assert "2 events accepted, 0 were there already, 0 refused" in story("load", "results.json").out
    assert "0 events accepted, 2 were there already" in story("load", "results.json").out
    before = {
        one["key"]: one for one in story("draw", SYSTEM, "--seed", SEED, "--position", "18", "--json").json["drawn"]
    }
    after = {one["key"]: one for one in story("draw", SYSTEM, "--seed", SEED, "--json").json["drawn"]}
    (drawn, *_) = keys_in(tmp_path / "lots.csv")
    assert failed_of(after.values()) == failed_of(before.values()) | {drawn}
    more = {key: one["tickets"] - before[key]["tickets"] for key, one in after.items()}
    # The tank whose kept sample the story tells of had failed before.
    assert {key for key, number in more.items() if number == 8} == {drawn} - failed_of(before.values())
    assert set(more.values()) <= {0, 8}


def test_a_result_moves_no_goods(story: Suyuan, tmp_path: Path) -> None:
    """What is where is as it was, and no place or lot is new, whether goods or subjects were inspected."""
    parts = ("lots_and_classes", "instances_and_logistic_units", "sites", "vertices", "flows", "gaps")
    before = story("stats", "--json").json
    for of in ("lots", "subjects"):
        story("draw", SYSTEM, "--seed", SEED, "--count", "1", "--of", of, "--form", f"{of}.csv")
        fill(tmp_path / f"{of}.csv", results("non_conformant"))
        story("inspected", f"{of}.csv", "--out", f"{of}.json")
        assert story("load", f"{of}.json").code == 0
    after = story("stats", "--json").json
    assert {part: after[part] for part in parts} == {part: before[part] for part in parts}
    subjects = ("draw", SYSTEM, "--seed", SEED, "--of", "subjects", "--json")
    before, after = story(*subjects, "--position", "18").json["drawn"], story(*subjects).json["drawn"]
    assert failed_of(after) == failed_of(before) | {*keys_in(tmp_path / "subjects.csv")}


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"result": "maybe"}, "result: `maybe` is no result One of conformant"),
        ({"site": ""}, "site: no place is told"),
        ({"site": "the shop"}, "site: "),
        ({"time": "2017-09-16T10:00:00"}, "is no time with its zone [ISO 8601]"),
        ({"time": "2017-09-16T10:00:00+08:00:30"}, "is no time with its zone [ISO 8601]"),
        ({"time": "noon"}, "is no time with its zone [ISO 8601]"),
        ({"of": "trees"}, "of: `trees` is not drawn"),
        ({"draw": "mine"}, "draw: it names no draw"),
        ({"key": ""}, "key: it names nothing"),
    ],
    ids=str,
)
def test_a_form_that_is_wrongly_filled_in_is_refused(
    more: dict[str, str], fault: str, story: Suyuan, tmp_path: Path
) -> None:
    """With every line at fault, and nothing written."""
    story("draw", SYSTEM, "--seed", SEED, "--count", "2", "--form", "lots.csv")
    fill(tmp_path / "lots.csv", results("conformant", "conformant", **more))
    ran = story("inspected", "lots.csv", "--out", "results.json")
    assert ran.code == 1
    assert "line 2: " in ran.err
    assert "line 3: " in ran.err
    assert fault in " ".join(ran.err.split())
    assert not (tmp_path / "results.json").exists()


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe", b'draw,"' + b"x" * 200_000])
def test_what_is_no_form_is_refused(content: bytes, suyuan: Suyuan, tmp_path: Path) -> None:
    """An empty file, other columns, no text, a cell without end."""
    (tmp_path / "form.csv").write_bytes(content)
    ran = suyuan("inspected", "form.csv")
    assert (ran.code, ran.out) == (1, "")
    assert "form.csv: " in ran.err


def test_a_form_is_no_formula(story: Suyuan, tmp_path: Path) -> None:
    """A recorder whose name a spreadsheet would run is guarded in the form, and itself in the result."""
    event = told(SYSTEM).events[0] | {"x:recorder": '=HYPERLINK("https://evil.example")', "eventID": "urn:uuid:1"}
    (tmp_path / "one.json").write_text(json.dumps(event), encoding="utf-8")
    assert story("load", "one.json").code == 0
    story("draw", SYSTEM, "--seed", SEED, "--of", "subjects", "--form", "form.csv")
    rows = [*csv.DictReader(io.StringIO((tmp_path / "form.csv").read_text(encoding="utf-8-sig")))]
    (guarded,) = (row for row in rows if "HYPERLINK" in row["key"])
    assert guarded["key"].startswith("'=")
    fill(tmp_path / "form.csv", lambda _: results("conformant")([guarded]))
    (result,) = json.loads(story("inspected", "form.csv").out)["epcisBody"]["eventList"]
    assert result["suyuan:subject"] == '=HYPERLINK("https://evil.example")'


def test_a_system_that_is_not_there_is_refused(story: Suyuan) -> None:
    """With the names there are."""
    ran = story("draw", "potions", "--seed", SEED)
    assert ran.code == 1
    assert "no product system 'potions'. One of agri_edible," in " ".join(ran.err.split())
