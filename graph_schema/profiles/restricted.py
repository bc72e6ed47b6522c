"""What a product system restricts of an event (`visibility`, ADR 0032). In: an event. Out: `Restriction`s.

Elements are left out (`restricted`), or told by the site that they lie in (`to_site`).
An event is of the systems that its sender says (extension `cte`), else of all that its words allow; of none, what
`restricted_fields` (common.yaml) names is restricted. What several elements share one place for, as `personRef`, is
restricted where one of them is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from typing import Any

import msgspec

from graph_schema.event import Event
from graph_schema.master_data import last_part
from graph_schema.profiles.elements import extension_at, location_at
from graph_schema.profiles.loading import Profiles, profiles
from graph_schema.profiles.profile import Profile, TrackingEvent
from graph_schema.profiles.readings import Reading, Readings, words_of
from graph_schema.profiles.site_level import REFERENCES, by_sites, fields_below

WITHHELD = "urn:suyuan:withheld"
"""The field of an event as it is shown that names what was left out of it, or is told by its site."""
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_NONE = frozenset[str]()
_KNOWN = 1 << 12
"""Readings, with what they are asked of, of which it is remembered what is restricted."""


class Restriction(msgspec.Struct, frozen=True):
    """An element that a system restricts and an event has."""

    element: str
    places: frozenset[str]
    """The last parts of the names of the extensions where it stands."""
    profile: Profile | None
    """Whose it is, as it is on the event's day; None where no system tells."""
    fields: frozenset[str] = frozenset()
    """The fields where more than a site stands, which is told by the site."""


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
        self.to_site = tuple(version for version in versions if version.visibility.to_site)
        """The systems, in each of their versions, that tell places by their sites."""
        self._words = frozenset(
            words for version in self.to_site for tracked in version.events for words in words_of(tracked)
        )
        self._fields = {
            name: frozenset({*filter(None, map(location_at, profiles.common.kde[name].at)), *REFERENCES})
            for version in self.to_site
            for name in version.visibility.to_site
        }
        self._marks = [place.encode() for place in self._all_places]
        self._readings = Readings(profiles)
        self._known = lru_cache(_KNOWN)(self._found)

    def of(self, event: Event, own: Collection[str] = ()) -> tuple[Restriction, ...]:
        """What is restricted of what an event has, but for places at one's own sites; nothing of one without a body."""
        fields = event.fields() if self._may_have(event.body) else None
        below = fields_below(event, own, fields) if event.body and self._may_tell_sites(event) else _NONE
        there = _NONE if fields is None else self._all_places.intersection(_names_in(fields))
        if not there and not below:
            return ()
        return self._known(self._readings.of(event, fields), there, below)

    def telling_sites(self, event: Event) -> tuple[Profile, ...]:
        """The systems that its sender says that an event is of, where each of them tells places by their sites."""
        reading = self._readings.of(event) if self._may_tell_sites(event) else None
        if reading is None or not reading.said:
            return ()
        systems = {profile.profile: profile for profile, _ in reading.of}
        return tuple(systems.values()) if all(one.visibility.to_site for one in systems.values()) else ()

    def _may_tell_sites(self, event: Event) -> bool:
        """Whether an event may be of a system that tells places by their sites; of others they are not looked at."""
        return (event.type, event.action, event.biz_step, event.disposition) in self._words

    def _may_have(self, body: bytes) -> bool:
        """Whether a body may have such a name: most have none, and are not read. A backslash may hide one."""
        return b"\\u" in body or any(mark in body for mark in self._marks)

    def _found(self, reading: Reading, there: frozenset[str], below: frozenset[str]) -> tuple[Restriction, ...]:
        found = [*self._left_out(reading, there), *self._by_sites(reading, below)]
        return tuple(one for one in found if one.places or one.fields)

    def _by_sites(self, reading: Reading, below: frozenset[str]) -> Iterator[Restriction]:
        systems = {profile.profile: profile for profile, _ in reading.of}
        for profile in systems.values():
            for element in profile.visibility.to_site:
                yield Restriction(element, _NONE, profile, self._fields[element] & below)

    def _left_out(self, reading: Reading, there: frozenset[str]) -> list[Restriction]:
        found = [
            Restriction(element, self._places[element] & there, profile)
            for profile, tracked in reading.of
            for element in _meant(profile.visibility.restricted, tracked, self._places)
        ]
        if not reading.of:
            found = [
                Restriction(element, self._places[element] & there, None)
                for element in self.profiles.common.restricted_fields
            ]
        return found


@cache
def restrictions() -> Restrictions:
    """Ours, read once."""
    return Restrictions(profiles())


def _meant(restricted: Collection[str], tracked: TrackingEvent, places: dict[str, frozenset[str]]) -> list[str]:
    """The restricted elements of a profile, of those that share a place the ones that the tracking event lists."""
    listed = {*tracked.kde, *tracked.kde_opt}.intersection(restricted)
    taken = frozenset[str]().union(*(places[element] for element in listed))
    return [element for element in restricted if element in listed or not places[element] & taken]


def without(event: Event, withheld: Collection[Restriction], own: Collection[str] = ()) -> Event:
    """An event without what is withheld of it, at whatever depth; it names the elements. One's own places stay."""
    places, fields = (_NONE.union(*some) for some in zip(*((one.places, one.fields) for one in withheld), strict=True))
    event, body = by_sites(event, fields, own) if fields else (event, event.fields())
    left = (_left(body, places) if places else body) | {WITHHELD: elements_of(withheld)}
    return msgspec.structs.replace(event, body=_ENCODER.encode(left))


def elements_of(withheld: Collection[Restriction]) -> list[str]:
    """The elements of some restrictions, each once."""
    return list(dict.fromkeys(one.element for one in withheld))


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
