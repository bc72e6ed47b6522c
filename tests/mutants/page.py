"""The table of docs/mutants.md. In: rows. Out: the table between the marks of the page, written anew."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.mutants.catalogue import Planted, Row

PAGE = Path(__file__).parents[2] / "docs" / "mutants.md"
BEGIN, END = "<!-- The table: make mutants-page -->", "<!-- End of the table -->"
_HEAD = "| fault | what goes wrong | rule | law broken | trial | seed | worlds |\n|---|---|---|---|---|---:|---:|"


def told_of(planted: Planted) -> str:
    """The cells of a row that the catalogue alone gives."""
    return f"| {planted.fault} | {planted.wrong} | {planted.rule} |"


def write_page(rows: Iterable[Row]) -> None:
    """Put the table of these rows into the page."""
    lines = [_HEAD, *(_line(row) for row in rows)]
    before, after = PAGE.read_text("utf-8").split(BEGIN)[0], PAGE.read_text("utf-8").split(END)[1]
    PAGE.write_text("\n".join([before + BEGIN, "", *lines, "", END + after]), "utf-8")


def _line(row: Row) -> str:
    planted, sighting = row
    if sighting is None:
        return f"{told_of(planted)} **survives** | | | |"
    return f"{told_of(planted)} {', '.join(sighting.laws)} | {sighting.trial} | {sighting.seed} | {sighting.worlds} |"
