"""docs/mutants.md tells of the faults that are planted, and of no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.mutants import page
from tests.mutants.catalogue import Row, catalogue
from tests.mutants.hunt import Sighting
from tests.mutants.page import BEGIN, END, PAGE, told_of, write_page
from tests.mutants.trials import EVERY_TRIAL

DOCS = Path(__file__).parents[2] / "docs"
TEXT = PAGE.read_text("utf-8")


def rows_told() -> list[str]:
    """The rows of the table, without its head."""
    return TEXT.split(BEGIN)[1].split(END)[0].strip().splitlines()[2:]


def test_the_page_tells_of_every_fault() -> None:
    """In the order of the catalogue, each with what goes wrong and its rule, and a world that showed it."""
    planted = catalogue()
    told = rows_told()
    assert len(told) == len(planted)
    for one, row in zip(planted, told, strict=True):
        assert row.startswith(told_of(one)), "make mutants-page"
        assert re.search(r"\| \d+ \| \d+ \|$", row), f"{one.fault} survived when the page was made"


def test_every_fault_breaks_a_rule_that_is_told() -> None:
    """A rule is one that docs/how-it-works.md has a section of; else it is how a question is read."""
    rules = set(re.findall(r"^### Rule (\d+)\.", (DOCS / "how-it-works.md").read_text("utf-8"), re.MULTILINE))
    assert len(rules) == 17
    named = {re.sub(r"\([a-z]\)$", "", one.rule) for one in catalogue()}
    assert named - {"answer"} <= rules


def test_every_trial_is_told() -> None:
    """Whose worlds the faults are put to is on the page, or on that of the worlds."""
    told = {*re.findall(r"^\| `([a-z-]+)` \|", TEXT + (DOCS / "worlds.md").read_text("utf-8"), re.MULTILINE)}
    assert set(EVERY_TRIAL) <= told


def test_a_page_made_anew_keeps_its_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the table is written: the same rows give the same page again."""
    copy = tmp_path / "mutants.md"
    copy.write_text(TEXT, "utf-8")
    monkeypatch.setattr(page, "PAGE", copy)
    rows: list[Row] = [(one, Sighting(("onward",), "blanket", 4, 34)) for one in catalogue()]
    write_page(rows)
    once = copy.read_text("utf-8")
    write_page(rows)
    assert copy.read_text("utf-8") == once
    assert once.count("| onward | blanket | 4 | 34 |") == len(rows)
    assert [once.split(BEGIN)[0], once.split(END)[1]] == [TEXT.split(BEGIN)[0], TEXT.split(END)[1]]
