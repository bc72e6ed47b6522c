"""The append-only list of accepted events (design §2, rule 14). In: events and who captured them.

Out: chained entries.

The chain hash of an entry covers its sequence number, authorship, source, acceptance, what we read from the
event and the event as it came, and the hash of the entry before: whoever knows the last hash knows that
nothing before it was changed. Body and context enter by their digests, so that the chain stays checkable
after a body is erased (design §8). How an entry is attested enters where somebody is bound to its site, so that
chains of before there was such a thing are what they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

import msgspec

from graph_schema.errors import StoreDamaged
from graph_schema.event import Event

GENESIS = bytes(32)
"""The hash before the first entry."""


class Attestation(StrEnum):
    """What an author was to the sites of an event, as it was captured (rule 14); it stays so."""

    FREE = "free"
    """Nobody was bound to any of them."""
    BOUND = "bound"
    """The author was bound to each that somebody was bound to."""
    STRANGER = "stranger"
    """Others were, and the author was not: the event is unattested."""


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
    attestation: Attestation = Attestation.FREE


class Head(msgspec.Struct, frozen=True):
    """Where the ledger stands: `position` is the last sequence number (0: empty)."""

    position: int
    hash: bytes
    accepted: int | None


class Sealed(msgspec.Struct, frozen=True):
    """What a store keeps of an event: bytes, and the digests by which they enter the chain."""

    record: bytes
    """The event as we read it, without body and context: MessagePack."""
    body_digest: bytes
    """SHA-256 of the body as it came; stays when the body is erased."""
    context_digest: bytes
    """SHA-256 of the JSON-LD context."""


class Link(msgspec.Struct, frozen=True):
    """An entry as a store keeps it, to check the chain by. `body` is None where it was erased."""

    seq: int
    capture: Capture
    sealed: Sealed
    body: bytes | None
    context: bytes
    hash: bytes
    attestation: Attestation = Attestation.FREE


_UNATTESTED = Attestation.STRANGER.encode()
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Event)


Key = tuple[str, bytes, bytes]


def ledger_key(event: Event, attestation: Attestation = Attestation.FREE) -> Key:
    """The key of rule 14: event id, hash of the body, hash of the declaration (empty where there is none).

    What a stranger tells has a key of its own, so that whoever is bound to the site can tell the same after it.
    """
    declaration = b"" if event.error is None else sha256(msgspec.json.encode(event.error))
    unattested = _UNATTESTED if attestation is Attestation.STRANGER else b""
    return event.id, event.body_hash, declaration + unattested


def known_by(event: Event, attestation: Attestation) -> list[Key]:
    """The keys by which an event is known already: what a stranger tells is no news where another told it."""
    return list(dict.fromkeys(ledger_key(event, known) for known in (attestation, Attestation.FREE)))


def sha256(content: bytes) -> bytes:
    """32 bytes."""
    return hashlib.sha256(content).digest()


def seal(event: Event) -> Sealed:
    """What a store keeps of an event."""
    bare = msgspec.structs.replace(event, body=b"", context=b"")
    return Sealed(_ENCODER.encode(bare), sha256(event.body), sha256(event.context))


def unseal(record: bytes, body: bytes = b"", context: bytes = b"") -> Event:
    """The event of a record, with its body and context where they are given."""
    event = _DECODER.decode(record)
    return msgspec.structs.replace(event, body=body, context=context) if body or context else event


def chain_hash(
    previous: bytes, seq: int, capture: Capture, sealed: Sealed, attestation: Attestation = Attestation.FREE
) -> bytes:
    """The hash of an entry with all before it: SHA-256, 32 bytes."""
    told = [] if attestation is Attestation.FREE else [attestation]
    authorship = msgspec.json.encode([seq, capture.author, capture.job, capture.source, capture.accepted, *told])
    parts = (previous, sha256(authorship), sha256(sealed.record), sealed.body_digest, sealed.context_digest)
    return sha256(b"".join(parts))


def key_digests(key: Key) -> tuple[bytes, bytes]:
    """The key of rule 14 as two digests of 16 bytes: of the event id, and of what its versions differ in."""
    event_id, body_hash, declaration = key
    return id_digest(event_id), _digest(body_hash + b"\0" + declaration)


def id_digest(event_id: str) -> bytes:
    """An event id as 16 bytes."""
    return _digest(event_id.encode())


Attested = tuple[Event, Attestation]


def attested(events: Sequence[Event], attestations: Sequence[Attestation]) -> list[Attested]:
    """Each event with its attestation; where none are given, all are free."""
    return list(zip(events, attestations or [Attestation.FREE] * len(events), strict=True))


def chain(head: Head, told: Iterable[Attested], capture: Capture) -> Iterator[tuple[LedgerEntry, Sealed]]:
    """The entries that follow a head, and what a store keeps of each."""
    previous = head.hash
    for seq, (event, attestation) in enumerate(told, head.position + 1):
        kept = seal(event)
        previous = chain_hash(previous, seq, capture, kept, attestation)
        yield LedgerEntry(seq, event, capture, previous, attestation), kept


def verify_chain(links: Iterable[Link]) -> Head:
    """Check every entry against the one before; `StoreDamaged` names the first that does not agree."""
    head = Head(0, GENESIS, None)
    for link in links:
        if fault := _fault(head, link):
            raise StoreDamaged(
                f"{fault} does not agree with its hash",
                where=f"ledger entry {head.position + 1}",
                rule="docs/adr/0001-ledger.md, the hash of an entry",
                remedy="Restore the store from a copy; entries before this one are as they were accepted.",
            )
        head = Head(link.seq, link.hash, link.capture.accepted)
    return head


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()


def _fault(head: Head, link: Link) -> str | None:
    """What of an entry does not agree with the chain; None where all does."""
    if link.seq != head.position + 1:
        return "the sequence"
    if link.body is not None and sha256(link.body) != link.sealed.body_digest:
        return "the body"
    if sha256(link.context) != link.sealed.context_digest:
        return "the context"
    if chain_hash(head.hash, link.seq, link.capture, link.sealed, link.attestation) != link.hash:
        return "the entry"
    return None
