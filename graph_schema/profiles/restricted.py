"""What a product system restricts of an event (`visibility.restricted`, ADR 0032). In: an event. Out: `Restriction`s.

An event is of the systems that its sender says (extension `cte`), else of all that its words allow; of none, what
`restricted_fields` (common.yaml) names is restricted. What several elements share one place for, as `personRef`, is
restricted where one of them is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from typing import Any

import msgspec

from graph_schema.event import Action, Event, EventType
from graph_schema.master_data import last_part, text
from graph_schema.profiles.elements import extension_at
from graph_schema.profiles.loading import Profiles, profiles
from graph_schema.profiles.profile import Profile, TrackingEvent
from graph_schema.profiles.recognition import NAMED, day_of

WITHHELD = "urn:suyuan:withheld"
"""The field of an event as it is shown that names what was left out of it."""
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_KNOWN = 1 << 12
"""Kinds of event of which it is remembered what is restricted: most of a ledger's are alike."""
_LONGEST = 200
"""Characters of a name of a tracking event that are looked at."""
_Reading = tuple[Profile, TrackingEvent]
_Words = tuple[EventType, Action | None, str | None, str | None]
"""Type, action, business step, disposition."""


class Restriction(msgspec.Struct, frozen=True):
    """An element that a system restricts and an event has."""

    element: str
    places: frozenset[str]
    """The last parts of the names of the extensions where it stands."""
    profile: Profile | None
    """Whose it is, as it is on the event's day; None where no system tells."""


class Restrictions:
    """Reads events, of any system."""

    def __init__(self, profiles: Profiles) -> None:
        self.profiles = profiles
        versions = [version for name in profiles.names() for version in profiles.versions(name)]
        self._places = {
            name: frozenset(filter(None, map(extension_at, profiles.common.kde[name].at)))
            for name in profiles.common.restricted_fields
            + tuple(element for version in versions for element in version.visibility.restricted)
        }
        self._all_places = frozenset[str]().union(*self._places.values())
        self._marks = [place.encode() for place in self._all_places]
        self._known = lru_cache(_KNOWN)(self._found)
        self._fitting: dict[object, list[_Reading]] = {}
        for version in versions:
            for tracked in version.events:
                said = (tracked.type, tracked.action, tracked.biz_step)
                self._fitting.setdefault(said, []).append((version, tracked))

    def of(self, event: Event) -> tuple[Restriction, ...]:
        """What is restricted of what an event has; nothing of one without a body."""
        if not self._may_have(event.body):
            return ()
        fields = event.fields()
        there = self._all_places.intersection(_names_in(fields))
        if not there:
            return ()
        said = (text({name: fields[name] for name in fields if ":" in name}, NAMED) or "")[:_LONGEST]
        words = (event.type, event.action, event.biz_step, event.disposition)
        return self._known(words, day_of(event), said, there)

    def _may_have(self, body: bytes) -> bool:
        """Whether a body may have such a name: most have none, and are not read. A backslash may hide one."""
        return b"\\u" in body or any(mark in body for mark in self._marks)

    def _found(self, words: _Words, day: str, said: str, there: frozenset[str]) -> tuple[Restriction, ...]:
        readings = self._readings(words, day, said)
        found = [
            Restriction(element, self._places[element] & there, profile)
            for profile, tracked in readings
            for element in _meant(profile.visibility.restricted, tracked, self._places)
        ]
        if not readings:
            found = [
                Restriction(element, self._places[element] & there, None)
                for element in self.profiles.common.restricted_fields
            ]
        return tuple(one for one in found if one.places)

    def _readings(self, words: _Words, day: str, said: str) -> list[_Reading]:
        """The tracking events that an event may be, by the profiles that act on its day."""
        *step, disposition = words
        fitting = [
            (profile, tracked)
            for profile, tracked in self._fitting.get(tuple(step), ())
            if disposition in (tracked.disposition, tracked.disposition_fail or tracked.disposition)
            and self.profiles.on(profile.profile, day) is profile
        ]
        system, _, name = said.rpartition(".")
        meant = [each for each in fitting if each[1].id == name and system in ("", each[0].profile)]
        return meant or fitting


@cache
def restrictions() -> Restrictions:
    """Ours, read once."""
    return Restrictions(profiles())


def _meant(restricted: Collection[str], tracked: TrackingEvent, places: dict[str, frozenset[str]]) -> list[str]:
    """The restricted elements of a profile, of those that share a place the ones that the tracking event lists."""
    listed = {*tracked.kde, *tracked.kde_opt}.intersection(restricted)
    taken = frozenset[str]().union(*(places[element] for element in listed))
    return [element for element in restricted if element in listed or not places[element] & taken]


def without(event: Event, places: Collection[str], told: Collection[str]) -> Event:
    """An event without its extensions of these names, at whatever depth; `told` names the elements left out."""
    left = _left(event.fields(), places) | {WITHHELD: list(told)}
    return msgspec.structs.replace(event, body=_ENCODER.encode(left))


def _left(value: Any, places: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {name: _left(one, places) for name, one in value.items() if _place(name) not in places}
    return [_left(one, places) for one in value] if isinstance(value, list) else value


def _names_in(value: Any) -> Iterator[str]:
    """The last parts of the names of all extensions in an event."""
    if isinstance(value, dict):
        for name, one in value.items():
            if (place := _place(name)) is not None:
                yield place
            yield from _names_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from _names_in(one)


def _place(name: str) -> str | None:
    """The last part of an extension's name; None for a field of EPCIS."""
    return last_part(name) if ":" in name else None
