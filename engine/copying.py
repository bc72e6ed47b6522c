"""A ledger copied from one store into another. In: a snapshot, a store. Out: `Copied`; the target is as the source.

Entries keep their captures and attestations, so the chain of hashes comes out the same. Each batch is one
transaction, so a copy that was ended goes on from where it stands. The flow graph is derived anew from what arrives: it
follows from the ledger alone (rule 16).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

import msgspec

from engine.capture import capture_within
from engine.ledger import GENESIS, Capture, Head, LedgerEntry
from engine.stores.ports import Master, Snapshot, Store
from engine.stores.rows import Row, row_digest
from graph_schema.errors import InvalidInput, StoreDamaged

BATCH = 1_000
"""Entries in one transaction."""

_SUM = 1 << 128

Notice = Callable[[int], None]
"""Told how many entries came with each batch."""


class Copied(msgspec.Struct, frozen=True):
    """What a copy came to: how many entries it brought, and where both ledgers stand."""

    entries: int
    head: Head


def copy_ledger(source: Snapshot, target: Store, notice: Notice = lambda _: None) -> Copied:
    """Bring a store up to a snapshot of another.

    `InvalidInput` where the target has entries that the source has not: then it is another ledger.
    """
    begun = _head(target)
    _check_prefix(source, begun)
    for batch in _batches(source, begun.position):
        with target.transaction() as writing:
            events = [entry.event for entry in batch.entries]
            attestations = [entry.attestation for entry in batch.entries]
            capture_within(writing, events, batch.capture, batch.masters, attestations)
        notice(len(batch.entries))
    ended = _head(target)
    if ended != source.ledger.head():
        raise StoreDamaged(
            "what was copied does not have the source's chain of hashes",
            where=f"ledger entry {ended.position}",
            remedy="The source may be damaged: copy from another store of the same ledger, into an empty one.",
        )
    return Copied(ended.position - begun.position, ended)


def graph_digest(snapshot: Snapshot) -> str:
    """The rows that are true at the last position, in any order, as 32 hexadecimal digits."""
    graph = snapshot.graph
    live: tuple[Iterator[Row], ...] = (
        (row.vertex for row in graph.vertices() if row.to_seq is None),
        (row.flow for row in graph.flows() if row.to_seq is None),
        (row.line for row in graph.line_rows() if row.to_seq is None),
        iter(graph.gaps()),
    )
    total = sum(int.from_bytes(row_digest(row), "big") for row in chain.from_iterable(live))
    return f"{total % _SUM:032x}"


class _Batch(msgspec.Struct, frozen=True):
    """Entries of one capture, and the master data that came with the last of them."""

    entries: list[LedgerEntry]
    capture: Capture
    masters: list[tuple[str, str, bytes]]


def _batches(source: Snapshot, after: int) -> Iterator[_Batch]:
    """Batches that end where the capture changes, where master data were put, or when they are large."""
    masters = _by_position(source, after)
    if after in masters:  # they may have come after the last entry that was copied
        yield _Batch([], Capture("", "", "", 0), masters.pop(after))
    batch: list[LedgerEntry] = []
    for entry in source.ledger.entries(after):
        if batch and entry.capture != batch[-1].capture:
            yield _batch(batch, masters)
            batch = []
        batch.append(entry)
        if len(batch) >= BATCH or entry.seq in masters:
            yield _batch(batch, masters)
            batch = []
    if batch:
        yield _batch(batch, masters)


def _batch(entries: list[LedgerEntry], masters: dict[int, list[tuple[str, str, bytes]]]) -> _Batch:
    last = entries[-1]
    return _Batch(entries, last.capture, masters.get(last.seq, []))


def _by_position(source: Snapshot, after: int) -> dict[int, list[tuple[str, str, bytes]]]:
    """Master data from a position on, by the position at which they were put."""
    found: dict[int, list[tuple[str, str, bytes]]] = {}
    for told in source.masters.changes(after - 1):
        found.setdefault(told.seq, []).append(_told(told))
    return found


def _told(master: Master) -> tuple[str, str, bytes]:
    return master.key, master.kind, master.attributes


def _head(target: Store) -> Head:
    with target.snapshot() as reading:
        return reading.ledger.head()


def _check_prefix(source: Snapshot, head: Head) -> None:
    """The target's entries are the first of the source."""
    entry = next(source.ledger.entries(head.position - 1, head.position), None) if head.position else None
    if (GENESIS if entry is None else entry.hash) != head.hash:
        raise InvalidInput(
            "the target holds another ledger",
            where=f"ledger entry {head.position}",
            remedy="Copy into an empty store, or into one that was copied from this source before.",
        )
