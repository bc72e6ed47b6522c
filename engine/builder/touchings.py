"""Events of which profiles declare contact, found by what they touch (design rule 13). In: entries. Out: `Touching`s.

An event may name what touched its goods in a field of its sender's own, which no look-up knows. So a mark among the
namings tells for each such thing the event; what the event declares is read from its body, whenever it is built from,
since a profile may have changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from engine.ledger import LedgerEntry
from engine.stores.ports import LookupPort, Naming
from graph_schema.event import Event
from graph_schema.profiles import Systems, Touching, touching_of

TOUCHED = "touched:"
"""Marks, among namings, that an event touched an item; without one, that there is any such event."""
EventKey = tuple[str, bytes]
"""An event's id and the hash of its body: one id may have several bodies (rule 14)."""


def event_key(event: Event) -> EventKey:
    """What tells an event from every other."""
    return event.id, event.body_hash


def touch_namings(entries: Iterable[LedgerEntry], systems: Systems) -> list[Naming]:
    """Marks for what new entries touched."""
    told: list[Naming] = []
    for entry in entries:
        touching = touching_of(entry.event, systems)
        if touching is not None:
            told.append(Naming(TOUCHED, TOUCHED, entry.seq))
            told.extend(Naming(TOUCHED + item, entry.event.id, entry.seq) for item in sorted(touching.items))
    return told


def touching_events(lookup: LookupPort, items: Iterable[str]) -> list[Naming]:
    """The marks of these items: each names, as the wider, the id of an event that touched one."""
    return lookup.wider([TOUCHED + item for item in items])


class Touchings:
    """What events declare, read once each."""

    def __init__(self, lookup: LookupPort, systems: Systems) -> None:
        self.known: dict[EventKey, Touching] = {}
        self._lookup = lookup
        self._systems = systems
        self._any: bool | None = None

    def of(self, event: Event) -> Touching | None:
        """What an event declares: read from its body where that is at hand, else as it was read before."""
        known = self.known.get(event_key(event))
        if known is None and event.body:
            known = touching_of(event, self._systems)
            if known is not None:
                self.known[event_key(event)] = known
        return known

    def events_of(self, items: Collection[str]) -> set[str]:
        """The ids of events that touched one of these items; nothing is asked where no event ever touched anything."""
        if self._any is None:
            self._any = bool(self._lookup.wider([TOUCHED]))
        return {naming.wider for naming in touching_events(self._lookup, items)} if self._any else set()
