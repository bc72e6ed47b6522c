"""Plant faults and see which law catches each: `python -m tests.mutants [WORD…]`, those with a WORD in their name.

Prints a table, and exits 1 where a fault survives its worlds. `--page` writes the table into docs/mutants.md too.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence

from rich.table import Table

from api.cli.console import answers, progress
from tests.mutants.catalogue import Planted, Row, catalogue, hunt_all
from tests.mutants.hunt import BOUND
from tests.mutants.page import write_page


def verdict(rows: Sequence[Row]) -> int:
    """Print the sightings as a table, and how many there are; 1 where a fault survives."""
    answers().print(_table(rows))
    survivors = sum(sighting is None for _, sighting in rows)
    sys.stdout.write(f"{len(rows) - survivors} of {len(rows)} caught\n")
    return int(bool(survivors))


def _table(rows: Iterable[Row]) -> Table:
    table = Table(title=f"Faults planted, at most {BOUND} worlds each")
    for name in ("fault", "what goes wrong", "rule", "law broken", "trial"):
        table.add_column(name, overflow="fold")
    for name in ("seed", "worlds"):
        table.add_column(name, justify="right")
    for planted, seen in rows:
        cells = (", ".join(seen.laws), seen.trial, str(seen.seed), str(seen.worlds)) if seen else ("SURVIVES",)
        table.add_row(planted.fault, planted.wrong, planted.rule, *cells)
    return table


def _rows(chosen: Sequence[Planted]) -> list[Row]:
    rows: list[Row] = []
    with progress("planting faults", len(chosen)) as steps:
        for row in hunt_all(chosen):
            rows.append(row)
            steps.advance(1)
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Hunt, print, and exit 1 where a fault survives."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("words", nargs="*", metavar="WORD")
    parser.add_argument("--page", action="store_true", help="write the table into docs/mutants.md")
    asked = parser.parse_args(arguments)
    chosen = [one for one in catalogue() if not asked.words or any(word in one.fault for word in asked.words)]
    if not chosen or (asked.page and asked.words):
        parser.error("the page tells of every fault" if chosen else "no fault has such a name")
    rows = _rows(chosen)
    if asked.page:
        write_page(rows)
    return verdict(rows)


if __name__ == "__main__":
    sys.exit(main())
