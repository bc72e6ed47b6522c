"""Small worlds of one lot, each a trap that a plausible reading of its records falls into (design rules 2, 3, 5)."""

from __future__ import annotations

from pathlib import Path

import msgspec

from engine.question import ItemSeed
from graph_schema.event import Event
from tests.questions.telling import (
    CLASS,
    Told,
    asking,
    between,
    coming_from,
    emptied,
    item,
    made,
    packed,
    received,
    shipped,
    sold,
    some_time,
    told,
    unpacked,
    used,
)


def _of_no_lot(event: Event) -> Event:
    """The same event, with the class for its lots."""
    return msgspec.structs.replace(event, whats=tuple(msgspec.structs.replace(w, item=CLASS) for w in event.whats))


def test_what_may_have_been_taken_out_before_is_possibly_there(tmp_path: Path) -> None:
    """A pallet sent to B turns up at C: it may have been emptied on the way, so X is possibly at C when it is."""
    events = [
        made(1, "A", X=5),
        packed(2, "A", "P1", X=5),
        shipped(3, "A", "B", P1=None),
        received(4, "C", P1=None),
        emptied(5, "C", "P1"),
    ]
    with asking(tmp_path, events) as ask:
        assert ask.forward("X", "C") == Told(set(), {"X", "C"})


def test_what_was_taken_out_is_where_the_taking_was_also_where_the_order_of_moves_is_open(tmp_path: Path) -> None:
    """A pallet emptied at A on a day on which it went to B and came back: X was given back to A, when is open."""
    events = [
        made(1, "A", X=5),
        packed(2, "A", "P1", X=5),
        *(
            some_time(event, 3, 4)
            for event in (
                emptied(3.2, "A", "P1"),
                shipped(3.3, "A", "B", P1=None),
                received(3.4, "B", P1=None),
                shipped(3.5, "B", "A", P1=None),
                received(3.6, "A", P1=None),
            )
        ),
    ]
    with asking(tmp_path, events) as ask:
        assert ask.trace(ItemSeed(item("X"))).unknown_place is None


def test_a_sale_of_the_class_before_the_lot_was_made_took_none_of_it(tmp_path: Path) -> None:
    """The till names no lot: Y was made after the sale, so it is still there, whatever else was sold."""
    events = [
        made(1, "A", X=9),
        _of_no_lot(sold(2, "A", X=8)),
        made(3, "A", Y=4),
    ]
    with asking(tmp_path, events) as ask:
        assert "Y" in ask.forward("Y", "A", between(5)).certain


def test_what_may_have_been_emptied_out_after_it_was_packed_on_that_day_is_possibly_given_back(tmp_path: Path) -> None:
    """A pallet that went to C was emptied at A on the day X was packed on it: what A sends to B may be that X."""
    events = [
        made(1, "A", X=9),
        packed(2.6, "A", "P1", X=None),
        some_time(emptied(2.7, "A", "P1"), 2, 3),
        shipped(2.8, "A", "C", P1=None),
        shipped(5, "A", "B", X=6),
        received(6, "B", X=6),
        emptied(7, "C", "P1"),
    ]
    with asking(tmp_path, events) as ask:
        assert "B" in ask.forward("P1").possible


def test_what_may_have_left_before_on_a_day_is_not_surely_there_when_its_container_leaves_next(tmp_path: Path) -> None:
    """A pallet left A on the day the box with X was put on it, nobody says where; on day 8 it leaves for C."""
    events = [
        made(1, "A", X=5),
        packed(2.5, "A", "P1", X=5),
        msgspec.structs.replace(packed(2.6, "A", "P2", P1=None), read_point=None),
        some_time(shipped(2.8, "A", "B", P2=None), 2, 3),
        shipped(8, None, "C", P2=None),
        received(9, "C", P2=None),
        unpacked(10, "C", "P2", P1=None),
    ]
    with asking(tmp_path, events) as ask:
        assert ask.forward("X", "A", between(6, 7)) == Told(set(), {"X", "A", "C"})
        assert ask.forward("P1", "A", between(6, 7)).certain == set()


def test_what_may_all_have_gone_before_others_came_is_not_surely_in_what_leaves(tmp_path: Path) -> None:
    """X made on a day, and used up; X from C came late that day: what leaves for B need hold nothing of the first."""
    events = [
        made(1, "C", X=8),
        shipped(1.2, "C", "A", "D1", X=8),
        some_time(used(2, "A", {"Y": 1}, {"X": 5}), 2, 3),
        used(2.6, "A", {"X": 5}, {"Z": 5}),
        received(2.8, "A", "D1", X=8),
        shipped(4, "A", "B", "D2", X=3),
        received(5, "B", "D2", X=3),
    ]
    with asking(tmp_path, events) as ask:
        found = ask.forward("Y")
        assert "B" in found.possible
        assert "X" in found.certain


