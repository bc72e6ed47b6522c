"""What is new to a query (EPCIS 2.0 §8.2.5). In: a state, a query, two positions. Out: its events between them."""

from __future__ import annotations

from collections.abc import Iterator

from api.rest.query.descendants import with_descendants
from api.rest.query.event_query import EventQuery
from api.rest.query.told_event import ToldEvent
from engine.ledger import LedgerEntry
from engine.stores.ports import Snapshot


def events_between(
    snapshot: Snapshot, query: EventQuery, after: int, upto: int, known_at: int
) -> Iterator[LedgerEntry]:
    """Those with `after < seq <= upto` that it lets through, in order; places within others as of `known_at`."""
    query = with_descendants(query, snapshot.masters, known_at)
    return (entry for entry in snapshot.ledger.entries(after, upto) if query.lets_through(ToldEvent(entry)))
