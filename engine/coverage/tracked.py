"""Which entries are tracking events of a system, and whose. In: rows of entries, versions of a profile. Out: `Tracked`.

The same as `graph_schema.profiles.recognition` says of each event, for all at once: an event is told by its shape and
by what its sender calls it, of several the one that misses least; but what those may record in whose role who records
stands in the register goes before. An event belongs to the system where its sender names
it (`dairy.ship`); else where its recording subject, or its site, stands in the system's register; else where neither
stands in the register of another system. What was declared an error counts for nothing, nor does what is unattested;
of one id the last entry counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import msgspec
import numpy as np

from engine.coverage.columns import Array, Flag, digest, shape
from engine.coverage.following import Records
from engine.coverage.register import Register
from graph_schema.profiles import Profile, Profiles, TrackingEvent
from graph_schema.profiles.recognition import expected_elements

NOBODY = -1
"""Who recorded an event stands in no register."""
_ELEMENTS = 64
"""More key data elements than a row has bits for are missing nowhere."""
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))


class Law(msgspec.Struct, frozen=True):
    """A tracking event as a version of a profile has it."""

    profile: Profile
    event: TrackingEvent


class Period(NamedTuple):
    """Days, both included, as `date.toordinal` counts them."""

    first: int
    last: int


class Tracked(NamedTuple):
    """Rows of entries that are tracking events of a system."""

    records: Records
    laws: Sequence[Law]
    rows: Array
    """Which rows, in order."""
    law: Array
    """Which tracking event each is."""
    missing: Array
    """Key data elements that each has not, a bit for each."""
    owner: Array
    """Whose each is: a licence by its number, or `NOBODY`."""
    things: Array
    """The things that they name, and the values that links are matched by."""
    of: Array
    """Of which each thing is, by its number among them."""

    def column(self, name: str) -> Array:
        """A column of the rows."""
        return self.records.records[name][self.rows]


def track(
    records: Records, name: str, profiles: Profiles, register: Register, period: Period, seen: Array | None = None
) -> Tracked:
    """The tracking events of a system in a period, of the rows that are seen, each by the version of its day."""
    rows = records.records
    within = (rows["day"] >= period.first) & (rows["day"] <= period.last)
    counted = np.flatnonzero(_counts(rows) & within if seen is None else _counts(rows) & within & seen)
    laws = [Law(profile, event) for profile in profiles.versions(name) for event in profile.events]
    law, missing = _recognised(rows[counted], laws, profiles, register)
    known = law >= 0
    counted, law, missing = counted[known], law[known], missing[known]
    owner, of_others = _owners(rows[counted], law, laws, register)
    named = np.isin(rows["cte"][counted], [digest(f"{name}.{each.event.id}") for each in laws])
    kept = named | ~of_others
    return Tracked(
        records, laws, counted[kept], law[kept], missing[kept], owner[kept], *_things(records, counted[kept])
    )


def _things(records: Records, rows: Array) -> tuple[Array, Array]:
    """The things of some rows, and the number of the row of each."""
    where = np.full(len(records.records), -1, np.int32)
    where[rows] = np.arange(len(rows))
    of = where[records.things["record"]]
    here = np.flatnonzero(of >= 0)
    return records.things[here], of[here]


def _counts(rows: Array) -> Array:
    """Which entries are not declared errors, nor unattested, and are the last of their id."""
    counts = (rows["flags"] & (Flag.ERROR | Flag.UNATTESTED)) == 0
    declared = rows["event"][(rows["flags"] & Flag.ERROR) != 0]
    if len(declared):
        counts &= ~np.isin(rows["event"], declared)
    _, last = np.unique(rows["event"][::-1], return_index=True)
    newest = np.zeros(len(rows), bool)
    newest[len(rows) - 1 - last] = True
    return np.asarray(counts & newest)


def _recognised(rows: Array, laws: Sequence[Law], profiles: Profiles, register: Register) -> tuple[Array, Array]:
    """Which law each row is under (-1: none), and what it misses."""
    roles = _roles(rows, register)
    found = np.full(len(rows), -1, np.int32)
    missing = np.zeros(len(rows), np.uint64)
    least = np.full(len(rows), 2 * _ELEMENTS + 1, np.uint8)
    starts = _starts(laws)
    kind, cte, told, day = (np.ascontiguousarray(rows[name]) for name in ("shape", "cte", "told", "day"))
    for number, (law, (first, last)) in enumerate(zip(laws, starts, strict=True)):
        names = (0, digest(law.event.id), digest(f"{law.profile.profile}.{law.event.id}"))
        for disposition in dict.fromkeys((law.event.disposition, law.event.disposition_fail or law.event.disposition)):
            wanted = shape(law.event.type, law.event.action, law.event.biz_step, disposition)
            here = np.flatnonzero(kind == wanted)
            here = here[np.isin(cte[here], names) & (day[here] >= first) & (day[here] < last)]
            lacks = np.uint64(_mask(expected_elements(disposition, law.event, profiles.common), profiles)) & ~told[here]
            of_others = (roles[here] != 0) & ((roles[here] & register.mask(law.event.by)) == 0)
            many = np.bitwise_count(lacks) + of_others * np.uint8(_ELEMENTS)
            better = many < least[here]
            here = here[better]
            found[here], missing[here], least[here] = number, lacks[better], many[better]
    return found, missing


def _roles(rows: Array, register: Register) -> Array:
    """In which roles the recording subject of each row, else its site, stands in the register: a bit for each."""
    alike = rows["recorder"] * _MIX[0] ^ rows["site"] * _MIX[1]
    _, first, each = np.unique(alike, return_index=True, return_inverse=True)
    found = [
        register.mask({register.licences[number].role for number in register.held(int(recorder), int(site))})
        for recorder, site in zip(rows["recorder"][first], rows["site"][first], strict=True)
    ]
    return np.array(found, np.uint64)[each]


def _mask(names: Sequence[str], profiles: Profiles) -> int:
    bits = {name: 1 << number for number, name in enumerate(profiles.common.kde)}
    return sum(bits[name] for name in names)


def _starts(laws: Sequence[Law]) -> list[tuple[int, int]]:
    """From which day each law acts, and from which no more."""
    days = sorted({_day(law.profile) for law in laws})
    follows = dict(zip(days, [*days[1:], date.max.toordinal() + 1], strict=True))
    return [(_day(law.profile), follows[_day(law.profile)]) for law in laws]


def _day(profile: Profile) -> int:
    return 0 if profile.valid_from is None else date.fromisoformat(profile.valid_from).toordinal()


def _owners(rows: Array, law: Array, laws: Sequence[Law], register: Register) -> tuple[Array, Array]:
    """Whose each row is, and which are of those who stand in registers of other systems alone."""
    alike = rows["recorder"] * _MIX[0] ^ rows["site"] * _MIX[1] ^ law.astype(np.uint64)
    _, first, each = np.unique(alike, return_index=True, return_inverse=True)
    found = [
        _owner(int(recorder), int(site), laws[number], register)
        for recorder, site, number in zip(rows["recorder"][first], rows["site"][first], law[first], strict=True)
    ]
    owners = np.array([owner for owner, _ in found], np.int32)
    others = np.array([other for _, other in found], bool)
    return owners[each], others[each]


def _owner(recorder: int, site: int, law: Law, register: Register) -> tuple[int, bool]:
    """The licence that an event is recorded under, and whether who records it stands in other registers alone."""
    owner = register.owner(recorder, site, law.event.by)
    return (NOBODY, bool({recorder, site} & register.elsewhere)) if owner is None else (owner, False)
