"""One product system as it acts on the day of each event. In: its name, `Profiles`. Out: what it says of events, codes.

Law as of the event's date: an event is read by the version of the profile that acts on its day.
"""

from __future__ import annotations

import msgspec

from graph_schema.errors import InvalidInput
from graph_schema.event import Event
from graph_schema.profiles.codes import KEYS, Scheme
from graph_schema.profiles.loading import Profiles
from graph_schema.profiles.profile import Profile
from graph_schema.profiles.recognition import Recognised, day_of, recognise


class ActingSystem(msgspec.Struct, frozen=True):
    """A product system over its versions."""

    name: str
    profiles: Profiles

    def on(self, day: str) -> Profile | None:
        """As it is on a day, ISO 8601; None before it acts."""
        return self.profiles.on(self.name, day)

    def recognise(self, event: Event) -> tuple[Recognised, ...]:
        """The tracking events that an event may be, by the version that acts on its day."""
        profile = self.on(day_of(event))
        return () if profile is None else recognise(event, profile, self.profiles.common)

    def latest(self) -> Profile:
        """As it is now."""
        return self.profiles.versions(self.name)[-1]

    def schemes(self) -> tuple[Scheme, ...]:
        """Its code schemes, as they are now."""
        return self.profiles.schemes(self.latest())


def acting_system(name: str | None, key: str, profiles: Profiles) -> ActingSystem | None:
    """The system of a name; without one that whose code a key is; None where neither tells. `InvalidInput` for none."""
    if name is None:
        name = key.removeprefix(KEYS).partition(".")[0] if key.startswith(KEYS) else ""
        return ActingSystem(name, profiles) if profiles.versions(name) else None
    if not profiles.versions(name):
        raise InvalidInput(
            f"there is no product system {name[:80]!r}", where="system", remedy=f"One of {', '.join(profiles.names())}."
        )
    return ActingSystem(name, profiles)
