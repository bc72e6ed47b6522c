"""Following the ledger (design §5). In: snapshots of a store. Out: the index up to their position.

What came after the index's position is read as a delta: rows that closed are closed in place, rows that are
new go behind the others. When many have come late, everything is grouped anew and saved. Where the graph was derived
anew meanwhile, everything is read again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from engine.index.closing import Closing, IndexOutdated
from engine.index.contents import AsOf, Contents
from engine.index.flow_index import FlowIndex
from engine.index.folder import IndexFolder
from engine.ledger import GENESIS
from engine.stores.ports import FlowRow, LineRow, Snapshot, VertexRow

Row = TypeVar("Row", VertexRow, FlowRow, LineRow)

BATCH = 32_768
"""Rows held as Python objects at once."""


def open_index(folder: Path | None, snapshot: Snapshot) -> FlowIndex:
    """The index as of a snapshot, kept in a folder beside the store (None: in memory).

    What is saved is mapped and followed up to the snapshot; what is missing, damaged or of another ledger is
    built anew. A folder that cannot be written costs speed, not the answer.
    """
    return IndexFollower(None if folder is None else IndexFolder(folder)).follow(snapshot)


def discard_index(folder: Path) -> None:
    """Forget what is saved, so that the next `open_index` builds anew: for when the graph was rebuilt."""
    IndexFolder(folder).discard()


class IndexFollower:
    """Keeps the newest index of a store, for all threads of a process."""

    def __init__(self, folder: IndexFolder | None = None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._newest: FlowIndex | None = None
        self._contents = Contents()

    @property
    def position(self) -> int:
        """Up to where the newest index has read; 0 before it was asked for."""
        return 0 if self._newest is None else self._newest.position

    def follow(self, snapshot: Snapshot) -> FlowIndex:
        """The index as of a snapshot, or a newer one of the same edition."""
        with self._lock:
            known = self._newest or self._load(snapshot)
            if known is not None and known.edition > snapshot.edition:  # a reader who began before a rebuild ended
                return IndexFollower().follow(snapshot)
            if known is None or known.edition < snapshot.edition:
                known = self._whole(snapshot)
            elif known.position < snapshot.ledger.head().position:
                known = self._advance(known, snapshot)
            self._newest = known
            return known

    def _load(self, snapshot: Snapshot) -> FlowIndex | None:
        saved = None if self._folder is None else self._folder.load()
        if saved is None or chain_at(snapshot, saved.as_of.position) != saved.as_of.chain:
            return None
        self._contents = saved.contents
        return FlowIndex(saved.contents, saved.as_of, self)

    def _advance(self, known: FlowIndex, snapshot: Snapshot) -> FlowIndex:
        """Read what came since; where that does not fit what is known, read everything."""
        try:
            return self._delta(known, snapshot)
        except IndexOutdated:
            return self._whole(snapshot)

    def _whole(self, snapshot: Snapshot) -> FlowIndex:
        contents, graph = Contents(), snapshot.graph
        append(graph.vertices(), contents.add_vertices)
        append(graph.flows(), contents.add_flows)
        append(graph.line_rows(), contents.add_lines)
        return self._merged(contents, as_of(snapshot))

    def _delta(self, known: FlowIndex, snapshot: Snapshot) -> FlowIndex:
        # The tables of a try that fails are dropped; ids and names may keep what it added.
        contents = replace(self._contents, tables=dict(self._contents.tables))
        graph, closing, after = snapshot.graph, Closing(known, contents), known.position
        append(news(graph.vertices(after), after, closing.vertex), contents.add_vertices)
        append(news(graph.flows(after), after, closing.flow), contents.add_flows)
        append(news(graph.line_rows(after), after, closing.line), contents.add_lines)
        if any(table.merge_is_due() for table in contents.tables.values()):
            return self._merged(contents, as_of(snapshot))
        contents.tables = {name: table.with_late() for name, table in contents.tables.items()}
        self._contents = contents
        return FlowIndex(contents, as_of(snapshot), self)

    def _merged(self, contents: Contents, of: AsOf) -> FlowIndex:
        """Group everything anew and save it; go on with what was saved, whose pages other processes share."""
        contents.tables = {name: table.regrouped() for name, table in contents.tables.items()}
        if self._folder is not None and self._folder.save(contents, of):
            saved = self._folder.load()
            if saved is not None and saved.as_of == of:
                contents = saved.contents
        self._contents = contents
        return FlowIndex(contents, of, self)


def as_of(snapshot: Snapshot) -> AsOf:
    """What an index of a snapshot is of."""
    head = snapshot.ledger.head()
    return AsOf(head.position, head.hash, snapshot.edition)


def chain_at(snapshot: Snapshot, position: int) -> bytes | None:
    """The ledger's chain hash at a position; None where the ledger is shorter."""
    if position == 0:
        return GENESIS
    head = snapshot.ledger.head()
    if position == head.position:
        return head.hash
    return next((entry.hash for entry in snapshot.ledger.entries(position - 1, position)), None)


def append(rows: Iterator[Row], add: Callable[[list[Row]], None]) -> None:
    """Add rows a batch at a time."""
    while batch := list(islice(rows, BATCH)):
        add(batch)


def news(rows: Iterator[Row], after: int, close: Callable[[Row], None]) -> Iterator[Row]:
    """The rows that opened after a position; those that opened before have closed since, and are closed."""
    for row in rows:
        if row.from_seq > after:
            yield row
        else:
            close(row)
