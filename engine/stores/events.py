"""What the event ports of all stores have in common (EPCIS 2.0 §8.2.7). In: a span. Out: the query that reads it."""

from __future__ import annotations

from engine.event_order import EventSpan, Fact


def query_of(span: EventSpan, fact: Fact | None) -> str:
    """Which query of a store's `events` gives a page of keys: of all entries or of a fact, in order or backwards."""
    if fact is None:
        return "in_order_back" if span.descending else "in_order"
    return "of_fact_back" if span.descending else "of_fact"
