"""Counts of what is hidden, in bands: an exact count would tell something of it. In: a count. Out: a word."""

from __future__ import annotations

from enum import StrEnum


class Band(StrEnum):
    """How many, about."""

    NONE = "none"
    FEW = "few"
    """1 to 9."""
    TENS = "tens"
    """10 to 99."""
    HUNDREDS = "hundreds"
    """100 to 999."""
    MORE = "more"
    """1,000 or more."""


_BOUNDS = ((0, Band.NONE), (9, Band.FEW), (99, Band.TENS), (999, Band.HUNDREDS))


def band_of(count: int) -> Band:
    """The band that a count is in."""
    return next((band for most, band in _BOUNDS if count <= most), Band.MORE)
