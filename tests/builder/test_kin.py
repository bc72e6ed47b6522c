"""Wider and narrower (rule 11): what an append touches does not grow with history; a till takes from no lot surely."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pytest

from engine.capture import capture_within
from engine.ledger import Capture, LedgerEntry
from graph_schema.flow_graph import FlowKind, Grade, Vertex, VertexKind
from tests.builder.graphs import derived, stored
from tests.worlds.memory_store import MemoryLedger, MemoryLookup, MemorySnapshot
from tests.worlds.reading import read_events

BY = Capture("someone", "job", "till.ndjson", 0)
CLASS = "https://id.gs1.org/01/09521321000003"
SHOP = "https://id.gs1.org/414/9521321000010"
OTHER = "https://id.gs1.org/414/9521321000027"

Json = dict[str, Any]


class CountingLookup(MemoryLookup):
    """Counts the entries that the builder reads."""

    def __init__(self, ledger: MemoryLedger) -> None:
        super().__init__(ledger)
        self.read = 0

    def entries_naming(self, items: Collection[str]) -> list[LedgerEntry]:
        """Entries, counted."""
        found = super().entries_naming(items)
        self.read += len(found)
        return found


class Counted(MemorySnapshot):
    """A store that counts what is read of it."""

    def __init__(self) -> None:
        super().__init__()
        self.counting = CountingLookup(self.memory)
        self.lookup = self.counting

    def take(self, events: Iterable[Json]) -> int:
        """Capture events; how many entries were read for it."""
        before = self.counting.read
        capture_within(self, read_events(events), BY)
        return self.counting.read - before


def event(number: int, day: int, hour: int, item: str, quantity: int, step: str, **fields: object) -> Json:
    """An event on so much of a lot or class at the shop."""
    return {
        "type": "ObjectEvent",
        "eventID": f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
        "eventTime": f"{2020 + day // 336}-{day // 28 % 12 + 1:02d}-{day % 28 + 1:02d}T{hour:02d}:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "action": "OBSERVE",
        "bizStep": step,
        "bizLocation": {"id": SHOP},
        "quantityList": [{"epcClass": item, "quantity": quantity, "uom": "KGM"}],
        **fields,
    }


def lot(name: object) -> str:
    """The key of a lot of the class."""
    return f"{CLASS}/10/{name}"


def day_at_the_shop(day: int) -> list[Json]:
    """A lot comes, some of it is sold by name, the rest by its class."""
    return [
        event(10 * day, day, 8, lot(day), 10, "receiving"),
        event(10 * day + 1, day, 9, lot(day), 9, "retail_selling", disposition="retail_sold"),
        event(10 * day + 2, day, 10, CLASS, 1, "retail_selling", disposition="retail_sold"),
    ]


def read_each_day(days: int) -> list[int]:
    """How many entries are read for each of so many days, less those of the class itself."""
    store = Counted()
    read = []
    for day in range(days):
        before = sum(1 for entry in store.ledger.entries() if entry.event.whats[0].item == CLASS)
        read.append(store.take(day_at_the_shop(day)) - before)
    return read


def test_the_lots_touched_by_an_append_do_not_grow_with_history() -> None:
    """Each day reads as many entries of lots as the day before, though each sells by the class all were of."""
    read = read_each_day(60)
    assert max(read[10:]) == min(read[10:]), read


def test_a_day_that_comes_late_touches_what_was_recorded_from_then_on() -> None:
    """What was over before is not read again; the graph is what the ledger says."""
    store = Counted()
    days = [day_at_the_shop(day) for day in range(40)]
    for told in (*days[:30], *days[31:]):
        store.take(told)
    assert store.take(days[30]) < sum(len(day) for day in days)
    assert stored(store).differences(derived(store)) == []


def vertices(store: MemorySnapshot, item: str) -> list[Vertex]:
    """The holdings of an item."""
    held = [row.vertex for row in store.graph.vertices()]
    return [vertex for vertex in held if vertex.kind is VertexKind.HOLDING and vertex.item == item]


def test_what_a_till_sells_by_class_takes_no_lot_away_for_sure() -> None:
    """Of two lots of ten, ten are sold by the class: either may be left, so both are told as possibly there."""
    store = Counted()
    sold = event(3, 2, 9, CLASS, 10, "retail_selling", disposition="retail_sold")
    store.take([event(n, 1, 8, lot(n), 10, "receiving") for n in (1, 2)])
    store.take([sold])
    assert [v.remains for n in (1, 2) for v in vertices(store, lot(n))] == [Grade.INFERRED, Grade.INFERRED]


@pytest.mark.parametrize("first", [CLASS, lot(1)])
def test_a_lot_flows_to_the_till_that_sold_its_class_whichever_is_known_first(first: str) -> None:
    """The sale before the lot's receipt got nothing of it, the one after did."""
    store = Counted()
    told = [
        event(1, 1, 8, CLASS, 1, "retail_selling", disposition="retail_sold"),
        event(2, 2, 8, lot(1), 10, "receiving"),
        event(3, 3, 8, CLASS, 1, "retail_selling", disposition="retail_sold"),
    ]
    told.sort(key=lambda one: one["quantityList"][0]["epcClass"] != first)
    for one in told:
        store.take([one])
    widened = [row.flow for row in store.graph.flows() if row.flow.kind is FlowKind.WIDEN]
    (held,) = vertices(store, lot(1))
    assert [flow.source for flow in widened] == [held.id]
    assert [flow.grade for flow in widened] == [Grade.CLASS]
    assert widened[0].arrived == read_events(told)[told.index(sale_after(told))].time


def sale_after(told: list[Json]) -> Json:
    """The later sale."""
    return max((one for one in told if one["quantityList"][0]["epcClass"] == CLASS), key=lambda one: one["eventTime"])


def test_goods_moved_by_class_reach_every_lot_that_may_be_of_them() -> None:
    """Received by class and shipped on by class: what is known of lots is built anew, wherever it was."""
    store = Counted()
    store.take([event(1, 5, 8, lot(1), 4, "inspecting")])
    store.take([event(2, 1, 8, CLASS, 10, "receiving"), event(3, 9, 8, CLASS, 3, "shipping", readPoint={"id": OTHER})])
    assert stored(store).differences(derived(store)) == []
    assert any(row.flow.kind is FlowKind.NARROW for row in store.graph.flows())
