"""Rows of a sheet: CSV or a workbook (xlsx, xls, ods). In: a file. Out: rows by column name, with their places.

A file is taken for a workbook by its first bytes, never by its name. The first row that is not empty names the columns.
CSV is UTF-8, with or without a byte order mark, or else GB 18030, divided by the sign that its first row has most of.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

import msgspec
from python_calamine import CalamineError, CalamineWorkbook

from graph_schema.errors import InvalidDocument
from loaders.outcome import Place

LARGEST = 64 << 20
"""Bytes of a file."""
MOST_COLUMNS = 200
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_DIVIDERS = ",;\t"


class Row(msgspec.Struct, frozen=True):
    """A row: its cells by column name, those without anything left out."""

    place: Place
    cells: Mapping[str, str]


def read_rows(file: Path) -> Iterator[Row]:
    """The rows of a file; raises `InvalidDocument` where it is no sheet, or larger than a sheet may be."""
    if file.stat().st_size > LARGEST:
        raise InvalidDocument(
            f"{file.stat().st_size:,} bytes",
            where=str(file),
            rule=f"a sheet has at most {LARGEST:,}",
            remedy="Divide it.",
        )
    content = file.read_bytes()
    rows = _workbook(content, file) if content.startswith(_WORKBOOKS) else _csv(content, file)
    return _named(rows, file)


def _named(rows: Iterable[tuple[str, list[str]]], file: Path) -> Iterator[Row]:
    """Each row under the names of the first of its sheet."""
    sheet, names = "", list[str]()
    for position, cells in rows:
        if not any(cells):
            continue
        here = position.rpartition("row")[0]
        if not names or here != sheet:
            sheet, names = here, [cell.casefold() for cell in cells]
            _check(names, Place(str(file), position))
        else:
            told = {name: cell for name, cell in zip(names, cells, strict=False) if name and cell}
            yield Row(Place(str(file), position), told)


def _check(names: list[str], place: Place) -> None:
    twice = {name for name in names if name and names.count(name) > 1}
    if twice or len(names) > MOST_COLUMNS:
        what = f"the column {min(twice)!r} is there twice" if twice else f"{len(names):,} columns"
        raise InvalidDocument(
            what,
            where=str(place),
            rule=f"a sheet has at most {MOST_COLUMNS} columns, each once",
            remedy="Name each once.",
        )


def _csv(content: bytes, file: Path) -> Iterator[tuple[str, list[str]]]:
    text = _decoded(content, file)
    first = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DIVIDERS, key=first.count), strict=True)
    try:
        for cells in reader:
            yield f"row {reader.line_num}", [cell.strip() for cell in cells]
    except csv.Error as error:
        raise InvalidDocument(
            f"this is no CSV: {error}",
            where=f"{file}: row {reader.line_num}",
            rule="RFC 4180",
            remedy="Save it anew as CSV.",
        ) from error


def _decoded(content: bytes, file: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InvalidDocument(
        "this is neither text nor a workbook", where=str(file), rule="CSV in UTF-8 or GB 18030, or XLSX",
        remedy="Save it as CSV in UTF-8.",
    )  # fmt: skip


def _workbook(content: bytes, file: Path) -> Iterator[tuple[str, list[str]]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            for number, cells in enumerate(book.get_sheet_by_name(name).iter_rows(), start=1):
                yield f"sheet {name}, row {number}", [_text(cell) for cell in cells]
    except (CalamineError, OSError) as error:
        raise InvalidDocument(
            f"this workbook cannot be read: {error}", where=str(file), rule="XLSX, XLS or ODS", remedy="Save it anew."
        ) from error


def _text(cell: object) -> str:
    """A cell as one would type it: a whole number has no point, a day no time."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == cell.time().min else cell.isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()
