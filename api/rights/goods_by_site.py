"""Goods whose places are told by their sites (`visibility.to_site`, ADR 0033). In: items. Out: those that surely are.

An event may be of many systems, and words that only such a system has may be those of one that nobody told us of. So
goods are told by sites where a sender says what they are (`cte`), in a record that its words allow. What only may be is
told where it was: an outlet is not to be missed for a doubt. A pallet is of what was packed into it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from itertools import islice

from engine.index import NONE, FlowIndex
from engine.ledger import Attestation, LedgerEntry
from engine.questions.directory import widening
from engine.stores.ports import Snapshot
from graph_schema.event import Event, Role
from graph_schema.identifiers import Kind, kind_of_key

LOOKED = 20
"""Records of an item, and single things of a lot or class, by which it is told what it is."""


def named_in(event: Event) -> set[str]:
    """What a record says something of: not of what was used up."""
    return {what.item for what in event.whats if what.role is not Role.INPUT}


class GoodsBySite:
    """Reads the records of items in one state."""

    def __init__(self, snapshot: Snapshot, index: FlowIndex, is_told_by_site: Callable[[Event], bool]) -> None:
        self._snapshot = snapshot
        self._index = index
        self._is_told_by_site = is_told_by_site
        self._known: dict[int, dict[str, bool]] = defaultdict(dict)
        """By position, of each item looked at."""

    def among(self, items: Collection[str], at: int) -> set[str]:
        """Those of some items of which a record up to a position says it."""
        known = self._known[at]
        fresh = [item for item in items if item not in known]
        if fresh:
            known.update(self._looked_at(fresh, at))
        return {item for item in items if known[item]}

    def made_in(self, events: Collection[str]) -> dict[str, set[str]]:
        """What came out of some transformations, by event id."""
        entries = self._snapshot.ledger.entries_of(sorted(events)) if events else []
        return {entry.event.id: named_in(entry.event) for entry in entries}

    def _looked_at(self, items: Collection[str], at: int) -> dict[str, bool]:
        behind, told = self._behind(items, at)
        return {item: not told.isdisjoint(_reached(item, behind)) for item in items}

    def _behind(self, items: Collection[str], at: int) -> tuple[dict[str, set[str]], set[str]]:
        """By what each item is told to be what it is, step by step; and those of which a record itself says it."""
        behind, told = dict[str, set[str]](), set[str]()
        goods, waiting = set(items), set(items)
        while waiting:
            # Of what is alike, its own records tell enough: a class has lots without number, and these single things.
            behind.update({item: self._alike(item) if item in goods else set() for item in waiting})
            for entry in self._records(waiting, at):
                if self._is_told_by_site(entry.event):
                    told |= named_in(entry.event) & waiting
                for item in _packed(entry.event) & waiting:
                    children = {what.item for what in entry.event.items(Role.CHILD)}
                    behind[item] |= children
                    goods |= children - behind.keys()
            waiting = set[str]().union(*(behind[item] for item in waiting if item not in told)) - behind.keys()
        return behind, told

    def _alike(self, item: str) -> set[str]:
        """The lots that an item is of, and some of the single things that are of it."""
        lots = {wider for wider in widening(item)[1:] if kind_of_key(wider) is Kind.lot}
        return lots | set(self._snapshot.lookup.items_like(f"{item}/", LOOKED)) | set(self._of_lines(item))

    def _of_lines(self, item: str) -> list[str]:
        code = self._index.items.code(item)
        if code == NONE:
            return []
        rows = self._index.lines.where("wider", [code])[:LOOKED]
        return self._index.items.names(self._index.lines["item"][rows])

    def _records(self, items: set[str], at: int) -> list[LedgerEntry]:
        """The first records of each item, whole; a stranger's word of others' goods is none."""
        found: dict[str, list[int]] = defaultdict(list)
        for entry in self._snapshot.lookup.entries_naming(items):
            if entry.seq <= at and entry.attestation is not Attestation.STRANGER:
                for item in {what.item for what in entry.event.whats} & items:
                    found[item].append(entry.seq)
        return self._snapshot.events.at(sorted({seq for seqs in found.values() for seq in islice(seqs, LOOKED)}))


def _packed(event: Event) -> set[str]:
    """What an event packs something into."""
    return {what.item for what in event.items(Role.PARENT)}


def _reached(item: str, behind: dict[str, set[str]]) -> set[str]:
    found, waiting = {item}, [item]
    while waiting:
        fresh = set[str]().union(*(behind.get(one, ()) for one in waiting)) - found
        found |= fresh
        waiting = list(fresh)
    return found
