"""Who is responsible for a found item, as people ask it. In: a code, a state, a system's name. Out: the answer."""

from __future__ import annotations

from collections.abc import Iterable

from api.found import found
from api.systems import Label
from engine.responsibility import Asked, Responsibility, responsibility
from graph_schema.profiles import Profile, Profiles


def responsible(asked: Asked, code: str, name: str | None, profiles: Profiles) -> Responsibility:
    """The answer for a code in any spelling; in the words of a system of a name, else of that whose code it is."""
    item, system = found(code, name, profiles, asked.snapshot.lookup)
    return responsibility(asked, item, system)


def event_labels(profile: Profile | None, names: Iterable[str]) -> list[Label]:
    """Tracking events in both languages."""
    told = {} if profile is None else {event.id: event for event in profile.events}
    return [Label(name, told[name].label_zh, told[name].label_en) for name in names if name in told]


def role_labels(profile: Profile | None, names: Iterable[str]) -> list[Label]:
    """Roles of subjects in both languages."""
    told = {} if profile is None else {subject.role: subject for subject in profile.subjects}
    return [Label(name, told[name].label_zh, told[name].label_en) for name in names if name in told]
