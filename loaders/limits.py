"""Bounds that refuse a record clearly before it hurts (design §8). In: what the caller allows. Out: `Limits`."""

from __future__ import annotations

import msgspec

LIMITS_RULE = "docs/loading.md, Limits"
"""What a refusal by a bound names as its rule."""


class Limits(msgspec.Struct, frozen=True):
    """What one record may be at most. The size of a file has no bound: it is streamed."""

    event_bytes: int = 16 * 1024 * 1024
    """Bytes of one event, or of one other member of a document (its header)."""
    depth: int = 64
    """Objects and arrays within one another, counted from the event."""
    items: int = 100_000
    """Items that one event names."""
