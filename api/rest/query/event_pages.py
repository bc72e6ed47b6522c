"""A page of the events that a query lets through. In: a state, a query, a token. Out: entries, where the next begins.

A page is of the position that its token names, so that events which arrive meanwhile change nothing of the pages. It
looks at a bounded number of events: where that ends it, fewer come, and more follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec

from api.rest.paging import Count, Time, bad_token
from api.rest.problems import EpcisException, RestProblem
from api.rest.query.descendants import with_descendants
from api.rest.query.event_query import EventQuery, Narrowing, OrderBy
from api.rest.query.field_predicates import extension_values
from api.rest.query.told_event import ToldEvent
from api.rest.query.values import as_number, as_time
from engine.event_order import EventKey, EventSpan, key_of
from engine.ledger import LedgerEntry
from engine.stores.ports import Snapshot

LOOKED_AT = 20_000
"""Events that one page looks at, at most."""

COUNTED = 100_000
"""Events that are looked at to order or to count them all, at most."""

_PIECE = 500


class PageToken(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ended."""

    at: Count
    """The ledger's position."""
    of: bytes
    """The query."""
    time: Time
    seq: Count
    given: Count
    """Events on the pages so far."""


class EventPage(msgspec.Struct, frozen=True):
    """A page."""

    entries: list[LedgerEntry]
    following: PageToken | None
    """None: it is the last."""


def event_page(snapshot: Snapshot, query: EventQuery, size: int, token: PageToken | None) -> EventPage:
    """The first page, or the one that a token leads to."""
    newest = snapshot.ledger.head().position
    if token is not None and (token.of != query.digest or token.at > newest):
        raise bad_token()
    at = newest if token is None else token.at
    query = with_descendants(query, snapshot.masters, at)
    if token is None and query.most is not None:
        _check_count(snapshot, query, at)
    given = 0 if token is None else token.given
    wanted = size if query.first is None else max(0, min(size, query.first - given))
    if query.order.by is OrderBy.FIELD:
        return _page_by_field(snapshot, query, at, given, wanted)
    after = None if token is None else EventKey(token.time, token.seq)
    entries, looked = _take(_in_order(snapshot, query, at, after), query, wanted)
    more = looked is not None and (query.first is None or given + len(entries) < query.first)
    last = PageToken(at, query.digest, *looked, given + len(entries)) if more and looked is not None else None
    return EventPage(entries, last)


def _take(
    candidates: Iterator[LedgerEntry], query: EventQuery, wanted: int
) -> tuple[list[LedgerEntry], EventKey | None]:
    """So many that are let through, and behind which key more may follow (None: none do)."""
    found: list[LedgerEntry] = []
    looked: EventKey | None = None
    for number, entry in enumerate(candidates):
        through = query.lets_through(ToldEvent(entry))
        if number == LOOKED_AT or (through and len(found) >= wanted):
            return found, looked or EventKey(0, 0)
        looked = _key(query, entry)
        if through:
            found.append(entry)
    return found, None


def _key(query: EventQuery, entry: LedgerEntry) -> EventKey:
    return EventKey(0, entry.seq) if query.order.by is OrderBy.RECORD_TIME else key_of(entry)


def _in_order(snapshot: Snapshot, query: EventQuery, at: int, after: EventKey | None) -> Iterator[LedgerEntry]:
    """What may be let through, whole, in the order of the query, behind a key."""
    named = _named(snapshot, query.narrowing, at)
    if named is not None:
        return _sorted(named, query, after)
    if query.order.by is OrderBy.RECORD_TIME:
        return _as_accepted(snapshot, query, at, after)
    narrowing = query.narrowing
    return snapshot.events.in_order(
        EventSpan(at, narrowing.since, narrowing.until, narrowing.facts, after, query.order.descending)
    )


