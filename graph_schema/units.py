"""Units of measure (UN/ECE Recommendation 20). In: a quantity and two codes. Out: the quantity in the other unit.

The codes are data, in `units.yaml`, each with an exact factor to the unit of its dimension. Conversion is within
a dimension only. No code means pieces (EPCIS 2.0 §7.3.3.3); a code outside the table compares with itself alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, localcontext
from fractions import Fraction
from functools import cache
from importlib.resources import files

import msgspec
import yaml

from graph_schema.errors import InvalidInput

PIECES = "C62"
"""The code that stands for no code: a plain count."""


class Unit(msgspec.Struct, frozen=True):
    """One unit: what it is called, what it measures, and how many of the dimension's unit it is."""

    code: str
    name: str
    dimension: str
    factor: Decimal


class _Dimension(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of one dimension in `units.yaml`."""

    unit: str
    codes: dict[str, tuple[str, Decimal]]


def _read_units() -> dict[str, Unit]:
    text = files("graph_schema").joinpath("units.yaml").read_text(encoding="utf-8")
    dimensions = msgspec.convert(yaml.safe_load(text), dict[str, _Dimension])
    return {
        code: Unit(code, name, dimension, factor)
        for dimension, entry in dimensions.items()
        for code, (name, factor) in entry.codes.items()
    }


UNITS = _read_units()
"""Every unit of the table by its code."""

# Products are exact whatever their length; quotients that do not end are rounded to the 34 digits of IEEE decimal128.
_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
_SUMS = Context(prec=1_000, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Digits of a sum; loaders take amounts of 100 before the point and as many behind it."""
_ROUNDED = Context(prec=34, Emax=MAX_EMAX, Emin=MIN_EMIN)


@contextmanager
def exact_sums() -> Iterator[None]:
    """Within it sums of quantities are exact; outside, `decimal` rounds them to 28 digits."""
    with localcontext(_SUMS):
        yield


def dimension(uom: str | None) -> str | None:
    """What a unit measures (`mass`, `volume`, `count`…); None where the table does not know the code."""
    unit = UNITS.get(PIECES if uom is None else uom)
    return unit.dimension if unit else None


def comparable(a: str | None, b: str | None) -> bool:
    """True where quantities in the two units can be compared: one dimension, or the same unknown code."""
    return a == b or ((known := dimension(a)) is not None and known == dimension(b))


def convert(quantity: Decimal, uom: str | None, to: str | None) -> Decimal:
    """The quantity, given in `uom`, in the unit `to`; InvalidInput where the two do not compare.

    Exact wherever the result has an end, else rounded to 34 digits (kilograms in pounds).
    """
    if uom == to:
        return quantity
    times, by = _ratio(uom, to)
    product = _EXACT.multiply(quantity, times)
    return product if by == 1 else _ROUNDED.divide(product, by)


@cache
def _ratio(uom: str | None, to: str | None) -> tuple[Decimal, Decimal]:
    """What to multiply with, and then to divide by; the divisor is 1 where the quotient has an end."""
    if not comparable(uom, to):
        raise InvalidInput(
            f"a quantity in {uom or 'pieces'} cannot be given in {to or 'pieces'}",
            rule="UN/ECE Recommendation 20",
            remedy="Give both in units of one dimension.",
        )
    ratio = Fraction(UNITS[uom or PIECES].factor) / Fraction(UNITS[to or PIECES].factor)
    return _ended(ratio) or (Decimal(ratio.numerator), Decimal(ratio.denominator))


def _ended(ratio: Fraction) -> tuple[Decimal, Decimal] | None:
    """The ratio as a decimal that ends, over 1; None where it has no end."""
    below = ratio.denominator
    places = next((p for p in range(below.bit_length() + 1) if 10**p % below == 0), None)
    if places is None:
        return None
    return Decimal(int(ratio * 10**places)).scaleb(-places, _EXACT), Decimal(1)
