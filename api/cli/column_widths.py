"""How wide the columns of a table are where it is wider than the terminal. In: a table, a width. Out: widths set.

No column is narrower than its longest word, so that none is broken; what is left of the width goes to the columns that
want it, to the narrowest first. Cells that should stay whole fold only where the words do not fit otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.table import Column, Table

GAP = 2
"""Cells between two columns."""


def fit_columns(table: Table, width: int) -> bool:
    """Set the widths of a table's columns where they do not all fit; false where no widths leave every word whole."""
    room = width - GAP * (len(table.columns) - 1)
    wanted = [max(map(cell_len, _lines(column))) for column in table.columns]
    if sum(wanted) <= room:
        return True
    words = [_longest_word(column) for column in table.columns]
    whole = [want if column.no_wrap else word for column, want, word in zip(table.columns, wanted, words, strict=True)]
    least = whole if sum(whole) <= room else words
    if sum(least) > room:
        return False
    for column, given in zip(table.columns, grow(least, wanted, room), strict=True):
        column.width, column.no_wrap = given, column.no_wrap and least is whole
    return True


def grow(widths: Sequence[int], wanted: Sequence[int], room: int) -> list[int]:
    """The widths made larger, up to those wanted, the narrowest first, until they fill the room."""
    found = list(widths)
    while sum(found) < room and (narrow := [at for at, width in enumerate(found) if width < wanted[at]]):
        found[min(narrow, key=found.__getitem__)] += 1
    return found


def _longest_word(column: Column) -> int:
    return max((cell_len(word) for line in _lines(column) for word in line.split()), default=0)


def _lines(column: Column) -> Iterator[str]:
    for cell in (column.header, *column.cells):
        yield from str(cell).splitlines() or [""]
