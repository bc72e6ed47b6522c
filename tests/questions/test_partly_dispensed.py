"""A pack of which a part went to a patient (rules 2 and 7): the rest is still there, and so may be what is in it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from engine.answer import QuantityRange
from engine.question import ItemSeed
from graph_schema.event import Event
from graph_schema.flow_graph import FlowKind
from tests.questions.telling import (
    Told,
    asking,
    item,
    made,
    packed,
    received,
    shipped,
    site,
    some_time,
    tell,
    told,
)


def dispensed(when: float, at: str, what: str, *, partly: bool) -> Event:
    """A pack goes to a patient, or a part of it."""
    disposition = "partially_dispensed" if partly else "dispensed"
    return told("dispensed", when, at, {what: None}, step="dispensing", disposition=disposition)


def test_of_a_pack_dispensed_in_part_the_rest_may_be_held(tmp_path: Path) -> None:
    """One piece came: of one dispensed whole nothing is held, of one dispensed in part up to one piece is."""
    history = {"1": None}
    for partly, sold, held in ((False, (1, 1), (0, 0)), (True, (0, 1), (0, 1))):
        folder = tmp_path / str(partly)
        folder.mkdir()
        events = [
            made(1, "A", **history),
            shipped(2, "A", "B", "D1", **history),
            received(3, "B", "D1", **history),
            dispensed(4, "B", "1", partly=partly),
        ]
        with asking(folder, events) as ask:
            (outlet,) = [o for o in ask.recall(ItemSeed(item("1"))).outlets if o.site.id == site("B")]
            (row,) = outlet.stock
        assert row.stock.sold == (QuantityRange(Decimal(sold[0]), Decimal(sold[1]), None),)
        assert row.stock.held == (QuantityRange(Decimal(held[0]), Decimal(held[1]), None),)


def test_the_rest_of_a_pack_may_still_move(tmp_path: Path) -> None:
    """Of two records of one day, dispensing a part came first: the rest did not come back from the way."""
    history = {"1": None}
    events = [
        made(1, "A", **history),
        some_time(dispensed(2, "A", "1", partly=True), 2, 3),
        some_time(shipped(2, "A", "B", "D1", **history), 2, 3),
    ]
    with asking(tmp_path, events) as ask:
        answer = ask.trace(ItemSeed(item("1")))
        assert tell(answer) == Told({"1", "A"}, {"B"})
        moves = [(flow.source, flow.target) for flow in answer.flows if flow.kind is FlowKind.MOVE]
        assert moves == [(site("A"), site("B"))]


def test_what_is_in_a_box_dispensed_in_part_may_still_be_in_it(tmp_path: Path) -> None:
    """It may go on with the rest of the box, unless it is what the patient got."""
    with asking(tmp_path, _box(partly=True)) as ask:
        assert ask.forward("X") == Told({"X", "A"}, {"B"})


def test_what_is_in_a_box_dispensed_whole_goes_with_it(tmp_path: Path) -> None:
    """A box that went to a patient takes the lot in it along, whatever the box is used for later."""
    with asking(tmp_path, _box(partly=False)) as ask:
        assert ask.forward("X") == Told({"X", "A"}, set())


def _box(*, partly: bool) -> list[Event]:
    return [
        made(1, "A", X=5),
        packed(2, "A", "P1", X=5),
        dispensed(3, "A", "P1", partly=partly),
        shipped(4, "A", "B", "D1", P1=None),
        received(5, "B", "D1", P1=None),
    ]
