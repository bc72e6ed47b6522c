"""What the public is told of a thing (`visibility.public` of a profile). In: marked events. Out: values, status.

Only records that their sender marked as tracking events of a system (extension `cte`) tell anything: what was recorded
for partners alone does not become public by the way. Told is what every system makes public that the records may be
of, and only of goods that come to the end of its chain: of a tank of raw milk the public learns nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property, reduce
from types import MappingProxyType

import msgspec

from graph_schema.event import Action, Event, EventType, Role
from graph_schema.identifiers import Kind, kind_of_key
from graph_schema.master_data import text
from graph_schema.profiles.codes import Scheme, read_code
from graph_schema.profiles.loading import Profiles
from graph_schema.profiles.profile import Profile, TrackingEvent
from graph_schema.profiles.recognition import NAMED, day_of

RECALL_STATUS = "recall_status"
"""The public field that is told of everything, as far as records tell it."""
_LICENCE = ("licence", "certificate")
"""Key data elements that hold a number under which something is permitted."""
_ALL = frozenset(Role)


class RecallStatus(StrEnum):
    """How a thing stands, as marked records tell it."""

    NONE = "none"
    """No record tells of a recall: that is no proof that there is none."""
    ON_HOLD = "on hold"
    RECALLED = "recalled"
    CLOSED = "closed"
    """It was recalled, and that has ended."""


class Mark(msgspec.Struct, frozen=True):
    """An event as the tracking event of a system that its sender says it is."""

    system: str
    tracked: TrackingEvent
    failed: bool
    """Whether the step had the failed result."""


class Marks:
    """Reads what senders say that their events are, of any system, without looking for what is missing."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles
        self._ends = {name: _end_kinds(profiles.versions(name)) for name in profiles.names()}
        self._tracked: dict[object, list[tuple[Profile, TrackingEvent]]] = {}
        for profile in (profile for name in profiles.names() for profile in profiles.versions(name)):
            for tracked in profile.events:
                said = (tracked.id, tracked.type, tracked.action, tracked.biz_step)
                self._tracked.setdefault(said, []).append((profile, tracked))

    def of(self, event: Event) -> list[Mark]:
        """The tracking events, of whatever systems, that an event is and says that it is."""
        told = text(event.extensions, NAMED)
        if told is None:
            return []
        system, _, name = told.rpartition(".")
        known = self._tracked.get((name, event.type, event.action, event.biz_step), [])
        day = day_of(event) if known else ""
        return [
            Mark(profile.profile, tracked, failed=event.disposition != tracked.disposition)
            for profile, tracked in known
            if system in ("", profile.profile)
            and event.disposition in (tracked.disposition, tracked.disposition_fail or tracked.disposition)
            and self._profiles.on(profile.profile, day) is profile
        ]

    def shows_public(self, mark: Mark, roles: frozenset[Role]) -> bool:
        """Whether what is in these roles is of kinds that come to the end of a system's chain, and of no other."""
        kinds = kinds_in(mark.tracked, roles)
        return bool(kinds) and kinds <= self._ends[mark.system]


def _end_kinds(versions: Iterable[Profile]) -> frozenset[str]:
    """The kinds of goods in the events of stages where a chain may end."""
    told = (
        kind
        for profile in versions
        for event in profile.events
        if event.stage in {stage.id for stage in profile.stages if stage.terminal}
        for kind in kinds_in(event, _ALL)
    )
    return frozenset(told)


def kinds_in(tracked: TrackingEvent, roles: Iterable[Role]) -> frozenset[str]:
    """The kinds of goods that a tracking event has in roles."""
    return frozenset(kind for role in roles for kind in _kinds_as(tracked, role))


def _kinds_as(tracked: TrackingEvent, role: Role) -> tuple[str, ...]:
    """Where its contact says what is in a role, what is at the other end is not."""
    if role in (Role.INPUT, Role.OUTPUT):
        return tracked.takes if role is Role.INPUT else tracked.makes
    ends = dict(zip(tracked.contact_at or (), tracked.contact or (), strict=False))
    others = {kind for at, kind in ends.items() if at != role} if role in ends else set()
    return tuple(kind for kind in tracked.of if kind not in others)


class Record(msgspec.Struct, frozen=True):
    """A marked event of a thing, as the systems read it that are meant."""

    event: Event
    roles: frozenset[Role]
    """In which the thing is in it."""
    marks: tuple[Mark, ...]

    @property
    def tracked(self) -> TrackingEvent:
        """As the first system reads it."""
        return self.marks[0].tracked

    @property
    def makes(self) -> bool:
        """Whether the thing comes into being by it."""
        begins = self.event.type is EventType.OBJECT and self.event.action is Action.ADD
        return begins or Role.OUTPUT in self.roles


def roles_of(event: Event, keys: Collection[str]) -> frozenset[Role]:
    """In which roles an event names things, or what is of them."""
    return frozenset(what.role for what in event.whats if what.item in keys or what.lot in keys)


