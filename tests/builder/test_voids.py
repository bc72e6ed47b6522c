"""Shipments declared void (design rule 6): which of several departures a record without all its fields can mean."""

from __future__ import annotations

from pathlib import Path

from engine.question import ItemSeed
from graph_schema.event import Event
from tests.questions.telling import Told, asking, item, made, shipped, site, told


def _void(when: float, at: str, doc: str | None = None, amount: float | None = None) -> Event:
    return told("void", when, at, {"X": amount}, doc=doc, step="void_shipping")


def test_a_void_of_no_named_consignment_leaves_all_that_fit_possible(tmp_path: Path) -> None:
    """Sent to B and, from no named place, to C; one of them is void, nobody says which: A forwarded none for sure."""
    events = [
        made(1, "A", X=20),
        shipped(2, "A", "B", "D1", X=5),
        shipped(3, None, "C", "D2", X=5),
        _void(4, "A"),
    ]
    with asking(tmp_path, events) as ask:
        assert ask.forward("X") == Told({"X", "A"}, {"B", "C"})
        scope = ask.recall(ItemSeed(item("X")))
    (row,) = [row for o in scope.outlets if o.site.id == site("A") for row in o.stock]
    assert [q.low for q in row.stock.forwarded] == [0]


def test_a_void_means_the_departure_of_its_consignment_alone(tmp_path: Path) -> None:
    """Of two shipments to C, one of which names no delivery note, the one of D1 is void, and the other is not."""
    events = [
        made(1, "A", X=20),
        shipped(2, "A", "B", "D1", X=5),
        shipped(3, "A", "C", X=5),
        _void(4, "A", "D1", 5),
    ]
    with asking(tmp_path, events) as ask:
        assert ask.forward("X") == Told({"X", "A"}, {"C"})
        scope = ask.recall(ItemSeed(item("X")))
    (row,) = [row for o in scope.outlets if o.site.id == site("A") for row in o.stock]
    assert [(q.low, q.high) for q in row.stock.forwarded] == [(5, 5)]
