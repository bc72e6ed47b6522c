"""What somebody found or holds, by its code. In: a code, a system's name, what is known. Out: a key, its system."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from engine.responsibility import key_found
from engine.stores.ports import LookupPort
from graph_schema.profiles import ActingSystem, Profiles, Scheme, acting_system


class Found(NamedTuple):
    """An item, and the product system in whose words it is told (None: nothing tells it)."""

    key: str
    system: ActingSystem | None


def found(code: str, name: str | None, profiles: Profiles, lookup: LookupPort) -> Found:
    """The item of a code in any spelling, and the system of a name, else that whose code it is."""
    key = key_found(code, _schemes(name, profiles), lookup)
    return Found(key, acting_system(name, key, profiles))


def _schemes(name: str | None, profiles: Profiles) -> Iterator[Scheme]:
    """The code schemes of one system, else of all."""
    for profile in profiles.latest():
        if name in (None, profile.profile):
            yield from profiles.schemes(profile)
