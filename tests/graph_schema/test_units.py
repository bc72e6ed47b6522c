"""Quantities are converted exactly, and only within what they measure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_schema.errors import InvalidInput
from graph_schema.units import UNITS, comparable, convert, dimension

codes = st.sampled_from(sorted(UNITS))
uoms = st.one_of(st.none(), codes, st.sampled_from(["XYZ", "KG", "mass", ""]))
quantities = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6)
pairs = st.tuples(codes, codes).filter(lambda two: comparable(*two))


@pytest.mark.parametrize(
    ("quantity", "uom", "to", "wanted"),
    [
        ("1", "TNE", "KGM", "1000"),
        ("1", "LBR", "GRM", "453.59237"),
        ("1", "LBR", "GRN", "7000"),
        ("1", "LBR", "ONZ", "16"),
        ("1", "STI", "LBR", "14"),
        ("1", "CWI", "LBR", "112"),
        ("1", "CWA", "LBR", "100"),
        ("1", "STN", "LBR", "2000"),
        ("1", "LTN", "LBR", "2240"),
        ("1", "LBT", "APZ", "12"),
        ("1", "APZ", "DWT", "20"),
        ("1", "ONZ", "DRI", "16"),
        ("1", "APZ", "DRA", "8"),
        ("5", "CTM", "GRM", "1"),
        ("1", "GLL", "INQ", "231"),
        ("1", "GLL", "QTL", "4"),
        ("1", "QTL", "PTL", "2"),
        ("1", "PTL", "GIA", "4"),
        ("1", "PTL", "OZA", "16"),
        ("1", "G21", "OZA", "8"),
        ("1", "OZA", "G24", "2"),
        ("1", "G24", "G25", "3"),
        ("1", "BLL", "GLL", "42"),
        ("1", "GLI", "QTI", "4"),
        ("1", "QTI", "PTI", "2"),
        ("1", "PTI", "OZI", "20"),
        ("1", "PTI", "GII", "4"),
        ("1", "BUI", "GLI", "8"),
        ("1", "L43", "GLI", "2"),
        ("1", "J57", "GLI", "35"),
        ("1", "BUA", "INQ", "2150.42"),
        ("1", "BUA", "G23", "4"),
        ("1", "G23", "GLD", "2"),
        ("1", "GLD", "QTD", "4"),
        ("1", "QTD", "PTD", "2"),
        ("1", "BLD", "INQ", "7056"),
        ("1", "YDQ", "FTQ", "27"),
        ("1", "FTQ", "INQ", "1728"),
        ("1", "M68", "FTQ", "128"),
        ("1", "L84", "FTQ", "42"),
        ("1", "L86", "FTQ", "40"),
        ("1", "MTQ", "LTR", "1000"),
        ("1", "LTR", "4G", "1000000"),
        ("1", "FOT", "INH", "12"),
        ("1", "YRD", "FOT", "3"),
        ("1", "AK", "FOT", "6"),
        ("1", "X1", "FOT", "66"),
        ("1", "F49", "FOT", "16.5"),
        ("1", "M50", "SMI", "0.125"),
        ("1", "SMI", "FOT", "5280"),
        ("1", "MIK", "FTK", "27878400"),
        ("1", "FTK", "INK", "144"),
        ("1", "YDK", "FTK", "9"),
        ("1", "HAR", "MTK", "10000"),
        ("2", "DZN", None, "24"),
        ("144", None, "GRO", "1"),
        ("1", "GGR", "GRO", "12"),
        ("3", "EA", "H87", "3"),
        ("1", "DPR", "PR", "12"),
        ("1", "HPA", "LPA", "100"),
        ("1", "MIU", "NIU", "1000000"),
        ("1", "P44", "C34", "453.59237"),
        ("1", "CUR", "GBQ", "37"),
        ("1", "KWH", "3B", "3.6"),
        ("1", "WEE", "HUR", "168"),
    ],
)
def test_definitions(quantity: str, uom: str | None, to: str | None, wanted: str) -> None:
    """Units are in the ratios that their legal definitions give, to the last digit."""
    assert convert(Decimal(quantity), uom, to) == Decimal(wanted)


def test_enough_codes() -> None:
    """The table holds at least 150 codes, each with a factor above zero, one of them the unit of its dimension."""
    assert len(UNITS) >= 150
    assert all(unit.factor > 0 for unit in UNITS.values())
    dimensions = {unit.dimension for unit in UNITS.values()}
    assert {unit.dimension for unit in UNITS.values() if unit.factor == 1} == dimensions


def test_no_rounding_where_the_result_ends() -> None:
    """A quantity of more digits than a decimal context keeps loses none."""
    quantity = Decimal("1234567890123456789012345678901234567890.123456789")
    assert convert(quantity, "TNE", "GRM") == Decimal("1234567890123456789012345678901234567890123456.789")


def test_a_result_without_an_end_is_rounded_to_34_digits() -> None:
    """A kilogram in pounds has no end, and is given to 34 digits."""
    assert convert(Decimal(1), "KGM", "LBR") == Decimal("2.204622621848775807229738013450270")


@given(quantities, pairs)
def test_exact_or_rounded_once(quantity: Decimal, two: tuple[str, str]) -> None:
    """Every conversion is the exact ratio, but for one rounding in the 34th digit where it has no end."""
    uom, to = two
    exact = Fraction(quantity) * Fraction(UNITS[uom].factor) / Fraction(UNITS[to].factor)
    found = Fraction(convert(quantity, uom, to))
    assert found == exact or abs(found - exact) <= abs(exact) / 10**33


@given(quantities, pairs)
def test_there_and_back(quantity: Decimal, two: tuple[str, str]) -> None:
    """A quantity converted there and back is the quantity, within the last digits kept."""
    uom, to = two
    back = convert(convert(quantity, uom, to), to, uom)
    assert abs(back - quantity) <= abs(quantity) * Decimal("1e-27")


@given(quantities, pairs)
def test_order_is_kept(quantity: Decimal, two: tuple[str, str]) -> None:
    """More in one unit is more in another."""
    assert convert(quantity, *two) < convert(quantity + 1, *two)


@given(uoms, uoms)
def test_comparable_is_what_converts(a: str | None, b: str | None) -> None:
    """Two units compare, in either order, exactly where one converts into the other."""
    assert comparable(a, b) == comparable(b, a)
    if comparable(a, b):
        convert(Decimal(1), a, b)
    else:
        with pytest.raises(InvalidInput, match="cannot be given in"):
            convert(Decimal(1), a, b)


@pytest.mark.parametrize(("a", "b"), [("KGM", "LTR"), ("XYZ", "KGM"), ("XYZ", "ABC"), ("XYZ", None), ("PR", "EA")])
def test_not_comparable(a: str, b: str | None) -> None:
    """Units of two dimensions, and a code that the table does not know beside any other, do not compare."""
    assert not comparable(a, b)


def test_unknown_code() -> None:
    """An unknown code measures nothing we know, compares with itself, and converts into itself unchanged."""
    assert dimension("XYZ") is None
    assert comparable("XYZ", "XYZ")
    assert convert(Decimal("1.50"), "XYZ", "XYZ") == Decimal("1.50")


@pytest.mark.parametrize("code", ["EA", "C62", "H87", "NAR"])
def test_pieces(code: str) -> None:
    """No code means pieces: the same as each, one, piece and article."""
    assert dimension(None) == dimension(code) == "count"
    assert convert(Decimal(7), None, code) == convert(Decimal(7), code, None) == 7
