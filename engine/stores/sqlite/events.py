"""The event port on SQLite. In: a span. Out: its entries in order of time; what events say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from engine.event_order import PAGE, EventField, EventKey, EventSpan, Fact, entries_in_order, facts_of, key_of
from engine.ledger import LedgerEntry
from engine.stores.events import query_of
from engine.stores.queries import load_queries
from engine.stores.sqlite.session import Session

_SQL = load_queries(__package__, "events.sql")


class SqliteEvents:
    """Entries by time in the table `event_time`, by what they say in `event_fact`."""

    def __init__(self, session: Session, load: Callable[[Sequence[int]], Sequence[LedgerEntry]]) -> None:
        self._session = session
        self._load = load

    def in_order(self, span: EventSpan) -> Iterator[LedgerEntry]:
        """The entries of a span, streamed."""
        return entries_in_order(span, partial(self._keys, span), self._load)

    def at(self, seqs: Sequence[int]) -> list[LedgerEntry]:
        """The entries at these sequence numbers."""
        return list(self._load(seqs))

    def values(self, field: EventField, after: str, limit: int) -> list[str]:
        """Values after a text that some event says."""
        bounds = {"field": field.value, "after": after, "limit": limit}
        return [value for (value,) in self._session.rows(_SQL["values"], bounds)]

    def accepted_since(self, accepted: int) -> int | None:
        """The first sequence number accepted at or after a time."""
        first: int | None = self._session.value(_SQL["accepted_since"], {"accepted": accepted})
        return first

    def _keys(self, span: EventSpan, fact: Fact | None, after: EventKey) -> list[EventKey]:
        bounds: dict[str, object] = {
            "time": after.time, "seq": after.seq, "since": span.since, "until": span.until, "upto": span.upto,
            "limit": PAGE,
        }  # fmt: skip
        if fact is not None:
            bounds |= {"field": fact.field.value, "value": fact.value}
        rows = self._session.rows(_SQL[query_of(span, fact)], bounds)
        return [EventKey(*row) for row in rows]


def note_events(session: Session, entries: Sequence[LedgerEntry]) -> None:
    """Keep by what new entries are found."""
    session.run_many(_SQL["note_time"], map(key_of, entries))
    facts = dict.fromkeys(fact for entry in entries for fact in facts_of(entry.event))
    numbers = {fact: _give(session, fact) for fact in facts}
    session.run_many(
        _SQL["note_fact"], [(numbers[fact], *key_of(entry)) for entry in entries for fact in facts_of(entry.event)]
    )


def _give(session: Session, fact: Fact) -> int:
    named = (fact.field.value, fact.value)
    number: int | None = session.value(_SQL["fact_id"], named)
    return session.value(_SQL["add_fact"], named) if number is None else number
