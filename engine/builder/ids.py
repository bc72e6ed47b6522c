"""Ids of vertices: 16 bytes, the same in whatever order events came (rule 16)."""

from __future__ import annotations

import hashlib

from graph_schema.event import Event


def vertex_id(*parts: str | bytes) -> bytes:
    """The hash of these parts, each kept apart from the next."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(4, "big"))
        digest.update(raw)
    return digest.digest()


def transformation_id(event: Event) -> bytes:
    """The vertex of a TransformationEvent."""
    return vertex_id("transformation", event.id, event.body_hash)


def holding_id(role: str, event: Event, item: str, *more: str) -> bytes:
    """The holding of a lot that an event opened in a role: a pure hash of these."""
    return vertex_id("holding", role, event.id, event.body_hash, item, *more)
