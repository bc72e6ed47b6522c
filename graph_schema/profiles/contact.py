"""Contact as profiles declare it (design rule 13). In: an event with its body, profiles. Out: a `Touching`, or none.

The profile is that of the event's system, as it is on the event's day: of the tracking event that the sender says it
is. Named without its profile it may be of several; what all of them declare is sure, what some declare may be so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from graph_schema.event import Event, EventType, Role
from graph_schema.profiles.loading import Profiles
from graph_schema.profiles.profile import Profile, TrackingEvent
from graph_schema.profiles.recognition import NAMED, tracking_events
from graph_schema.profiles.sides import items_at

Systems = Callable[[], Profiles]
"""Where profiles are had from, once they are asked for."""
Pair = tuple[tuple[str, ...], tuple[str, ...]]
_SAYS = (f'{NAMED}"'.encode(), b"\\u")
"""What the body of an event holds that says which tracking event it is: the name, or signs written as escapes."""


class Contact(msgspec.Struct, frozen=True, order=True):
    """Some things touched others: a hazard goes from each giver to each taker."""

    givers: tuple[str, ...]
    takers: tuple[str, ...]
    sure: bool
    """Whether every profile that the event may be of declares it."""


class Touching(msgspec.Struct, frozen=True):
    """What the profile of an event declares of contact."""

    contacts: tuple[Contact, ...]
    cleaned: frozenset[str]
    """Vectors that were surely cleaned: what touched one before, touches nothing after."""
    loose: bool
    """True of an association with a vector: that holds nothing, since nobody ever takes things out of it."""

    @property
    def items(self) -> frozenset[str]:
        """All items that it says something of."""
        return self.cleaned.union(*((*contact.givers, *contact.takers) for contact in self.contacts))


def touching_of(event: Event, systems: Systems) -> Touching | None:
    """What profiles declare of an event; they are read only where it says which tracking event it is."""
    if not any(mark in event.body for mark in _SAYS):
        return None
    read = tracking_events(event, systems())
    if not read:
        return None
    readings = [frozenset(_pairs(event, tracked)) for _, tracked, _ in read]
    sure = frozenset.intersection(*readings)
    found = Touching(
        tuple(sorted(Contact(*pair, sure=pair in sure) for pair in frozenset.union(*readings))),
        frozenset.intersection(*(_cleaned(event, tracked, failed=failed) for _, tracked, failed in read)),
        event.type is EventType.ASSOCIATION and all(_with_vector(profile, tracked) for profile, tracked, _ in read),
    )
    return found if found.items else None


def _pairs(event: Event, tracked: TrackingEvent) -> Iterator[Pair]:
    """Who gives to whom."""
    if tracked.contact_at is None:
        return
    givers, takers = (items_at(event, at) for at in tracked.contact_at)
    if givers and takers:
        yield givers, takers
        if tracked.contact_back:
            yield takers, givers


def _cleaned(event: Event, tracked: TrackingEvent, *, failed: bool) -> frozenset[str]:
    return frozenset(items_at(event, Role.NAMED)) if tracked.cleans and not failed else frozenset()


def _with_vector(profile: Profile, tracked: TrackingEvent) -> bool:
    """Whether the parent of an association is a vector."""
    if tracked.contact is None or tracked.contact_at is None or Role.PARENT not in tracked.contact_at:
        return False
    parent = tracked.contact[tracked.contact_at.index(Role.PARENT)]
    return parent in profile.vectors()
