"""Which product system people mean. In: its name, or its label in Chinese or English. Out: its name."""

from __future__ import annotations

from graph_schema.errors import InvalidInput
from graph_schema.profiles.loading import Profiles

_SHOWN = 80
"""Characters of what was asked that an error repeats."""


def system_name(asked: str, profiles: Profiles, where: str = "system") -> str:
    """The name of the system that is so called; `InvalidInput` where none or several are."""
    called = asked.strip().casefold()
    if profiles.versions(called):
        return called
    found = [
        name
        for name in profiles.names()
        if any(called in (one.label_zh.casefold(), one.label_en.casefold()) for one in profiles.versions(name))
    ]
    if len(found) > 1:
        what = f"several product systems are called {asked[:_SHOWN]!r}"
        raise InvalidInput(what, where=where, remedy=f"One of {', '.join(found)}.")
    if not found:
        what = f"there is no product system {asked[:_SHOWN]!r}"
        raise InvalidInput(what, where=where, remedy=f"One of {', '.join(profiles.names())}.")
    return found[0]
