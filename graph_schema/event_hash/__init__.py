"""The event hash id of CBV 2.0 §8.9. In: an EPCIS 2.0 JSON event. Out: `ni:///sha-256;…?ver=CBV2.0`.

The id is the same for every way of writing one event: whatever the order of its fields and lists, the spelling of
its identifiers and words, the zone its times are given in, and the zeros of its numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from graph_schema.event_hash.context import names_of
from graph_schema.event_hash.field_order import EVENT_FIELDS
from graph_schema.event_hash.pre_hash import pre_hash_string

__all__ = ["event_hash_id", "event_pre_hash"]


def event_hash_id(event: Mapping[str, object], context: object = None) -> str:
    """The event hash id of an event; `context` is the @context of the document it came in, its own is read too."""
    digest = hashlib.sha256(event_pre_hash(event, context).encode("utf-8", "surrogatepass")).hexdigest()
    return f"ni:///sha-256;{digest}?ver=CBV2.0"


def event_pre_hash(event: Mapping[str, object], context: object = None) -> str:
    """The string whose SHA-256 is in the event hash id. Numbers may be Decimal, int or float."""
    return pre_hash_string(event, EVENT_FIELDS, names_of(context, event.get("@context")))
