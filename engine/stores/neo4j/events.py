"""The event port on Neo4j. In: a span. Out: its entries in order of time; what events say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from engine.event_order import PAGE, EventField, EventKey, EventSpan, Fact, entries_in_order
from engine.ledger import LedgerEntry
from engine.stores.events import query_of
from engine.stores.neo4j.session import Session
from engine.stores.queries import load_queries

_CYPHER = load_queries(__package__, "events.cypher")
_OF_FIELD = {
    field: {name: query.replace("e.field", f"e.{field.value}") for name, query in _CYPHER.items()}
    for field in EventField
}
"""The queries for each property; Cypher finds no index by a property that is a parameter."""


class Neo4jEvents:
    """Entries by the properties of their nodes `Event`."""

    def __init__(self, session: Session, load: Callable[[Sequence[int]], Sequence[LedgerEntry]]) -> None:
        self._session = session
        self._load = load

    def in_order(self, span: EventSpan) -> Iterator[LedgerEntry]:
        """The entries of a span, streamed."""
        return entries_in_order(span, partial(self._keys, span), self._load)

    def at(self, seqs: Sequence[int]) -> list[LedgerEntry]:
        """The entries at these sequence numbers."""
        return list(self._load([seq for seq in seqs if seq <= self._session.upto]))

    def values(self, field: EventField, after: str, limit: int) -> list[str]:
        """Values after a text that some event says: a look into the index for each."""
        found: list[str] = []
        while len(found) < limit:
            value = self._session.value(_OF_FIELD[field]["next_value"], after=after, upto=self._session.upto)
            if value is None:
                break
            found.append(value)
            after = value
        return found

    def accepted_since(self, accepted: int) -> int | None:
        """The first sequence number accepted at or after a time."""
        first: int | None = self._session.value(_CYPHER["accepted_since"], accepted=accepted, upto=self._session.upto)
        return first

    def _keys(self, span: EventSpan, fact: Fact | None, after: EventKey) -> list[EventKey]:
        queries = _CYPHER if fact is None else _OF_FIELD[fact.field]
        rows = self._session.rows(
            queries[query_of(span, fact)],
            time=after.time, seq=after.seq, since=span.since, until=span.until,
            upto=min(span.upto, self._session.upto), value=None if fact is None else fact.value, limit=PAGE,
        )  # fmt: skip
        return [EventKey(*row) for row in rows]
