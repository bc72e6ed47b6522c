"""The coverage of a product system (ADR 0024). In: rows of entries, a register, profiles, a period. Out: `Coverage`.

Every measure has a numerator, a denominator and the list behind it: for the system, and for each licence, role, area
and department of it. What is recorded by somebody in no register stands under nobody: it counts for the system alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec
import numpy as np

from engine.coverage import chain, lots, point, surface
from engine.coverage.columns import Array
from engine.coverage.following import Records
from engine.coverage.goods import goods_of
from engine.coverage.register import Register
from engine.coverage.tally import Tally
from engine.coverage.tracked import NOBODY, Period, Tracked, track
from graph_schema.errors import InvalidInput
from graph_schema.interval import micros_of
from graph_schema.licence import Licence
from graph_schema.profiles import Profile, Profiles

NOBODY_KNOWN = ""
"""The key of those who stand in no register."""
_DAY = 24 * 60 * 60 * 1_000_000
REPORTING, AREAS = "reporting_rate", "area_coverage"


class By(StrEnum):
    """What coverage is told for."""

    SYSTEM = "system"
    SUBJECT = "subject"
    ROLE = "role"
    AREA = "area"
    DEPARTMENT = "department"


class Measured(msgspec.Struct, frozen=True):
    """A measure: how much of what there is is as it should be, and the target."""

    id: str
    numerator: float
    denominator: float
    target: float | None
    at_most: bool = False
    """Whether it counts what is not as it should be: the target is the most that may be."""

    @property
    def rate(self) -> float | None:
        """The share; None where there is nothing to count."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where there is none, or nothing to count."""
        if self.rate is None or self.target is None:
            return None
        return self.rate <= self.target if self.at_most else self.rate >= self.target


class Covered(msgspec.Struct, frozen=True):
    """The measures of a part of a system."""

    by: By
    key: str
    measures: tuple[Measured, ...]


class Asked(msgspec.Struct, frozen=True):
    """What coverage is asked for: a system, and days, both included."""

    system: str
    at: date
    since: date = date.min

    @property
    def period(self) -> Period:
        """As rows of entries count days."""
        return Period(self.since.toordinal(), self.at.toordinal())

    @property
    def end(self) -> int:
        """The end of the last day, microseconds since 1970 UTC."""
        return micros_of(datetime.combine(self.at, datetime.min.time(), UTC)) + _DAY


class Coverage(NamedTuple):
    """How complete the records of a system are."""

    asked: Asked
    profile: Profile
    """As it is on the last day: whose targets these are."""
    register: Register
    tracked: Tracked
    targets: Mapping[str, float]
    tallies: Mapping[str, Tally]
    """By measure."""
    elements: tuple[str, ...]
    """The names of all key data elements."""
    at_most: frozenset[str]
    """The measures that are to be small."""
    chosen: Array | None = None
    """The licences that are told of, by number; None: all, and what is under none."""

    def measures(self) -> list[str]:
        """The names of what is measured."""
        return [*self.tallies, AREAS]

    def total(self) -> Covered:
        """The measures of the whole system."""
        return Covered(
            By.SYSTEM, self.asked.system, tuple(self._measured(name, self.chosen) for name in self.measures())
        )

    def parts(self, by: By) -> list[Covered]:
        """The measures of each part, in order of key; what is under no licence comes first, under no key."""
        if by is By.SYSTEM:
            return [self.total()]
        shares = {name: self._shares(tally) for name, tally in self.tallies.items()}
        return [self._part(by, key, numbers, shares) for key, numbers in self._groups(by).items()]

    def behind(self, measure: str, by: By, key: str, *, good: bool) -> tuple[Tally, Array]:
        """The units of a measure for a part, and the numbers of those that are as they should be, or are not."""
        if measure not in self.measures():
            raise InvalidInput(
                f"{measure!r} is not measured", where="measure", remedy=f"One of {', '.join(self.measures())}."
            )
        tally = self._tally(measure, self._members(by, key))
        reached = tally.good.astype(float) >= _weights(tally)
        return tally, np.flatnonzero(reached if good else ~reached)

    def missing(self, row: int) -> tuple[str, ...]:
        """The key data elements that a tracking event has not, by its number."""
        bits = int(self.tracked.missing[row])
        return tuple(name for number, name in enumerate(self.elements) if bits >> number & 1)

    def _members(self, by: By, key: str) -> Array | None:
        if by is By.SYSTEM:
            if key:
                raise InvalidInput(
                    f"{key[:40]!r} is a part of nothing", where="by", remedy="Say what kind of part it is, as by area."
                )
            return self.chosen
        found = self._groups(by).get(key)
        if found is None:
            raise InvalidInput(f"there is no {by} {key!r} here", where=by, remedy="Ask which there are, first.")
        return found

    def _tally(self, name: str, members: Array | None) -> Tally:
        if name == AREAS:
            target = self.targets.get(REPORTING, 1.0)
            return surface.area_coverage(self._tally(REPORTING, members), self.register, target)
        whole = self.tallies[name]
        return whole if members is None else whole.of(np.flatnonzero(np.isin(whole.owner, members)))

    def _measured(self, name: str, members: Array | None) -> Measured:
        tally = self._tally(name, members)
        return self._told(name, tally.numerator, tally.denominator)

    def _told(self, name: str, good: float, whole: float) -> Measured:
        """A measure that is to be small counts what is not as it should be."""
        at_most = name in self.at_most
        return Measured(name, whole - good if at_most else good, whole, self.targets.get(name), at_most)

    def _part(self, by: By, key: str, numbers: Array, shares: Mapping[str, tuple[Array, Array]]) -> Covered:
        told = [
            self._told(name, float(good[numbers].sum()), float(whole[numbers].sum()))
            for name, (good, whole) in shares.items()
        ]
        areas = [] if by is By.SUBJECT else [self._measured(AREAS, numbers)]
        return Covered(by, key, (*told, *areas))

    def _shares(self, tally: Tally) -> tuple[Array, Array]:
        """What each licence adds to the numerator and to the denominator; last what is under none."""
        size = len(self.register.licences) + 1
        of = tally.owner % size
        return np.bincount(of, tally.good.astype(float), size), np.bincount(of, _weights(tally), size)

    def _groups(self, by: By) -> dict[str, Array]:
        """The licences of each part, by number; what is under none is of the number before the first."""
        return licences_by(by, self.register, self.chosen)


