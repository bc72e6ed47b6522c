"""What the contact that a profile declares must hold (ADR 0028). In: a `Profile`. Out: every `Fault`."""

from __future__ import annotations

from collections.abc import Iterator

from graph_schema.profiles.common import Common
from graph_schema.profiles.marked import Fault, Path
from graph_schema.profiles.profile import Profile, TrackingEvent
from graph_schema.profiles.references import references
from graph_schema.profiles.sides import is_side

_RULE = "docs/adr/0028-contact.md"


def contact_faults(profile: Profile, _: Common) -> Iterator[Fault]:
    """Each contact is told once, with where the event names its two ends; what is cleaned is a vector."""
    vectors = profile.vectors()
    for number, event in enumerate(profile.events):
        path: Path = ("events", number)
        yield from _declared(event, path)
        yield from references((*path, "cleans"), event.cleans, vectors, "vector")


def _declared(event: TrackingEvent, path: Path) -> Iterator[Fault]:
    declared = event.contact is not None or event.contact_profile is not None
    if event.contact is not None and event.contact_profile is not None:
        yield Fault((*path, "contact_profile"), f"`{event.id}` has a contact of its own", _RULE)
    if declared is not (event.contact_at is not None):
        yield Fault(path, f"`{event.id}` needs `contact_at` for its contact, and only for that", _RULE)
    for number, at in enumerate(event.contact_at or ()):
        if not is_side(at):
            yield Fault((*path, "contact_at", number), f"`{at}` is no role of EPCIS, and no extension", _RULE)
    if event.contact_back and not declared:
        yield Fault((*path, "contact_back"), f"`{event.id}` has no contact", _RULE)
