"""A package of a ledger's events for another platform. In: a snapshot, for whom, since when. Out: a ZIP, its manifest.

Events are packed as they came, in the order of the ledger. What others than those bound to a site told of it is left
out: it is nobody's word for the sender to pass on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec

from api.exchange.manifest import NAME, Manifest, PartOf, Receipt, Standing
from api.export import event_line
from engine.ledger import GENESIS, Attestation, LedgerEntry
from engine.stores.ports import Snapshot
from graph_schema.errors import InvalidInput
from graph_schema.profiles import Profiles
from graph_schema.profiles.public import Marks

PART_EVENTS, PART_BYTES = 10_000, 16 << 20
"""Events and bytes after which a part ends."""
_WHEN = (1980, 1, 1, 0, 0, 0)
"""The time of every part: a package tells none, so that the same events give the same package."""


class Packing(msgspec.Struct, frozen=True):
    """What is packed, for whom."""

    sender: str
    recipient: str
    system: str | None = None


def beginning(snapshot: Snapshot, after: Receipt | None, asked: Packing) -> Standing:
    """Behind where a package begins: behind what a receipt is for, else at the first entry.

    `InvalidInput` for a receipt of another exchange, or of another ledger.
    """
    if after is None:
        return Standing(0, GENESIS.hex())
    if (after.sender, after.recipient, after.system) != (asked.sender, asked.recipient, asked.system):
        raise InvalidInput(
            f"the receipt is for what {after.sender} sent to {after.recipient}, of {after.system or 'all systems'}",
            where="--after",
            remedy="Name the receipt of the package before this one.",
        )
    if _hash_at(snapshot, after.until.position) != after.until.hash:
        raise InvalidInput(
            "the receipt is for a package of another ledger", where="--after", remedy="Pack from the store it was of."
        )
    return after.until


def _hash_at(snapshot: Snapshot, position: int) -> str | None:
    """The hash of the chain at a position; None behind its end."""
    if position == 0:
        return GENESIS.hex()
    entry = next(snapshot.ledger.entries(position - 1, position), None)
    return None if entry is None else entry.hash.hex()


def pack(snapshot: Snapshot, asked: Packing, since: Standing, out: BinaryIO, profiles: Profiles) -> Manifest:
    """Write a package of what came behind a position."""
    head = snapshot.ledger.head()
    choosing = _Choosing(asked.system, Marks(profiles))
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        parts = tuple(
            _add(archive, f"events-{number:05}.ndjson", lines)
            for number, lines in enumerate(_parts(choosing, snapshot, since.position), 1)
        )
        manifest = Manifest(
            sender=asked.sender,
            recipient=asked.recipient,
            system=asked.system,
            since=since,
            until=Standing(head.position, head.hash.hex()),
            events=sum(part.events for part in parts),
            left_out=choosing.left_out,
            parts=parts,
        )
        archive.writestr(ZipInfo(NAME, _WHEN), manifest.encoded())
    return manifest


class _Choosing:
    """Chooses what is packed, and counts what is not."""

    def __init__(self, system: str | None, marks: Marks) -> None:
        self._system = system
        self._marks = marks
        self.left_out = 0

    def packs(self, entry: LedgerEntry) -> bool:
        """Whether an entry is packed."""
        chosen = bool(entry.event.body) and entry.attestation is not Attestation.STRANGER and self._is_of(entry)
        self.left_out += not chosen
        return chosen

    def _is_of(self, entry: LedgerEntry) -> bool:
        """Whether it is marked as a record of the system; a record that might be of it is not enough to be sent out."""
        return self._system is None or any(mark.system == self._system for mark in self._marks.of(entry.event))


def _parts(choosing: _Choosing, snapshot: Snapshot, after: int) -> Iterator[list[bytes]]:
    """The lines of each part."""
    lines: list[bytes] = []
    size = 0
    for entry in snapshot.ledger.entries(after):
        if not choosing.packs(entry):
            continue
        lines.append(event_line(entry.event))
        size += len(lines[-1])
        if len(lines) >= PART_EVENTS or size >= PART_BYTES:
            yield lines
            lines, size = [], 0
    if lines:
        yield lines


def _add(archive: ZipFile, name: str, lines: list[bytes]) -> PartOf:
    content = b"".join(lines)
    told = ZipInfo(name, _WHEN)
    told.compress_type = ZIP_DEFLATED
    archive.writestr(told, content)
    return PartOf(name, len(lines), len(content), hashlib.sha256(content).hexdigest())