def _weights(tally: Tally) -> Array:
    return np.ones(len(tally.owner)) if tally.weight is None else tally.weight


def areas_of(licence: Licence) -> list[str]:
    """An area and all that it lies in: `zone/street` and `zone`."""
    names = licence.area.split("/") if licence.area else []
    return ["/".join(names[: number + 1]) for number in range(len(names))]


_KEYS: Mapping[By, Callable[[Licence], Iterable[str]]] = {
    By.SYSTEM: lambda licence: (licence.system,),
    By.SUBJECT: lambda licence: (licence.key,),
    By.ROLE: lambda licence: (licence.role,),
    By.AREA: areas_of,
    By.DEPARTMENT: lambda licence: (licence.department,) if licence.department else (),
}


def licences_by(by: By, register: Register, chosen: Array | None = None) -> dict[str, Array]:
    """The licences of each part, in order of key, by number: of all, and `NOBODY` before these, or of those chosen."""
    found: dict[str, list[int]] = defaultdict(list)
    for number in range(len(register.licences)) if chosen is None else chosen.tolist():
        for key in _KEYS[by](register.licences[number]):
            found[key].append(number)
    nobody = {NOBODY_KNOWN: np.array([NOBODY])} if chosen is None else {}
    return nobody | {key: np.array(found[key], int) for key in sorted(found)}


def measure(
    records: Records, register: Register, profiles: Profiles, asked: Asked, seen: Array | None = None
) -> Coverage:
    """The coverage of a system, by the rows of entries that are seen; None: by all.

    Raises `InvalidInput` where there is no system of this name on the last day, or this is before the first.
    """
    if asked.at < asked.since:
        raise InvalidInput(
            f"the period ends ({asked.at}) before it begins ({asked.since})",
            where="since",
            remedy="Give the earlier first.",
        )
    profile = profiles.on(asked.system, asked.at.isoformat())
    if profile is None:
        raise InvalidInput(
            f"there is no product system {asked.system!r} on {asked.at}",
            where="SYSTEM",
            remedy=f"One of {', '.join(profiles.names())}.",
        )
    tracked = track(records, asked.system, profiles, register, asked.period, seen)
    targets = profiles.common.targets_default | profile.completeness.targets
    goods = goods_of(tracked)
    found = lots.lots_of(tracked, goods)
    links = chain.links_expected(tracked, goods, profiles, asked.end)
    tallies = {
        REPORTING: surface.reporting_rate(tracked, register),
        "unit_coverage": surface.unit_coverage(tracked, register),
        "link_rate": chain.link_rate(links),
        "balance_rate": lots.balance_rate(tracked, found, asked.end),
        "orphan_rate": lots.orphan_rate(tracked, found, links.tally),
        "kde_rate": point.kde_rate(tracked),
        "cte_rate": lots.cte_rate(tracked, found, goods),
        "timeliness": point.timeliness(tracked),
        "code_validity": point.code_validity(tracked),
    }
    at_most = frozenset(name for name, one in profiles.common.measures().items() if one.at_most)
    return Coverage(asked, profile, register, tracked, targets, tallies, tuple(profiles.common.kde), at_most)