def test_where_other_goods_may_have_come_what_may_all_have_gone_elsewhere_is_not_surely_used(tmp_path: Path) -> None:
    """X came to A; X came to B from A, nobody says when it left; X came somewhere: A may have used that alone."""
    events = [
        made(1, "C", X=None),
        shipped(2, "C", "A", "D1", X=None),
        received(3, "A", "D1", X=None),
        coming_from("A", received(5, "B", "D2", X=1)),
        received(6, None, "D3", X=1),
        used(7, "A", {"X": None}, {"Z": 5}),
    ]
    with asking(tmp_path, events) as ask:
        found = ask.forward("X", "C")
        assert "Z" in found.possible
        assert found.certain >= {"X", "C", "A"}


def test_what_was_packed_by_one_of_two_records_of_one_id_is_only_perhaps_in_the_load(tmp_path: Path) -> None:
    """At B, Y alone was put on a pallet by one record, by another of the same id X too: X was at B only perhaps."""
    first = packed(2, "B", "P1", Y=5)
    events = [
        made(1, "A", X=5),
        packed(1.5, "B", "P1", Z=5),
        first,
        msgspec.structs.replace(packed(2, "B", "P1", X=5, Y=5), id=first.id),
        emptied(5, "B", "P1"),
    ]
    with asking(tmp_path, events) as ask:
        assert ask.forward("X") == Told({"X", "A"}, {"B"})


def test_what_leaves_beside_a_container_is_open_where_that_may_have_been_emptied_before(tmp_path: Path) -> None:
    """1 of 4 of X was taken out some time on the day when 4 left beside the pallet: none, or 1, is at A since."""
    events = [
        made(1, "A", X=4),
        packed(2, "A", "P1", X=1),
        some_time(unpacked(3, "A", "P1", X=1), 3, 4),
        shipped(3.3, "A", "B", "D1", P1=None, X=4),
        shipped(3.8, "B", "A", "D2", P1=None),
    ]
    with asking(tmp_path, events) as ask:
        found = ask.forward("X", "A", between(3.9))
        assert "X" in found.possible


def test_a_load_is_in_its_pallet_wherever_the_order_of_that_leaves_it(tmp_path: Path) -> None:
    """X was put into a box, nobody says where, on the day when the box was put on a pallet at A: it is there since."""
    events = [
        made(1, "A", X=5),
        packed(3.5, None, "P1", X=5),
        some_time(packed(3, "A", "P2", P1=None), 3, 4),
    ]
    with asking(tmp_path, events) as ask:
        assert "X" in ask.forward("P1", "A", between(6)).possible


def test_what_came_out_at_no_named_place_may_be_where_the_lot_is_seen_later(tmp_path: Path) -> None:
    """1 of X came out of a pallet, nobody says where, and X is counted at A after that: what was in it may be there."""
    events = [
        made(1, "A", X=10),
        packed(2, None, "P1", X=1),
        unpacked(3, None, "P1", X=1),
        told("counted", 5, "A", {"X": 10}, step="cycle_counting"),
    ]
    with asking(tmp_path, events) as ask:
        assert ask.forward("P1") == Told({"P1", "X"}, {"A"})


def test_a_departure_that_may_not_count_does_not_hide_those_after_its_receipt(tmp_path: Path) -> None:
    """Two records of one id say when X left under D1: before it came to B, or after Y was made into X."""
    first = shipped(2, "A", "B", "D1", X=4)
    events = [
        made(1, "A", X=10),
        first,
        msgspec.structs.replace(shipped(6, "A", "B", "D1", X=4), id=first.id),
        received(3, "B", "D1", X=4),
        used(4, "B", {"X": 4}, {"Z": 1}),
        used(5, "A", {"Y": 1}, {"X": 5}),
    ]
    with asking(tmp_path, events) as ask:
        assert ask.forward("Y") == Told({"Y", "A", "X"}, {"B", "Z"})


def test_what_left_an_unknown_place_may_have_been_where_its_receipt_says_it_came_from(tmp_path: Path) -> None:
    """X was at A long before; more is made of Y, nobody says where, and is received at B, from A."""
    events = [
        made(1, "A", X=1),
        made(1, "C", Y=5),
        used(3, None, {"Y": 5}, {"X": 5}),
        shipped(4, None, None, "D1", X=5),
        coming_from("A", received(5, "B", "D1", X=5)),
    ]
    with asking(tmp_path, events) as ask:
        answer = ask.forward("Y", "C")
        assert answer.possible >= {"X", "A", "B"}
        assert "A" not in answer.certain


def test_what_came_out_of_a_container_that_only_a_doubtful_record_filled_may_be_from_elsewhere(tmp_path: Path) -> None:
    """Two records of one id say into which of two pallets X went at A: what comes out of P1 at B may be X of C."""
    first = packed(3, "A", "P1", X=5)
    events = [
        made(1, "A", X=5),
        made(1, "C", X=5),
        first,
        msgspec.structs.replace(packed(3, "A", "P2", X=5), id=first.id),
        unpacked(5, "B", "P1", X=2),
        used(6, "B", {"X": 2}, {"Z": 1}),
    ]
    with asking(tmp_path, events) as ask:
        assert "C" in ask.back("Z").possible
