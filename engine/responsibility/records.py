"""What sites recorded of an item. In: ledger entries that name it. Out: by site, a `Record` each, in order of time.

What was declared an error counts only where the flows of the answer rest on it all the same (design rule 14).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

import msgspec

from engine.builder.corrections import standings
from engine.ledger import LedgerEntry
from engine.responsibility.answer import Count, Record
from engine.stores.ports import LedgerPort
from graph_schema.event import Event
from graph_schema.identifiers import site_of_place
from graph_schema.profiles import ActingSystem, Recognised
from graph_schema.profiles.recognition import recorder_of

COUNTING = frozenset({"cycle_counting", "stock_taking"})
"""The business steps by which goods are counted (CBV 2.0 §7.1.3)."""


class Recorded(msgspec.Struct, frozen=True):
    """An event that names the item, where it was and as what the product system has it."""

    event: Event
    site: str | None
    tracked: tuple[Recognised, ...]

    def told(self) -> Record:
        """As it is answered."""
        event = self.event
        names = tuple(one.event.id for one in self.tracked)
        return Record(event.id, event.time, event.biz_step, event.disposition, names, recorder_of(event))

    def count_of(self, item: str) -> Count | None:
        """How much of an item it counted; None where it counted none."""
        if self.event.biz_step not in COUNTING:
            return None
        amounts = [what for what in self.event.whats if what.item == item and what.quantity is not None]
        return next((Count(self.event.id, w.quantity, w.uom) for w in amounts if w.quantity is not None), None)


def recorded_by_site(
    entries: Iterable[LedgerEntry],
    proving: Collection[str],
    sites: Collection[str | None],
    system: ActingSystem | None,
    ledger: LedgerPort,
) -> dict[str | None, list[Recorded]]:
    """Events by the site that they were at: one of `sites` where they name such a place."""
    found: dict[str | None, list[Recorded]] = defaultdict(list)
    for event in _valid(list(entries), proving, ledger):
        tracked = () if system is None else system.recognise(event)
        found[_site(event, sites)].append(Recorded(event, _site(event, sites), tracked))
    for records in found.values():
        records.sort(key=lambda one: (one.event.time, one.event.id))
    return dict(found)


def _valid(entries: Sequence[LedgerEntry], proving: Collection[str], ledger: LedgerPort) -> list[Event]:
    """Each event once: those that count (rule 14), and those on which flows rest all the same."""
    counted, _ = standings(entries, lambda event_id: bool(ledger.entries_of([event_id])))
    found = {standing.event.id: standing.event for standing in counted}
    for entry in entries:
        if entry.event.id in proving:
            found.setdefault(entry.event.id, entry.event)
    return list(found.values())


def _site(event: Event, sites: Collection[str | None]) -> str | None:
    places = [place for place in (event.biz_location, event.read_point) if place is not None]
    named = [key for place in places for key in (place, site_of_place(place))]
    return next((key for key in named if key in sites), named[-1] if named else None)
