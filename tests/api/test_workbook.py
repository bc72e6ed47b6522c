"""Sheets as files: nothing is a formula, nothing is lost or cut in silence."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from api.sheets.workbook import FORMULA_STARTS, XLSX_ROWS, Cell, Sheet, neutral, write_csv, write_xlsx
from graph_schema.errors import LimitExceeded

WRITABLE = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=40)
DANGEROUS = ("=1+1", "+86 311", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", '=HYPERLINK("http://x")')


def written(tmp_path: Path, cells: tuple[Cell, ...]) -> list[openpyxl.cell.Cell]:
    sheet = Sheet("One", tuple(f"c{number}" for number in range(len(cells))), (cells,))
    book = openpyxl.load_workbook(write_xlsx([sheet], tmp_path / "one.xlsx", 0))
    return list(book["One"][2])


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_is_a_formula(tmp_path: Path, text: str) -> None:
    """In XLSX it is text with Excel's quote prefix; in CSV an apostrophe stands before it."""
    cell = written(tmp_path, (text,))[0]
    assert cell.data_type == "s"
    assert cell.quotePrefix is True
    (path,) = write_csv([Sheet("One", ("c",), ((text,),))], tmp_path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1] == [f"'{text}"]


@given(WRITABLE)
def test_neutral_text_starts_no_formula_and_keeps_the_text(text: str) -> None:
    """Whatever the text, what is written starts no formula, and the text is there to the letter."""
    made = neutral(text)
    assert not made.startswith(FORMULA_STARTS)
    assert made.removeprefix("'") == text or made == text


def test_numbers_are_numbers_and_long_ones_are_exact(tmp_path: Path) -> None:
    """A quantity adds up in a spreadsheet; one with more digits than it keeps stays exact as text."""
    long = Decimal("12345678901234567890.5")
    cells = written(tmp_path, (Decimal(600), 3, 0.5, long, None, "周"))
    assert [cell.value for cell in cells] == [600, 3, 0.5, str(long), None, "周"]


def test_a_number_beyond_a_spreadsheet_is_text(tmp_path: Path) -> None:
    """What no spreadsheet can hold as a number is written out."""
    cells = written(tmp_path, (Decimal("1e400"), float("inf"), float("nan")))
    assert [cell.value for cell in cells] == ["1" + "0" * 400, "inf", "nan"]


def test_a_text_too_long_for_a_cell_says_so(tmp_path: Path) -> None:
    """It is cut with a word on how long it was."""
    value = str(written(tmp_path, ("x" * 40_000,))[0].value)
    assert len(value) <= 32_767
    assert value.endswith("(40,000 characters; --csv has all)")


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path: Path) -> None:
    """A clear error instead of rows that are not there; no file is left behind."""
    with pytest.raises(LimitExceeded, match="--csv"):
        write_xlsx([Sheet("Many", ("c",), (("x",),) * XLSX_ROWS)], tmp_path / "many.xlsx", 0)
    assert not (tmp_path / "many.xlsx").exists()


def test_no_text_covers_a_cell_to_fill(tmp_path: Path) -> None:
    """A text wider than its column may be goes over several lines; the last column is wider than others may be."""
    wide = "urn:uuid:20170802-0005-4000-8000-000009521103 " * 4
    first, empty, last = written(tmp_path, (wide, None, wide))
    assert first.alignment.wrap_text
    assert empty.value is None
    assert last.alignment.wrap_text
    assert not written(tmp_path, (wide[:80],))[0].alignment.wrap_text


def test_heads_and_first_column_stay_in_sight(tmp_path: Path) -> None:
    """On the screen and on every page, so that a row far to the right still tells whose it is."""
    sheet = Sheet("One", ("Outlet", "Lot"), (("通顺配送", "CAN-B"),))
    page = openpyxl.load_workbook(write_xlsx([sheet], tmp_path / "one.xlsx", 0))["One"]
    assert page.freeze_panes == "B2"
    assert (page.print_title_rows, page.print_title_cols) == ("$1:$1", "$A:$A")
    assert page.page_setup.orientation == "landscape"


@pytest.mark.parametrize(("columns", "pages"), [(2, 1), (12, 4), (40, 14)])
def test_a_sheet_prints_whole_and_readable(tmp_path: Path, columns: int, pages: int) -> None:
    """All of it is printed, no column cut in two, on as few pages beside one another as can be read."""
    sheet = Sheet("One", tuple(f"c{number}" for number in range(columns)), (("x" * 60,) * columns,) * 3)
    page = openpyxl.load_workbook(write_xlsx([sheet], tmp_path / "one.xlsx", 0))["One"]
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (pages, 0)
    assert page.print_area == f"'One'!$A$1:${get_column_letter(columns)}$4"
    assert page.oddFooter.right.text == "&P / &N"
