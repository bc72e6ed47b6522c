"""Check characters of code schemes (`check_algorithms` of common.yaml). In: a code's text. Out: whether it holds.

Only algorithms that were read in a source are here; a scheme whose algorithm is `none` or `unknown` has no function,
and its codes are never refused for it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from types import MappingProxyType

from graph_schema.identifiers.check_digit import check_digit

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))
_VIN_CHECK = 8
"""Where the check character of a VIN stands."""

Check = Callable[[str, Mapping[str, str]], bool]
"""Whether the check of a text holds; the named groups of the code beside it."""


def _gs1_mod10(text: str, _: Mapping[str, str]) -> bool:
    return check_digit(text[:-1]) == text[-1]


def _gb32100_mod31(text: str, _: Mapping[str, str]) -> bool:
    total = sum(weight * _ALPHABET.index(sign) for weight, sign in zip(_USCC_WEIGHTS, text[:-1], strict=True))
    return _ALPHABET[-total % 31] == text[-1]


def _iso7064_mod11_10(text: str, _: Mapping[str, str]) -> bool:
    product = 10
    for digit in map(int, text[:-1]):
        product = ((product + digit) % 10 or 10) * 2 % 11
    return str((11 - product) % 10) == text[-1]


def _vin_mod11(text: str, _: Mapping[str, str]) -> bool:
    values = (_VIN_VALUES.get(sign) or int(sign) for sign in text)
    rest = sum(weight * value for weight, value in zip(_VIN_WEIGHTS, values, strict=True)) % 11
    return text[_VIN_CHECK] == ("X" if rest == 10 else str(rest))


def _cas_mod10(text: str, _: Mapping[str, str]) -> bool:
    digits = text.replace("-", "")
    total = sum(weight * int(digit) for weight, digit in enumerate(reversed(digits[:-1]), start=1))
    return str(total % 10) == digits[-1]


def _calendar(text: str, groups: Mapping[str, str]) -> bool:
    """A day of a calendar: eight digits, or the groups year, month and day, where a year may be its last digit."""
    year, month, day = (groups.get(name) or "" for name in ("year", "month", "day"))
    if not month:
        year, month, day = text[:4], text[4:6], text[6:8]
    years = (int(year),) if len(year) == 4 else range(2000 + int(year), 2100, 10)
    return 1 <= int(month) <= 12 and any(1 <= int(day) <= monthrange(one, int(month))[1] for one in years)


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "gs1_mod10": _gs1_mod10,
        "gb32100_mod31": _gb32100_mod31,
        "iso7064_mod11_10": _iso7064_mod11_10,
        "vin_mod11": _vin_mod11,
        "cas_mod10": _cas_mod10,
        "calendar": _calendar,
    }
)
"""The algorithms that are known, by name."""
