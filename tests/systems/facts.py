"""Every fact of a profile. In: a `Profile`. Out: where each text and number stands, and how people read it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from graph_schema.profiles import Profile, profiles

Told = tuple[tuple[str, ...], str]


def facts_of(profile: Profile) -> Iterator[Told]:
    """Those of the profile but its own name, and of what it refers to."""
    common = profiles().common
    for path, told in _facts(msgspec.to_builtins(profile)):
        department = path[0] == "regulator" and told in common.departments
        if path != ("profile",):
            yield path, common.departments[told].zh if department else told
    for scheme in profiles().schemes(profile):
        told_of = (scheme.label_zh, scheme.regex, scheme.check, scheme.example, scheme.status, scheme.source or "")
        yield from (((scheme.name,), part) for part in told_of)
    for event in profile.events:
        elements = (*common.kde_core, *event.kde, *event.kde_opt)
        yield from (((event.id, "kde"), f"{name} {common.kde[name].zh}") for name in elements)


def _facts(told: object, path: tuple[str, ...] = ()) -> Iterator[Told]:
    if isinstance(told, dict):
        for name, one in told.items():
            yield from _facts(one, (*path, str(name)))
    elif isinstance(told, list | tuple):
        for one in told:
            yield from _facts(one, path)
    elif isinstance(told, str) and told:
        yield path, told
    elif isinstance(told, int | float) and not isinstance(told, bool):
        yield path, f"{told:g}" if told or "classes" not in path else "at once"
