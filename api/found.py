"""What somebody found or holds, by its code. In: a code, a system's name, what is known. Out: a key, its system."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from engine.responsibility import key_found
from engine.stores.ports import LookupPort
from graph_schema.profiles import ActingSystem, Profiles, Scheme, acting_system, profiles


class Found(NamedTuple):
    """An item, and the product system in whose words it is told (None: nothing tells it)."""

    key: str
    system: ActingSystem | None


def found(code: str, name: str | None, profiles: Profiles, lookup: LookupPort) -> Found:
    """The item of a code in any spelling, and the system of a name, else that whose code it is."""
    key = key_found(code, _schemes(name, profiles), lookup)
    return Found(key, acting_system(name, key, profiles))


def key_in(lookup: LookupPort) -> Callable[[str], str]:
    """What gives the key of a thing by its code, in any spelling or scheme of any system, as records know it."""
    return lambda code: key_found(code, _schemes(None, profiles()), lookup)


def _schemes(name: str | None, profiles: Profiles) -> Iterable[Scheme]:
    """The code schemes of one system, else of all; each once."""
    found = (
        scheme
        for profile in profiles.latest()
        if name in (None, profile.profile)
        for scheme in profiles.schemes(profile)
    )
    return {scheme.space: scheme for scheme in found}.values()
