"""How wide the columns of a table are where it is wider than the terminal. In: a table, a width. Out: widths set.

No column is narrower than its longest word as long as all words fit, so that none is broken; what is left of the width
goes to the columns that want it, to the narrowest first. Where not all words fit, the longest are broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.table import Column, Table

GAP = 2
"""Cells between two columns."""
NARROWEST = 8
"""A column that words are broken in is not made narrower; a table that would need it is left to the terminal."""


def fit_columns(table: Table, width: int) -> None:
    """Set the widths of a table's columns where they do not all fit."""
    room = width - GAP * (len(table.columns) - 1)
    wanted = [max(map(cell_len, _lines(column))) for column in table.columns]
    if sum(wanted) <= room:
        return
    least = [_longest_word(column) for column in table.columns]
    least = shrink(least, [at for at, column in enumerate(table.columns) if not column.no_wrap], room)
    if sum(least) <= room:
        for column, given in zip(table.columns, grow(least, wanted, room), strict=True):
            column.width = given


def shrink(widths: Sequence[int], foldable: Sequence[int], room: int) -> list[int]:
    """The widths made smaller where they may be, the widest first, until they fit the room or none is left to give."""
    found = list(widths)
    while sum(found) > room and (wide := [at for at in foldable if found[at] > NARROWEST]):
        found[max(wide, key=lambda at: (found[at], at))] -= 1
    return found


def grow(widths: Sequence[int], wanted: Sequence[int], room: int) -> list[int]:
    """The widths made larger, up to those wanted, the narrowest first, until they fill the room."""
    found = list(widths)
    while sum(found) < room and (narrow := [at for at, width in enumerate(found) if width < wanted[at]]):
        found[min(narrow, key=found.__getitem__)] += 1
    return found


def _longest_word(column: Column) -> int:
    """The longest word of a column; the longest line of one that may not fold."""
    words = _lines(column) if column.no_wrap else (word for line in _lines(column) for word in line.split())
    return max(map(cell_len, words), default=0)


def _lines(column: Column) -> Iterator[str]:
    for cell in (column.header, *column.cells):
        yield from str(cell).splitlines() or [""]
