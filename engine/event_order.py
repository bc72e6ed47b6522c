"""Events in order of time, and what is kept of each to find it by (EPCIS 2.0 §8.2.7). In: an event. Out: facts, keys.

A fact is one word or place that an event says; a store finds by it without reading the events that do not say it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

import msgspec

from engine.ledger import LedgerEntry
from graph_schema.event import Event

LONG_AGO, FAR_OFF = -(2**63), 2**63 - 1
PAGE = 500
"""Keys and entries that are read at once."""


class EventField(StrEnum):
    """What of an event can be found by its value."""

    TYPE = "type"
    BIZ_STEP = "biz_step"
    DISPOSITION = "disposition"
    READ_POINT = "read_point"
    BIZ_LOCATION = "biz_location"


class Fact(NamedTuple):
    """That an event says this."""

    field: EventField
    value: str


class EventKey(NamedTuple):
    """The place of an entry in the order of time: when it happened at the earliest, and its sequence number."""

    time: int
    seq: int


class EventSpan(msgspec.Struct, frozen=True):
    """Which entries, and from where on: `since <= earliest < until`, and any of the facts where there are some.

    The facts are of one field, so that no entry has two of them.
    """

    upto: int
    """The ledger's position."""
    since: int = LONG_AGO
    until: int = FAR_OFF
    facts: tuple[Fact, ...] = ()
    after: EventKey | None = None
    """Where the order goes on, in its own direction."""
    descending: bool = False


def facts_of(event: Event) -> list[Fact]:
    """What an event can be found by."""
    told = ((field, getattr(event, field.value)) for field in EventField)
    return [Fact(field, str(value)) for field, value in told if value is not None]


def key_of(entry: LedgerEntry) -> EventKey:
    """Where an entry stands in the order of time."""
    return EventKey(entry.event.time.earliest, entry.seq)


Fetch = Callable[[Fact | None, EventKey], Sequence[EventKey]]
"""Some keys of a fact (None: of all entries) behind one, in order; none where there are no more."""


def entries_in_order(
    span: EventSpan, fetch: Fetch, load: Callable[[Sequence[int]], Sequence[LedgerEntry]]
) -> Iterator[LedgerEntry]:
    """The entries of a span from what a store gives: keys a page, and entries by their numbers, in any order."""
    facts: tuple[Fact | None, ...] = span.facts or (None,)
    keys = heapq.merge(*(_keys(span, fetch, fact) for fact in dict.fromkeys(facts)), reverse=span.descending)
    while some := [key.seq for key in islice(keys, PAGE)]:
        by_seq = {entry.seq: entry for entry in load(some)}
        yield from (by_seq[seq] for seq in some)


def _keys(span: EventSpan, fetch: Fetch, fact: Fact | None) -> Iterator[EventKey]:
    after = span.after or (EventKey(FAR_OFF, FAR_OFF) if span.descending else EventKey(LONG_AGO, LONG_AGO))
    while some := fetch(fact, after):
        yield from some
        after = some[-1]
