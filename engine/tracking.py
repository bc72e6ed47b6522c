"""Events as tracking events of a system (ADR 0023). In: ledger entries, a system. Out: `Tracked`.

Each event is recognised by the version of the profile that acts on its day; what is none of its events is left out, and
so is what those record who stand in registers of other systems alone, unless it names this system (ADR 24).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from engine.coverage.columns import digest
from engine.coverage.register import Register
from engine.ledger import LedgerEntry
from graph_schema.errors import InvalidInput
from graph_schema.event import Event
from graph_schema.identifiers import site_of_place, take_identifier
from graph_schema.interval import Interval, datetime_of
from graph_schema.licence import Licence
from graph_schema.master_data import text
from graph_schema.profiles import Profile, Profiles, Recognised, recognise, recognise_all
from graph_schema.profiles.recognition import NAMED, day_of, offset_of, recorder_of
from graph_schema.steps import Effect, Ending, step_of

_LIVES_ON = frozenset({Ending.LOST, Ending.SOLD, Ending.DISPENSED})
"""Endings of a chain after which a thing may be in use, or come back."""


class Tracked(msgspec.Struct, frozen=True):
    """An entry, the profile of its day, and what it may be in it, the likeliest first."""

    entry: LedgerEntry
    profile: Profile
    recognised: tuple[Recognised, ...]

    @property
    def event(self) -> Event:
        """The event itself."""
        return self.entry.event


def tracked(entries: Iterable[LedgerEntry], system: str, profiles: Profiles, register: Register) -> Iterator[Tracked]:
    """The tracking events of a system among some entries."""
    for entry in entries:
        profile = profiles.on(system, day_of(entry.event))
        found = () if profile is None else recognise(entry.event, profile, profiles.common)
        if profile is not None and found and not _is_of_others(entry.event, system, register):
            yield Tracked(entry, profile, found)


def holders_of(event: Event, register: Register) -> tuple[Licence, ...]:
    """The licences that an event may be recorded under: of who records it, else of the site where it was."""
    return tuple(register.licences[number] for number in register.held(*_names_of(event)))


def owner_of(one: Tracked, register: Register) -> int | None:
    """The licence that a tracking event is recorded under, by number; None: of somebody in no register."""
    return register.owner(*_names_of(one.event), one.recognised[0].event.by)


def _is_of_others(event: Event, system: str, register: Register) -> bool:
    """Whether who recorded it stands in registers of other systems alone, where it does not name this one (ADR 24)."""
    if not register.elsewhere or (text(event.extensions, NAMED) or "").startswith(f"{system}."):
        return False
    return not holders_of(event, register) and not register.elsewhere.isdisjoint(_names_of(event))


def _names_of(event: Event) -> tuple[int, int]:
    """The digests of who recorded an event, and of where it was; 0 where it does not say."""
    recorder, place = recorder_of(event), event.biz_location or event.read_point
    return (
        digest(None if recorder is None else take_identifier(recorder)[0].key),
        digest(None if place is None else site_of_place(place)),
    )


def other_systems(event: Event, system: str, profiles: Profiles) -> tuple[str, ...]:
    """The other systems that an event may be a tracking event of; none where it names its own."""
    names = (one.profile for one in recognise_all(event, profiles) if one.profile != system)
    return tuple(dict.fromkeys(names))


def versions_of(system: str, profiles: Profiles) -> tuple[Profile, ...]:
    """The versions of a system; `InvalidInput` where there is none of this name."""
    versions = profiles.versions(system)
    if not versions:
        raise InvalidInput(
            f"there is no product system {system[:80]!r}",
            where="system",
            remedy=f"One of {', '.join(profiles.names())}.",
        )
    return versions


def last_day_of(event: Event) -> date | None:
    """The last day, in its zone, on which an event may have been; None where nothing bounds it."""
    moment = datetime_of(event.time.latest + offset_of(event))
    return None if moment is None else moment.date()


class Lives:
    """When single things were last recorded, and which of them have ended: scrapped, destroyed, used up."""

    def __init__(self) -> None:
        self._last: dict[str, Interval] = {}
        self._ended: dict[str, tuple[Interval, date | None]] = {}

    def read(self, event: Event) -> None:
        """Take in an event."""
        step = step_of(event.type, event.action, event.biz_step, event.disposition)
        ends = step.effect is Effect.ENDS and not step.partly and step.ending not in _LIVES_ON
        for what in event.whats:
            last = self._last.get(what.item)
            if last is None or event.time.latest >= last.latest:
                self._last[what.item] = event.time
            if ends and what.quantity is None:
                self._ended[what.item] = (event.time, last_day_of(event))

    def ended(self, item: str) -> date | None:
        """The day a thing ended, where nothing is recorded of it later; None where it has not, or nobody says when."""
        end = self._ended.get(item)
        return None if end is None or self._last[item].latest > end[0].latest else end[1]
