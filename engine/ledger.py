"""The append-only list of accepted events (design §2, rule 14). In: events and who captured them. Out: chained entries.

The chain hash of an entry covers its sequence number, authorship, source, acceptance and event, and the hash of the
entry before: whoever knows the last hash knows that nothing before it was changed.
"""

from __future__ import annotations

import hashlib

import msgspec

from graph_schema.event import Event

GENESIS = bytes(32)
"""The hash before the first entry."""


class Capture(msgspec.Struct, frozen=True):
    """Who captured events, in which job, from which source, and when we accepted them."""

    author: str
    job: str
    source: str
    """Name and SHA-256 of the source, e.g. `milk.json sha256:…`."""
    accepted: int
    """Microseconds since 1970 UTC."""


class LedgerEntry(msgspec.Struct, frozen=True):
    """An accepted event at its place in the ledger. `event.body` may be empty where a port says so."""

    seq: int
    event: Event
    capture: Capture
    hash: bytes


class Head(msgspec.Struct, frozen=True):
    """Where the ledger stands: `position` is the last sequence number (0: empty)."""

    position: int
    hash: bytes
    accepted: int | None


def ledger_key(event: Event) -> tuple[str, bytes, bytes]:
    """The key of rule 14: event id, hash of the body, hash of the declaration (empty where there is none)."""
    declaration = b"" if event.error is None else hashlib.sha256(msgspec.json.encode(event.error)).digest()
    return event.id, event.body_hash, declaration


def chain_hash(previous: bytes, seq: int, event: Event, capture: Capture) -> bytes:
    """The hash of an entry with all before it."""
    digest = hashlib.sha256(previous)
    fields = [seq, capture.author, capture.job, capture.source, capture.accepted]
    digest.update(msgspec.json.encode(fields))
    # The body enters by its hash, so that the chain stays checkable after a body is erased (design §8).
    for part in (event.id.encode(), *ledger_key(event)[1:], event.body, event.context):
        digest.update(hashlib.sha256(part).digest())
    return digest.digest()