def _named(snapshot: Snapshot, narrowing: Narrowing, at: int) -> list[LedgerEntry] | None:
    """The entries that have one of the ids, or name one of the items, that are asked for; None where none are."""
    if narrowing.event_ids is not None:
        entries = snapshot.ledger.entries_of(sorted(set(narrowing.event_ids)))
    elif narrowing.items is not None:
        bare = [entry for entry in snapshot.lookup.entries_naming(narrowing.items) if entry.seq <= at]
        if len(bare) > COUNTED:
            raise _too_complex()
        seqs = {entry.seq for entry in bare}
        whole = snapshot.ledger.entries_of(sorted({entry.event.id for entry in bare}))
        entries = [entry for entry in whole if entry.seq in seqs]
    else:
        return None
    return [entry for entry in entries if entry.seq <= at]


def _sorted(entries: list[LedgerEntry], query: EventQuery, after: EventKey | None) -> Iterator[LedgerEntry]:
    descending = query.order.descending
    ordered = sorted(entries, key=lambda entry: _key(query, entry), reverse=descending)
    if after is None:
        return iter(ordered)
    return (e for e in ordered if (_key(query, e) < after if descending else _key(query, e) > after))


def _as_accepted(snapshot: Snapshot, query: EventQuery, at: int, after: EventKey | None) -> Iterator[LedgerEntry]:
    first = 1
    if query.narrowing.recorded_since is not None:
        first = snapshot.events.accepted_since(query.narrowing.recorded_since) or at + 1
    if not query.order.descending:
        return snapshot.ledger.entries(max(first - 1, after.seq if after else 0), at)
    last = min(at, after.seq - 1) if after else at
    return _backwards(snapshot, first, last)


def _backwards(snapshot: Snapshot, first: int, last: int) -> Iterator[LedgerEntry]:
    while last >= first:
        begin = max(first - 1, last - _PIECE)
        yield from reversed(list(snapshot.ledger.entries(begin, last)))
        last = begin


def _page_by_field(snapshot: Snapshot, query: EventQuery, at: int, given: int, wanted: int) -> EventPage:
    """All that is let through, ordered by an extension field; what lacks it comes last."""
    having: list[tuple[Any, LedgerEntry]] = []
    lacking: list[LedgerEntry] = []
    for told in _all_through(snapshot, query, at):
        value = _orderable(next(extension_values(told, query.order.field), None))
        if value is None:
            lacking.append(told.entry)
        else:
            having.append((value, told.entry))
    having.sort(key=lambda pair: (pair[0], pair[1].seq), reverse=query.order.descending)
    whole = [*(entry for _, entry in having), *lacking]
    page = whole[given : given + wanted]
    ended = given + len(page)
    more = ended < min(len(whole), query.first or len(whole))
    return EventPage(page, PageToken(at, query.digest, 0, 0, ended) if more else None)


def _orderable(value: Any) -> tuple[int, Any] | None:
    """A value that compares: numbers before times before texts."""
    if value is None:
        return None
    if (number := as_number(value)) is not None:
        return 0, number
    if (time := as_time(value)) is not None:
        return 1, time.earliest
    return 2, str(value)


def _check_count(snapshot: Snapshot, query: EventQuery, at: int) -> None:
    most = query.most or 0
    if sum(1 for _ in islice(_all_through(snapshot, query, at), most + 1)) > most:
        what = f"more than {most:,} events match"
        raise RestProblem(413, EpcisException.QUERY_TOO_LARGE, what, "Ask for less, or leave maxEventCount out.")


def _all_through(snapshot: Snapshot, query: EventQuery, at: int) -> Iterator[ToldEvent]:
    for told in map(ToldEvent, _bounded(_candidates(snapshot, query, at))):
        if query.lets_through(told):
            yield told


def _candidates(snapshot: Snapshot, query: EventQuery, at: int) -> Iterable[LedgerEntry]:
    by_time = msgspec.structs.replace(query, order=msgspec.structs.replace(query.order, by=OrderBy.EVENT_TIME))
    return _in_order(snapshot, by_time, at, None)


def _bounded(entries: Iterable[LedgerEntry]) -> Iterator[LedgerEntry]:
    for number, entry in enumerate(entries):
        if number == COUNTED:
            raise _too_complex()
        yield entry


def _too_complex() -> RestProblem:
    what = f"more than {COUNTED:,} events are to be looked at to answer this"
    remedy = "Narrow it by time, place, business step or item."
    return RestProblem(413, EpcisException.QUERY_TOO_COMPLEX, what, remedy)
