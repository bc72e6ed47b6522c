"""docs/limits.md has the figures of `benchmarks.limits`, and the laws hold where it says that they do."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from api.generate.world import simulate
from benchmarks.limits import (
    COLUMNS,
    KINDS,
    LARGE,
    LARGE_TITLE,
    LOSSES,
    WITHIN_THE_LAWS,
    WORLDS,
    Tally,
    large_table,
    tables,
    tally,
)
from tests.worlds.thinning import RECORD

PAGE = (Path(__file__).parents[2] / "docs" / "limits.md").read_text(encoding="utf-8")
FIGURE = r"\d+(\.\d)?|< 0\.1"


def _table(text: str, title: str) -> list[list[str]]:
    """The cells of the table under a title, its head first."""
    found = re.search(rf"^### {title}\n\n((?:\|.*\n?)+)", text, re.MULTILINE)
    assert found, title
    head, _, *rows = found.group(1).splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in (head, *rows)]


def _printed() -> str:
    """All tables, without figures."""
    rows = {loss.name: {kind: Tally() for kind in KINDS} for loss in LOSSES}
    large = {loss.name: rows[loss.name] for loss in WITHIN_THE_LAWS}
    return f"{tables(rows)}\n\n{large_table(large)}"


@pytest.mark.parametrize("title", [*(kind.capitalize() for kind in KINDS), LARGE_TITLE])
def test_the_page_has_the_tables_that_are_printed(title: str) -> None:
    """A table has the rows and columns of the script, and a figure in each cell."""
    printed, shown = _table(_printed(), title), _table(PAGE, title)
    assert shown[0] == printed[0]
    assert [row[0] for row in shown] == [row[0] for row in printed]
    assert all(re.fullmatch(FIGURE, cell) for row in shown[1:] for cell in row[1:])
    assert f"{WORLDS} worlds a row, {len(LARGE)} of 2,000 events" in PAGE


@pytest.mark.parametrize("column", [column for column in COLUMNS if column != "answers"])
def test_every_column_is_explained(column: str) -> None:
    """The page says what a column counts."""
    assert f"\n| {column} | " in PAGE


def test_within_the_laws_nothing_is_missed_or_feigned() -> None:
    """Where the laws hold, twelve worlds have no thing missed and none wrongly certain, and most is certain."""
    for loss, row in tally(WITHIN_THE_LAWS, range(12)).items():
        for sums in row.values():
            assert (sums.missed, sums.wrong) == (0, 0), loss
            assert sums.certain > sums.true / 2


def test_what_is_measured_is_lost() -> None:
    """Every kind of loss but the first takes something from some world, and a higher rate takes more."""
    taken: dict[str, int] = {}
    for loss in LOSSES:
        lost = [loss.lose(simulate(seed), Random(seed)) for seed in range(30)]
        taken[loss.name] = sum(len(one) for one in lost)
        if "clocks" not in loss.name and loss is not LOSSES[1] and "several" not in loss.name:
            assert all(what == {RECORD} for one in lost for what in one.values()), loss.name
    assert taken.pop(LOSSES[0].name) == 0
    assert all(taken.values()), taken
    assert taken["5 % of the movements, both ends"] < taken["20 % of the movements, both ends"]
