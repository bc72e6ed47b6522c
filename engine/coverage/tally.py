"""What a measure counts. In: units, whose each is, whether it is as it should be. Out: numerator, denominator."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from engine.coverage.columns import Array


class Unit(StrEnum):
    """What is counted."""

    EVENT = "event"
    """An entry of the ledger, by its row."""
    LINK = "link"
    """An entry that another should follow, for one thing that it names, by both."""
    CODE = "code"
    """A thing that an entry names, by both."""
    LOT = "lot"
    """A lot, by the entry that was first to name it, and itself."""
    TRACKING_EVENT = "tracking_event"
    """A tracking event that is expected of a lot, by an entry of its stage, and the lot."""
    LICENCE = "licence"
    """A line of the register, by its number."""
    AREA = "area"
    """An area, by the number of one of its licences."""
    DECLARED = "declared"
    """Units that a licence holder declares, by the number of the licence."""


class Tally(NamedTuple):
    """The units of a measure."""

    unit: Unit
    owner: Array
    """Whose each is: a licence by its number, or -1."""
    good: Array
    """Whether each is as it should be; of what is declared, how much is."""
    what: Array
    """Which each is: a row, or the number of a licence."""
    thing: Array | None = None
    """Which thing it names, by its digest."""
    weight: Array | None = None
    """How much each counts for; without it each counts for one."""
    which: Array | None = None
    """Which link each is, by its number among those of `engine.coverage.chain.links_of`; which tracking event, by its
    number among the laws."""

    def of(self, chosen: Array) -> Tally:
        """Some of the units."""
        thing, weight, which = (None if part is None else part[chosen] for part in self[4:])
        return Tally(self.unit, self.owner[chosen], self.good[chosen], self.what[chosen], thing, weight, which)

    @property
    def numerator(self) -> float:
        """How much is as it should be."""
        return float(self.good.sum())

    @property
    def denominator(self) -> float:
        """How much there is."""
        return float(len(self.owner) if self.weight is None else self.weight.sum())


def joined(unit: Unit, tallies: Iterable[Tally]) -> Tally:
    """The units of several tallies of what events name, one behind the other."""
    nothing = (np.empty(0, kind) for kind in (np.int32, bool, np.int64, np.uint64, np.int32))
    columns = [nothing, *((one.owner, one.good, one.what, one.thing, one.which) for one in tallies)]
    owner, good, what, thing, which = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    return Tally(unit, owner, good, what, thing, which=which)