def recall_told(records: Iterable[Record], keys: Collection[str]) -> RecallStatus:
    """How the thing of these keys stands after records in order of time (CBV 2.0 §7.2, §7.3)."""
    single = all(kind_of_key(key) is not Kind.lot for key in keys)
    status = RecallStatus.NONE
    for event in (record.event for record in records):
        if event.disposition == "recalled" or "recalled" in event.dispositions("set"):
            status = RecallStatus.RECALLED
        elif "recalled" in event.dispositions("unset") or (single and event.disposition == "destroyed"):
            status = RecallStatus.CLOSED if status is RecallStatus.RECALLED else status
        elif event.biz_step == "holding" and status is not RecallStatus.RECALLED:
            status = RecallStatus.ON_HOLD
    return status


Namer = Callable[[Event], str | None]
"""The name of who recorded an event, where it may be shown."""


class PublicFields:
    """Finds public fields in the records of a thing, by the words of `public_fields.*.find` (common.yaml).

    `codes` are those on it, by the space of their scheme.
    """

    def __init__(self, records: Sequence[Record], profiles: Profiles, codes: Mapping[str, str], name_of: Namer) -> None:
        self._newest = records[::-1]
        self._profiles = profiles
        self._codes = codes
        self._name_of = name_of

    def values(self) -> dict[str, str]:
        """The values of fields that every system makes public that the records may be of, where they tell them."""
        told = [frozenset(mark.system for mark in record.marks) for record in self._newest]
        meant = reduce(frozenset.__or__, told, frozenset[str]())
        latest = {profile.profile: frozenset(profile.visibility.public) for profile in self._profiles.latest()}
        public = reduce(frozenset.__and__, (latest[name] for name in meant)) if meant else frozenset[str]()
        found = ((field, self._value(field)) for field in sorted(public))
        return {field: value for field, value in found if value is not None}

    def _value(self, field: str) -> str | None:
        told = self._profiles.common.public_fields.get(field)
        places = (f"element {field}",) if told is None else told.find
        return _first(FIND[word](self, name) for word, _, name in (place.partition(" ") for place in places))

    def element(self, name: str) -> str | None:
        """The newest value of a key data element."""
        places = self._profiles.common.kde[name].at
        return _first(said(record.event, places) for record in self._newest)

    def made_by(self, role: str) -> str | None:
        """Who made it, where that was for a subject of a role to record."""
        made = (record for record in self._newest if record.makes and role in record.tracked.by)
        return _first(self._name_of(record.event) for record in made)

    def by(self, name: str) -> str | None:
        """Who recorded the newest event of a name."""
        return _first(self._name_of(record.event) for record in self._of(name))

    def day(self, name: str) -> str | None:
        """The day of the newest event of a name."""
        return _first(day_of(record.event) for record in self._of(name))

    def result(self, name: str) -> str | None:
        """How the newest event of a name ended, in the words of CBV."""
        return _first(record.event.disposition for record in self._of(name))

    def did(self, name: str) -> str | None:
        """`yes` where there was such an event."""
        return _first("yes" for _ in self._of(name))

    def code(self, name: str) -> str | None:
        """A code of a scheme that is on it, or the number of a permit that has this form."""
        scheme = self._schemes.get(name)
        return None if scheme is None else self._codes.get(scheme.space) or self._permit(scheme)

    @cached_property
    def _schemes(self) -> dict[str, Scheme]:
        systems = {mark.system for record in self._newest for mark in record.marks}
        known = (profile for name in systems for profile in self._profiles.versions(name))
        return {scheme.name: scheme for profile in known for scheme in self._profiles.schemes(profile)}

    def _permit(self, scheme: Scheme) -> str | None:
        told = (said(record.event, self._profiles.common.kde[name].at) for name in _LICENCE for record in self._newest)
        return _first(number for number in told if number is not None and read_code(number, scheme) is not None)

    def _of(self, name: str) -> Iterator[Record]:
        return (record for record in self._newest if record.tracked.id == name)


FIND: Mapping[str, Callable[[PublicFields, str], str | None]] = MappingProxyType(
    {
        "element": PublicFields.element,
        "made_by": PublicFields.made_by,
        "by": PublicFields.by,
        "day": PublicFields.day,
        "result": PublicFields.result,
        "did": PublicFields.did,
        "code": PublicFields.code,
    }
)
"""The words of places where a public field is found."""


def said(event: Event, places: Iterable[str]) -> str | None:
    """What an event says in extensions, master data of its goods or transactions, at the first of some places."""
    return _first(_said_at(event, word, name) for word, _, name in (at.partition(" ") for at in places))


def _said_at(event: Event, word: str, name: str) -> str | None:
    if word == "extension":
        return text(event.extensions, name)
    if word == "ilmd":
        return text(event.ilmd, name)
    if word == "transaction":
        return _first(each.id for each in event.transactions if (each.type or "").rpartition(":")[2] == name)
    return event.lot_number if word == "lot" else None


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)
