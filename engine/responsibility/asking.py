"""The question itself. In: an item, what answers traces and scopes. Out: `Responsibility`.

A single thing that is first recorded where it was found has no way of its own: then its lots are asked for as well, of
which it is one by a record or by its code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from engine.answer import Direction, ItemKind, LedgerState, RecallScope, Trace
from engine.clones import clones_of
from engine.ledger import LedgerEntry
from engine.question import ItemSeed, Question
from engine.questions.directory import widening
from engine.questions.names import item_kind
from engine.responsibility.answer import Account, Responsibility
from engine.responsibility.records import recorded_by_site
from engine.responsibility.subjects import Gathered, account_of, flows_of, is_single, stock_of
from engine.stores.ports import LookupPort, Snapshot
from graph_schema.errors import UnknownSeed
from graph_schema.profiles import ActingSystem, before_number, code_of_key, read_code, runs_with

PAGE = 1_000
"""Keys that are looked up at once."""
LOST = frozenset({"no_origin", "unknown_place"})
"""Gaps after which nothing tells where an item came from."""


class Asked(Protocol):
    """What answers, as one reader is answered: whole, or what the reader may see."""

    @property
    def snapshot(self) -> Snapshot:
        """The state that they see."""

    def trace(self, question: Question) -> Trace:
        """A trace as they see it."""

    def recall_scope(self, question: Question) -> RecallScope:
        """A recall scope as they see it."""


def responsibility(asked: Asked, item: str, system: ActingSystem | None = None) -> Responsibility:
    """Who had an item, who has it last; `UnknownSeed` for one that nothing is known of."""
    account, ledger = _account(asked, item, system, found_elsewhere=False)
    accounts = [account]
    if any(one.kind in LOST for one in account.breaks):
        accounts.extend(_of_lots(asked, item, system, ledger.position))
    return Responsibility(ledger, None if system is None else system.name, tuple(accounts))


def _account(
    asked: Asked, item: str, system: ActingSystem | None, *, found_elsewhere: bool
) -> tuple[Account, LedgerState]:
    seeds = (ItemSeed(item),)
    trace = asked.trace(Question(seeds, Direction.BACK))
    flows, uses = flows_of(item, trace)
    sites = {end for flow in flows for end in (flow.source, flow.target)}
    proving = {event for flow in flows for event in flow.events}
    entries = (e for e in _entries(asked.snapshot, item, proving) if e.seq <= trace.ledger.position)
    records = recorded_by_site(entries, proving, sites, system, asked.snapshot.ledger)
    scope = asked.recall_scope(Question(seeds, Direction.FORWARD))
    clones = clones_of(asked.snapshot, item, trace.ledger.position) if is_single(item, scope) else []
    gathered = Gathered(item, trace, scope, flows, uses, records, stock_of(item, scope), tuple(clones))
    return account_of(gathered, found_elsewhere=found_elsewhere), trace.ledger


def _entries(snapshot: Snapshot, item: str, proving: Iterable[str]) -> list[LedgerEntry]:
    """The entries that name an item, and those that prove its moves within what it was in; whole, in order."""
    named = {entry.event.id for entry in snapshot.lookup.entries_naming([item])}
    return snapshot.ledger.entries_of(sorted(named | set(proving)))


def _of_lots(asked: Asked, item: str, system: ActingSystem | None, at: int) -> list[Account]:
    """The accounts of the lots that an item is of, as far as something is known of them."""
    told = [naming.wider for naming in asked.snapshot.lookup.wider([item]) if naming.seq <= at]
    runs = [] if system is None else _runs(asked.snapshot.lookup, item, system)
    lots = [one for one in dict.fromkeys((*told, *widening(item)[1:], *runs)) if _is_lot(one)]
    found = []
    for lot in lots:
        try:
            found.append(_account(asked, lot, system, found_elsewhere=True)[0])
        except UnknownSeed:
            continue
    return found


def _runs(lookup: LookupPort, item: str, system: ActingSystem) -> Iterator[str]:
    """The runs of codes that hold the code that an item is (`graph_schema.profiles.runs`)."""
    for scheme in system.schemes():
        text = code_of_key(item, scheme)
        code = None if text is None or scheme.run is None else read_code(text, scheme)
        if code is not None:
            yield from runs_with(code, _keys(lookup, scheme.key_of(before_number(code))))


def _keys(lookup: LookupPort, beginning: str) -> Iterator[str]:
    """Every item whose key begins so, a page at a time."""
    page = lookup.items_like(beginning, PAGE)
    while page:
        yield from page
        following = lookup.items_after(page[-1], PAGE)
        page = [key for key in following if key.startswith(beginning)]


def _is_lot(key: str) -> bool:
    return item_kind(key, has_line=False) is ItemKind.LOT
