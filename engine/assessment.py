"""How the records of a department's systems stand (paper 六(一), 六(五)). In: a ledger, a time. Out: `Assessment`.

Of each system that it leads: how much was recorded and how completely, what random inspections found, and which duties
are overdue. What a profile asks in words alone is listed as not judged.
"""

from __future__ import annotations

from datetime import date

import msgspec

from engine.coverage.following import Records
from engine.coverage.measured import Asked, Measured, measure
from engine.coverage.register import Register, read_register
from engine.duties import Duties, Overdue
from engine.inspection.results import inspected_of
from engine.ledger import LedgerEntry
from engine.questions.position import ledger_state
from engine.stores.ports import EventPort, Snapshot
from engine.tracking import other_systems, tracked
from graph_schema.errors import InvalidInput
from graph_schema.interval import datetime_of
from graph_schema.profiles import Profile, Profiles, Status


class Inspections(msgspec.Struct, frozen=True):
    """How many random inspections were made."""

    passed: int
    failed: int


class SystemAssessed(msgspec.Struct, frozen=True):
    """One system."""

    system: str
    version: int
    zh: str
    en: str
    proposed: bool
    """Whether the paper names no lead, and this one is proposed."""
    events: int
    """Tracking events up to the time."""
    measures: tuple[Measured, ...]
    """Its coverage up to the day (ADR 24)."""
    inspections: Inspections
    overdue: int
    duties: tuple[Overdue, ...]
    """The longest overdue of these."""
    duties_status: Status
    """How sure the limits of time are: all are proposed."""
    not_judged: dict[str, str]
    """What the profile asks in words alone, by name."""


class Assessment(msgspec.Struct, frozen=True):
    """A report for a department."""

    department: str
    zh: str
    en: str
    at: int
    """Microseconds since 1970 UTC."""
    position: int
    hash: str
    systems: tuple[SystemAssessed, ...]


def assess(snapshot: Snapshot, records: Records, profiles: Profiles, department: str, at: int, most: int) -> Assessment:
    """Assess what a department leads, from events up to a time; of each system `most` duties are listed.

    `records` are the rows of the snapshot's entries, which coverage is measured by.
    """
    name = _department(profiles, department)
    moment = datetime_of(at)
    led = [
        profile
        for profile in (profiles.latest() if moment is None else profiles.all_on(moment.date().isoformat()))
        if name in _leads(profile)
    ]
    position = snapshot.ledger.head().position
    day = date.max if moment is None else moment.date()
    assessing = [
        _Assessing(
            profile,
            profiles,
            at,
            read_register(snapshot.masters, profile.profile, "", day.isoformat(), at=position),
        )
        for profile in led
    ]
    for entry in snapshot.ledger.entries(until=position) if assessing else ():
        for one in assessing:
            one.read(entry)
    told = profiles.common.departments[name]
    return Assessment(
        department=name,
        zh=told.zh,
        en=told.en,
        at=at,
        position=position,
        hash=ledger_state(snapshot, position).hash,
        systems=tuple(one.assessed(most, snapshot.events, records, day) for one in assessing),
    )


def _department(profiles: Profiles, asked: str) -> str:
    """The id of a department, by it or by its name in either language."""
    for name, told in profiles.common.departments.items():
        if asked.strip() in (name, told.zh, told.en):
            return name
    names = ", ".join(f"{name} ({told.zh})" for name, told in profiles.common.departments.items())
    raise InvalidInput(f"there is no department {asked[:80]!r}", where="department", remedy=f"One of {names}.")


def _leads(profile: Profile) -> tuple[str | None, ...]:
    return profile.regulator.lead or (profile.regulator.proposed_lead,)


class _Assessing:
    """One system, over one pass of the ledger."""

    def __init__(self, profile: Profile, profiles: Profiles, at: int, register: Register) -> None:
        self._profile = profile
        self._register = register
        self._profiles = profiles
        self._at = at
        self._duties = Duties(profiles, at)
        self._events = 0
        self._passed = {True: 0, False: 0}

    def read(self, entry: LedgerEntry) -> None:
        """Take in an entry, unless it was after the time."""
        if entry.event.time.earliest > self._at:
            return
        for one in tracked([entry], self._profile.profile, self._profiles, self._register):
            self._events += 1
            self._duties.read(one)
        result = inspected_of(entry.event)
        if result is not None and result.system == self._profile.profile:
            self._passed[result.passed] += 1

    def assessed(self, most: int, events: EventPort, records: Records, day: date) -> SystemAssessed:
        """What was found."""
        coverage = measure(records, self._register, self._profiles, Asked(self._profile.profile, day))
        overdue = self._duties.overdue()
        shared = self._shared(overdue[:most], events)
        return SystemAssessed(
            system=self._profile.profile,
            version=self._profile.version,
            zh=self._profile.label_zh,
            en=self._profile.label_en,
            proposed=self._profile.regulator.lead is None,
            events=self._events,
            measures=coverage.total().measures,
            inspections=Inspections(self._passed[True], self._passed[False]),
            overdue=len(overdue),
            duties=tuple(msgspec.structs.replace(one, also=shared[one.seq]) for one in overdue[:most]),
            duties_status=Status.PROPOSED,
            not_judged=self._profile.completeness.extra,
        )

    def _shared(self, duties: list[Overdue], events: EventPort) -> dict[int, tuple[str, ...]]:
        """By entry: the other systems that its event may be of."""
        entries = events.at(sorted({one.seq for one in duties}))
        return {entry.seq: other_systems(entry.event, self._profile.profile, self._profiles) for entry in entries}
