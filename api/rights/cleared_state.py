"""A state with the events of a scope, without what is restricted. In: a snapshot, a clearance. Out: the same ports.

What looks for a value looks here, as what shows it does: a value that is withheld is found by no query, as one that is
not there, and an event of which the site is told by the site. Ids and hashes are those of the whole events. (Which
events an enterprise sees: `api.rights.seen`.)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from api.rights.clearance import Clearance
from api.rights.read_only import not_written
from api.rights.shown_places import PLACES, ShownPlaces
from engine.event_order import EventField, EventSpan
from engine.ledger import Head, LedgerEntry
from engine.stores.ports import EventPort, LedgerPort, LookupPort, Naming, Snapshot


class ClearedSnapshot:
    """A state as it may be shown; all but events as it is."""

    def __init__(self, whole: Snapshot, clearance: Clearance) -> None:
        self.edition = whole.edition
        self.ledger: LedgerPort = _Ledger(whole.ledger, clearance)
        self.lookup: LookupPort = _Lookup(whole, clearance)
        self.events: EventPort = _Events(whole.events, clearance)
        self.masters = whole.masters
        self.jobs = whole.jobs
        self.queries = whole.queries
        self.subscriptions = whole.subscriptions
        self.graph = whole.graph
        self.kin = whole.kin


class _Ledger:
    append = not_written

    def __init__(self, whole: LedgerPort, clearance: Clearance) -> None:
        self._whole = whole
        self._clearance = clearance

    def head(self) -> Head:
        return self._whole.head()

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[LedgerEntry]:
        return self._clearance.shown(self._whole.entries(after, until))

    def entries_of(self, event_ids: Collection[str]) -> list[LedgerEntry]:
        return list(self._clearance.shown(self._whole.entries_of(event_ids)))

    def repeated(self, event_ids: Collection[str]) -> set[str]:
        return self._whole.repeated(event_ids)

    def position_at(self, accepted: int) -> int:
        return self._whole.position_at(accepted)

    def verify(self) -> Head:
        return self._whole.verify()


class _Lookup:
    add_namings = not_written

    def __init__(self, whole: Snapshot, clearance: Clearance) -> None:
        self._whole = whole.lookup
        self._events = whole.events
        self._clearance = clearance

    def entries_naming(self, items: Collection[str]) -> list[LedgerEntry]:
        """They come without their bodies, by which alone it is told whether they are of a scope."""
        found = self._whole.entries_naming(items)
        if not self._clearance.is_scoped:
            return list(map(self._clearance.cleared, found))
        shown = {entry.seq for entry in self._clearance.shown(self._events.at([entry.seq for entry in found]))}
        return [self._clearance.cleared(entry) for entry in found if entry.seq in shown]

    def narrower(self, items: Collection[str]) -> list[Naming]:
        return self._whole.narrower(items)

    def wider(self, items: Collection[str]) -> list[Naming]:
        return self._whole.wider(items)

    def items_like(self, prefix: str, limit: int) -> list[str]:
        return self._whole.items_like(prefix, limit)

    def items_after(self, key: str, limit: int) -> list[str]:
        return self._whole.items_after(key, limit)


class _Events:
    def __init__(self, whole: EventPort, clearance: Clearance) -> None:
        self._whole = whole
        self._clearance = clearance
        self._places = ShownPlaces(whole, clearance)

    def in_order(self, span: EventSpan) -> Iterator[LedgerEntry]:
        if self._clearance.tells_sites and any(fact.field in PLACES for fact in span.facts):
            return self._places.in_order(span)
        return self._clearance.shown(self._whole.in_order(span))

    def at(self, seqs: Sequence[int]) -> list[LedgerEntry]:
        return list(self._clearance.shown(self._whole.at(seqs)))

    def values(self, field: EventField, after: str, limit: int) -> list[str]:
        if self._clearance.tells_sites and field in PLACES:
            return self._places.values(field, after, limit)
        return self._whole.values(field, after, limit)

    def accepted_since(self, accepted: int) -> int | None:
        return self._whole.accepted_since(accepted)
