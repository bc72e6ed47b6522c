"""Following the ledger (ADR 0024). In: snapshots of a store. Out: the rows of every entry up to their position.

Rows depend on the entries alone, so what came since is read once and put behind the rest, as the index does. What is
kept of another ledger, or under other places of key data elements, is read anew.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np

from engine.coverage.columns import RECORD, THING, Array, Noted, Noting
from engine.coverage.folder import RecordFolder, RowsOf
from engine.index.following import chain_at
from engine.ledger import GENESIS, LedgerEntry
from engine.stores.ports import Snapshot

BATCH = 50_000
"""Entries whose rows are written at once: what a reading that is stopped keeps."""
_HELD = 5_000
"""Entries held at once."""

Progress = Callable[[int], None]


class Records(NamedTuple):
    """The rows of every entry up to a position."""

    position: int
    records: Array
    things: Array

    def upto(self, position: int) -> Records:
        """As they were at a position."""
        if position >= self.position:
            return self
        things = self.things[: np.searchsorted(self.things["record"], position)]
        return Records(position, self.records[:position], things)


class RecordFollower:
    """Keeps the rows of a store's entries, for all threads of a process."""

    def __init__(self, noting: Noting, folder: RecordFolder | None = None) -> None:
        self._noting = noting
        self._folder = folder
        self._lock = threading.Lock()
        self._nothing = RowsOf(0, GENESIS, noting.stamp)
        self._of = self._nothing
        self._rows = Noted(np.empty(0, RECORD), np.empty(0, THING))

    def follow(self, snapshot: Snapshot, progress: Progress | None = None) -> Records:
        """The rows as of a snapshot."""
        head = snapshot.ledger.head()
        with self._lock:
            if self._of.position < head.position:
                self._load(snapshot)
            for entries in _batches(snapshot.ledger.entries(self._of.position)):
                self._append(entries)
                if progress is not None:
                    progress(len(entries))
            return Records(self._of.position, *self._rows).upto(head.position)

    def _load(self, snapshot: Snapshot) -> None:
        """Take what is kept, where that is further than what is known, and of this ledger."""
        saved = None if self._folder is None else self._folder.load()
        if saved is None:
            return
        rows, of = saved
        if of.position > self._of.position and self._is_of(snapshot, of):
            self._rows, self._of = rows, of

    def _is_of(self, snapshot: Snapshot, of: RowsOf) -> bool:
        return of.stamp == self._noting.stamp and chain_at(snapshot, of.position) == of.chain

    def _append(self, entries: list[LedgerEntry]) -> None:
        batches = [
            self._noting.rows(entries[at : at + _HELD], self._of.position + at) for at in range(0, len(entries), _HELD)
        ]
        fresh = _joined(batches)
        known, last = self._of, entries[-1]
        self._of = RowsOf(last.seq, last.hash, self._noting.stamp)
        if self._folder is not None and self._folder.append(fresh, None if known == self._nothing else known, self._of):
            saved = self._folder.load()
            if saved is not None and saved[1] == self._of:
                self._rows = saved[0]
                return
        self._rows = _joined([self._rows, fresh])


def _joined(parts: list[Noted]) -> Noted:
    return Noted(*(np.concatenate(tables) for tables in zip(*parts, strict=True)))


def _batches(entries: Iterator[LedgerEntry]) -> Iterator[list[LedgerEntry]]:
    while batch := list(islice(entries, BATCH)):
        yield batch
