"""Which tracking events an event may be, of all systems. In: an event. Out: `Reading`.

By the event's words, on its day; where its sender says which it is (extension `cte`), and its words allow that, it
alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from graph_schema.event import Action, Event, EventType
from graph_schema.master_data import text
from graph_schema.profiles.loading import Profiles, profiles
from graph_schema.profiles.profile import Profile, TrackingEvent
from graph_schema.profiles.recognition import NAMED, day_of

_KNOWN = 1 << 12
"""Kinds of event of which it is remembered what they may be: most of a ledger's are alike."""
_LONGEST = 200
"""Characters of a name of a tracking event that are looked at."""
Words = tuple[EventType, Action | None, str | None, str | None]
"""Type, action, business step, disposition."""


def words_of(tracked: TrackingEvent) -> set[Words]:
    """The words of the events that may be a tracking event: it may have two dispositions."""
    dispositions = (tracked.disposition, tracked.disposition_fail or tracked.disposition)
    return {(tracked.type, tracked.action, tracked.biz_step, disposition) for disposition in dispositions}


@dataclass(frozen=True, eq=False, slots=True)
class Reading:
    """What an event may be. Of alike events it is the same object."""

    of: tuple[tuple[Profile, TrackingEvent], ...]
    """Tracking events, each of its profile as it is on the day."""
    system: str | None
    """The one system that it can be of; None where there are several, or none."""
    said: bool
    """Whether its sender says which of what its words allow it is."""


class Readings:
    """Reads events, of any system."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles
        self._of = lru_cache(_KNOWN)(self._read)
        self._fitting: dict[Words, list[tuple[Profile, TrackingEvent]]] = {}
        for version in (version for name in profiles.names() for version in profiles.versions(name)):
            for tracked in version.events:
                for words in words_of(tracked):
                    self._fitting.setdefault(words, []).append((version, tracked))

    def of(self, event: Event, fields: Mapping[str, Any] | None = None) -> Reading:
        """What an event may be, by its fields where these were read already."""
        words = (event.type, event.action, event.biz_step, event.disposition)
        return self._of(words, day_of(event), _said(event, fields))

    def _read(self, words: Words, day: str, said: str) -> Reading:
        fitting = [
            (profile, tracked)
            for profile, tracked in self._fitting.get(words, ())
            if self._profiles.on(profile.profile, day) is profile
        ]
        system, _, name = said.rpartition(".")
        meant = [each for each in fitting if each[1].id == name and system in ("", each[0].profile)]
        systems = {profile.profile for profile, _ in meant or fitting}
        return Reading(tuple(meant or fitting), systems.pop() if len(systems) == 1 else None, bool(meant))


@cache
def readings() -> Readings:
    """Of our profiles, read once."""
    return Readings(profiles())


def _said(event: Event, fields: Mapping[str, Any] | None) -> str:
    """What the sender calls an event. Most bodies have no such field, and are not read; a backslash may hide one."""
    if fields is None:
        if NAMED.encode() not in event.body and b"\\u" not in event.body:
            return ""
        fields = event.fields()
    return (text({name: fields[name] for name in fields if ":" in name}, NAMED) or "")[:_LONGEST]
