"""Open data of a product system, as anybody is told them. In: a state, a system, a month. Out: `OpenData`.

A server works a month out once a day: so that nobody has it worked out at will, nor sees what a single record changes.
"""

from __future__ import annotations

import calendar
from collections import OrderedDict
from datetime import date
from threading import Lock
from typing import Protocol

import msgspec

from api.settings import today
from engine.coverage.following import Records
from engine.coverage.measured import Asked, measure
from engine.coverage.open_data import OpenRate, open_rates
from engine.coverage.register import read_register
from engine.stores.ports import Snapshot
from graph_schema.errors import InvalidInput
from graph_schema.profiles import Profiles, Status, profiles

MOST = 1_000
"""Months of systems that are kept; what was not asked for longest goes first."""


class OpenData(msgspec.Struct, frozen=True):
    """What is open of a system in a month."""

    system: str
    month: str
    smallest_group: int
    status: Status
    """How sure the smallest group is: it is proposed."""
    rates: tuple[OpenRate, ...]
    withheld: bool
    """Whether groups are withheld that are too small, or that would tell of one that is."""


class State(Protocol):
    """A committed state."""

    @property
    def snapshot(self) -> Snapshot:
        """The state."""

    def records(self) -> Records:
        """What coverage is measured by."""


class OpenMonths:
    """Open data as a server tells them."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], tuple[date, OpenData]] = OrderedDict()
        self._lock = Lock()

    def of(self, state: State, system: str, month: str) -> OpenData:
        """The open data of a month, as they were when they were first asked for today."""
        with self._lock:
            day, found = self._known.pop((system, month), (None, None))
            if found is None or day != today():
                found = open_data(state.records(), state.snapshot, system, month, profiles())
            self._known[system, month] = today(), found
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return found


def open_data(records: Records, snapshot: Snapshot, system: str, month: str, known: Profiles) -> OpenData:
    """The open data of a month that is over; `InvalidInput` for any other, and for a system that there is not."""
    asked = _asked(system, month)
    days = asked.since.isoformat(), asked.at.isoformat()
    register = read_register(snapshot.masters, system, *days, at=records.position)
    coverage = measure(records, register, known, asked)
    rule = coverage.profile.visibility.open_data or known.common.open_data
    found = open_rates(coverage, rule.smallest_group)
    return OpenData(system, month, rule.smallest_group, rule.status, found.rates, found.withheld)


def _asked(system: str, month: str) -> Asked:
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise InvalidInput(f"{month[:40]!r} is no month", where="month", remedy="Write it as 2026-10.") from None
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    if last >= today():
        raise InvalidInput(
            f"{month} is not over",
            where="month",
            remedy="Ask for one that is: from day to day, what one records could be told from what others do.",
        )
    return Asked(system, last, first)
