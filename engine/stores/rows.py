"""Rows as every store keeps them: their content, which is the identity of those of the graph. In: a row.

Out: MessagePack bytes and a 16-byte digest.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from hashlib import blake2b
from typing import Any

import msgspec

from engine.job import Job
from engine.ledger import Attestation
from engine.subscription import Subscription
from graph_schema.flow_graph import Flow, Gap, Line, Vertex

Row = Vertex | Flow | Gap | Line

_ENCODER = msgspec.msgpack.Encoder()
_JOBS = msgspec.msgpack.Decoder(Job)
_SUBSCRIPTIONS = msgspec.msgpack.Decoder(Subscription)


class RowKind(IntEnum):
    """What a row is; enters its digest, so that no vertex can be taken for a flow."""

    VERTEX = 0
    FLOW = 1
    GAP = 2
    LINE = 3


_KINDS: dict[type, RowKind] = {
    Vertex: RowKind.VERTEX,
    Flow: RowKind.FLOW,
    Gap: RowKind.GAP,
    Line: RowKind.LINE,
}


def row_kind(row: Row) -> RowKind:
    """What a row is."""
    return _KINDS[type(row)]


def row_content(row: Row) -> bytes:
    """A row as MessagePack, an array in the order of its fields."""
    return _ENCODER.encode(row)


def row_digest(row: Row) -> bytes:
    """The identity of a row: 16 bytes."""
    return content_digest(row_kind(row), row_content(row))


def content_digest(kind: RowKind, content: bytes) -> bytes:
    """The identity of a row by its kind and content: 16 bytes."""
    return blake2b(content, digest_size=16, salt=_SALTS[kind]).digest()


def shape_digest(rows: Iterable[bytes]) -> bytes:
    """The identity of a set of rows, by their digests in order: 16 bytes."""
    return blake2b(b"".join(rows), digest_size=16).digest()


def gap_order(gap: Gap) -> tuple[str, str, tuple[str, ...], str, str]:
    """What every store orders gaps by."""
    return gap.item, gap.kind, gap.event_ids, gap.site or "", gap.text


def job_content(job: Job) -> bytes:
    """A job as MessagePack, by the names of its fields, so that later ones may have more."""
    return _ENCODER.encode(job)


def job_of(content: bytes) -> Job:
    """The job of this content."""
    return _JOBS.decode(content)


def subscription_row(subscription: Subscription) -> dict[str, Any]:
    """A subscription as MessagePack by the names of its fields, and beside it what it is found by."""
    return {
        "id": subscription.id,
        "named": subscription.query,
        "owner": subscription.owner,
        "created": subscription.created,
        "due": subscription.due,
        "leased": 0 if subscription.lease is None else subscription.lease.until,
        "content": _ENCODER.encode(subscription),
    }


def subscription_of(content: bytes) -> Subscription:
    """The subscription of this content."""
    return _SUBSCRIPTIONS.decode(content)


def attestation_word(attestation: Attestation) -> str | None:
    """An attestation as a store keeps it; of what is free, nothing."""
    return None if attestation is Attestation.FREE else attestation.value


def attestation_of(word: str | None) -> Attestation:
    """The attestation that a store keeps so."""
    return Attestation.FREE if word is None else Attestation(word)


_SALTS = {kind: bytes([kind + 1]) * 16 for kind in RowKind}
