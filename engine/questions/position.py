"""The ledger position a question is of. In: options. Out: the position, and what the ledger was there."""

from __future__ import annotations

from engine.answer import LedgerState
from engine.index import FlowIndex
from engine.ledger import GENESIS
from engine.question import Options
from engine.stores.ports import Snapshot


def position_asked(index: FlowIndex, snapshot: Snapshot, options: Options, at: int | None = None) -> int:
    """The last position the question may know of: the index's own, or as accepted up to `as_known_at`.

    `at`: the position of an answer before, to be given again; never beyond the others.
    """
    newest = index.position if at is None else min(index.position, at)
    if options.as_known_at is None:
        return newest
    return min(newest, snapshot.ledger.position_at(options.as_known_at))


def ledger_state(snapshot: Snapshot, position: int) -> LedgerState:
    """The chain hash at a position, and when its entry was accepted."""
    for entry in snapshot.ledger.entries(after=position - 1, until=position):
        return LedgerState(position, entry.hash.hex(), position, entry.capture.accepted)
    return LedgerState(position, GENESIS.hex(), position, None)
