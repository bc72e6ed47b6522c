"""What holds for events in order of time, by what they say, on every store."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from engine.event_order import EventField, EventKey, EventSpan, Fact, key_of
from engine.ledger import LedgerEntry
from engine.stores.ports import Store
from graph_schema.event import Event
from graph_schema.interval import Interval
from tests.stores.contract import Contract
from tests.stores.examples import CAPTURE, event

HERE, THERE = "https://id.gs1.org/414/9521321000010", "https://id.gs1.org/414/9521321000027"
SHIPPING, RECEIVING = (Fact(EventField.BIZ_STEP, step) for step in ("shipping", "receiving"))


def told(number: int, time: int, **said: Any) -> Event:
    """An event at a time that says something."""
    return msgspec.structs.replace(event(number), time=Interval(time, time + 9), **said)


EVENTS = [
    told(1, 50, biz_step="shipping", read_point=HERE),
    told(2, 10, biz_step="receiving", biz_location=THERE, disposition="in_progress"),
    told(3, 50, biz_step="shipping", read_point=THERE),
    told(4, -20),
    told(5, 30, biz_step="shipping", disposition="in_transit"),
    told(6, 50, biz_step="https://example.org/步骤"),
]


def append(store: Store, *events: Event, accepted: int = 1_000) -> None:
    """One transaction."""
    with store.transaction() as writing:
        writing.ledger.append(events, msgspec.structs.replace(CAPTURE, accepted=accepted))


def found(store: Store, span: EventSpan) -> list[LedgerEntry]:
    """The entries of a span."""
    with store.snapshot() as reading:
        return list(reading.events.in_order(span))


class EventContract(Contract):
    """Events by when they happened and what they say."""

    def test_entries_come_in_order_of_time_whole(self, store: Store) -> None:
        """Those of one time in order of the ledger; either way; with bodies and captures as the ledger gives them."""
        append(store, *EVENTS)
        with store.snapshot() as reading:
            wanted = sorted(reading.ledger.entries(), key=key_of)
        assert found(store, EventSpan(6)) == wanted
        assert found(store, EventSpan(6, descending=True)) == wanted[::-1]

    def test_a_span_has_bounds(self, store: Store) -> None:
        """From a time on, up to but without another, and of a position."""
        append(store, *EVENTS)
        spans = [EventSpan(6, since=10, until=50), EventSpan(6, since=50), EventSpan(3), EventSpan(6, until=-20)]
        seqs = [[entry.seq for entry in found(store, span)] for span in (*spans, EventSpan(0))]
        assert seqs == [[2, 5], [1, 3, 6], [2, 1, 3], [], []]

    def test_entries_are_found_by_what_they_say(self, store: Store) -> None:
        """By one value or any of several of a field; by one that nobody says: none."""
        append(store, *EVENTS)
        for facts, wanted in (
            ((SHIPPING,), [5, 1, 3]),
            ((SHIPPING, RECEIVING), [2, 5, 1, 3]),
            ((SHIPPING, SHIPPING), [5, 1, 3]),
            ((Fact(EventField.READ_POINT, THERE),), [3]),
            ((Fact(EventField.BIZ_LOCATION, THERE),), [2]),
            ((Fact(EventField.DISPOSITION, "in_transit"),), [5]),
            ((Fact(EventField.TYPE, "ObjectEvent"),), [4, 2, 5, 1, 3, 6]),
            ((Fact(EventField.BIZ_STEP, "https://example.org/步骤"),), [6]),
            ((Fact(EventField.BIZ_STEP, "packing"),), []),
        ):
            for descending in (False, True):
                entries = found(store, EventSpan(6, facts=facts, descending=descending))
                assert [entry.seq for entry in entries] == (wanted[::-1] if descending else wanted)

    def test_an_order_goes_on_behind_any_of_its_keys(self, store: Store) -> None:
        """Behind a key comes what comes behind it, either way, also where the key is of no entry."""
        append(store, *EVENTS)
        for span in (EventSpan(6), EventSpan(6, facts=(SHIPPING,)), EventSpan(6, facts=(SHIPPING, RECEIVING))):
            for way in (span, msgspec.structs.replace(span, descending=True)):
                whole = found(store, way)
                for number, entry in enumerate(whole, 1):
                    assert found(store, msgspec.structs.replace(way, after=key_of(entry))) == whole[number:]
        assert [entry.seq for entry in found(store, EventSpan(6, after=EventKey(30, 9)))] == [1, 3, 6]

    def test_a_long_order_is_streamed_in_pieces(self, store: Store) -> None:
        """More than a store reads at once, of one time and of several."""
        append(store, *[told(number, number // 700, biz_step="shipping") for number in range(1_500)])
        for span in (EventSpan(1_500), EventSpan(1_500, facts=(SHIPPING,)), EventSpan(1_500, descending=True)):
            seqs = [entry.seq for entry in found(store, span)]
            assert seqs == sorted(range(1, 1_501), reverse=span.descending)

    def test_entries_are_given_by_number(self, store: Store) -> None:
        """Whole; those that are not there are absent."""
        append(store, *EVENTS)
        with store.snapshot() as reading:
            whole = list(reading.ledger.entries())
            assert sorted(reading.events.at([5, 2, 7]), key=lambda entry: entry.seq) == [whole[1], whole[4]]
            assert reading.events.at([]) == []

    def test_what_events_say_is_listed(self, store: Store) -> None:
        """Each value once, in order, a page at a time."""
        append(store, *EVENTS)
        with store.snapshot() as reading:
            steps = reading.events.values(EventField.BIZ_STEP, "", 10)
            assert steps == ["https://example.org/步骤", "receiving", "shipping"]
            assert reading.events.values(EventField.BIZ_STEP, "", 2) == steps[:2]
            assert reading.events.values(EventField.BIZ_STEP, "receiving", 2) == steps[2:]
            assert reading.events.values(EventField.BIZ_STEP, "z", 2) == []
            assert reading.events.values(EventField.READ_POINT, "", 5) == [HERE, THERE]
            assert reading.events.values(EventField.TYPE, "", 5) == ["ObjectEvent"]

    def test_the_first_accepted_since_a_time(self, store: Store) -> None:
        """Also where the clock went back meanwhile."""
        for number, accepted in enumerate((100, 300, 200, 400)):
            append(store, EVENTS[number], accepted=accepted)
        with store.snapshot() as reading:
            firsts = [reading.events.accepted_since(time) for time in (0, 100, 101, 250, 301, 401)]
        assert firsts == [1, 1, 2, 2, 4, None]

    def test_an_append_that_failed_is_found_nowhere(self, store: Store) -> None:
        """Neither its entries nor what they say."""
        with pytest.raises(ZeroDivisionError):
            _fail(store)
        append(store, EVENTS[3])
        assert [entry.event.id for entry in found(store, EventSpan(9))] == [EVENTS[3].id]
        with store.snapshot() as reading:
            assert reading.events.values(EventField.BIZ_STEP, "", 9) == []


def _fail(store: Store) -> None:
    with store.transaction() as writing:
        writing.ledger.append(EVENTS[:2], CAPTURE)
        raise ZeroDivisionError
