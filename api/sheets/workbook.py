"""Sheets as files (recall.xlsx, one CSV a sheet). In: sheets of plain cells. Out: files that open anywhere.

Text is never a formula: in XLSX it is stored as text with Excel's own quote prefix, in CSV a text that
begins with one of `= + - @`, a tab or a carriage return gets an apostrophe before it. Nothing is cut without
saying so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO
from math import ceil, isfinite
from pathlib import Path

import msgspec
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from api.writing import make_folder, naming
from graph_schema.errors import LimitExceeded
from graph_schema.interval import datetime_of

Cell = str | int | float | Decimal | None

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What some spreadsheet begins a formula with, the wide signs of East Asian ones among them."""
XLSX_ROWS = 1_048_576
"""Rows of an XLSX sheet, the header counted (ECMA-376 part 1 §18.3.1.73 gives the bound that Excel keeps)."""
XLSX_TEXT = 32_767
"""Characters of an XLSX cell."""
WIDEST = 60.0
"""Digits that a column is wide at most."""
LAST_WIDEST = 100.0
"""The same of the last column, where evidence stands: long lists of event ids."""
_A4 = 9
READABLE = 230.0
"""Digits across a sideways page that can still be read: at some 60 of 100."""
EXACT_DIGITS = 15
"""Digits that an XLSX number keeps."""


class Sheet(msgspec.Struct, frozen=True):
    """A table: its name (at most 31 characters), the heads of its columns, and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula when it reads it from CSV."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_csv(sheets: Iterable[Sheet], folder: Path) -> list[Path]:
    """Write each sheet as a CSV file (RFC 4180, UTF-8 with byte order mark) in a folder."""
    make_folder(folder)
    return [_write_one_csv(sheet, folder / f"{sheet.name.lower().replace(' ', '-')}.csv") for sheet in sheets]


def _write_one_csv(sheet: Sheet, path: Path) -> Path:
    # The mark tells Excel that the file is UTF-8; without it Chinese names are garbled.
    with naming(path), path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(neutral(head) for head in sheet.columns)
        writer.writerows([_csv_cell(cell) for cell in row] for row in sheet.rows)
    return path


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    return neutral(cell) if isinstance(cell, str) else _plain(cell)


def _plain(number: int | float | Decimal) -> str:
    return format(number, "f") if isinstance(number, Decimal) else str(number)


def write_xlsx(sheets: Iterable[Sheet], path: Path, made: int) -> Path:
    """Write sheets as one XLSX file; `made` is the time it carries, in microseconds since 1970 UTC."""
    kept = list(sheets)
    for sheet in kept:
        if len(sheet.rows) >= XLSX_ROWS:
            raise LimitExceeded(
                f"Sheet {sheet.name} has {len(sheet.rows):,} rows and an XLSX sheet holds {XLSX_ROWS - 1:,}",
                where=str(path),
                remedy="Write CSV files instead: --csv DIR.",
            )
    make_folder(path.parent)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    # Made in memory and written at once: a ZIP file that fails half-way, on a full disk, complains when it is let go.
    content = BytesIO()
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": "Recall scope", "created": datetime_of(made)})
        looks = _Looks(book)
        for sheet in kept:
            _fill(book.add_worksheet(sheet.name[:31]), sheet, looks)
    with naming(path):
        path.write_bytes(content.getvalue())
    return path


class _Looks:
    """How cells look: heads bold, all at the top of their row, and what could be a formula marked as text."""

    def __init__(self, book: Workbook) -> None:
        self.head = book.add_format({"valign": "top", "bold": True, "bottom": 1, "text_wrap": True})
        self.number = book.add_format({"valign": "top"})
        self._texts = {
            (marked, folds): book.add_format({"valign": "top", "quote_prefix": marked, "text_wrap": folds})
            for marked in (False, True)
            for folds in (False, True)
        }

    def text(self, text: str, widest: float) -> Format:
        """The look of a text, over several lines where it is wider than its column may be."""
        return self._texts[text.startswith(FORMULA_STARTS), _width(text) > widest]


def _fill(page: Worksheet, sheet: Sheet, looks: _Looks) -> None:
    for column, width in enumerate(_widths(sheet)):
        page.set_column(column, column, width)
    page.freeze_panes(1, 1)
    _set_print(page, sheet)
    for column, name in enumerate(sheet.columns):
        page.write_string(0, column, name, looks.head)
    last = len(sheet.columns) - 1
    for at, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            # A wide text would cover empty cells beside it, which are there to be filled, or be cut on paper.
            _write(page, at, column, cell, looks, LAST_WIDEST if column == last else WIDEST)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), last)


def _set_print(page: Worksheet, sheet: Sheet) -> None:
    """On paper as on the screen: sideways, the heads and the first column on every page, no column cut in two.

    As few pages wide as can be read; the first column counts on each.
    """
    page.set_landscape()
    page.set_paper(_A4)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.repeat_rows(0)
    page.repeat_columns(0)
    page.print_area(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    first, *others = _widths(sheet)
    page.fit_to_pages(max(1, ceil(sum(others) / max(READABLE - first, first))), 0)
    page.set_footer("&L&A&R&P / &N")


def _write(page: Worksheet, row: int, column: int, cell: Cell, looks: _Looks, widest: float) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        page.write_string(row, column, _fitting(cell), looks.text(cell, widest))
    elif not isfinite(float(cell)) or (isinstance(cell, Decimal) and len(cell.as_tuple().digits) > EXACT_DIGITS):
        page.write_string(row, column, _plain(cell), looks.number)
    else:
        page.write_number(row, column, float(cell), looks.number)


def _fitting(text: str) -> str:
    if len(text) <= XLSX_TEXT:
        return text
    said = f" … ({len(text):,} characters; --csv has all)"
    return text[: XLSX_TEXT - len(said)] + said


def _widths(sheet: Sheet) -> list[float]:
    columns = zip(sheet.columns, *sheet.rows[:200], strict=False)
    wanted = [max(8.0, *map(_width, column)) for column in columns]
    return [*(min(WIDEST, width) for width in wanted[:-1]), min(LAST_WIDEST, wanted[-1])]


def _width(cell: Cell) -> float:
    """How wide a cell's text is, in digits: an ideograph takes the room of two letters."""
    text = "" if cell is None else str(cell)
    return 1.1 * (sum(2 if ord(letter) > 0x2E80 else 1 for letter in text) + 1)
