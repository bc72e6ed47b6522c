"""Whom the ledger's entries concern. In: the ledger, followed. Out: entries by site, party and author; whose sites are.

An entry concerns the sites it was at, the sites, owners and possessors it came from and went to, and its author.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable
from threading import Lock

import msgspec

from engine.ledger import LedgerEntry
from engine.stores.ports import Master, Snapshot
from graph_schema.event import Event
from graph_schema.identifiers import site_of_place, take_identifier
from graph_schema.master_data import parties_of

_AUTHOR = "author "
"""Before the name of an author: no key of a site or party begins so."""


class Concerned:
    """Entries by whom they concern, as far as the ledger was followed; one for all requests of a process."""

    def __init__(self) -> None:
        self._entries: dict[str, array[int]] = {}
        self._parties: dict[str, frozenset[str]] = {}
        self._sites: dict[str, set[str]] = defaultdict(set)
        self._position = 0
        self._lock = Lock()

    def follow(self, snapshot: Snapshot) -> int:
        """Bring it up to a state, at least; the position that it is of."""
        with self._lock:
            head = snapshot.ledger.head().position
            if head > self._position:
                for master in snapshot.masters.changes(max(0, self._position - 1)):
                    self._learn(master)
                for entry in snapshot.ledger.entries(self._position, head):
                    for name in names_of(entry):
                        self._entries.setdefault(name, array("q")).append(entry.seq)
                self._position = head
            return self._position

    def _learn(self, master: Master) -> None:
        """Whose a site is, as master data tell it last."""
        if master.kind != "site":
            return
        told = parties_of(msgspec.json.decode(master.attributes, type=dict))
        parties = frozenset(take_identifier(party)[0].key for party in told)
        for party in self._parties.get(master.key, frozenset()) - parties:
            self._sites[party].discard(master.key)
        for party in parties:
            self._sites[party].add(master.key)
        self._parties[master.key] = parties

    def sites_of(self, parties: Collection[str]) -> set[str]:
        """The sites that these parties own or have."""
        with self._lock:
            return set().union(*(self._sites.get(party, set()) for party in parties))

    def entries(self, names: Collection[str], after: int) -> list[int]:
        """Sequence numbers behind one, of the entries that concern any of these, in order."""
        found: set[int] = set()
        for name in names:
            known = self._entries.get(name, array("q"))
            found.update(known[bisect_right(known, after) :])
        return sorted(found)


def author(name: str) -> str:
    """An author, as one whom entries concern."""
    return _AUTHOR + name


def names_of(entry: LedgerEntry) -> set[str]:
    """Whom an entry concerns."""
    named = places_of(entry.event) | partners_of(entry.event)
    return {author(entry.capture.author), *with_sites(named)}


def places_of(event: Event) -> set[str]:
    """The places at which an event was."""
    return {place for place in (event.read_point, event.biz_location) if place is not None}


def partners_of(event: Event) -> set[str]:
    """The places and parties that an event names as where from and where to."""
    return {reference.id for reference in (*event.sources, *event.destinations)}


def with_sites(places: Iterable[str]) -> set[str]:
    """Places, and the sites that they lie in: whoever has a site has the places within it, and not the other way."""
    return {key for place in places for key in (place, site_of_place(place))}
