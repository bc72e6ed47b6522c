"""What of coverage is open to all (paper 六(二)2, 六(三)). In: a coverage of a month. Out: rates of groups of holders.

A rate is told of at least so many holders whose records are counted in it, in whole per cents, and never where what is
withheld beside it, told by subtraction, would be fewer: then the smallest group that could be told is withheld as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import msgspec
import numpy as np

from engine.coverage.measured import Coverage, areas_of
from engine.coverage.register import Register
from engine.coverage.tally import Tally

WHOLE = ""
"""The key of the whole system."""
_DIGITS = 2

Numbers = frozenset[int]
"""Licences, by number."""


class OpenRate(msgspec.Struct, frozen=True):
    """A rate that is open."""

    measure: str
    area: str
    """Where, from wide to narrow, parted by `/`; empty: the whole system."""
    holders: int
    """Licence holders whose records are counted."""
    rate: float
    """In whole per cents."""


class OpenRates(msgspec.Struct, frozen=True):
    """What is open of a system in a month, and whether anything is withheld."""

    rates: tuple[OpenRate, ...]
    withheld: bool


def open_rates(coverage: Coverage, smallest: int) -> OpenRates:
    """The rates of groups of at least so many holders: of the whole, then of areas, in order of measure."""
    areas = _areas(coverage)
    told: list[OpenRate] = []
    withheld = False
    for name, tally in coverage.tallies.items():
        grouping = _Grouping(coverage.register, tally, areas, smallest)
        shown = grouping.shown()
        rates = ((area, grouping.rate(area, at_most=name in coverage.at_most)) for area in shown)
        told.extend(OpenRate(name, area, grouping.size(area), rate) for area, rate in rates if rate is not None)
        withheld |= len(shown) < len(areas)
    return OpenRates(tuple(told), withheld)


def _areas(coverage: Coverage) -> Mapping[str, Numbers]:
    """The licences of the whole, and of each area with all that lies in it."""
    found: dict[str, set[int]] = defaultdict(set)
    for number, licence in enumerate(coverage.register.licences):
        for area in (WHOLE, *areas_of(licence)):
            found[area].add(number)
    return {area: frozenset(found[area]) for area in sorted(found)}


class _Grouping:
    """The groups of one measure."""

    def __init__(self, register: Register, tally: Tally, areas: Mapping[str, Numbers], smallest: int) -> None:
        self._licences = register.licences
        self._tally = tally
        self._smallest = smallest
        counted = frozenset(np.unique(tally.owner).tolist())
        self._counted = {area: numbers & counted for area, numbers in areas.items()}

    def shown(self) -> list[str]:
        """The areas of which the measure is told, each behind what it lies in."""
        return [WHOLE, *self._within(WHOLE)] if self._is_enough(self._counted.get(WHOLE, frozenset())) else []

    def _within(self, area: str) -> list[str]:
        """Those of the areas in an area, at whatever depth."""
        told = sorted(filter(lambda one: self._is_enough(self._counted[one]), self._parts(area)), key=self.size)
        while told and not self._is_hidden_enough(area, told):
            told.pop(0)
        return [inner for one in sorted(told) for inner in (one, *self._within(one))]

    def _parts(self, area: str) -> list[str]:
        return [one for one in self._counted if one and one.rpartition("/")[0] == area]

    def _is_hidden_enough(self, area: str, told: list[str]) -> bool:
        """Whether what is left of an area without those told of is of nobody, or of enough."""
        rest = self._counted[area].difference(*(self._counted[one] for one in told))
        return not rest or self._is_enough(rest)

    def _is_enough(self, numbers: Numbers) -> bool:
        return len(self._holders(numbers)) >= self._smallest

    def size(self, area: str) -> int:
        """How many holders' records are counted."""
        return len(self._holders(self._counted[area]))

    def _holders(self, numbers: Numbers) -> set[str]:
        """Who holds licences: one who holds several is one."""
        licences = [self._licences[number] for number in numbers]
        return {one.party or one.holder or one.site or one.key for one in licences}

    def rate(self, area: str, *, at_most: bool) -> float | None:
        """The rate of an area, of what is as it should be, or is not; None where there is nothing to count."""
        mine = np.isin(self._tally.owner, list(self._counted[area]))
        whole = float(mine.sum()) if self._tally.weight is None else float(self._tally.weight[mine].sum())
        if not whole:
            return None
        good = float(self._tally.good[mine].astype(float).sum())
        return round((whole - good if at_most else good) / whole, _DIGITS)
