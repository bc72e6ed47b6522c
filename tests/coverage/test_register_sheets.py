"""Registers of licence holders as sheets: what becomes a licence, and what is refused, where and why."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from graph_schema.errors import InvalidDocument
from graph_schema.licence import Licence, licence_of
from graph_schema.profiles import profiles
from loaders.outcome import Rejected
from loaders.register import Registered, load_register

HEAD = "system,role,party,gln,licence,holder,area,department,units,valid_from,valid_until"
WHOLE = Licence(
    system="dairy", role="producer", party="urn:suyuan:code:uscc:91110000600037341L", site="https://id.gs1.org/414/6901234500011",
    number="SC1", holder="青禾", area="经开区/京航", department="fda", units=Decimal(10), valid_from="2020-01-01",
    valid_until="2030-12-31",
)  # fmt: skip


def read(file: Path) -> list[Registered | Rejected]:
    return list(load_register(file, profiles()))


def sheet(folder: Path, *rows: str, encoding: str = "utf-8", head: str = HEAD) -> Path:
    file = folder / "holders.csv"
    file.write_text("\n".join((head, *rows)) + "\n", encoding=encoding)
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_row_becomes_a_licence(encoding: str, tmp_path: Path) -> None:
    """Names of columns, systems, roles and departments are Chinese or English; codes are checked and made keys."""
    head = "追溯体系,主体类型,统一社会信用代码,场所GLN,许可证号,名称,区域,主管部门,申报数量,有效期起,有效期至"
    row = "乳制品,生产企业,91110000600037341L,6901234500011,SC1,青禾,经开区/京航,食药监局,10,2020-01-01,2030/12/31"
    (one,) = read(sheet(tmp_path, row, encoding=encoding, head=head))
    assert isinstance(one, Registered)
    assert one.licence == WHOLE
    assert str(one.place) == f"{tmp_path / 'holders.csv'}: row 2"


def test_a_workbook_is_read_as_a_csv_is(tmp_path: Path) -> None:
    """Each of its sheets has its own head; whole numbers and days are as typed; a place names sheet and row."""
    file = tmp_path / "holders.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        for name in ("East", "West"):
            page = book.add_worksheet(name)
            page.write_row(0, 0, HEAD.split(","))
            cells = ["dairy", "producer", "91110000600037341L", 6901234500011, f"SC-{name}", "青禾", "", "fda", 10]
            page.write_row(1, 0, cells)
            page.write_datetime(1, 9, date(2020, 1, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    told = read(file)
    assert [one.licence.number for one in told if isinstance(one, Registered)] == ["SC-East", "SC-West"]
    assert isinstance(told[1], Registered)
    assert (told[1].licence.site, told[1].licence.units) == (WHOLE.site, WHOLE.units)
    assert told[1].licence.valid_from == "2020-01-01"
    assert told[1].place.position == "sheet West, row 2"


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        (",producer,,,L1", "system", "it names no system"),
        ("potions,producer,,,L1", "system", "there is no product system 'potions'"),
        ("dairy,king,,,L1", "role", "dairy has no subject 'king'"),
        ("dairy,producer", "party", "it says not who holds the licence"),
        ("dairy,producer,91110000600037341K", "party", "the check of '91110000600037341K' fails"),
        ("dairy,producer,6901234500012", "party", "check digit"),
        ("dairy,producer,(01)06901234567892", "party", "names no party"),
        ("dairy,producer,,6901234500012", "gln", "check digit"),
        ("dairy,producer,,(00)069012345000000011", "gln", "names no site"),
        ("dairy,producer,,,L1,,,wizards", "department", "there is no department 'wizards'"),
        ("dairy,producer,,,L1,,,,-1", "units", "'-1' is no amount"),
        ("dairy,producer,,,L1,,,,many", "units", "'many' is no number"),
        ("dairy,producer,,,L1,,,,NaN", "units", "'NaN' is no amount"),
        ("dairy,producer,,,L1,,,,,2020-13-01", "valid_from", "'2020-13-01' is no day"),
        ("dairy,producer,,,L1,,,,,2021-01-01,2020-01-01", "valid_until", "it ends before it begins"),
        (f"dairy,producer,,,{'L' * 501}", "licence", "501 characters"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason(row: str, column: str, what: str, tmp_path: Path) -> None:
    """File, row, column, rule and what to do; the rows around it are kept."""
    before, bad, after = read(sheet(tmp_path, "dairy,producer,,,L0", row, "dairy,producer,,,L2"))
    assert isinstance(before, Registered)
    assert isinstance(after, Registered)
    assert isinstance(bad, Rejected)
    (finding,) = bad.findings
    assert (bad.place.file, bad.place.position) == (str(tmp_path / "holders.csv"), "row 3")
    assert finding.field == f"/{column}"
    assert what in finding.what
    assert finding.rule
    assert finding.remedy


def test_a_licence_twice_is_refused_the_second_time(tmp_path: Path) -> None:
    """With where it was first."""
    first, second = read(sheet(tmp_path, "dairy,producer,,,L1", "dairy,producer,,,L1,another"))
    assert isinstance(first, Registered)
    assert isinstance(second, Rejected)
    assert "row 2" in second.findings[0].what


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\xff\x00\xfe\x00", "neither text nor a workbook"),
        (b"PK\x03\x04 no workbook", "this workbook cannot be read"),
        (b'system,role\n"dairy,producer\n', "this is no CSV"),
        (b"system,role,Role\n", "the column 'role' is there twice"),
        (b"a," * 300, "columns"),
    ],
)
def test_what_is_no_sheet_is_refused_whole(content: bytes, what: str, tmp_path: Path) -> None:
    """With the file, the rule and what to do, never a traceback."""
    file = tmp_path / "odd.xlsx"
    file.write_bytes(content)
    with pytest.raises(InvalidDocument, match=what) as refused:
        read(file)
    assert str(file) in str(refused.value)


def test_a_licence_is_read_from_master_data_as_it_was_put() -> None:
    """Every field, an exact amount among them."""
    import json

    assert licence_of(json.loads(WHOLE.attributes())) == WHOLE
