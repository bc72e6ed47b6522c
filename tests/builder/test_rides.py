"""Rides in containers whose records leave open where, when and whether: small worlds, each a trap (design rule 5)."""

from __future__ import annotations

from pathlib import Path

import msgspec

from engine.answer import Direction
from engine.question import ItemSeed, SiteSeed
from graph_schema.event import Action, Event
from tests.questions.telling import (
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
    site,
    some_time_on,
    tell,
    told,
    unpacked,
    used,
)


def test_what_a_thing_does_after_its_ride_does_not_doubt_the_ride(tmp_path: Path) -> None:
    """A piece emptied out at B, packed anew and named at C was in the first pallet all the way to B."""
    world = [
        made(1, "A", **{"1": None}),
        packed(2, "A", "P1", **{"1": None}),
        shipped(3, "A", "B", P1=None),
        received(4, "B", P1=None),
        unpacked(5, "B", "P1"),
        packed(6, "B", "P2", **{"1": None}),
        shipped(7, "B", "C", P2=None),
        received(8, "C", P2=None),
        shipped(9, "C", "D", P2=None, **{"1": None}),
        received(10, "D", P2=None),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward("1") == Told({"1", "A", "B", "C", "D"}, set())


def test_being_packed_elsewhere_shows_that_a_record_of_unpacking_was_lost(tmp_path: Path) -> None:
    """A piece packed into a second pallet at A surely never went along with the first one's further way."""
    world = [
        made(1, "A", **{"1": None}),
        packed(2, "A", "P1", **{"1": None}),
        shipped(3, "A", "B", P1=None),
        received(4, "B", P1=None),
        packed(5, "A", "P2", **{"1": None}),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward("1") == Told({"1", "A"}, {"B"})


def test_what_was_packed_at_no_named_place_may_have_been_wherever_its_container_was(tmp_path: Path) -> None:
    """Two pieces packed on a day in doubt, one where no record says: it may have left from A with the pallet."""
    world = [
        made(1, None, **{"1": None, "2": None}),
        some_time_on(3, packed(3, "A", "P1", **{"2": None})),
        packed(3.5, None, "P1", **{"1": None}),
        shipped(3.6, "A", "B", P1=None),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward("1") == Told({"1"}, {"A", "B"})


def test_what_may_have_been_emptied_out_is_possibly_in_the_load(tmp_path: Path) -> None:
    """Emptied on the day of packing, before or after: the pallet's load at B holds the piece possibly, not surely."""
    world = [
        made(1, "A", **{"1": None, "2": None}),
        packed(2, "A", "P1", **{"2": None}),
        packed(3.5, "A", "P1", **{"1": None}),
        some_time_on(3, unpacked(3, "A", "P1")),
        shipped(5, "A", "B", P1=None, **{"1": None}),
        received(6, "B", P1=None, **{"1": None}),
    ]
    with asking(tmp_path, world) as ask:
        found = ask.forward("P1", "B")
        assert found.certain == {"P1", "B"}
        assert "1" in found.possible
        assert ask.forward("1") == Told({"1", "A", "B"}, set())


def test_a_container_takes_along_at_its_end_only_what_is_in_it_by_then(tmp_path: Path) -> None:
    """A piece put into a second pallet at A, with no record of leaving the first, did not end with that at B."""
    world = [
        made(1, "A", **{"1": None}),
        packed(2, "A", "P1", **{"1": None}),
        packed(3, "A", "P2", **{"1": None}),
        shipped(4, "A", "B", P1=None),
        received(5, "B", P1=None),
        told("destroyed", 6, "B", {"P1": None}, step="destroying", action=Action.DELETE),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward("1") == Told({"1", "A"}, set())


def test_the_end_of_a_container_is_in_doubt_for_what_may_have_been_taken_out_before(tmp_path: Path) -> None:
    """Packed anew after it moved, a pallet shows that it may have been emptied: then the piece did not end with it."""
    world = [
        made(1, "A", **{"1": None, "2": None}),
        packed(2, "A", "P1", **{"1": None}),
        shipped(3, "A", "B", P1=None),
        received(4, "B", P1=None),
        packed(5, "B", "P1", **{"2": None}),
        told("destroyed", 6, "C", {"P1": None}, step="destroying", action=Action.DELETE),
    ]
    with asking(tmp_path, world) as ask:
        found = ask.forward("1")
        assert "C" in found.possible
        assert found.certain == {"1", "A", "B"}


def test_a_thing_packed_at_no_named_place_is_not_surely_at_its_containers_last_sure_place(tmp_path: Path) -> None:
    """The pallet came to B or C on a day that leaves the order open, and then took a piece in: where, nobody says."""
    world = [
        made(1, "A", P1=None),
        made(1, "D", **{"1": None}),
        some_time_on(3, received(3, "B", P1=None)),
        some_time_on(3, received(3.1, "C", P1=None)),
        packed(5, None, "P1", **{"1": None}),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward("1") == Told({"1", "D"}, {"A", "B", "C"})


def test_what_was_put_into_two_containers_in_an_order_that_is_open_is_surely_in_neither(tmp_path: Path) -> None:
    """A piece put into P1 at noon and into P2 on that day: where P1 is emptied it surely was not."""
    world = [
        made(1, "A", **{"1": None}),
        packed(3.5, "A", "P1", **{"1": None}),
        some_time_on(3, packed(3, "A", "P2", **{"1": None})),
        shipped(5, "A", "B", P1=None),
        received(6, "B", P1=None),
        unpacked(7, "B", "P1"),
        shipped(5, "A", "C", P2=None),
        received(6, "C", P2=None),
        unpacked(7, "C", "P2"),
    ]
    with asking(tmp_path, world) as ask:
        found = ask.forward("1")
        assert found.certain == {"1", "A"}
        assert found.possible >= {"B", "C"}


def test_what_is_named_with_its_container_as_that_sets_out_sets_out_once(tmp_path: Path) -> None:
    """Received some time on the day when it was packed and named beside its pallet that left: it went along."""
    world = [
        made(1, "A", **{"1": None}),
        shipped(2, "A", "B", **{"1": None}),
        some_time_on(3, received(3, "B", **{"1": None})),
        packed(3.4, "B", "P1", **{"1": None}),
        shipped(3.6, "B", "C", P1=None, **{"1": None}),
        received(5, "C", P1=None),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward("1") == Told({"1", "A", "B", "C"}, set())


def test_what_was_packed_and_unpacked_on_one_day_may_have_been_packed_again_at_last(tmp_path: Path) -> None:
    """Packed, taken out, and packed again, of which the last two name the day: it may have left with the pallet."""
    world = [
        made(1, "A", **{"1": None}),
        packed(3.2, None, "P1", **{"1": None}),
        some_time_on(3, unpacked(3, "A", "P1", **{"1": None})),
        some_time_on(3, packed(3, "A", "P1", **{"1": None})),
        shipped(5, "A", "B", P1=None),
        received(6, "B", P1=None),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward("1") == Told({"1", "A"}, {"B"})


def on_a_day_in_doubt() -> list[Event]:
    """A pallet with a piece goes to B, and on to C, of which the day is known; where it is emptied, nobody says."""
    return [
        made(1, "A", **{"1": None}),
        packed(2, "A", "P1", **{"1": None}),
        shipped(2.9, "A", "B", P1=None),
        received(3.5, "B", P1=None),
        some_time_on(3, shipped(3, "B", "C", P1=None)),
        unpacked(8, None, "P1", **{"1": None}),
    ]


def test_what_rides_is_wherever_the_order_of_its_container_leaves_that_open(tmp_path: Path) -> None:
    """Received at B and sent on to C that day, then emptied somewhere: that may have been at C."""
    with asking(tmp_path, on_a_day_in_doubt()) as ask:
        assert "1" in tell(ask.trace(SiteSeed(site("C"), between(7)))).possible


def test_what_was_packed_somewhere_on_the_day_of_a_receipt_may_have_come_with_it(tmp_path: Path) -> None:
    """X was put onto a pallet, nobody says where, that came to C that day under a delivery note: before, or with X."""
    world = [
        made(1, "A", X=5),
        packed(3.4, None, "P1", X=5),
        some_time_on(3, received(3, "C", "D1", P1=None)),
    ]
    with asking(tmp_path, world) as ask:
        assert "C" in ask.forward("X").possible


def test_what_was_packed_by_one_of_two_records_of_one_id_rides_from_there(tmp_path: Path) -> None:
    """By one record packed at A and taken out there, by the other, of the same id, packed at B, whence it goes to C."""
    first = packed(2, "A", "P1", **{"1": None})
    again = msgspec.structs.replace(packed(6, "B", "P1", **{"1": None}), id=first.id)
    world = [
        made(1, "A", **{"1": None}),
        first,
        unpacked(3, "A", "P1", **{"1": None}),
        shipped(4, "A", "B", **{"1": None}),
        received(5, "B", **{"1": None}),
        again,
        received(7, "C", P1=None),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward("1") == Told({"1", "A", "B"}, {"C"})


def test_what_was_used_somewhere_was_there_till_then(tmp_path: Path) -> None:
    """Where it may have been before it was used is where it may have been to the end, also where it may have left."""
    world = [*on_a_day_in_doubt(), used(9, None, {"1": None}, {"Y": 5})]
    with asking(tmp_path, world) as ask:
        assert ask.forward("1", "C", between(7)).possible >= {"1", "C", "Y"}


def test_a_lot_packed_at_no_named_place_may_have_been_wherever_its_container_was(tmp_path: Path) -> None:
    """Two records of one id say when P1 came to C: before X was put into it, or after it was emptied."""
    came = received(3, "C", P1=None)
    world = [
        made(1, "A", P1=None),
        made(1, "B", X=5),
        came,
        msgspec.structs.replace(received(6, "C", P1=None), id=came.id),
        packed(4, None, "P1", X=5),
        emptied(5, "A", "P1"),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward("X") == Told({"A", "B", "X"}, {"C"})


def test_a_thing_packed_at_no_named_place_is_not_surely_where_it_began_on_a_day_in_doubt(tmp_path: Path) -> None:
    """Made at A on some day on which it moved, and packed later, nobody says where: not surely at A."""
    world = [
        some_time_on(1, made(1, "A", **{"1": None})),
        shipped(1.3, "A", None, "D1", **{"1": None}),
        some_time_on(1.5, coming_from("A", received(2, "B", **{"1": None}))),
        shipped(2.2, "B", "C", **{"1": None}),
        received(2.3, "C", "D2", **{"1": None}),
        packed(3, None, "P1", **{"1": None}),
        unpacked(4, "C", "P1", **{"1": None}),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward("P1").certain == {"P1", "C"}


def test_what_was_put_into_a_container_on_the_day_of_its_receipt_did_not_surely_come_with_it(tmp_path: Path) -> None:
    """P2 came to B, and P1 to D, and to B; P1 was put into P2 at B on that day: P1 was at B once, after it was at D."""
    world = [
        made(1, "A", X=5, P1=None),
        made(1, "C", P2=None),
        shipped(2, "C", "B", "D1", P2=None),
        packed(2, "A", "P1", X=5),
        shipped(3.05, "A", None, "D2", P1=None),
        received(3.2, "D", "D2", P1=None),
        coming_from("C", received(3.5, "B", P2=None)),
        shipped(3.6, "D", None, P1=None),
        coming_from("D", received(3.7, "B", "D3", P1=None)),
        some_time_on(3, packed(3, "B", "P2", P1=None)),
        shipped(5, "B", "E", "D5", P2=None),
        received(6, "E", "D5", P2=None),
    ]
    with asking(tmp_path, world) as ask:
        assert "D" not in ask.forward("X", "B").certain


def test_what_a_container_was_emptied_of_may_have_come_along_to_the_last_place_of_that_day(
    tmp_path: Path,
) -> None:
    """Emptied some time, taken out of in between, and received at C at last: what was in it may have come to C."""
    world = [
        made(1, "A", P1=None),
        made(1, "A", **{"1": None, "2": None}),
        packed(2, "A", "P1", **{"1": None, "2": None}),
        some_time_on(3, shipped(3, "A", "B", P1=None)),
        some_time_on(3, received(3, "B", P1=None)),
        some_time_on(3.5, emptied(3.9, None, "P1")),
        unpacked(4.1, None, "P1", **{"2": None}),
        coming_from("B", received(4.3, "C", P1=None)),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward("1").possible == {"B", "C"}


def test_what_was_taken_out_nobody_says_where_on_the_day_of_the_departure_may_have_gone_along(tmp_path: Path) -> None:
    """Taken out of P1 on the day on which that left for B, of which no receipt tells: before it left, or at B."""
    world = [
        made(1, "A", **{"1": None}),
        packed(2, "A", "P1", **{"1": None}),
        some_time_on(3, shipped(3, "A", "B", P1=None)),
        unpacked(3.9, None, "P1", **{"1": None}),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward("1") == Told({"1", "A"}, {"B"})


def test_a_source_that_a_receipt_of_its_container_names_is_where_it_was_before(tmp_path: Path) -> None:
    """Packed and sent off, nobody says where, and received at B, from A: at any time before, it may have been at A."""
    world = [
        made(1, None, X=5),
        packed(2, None, "P1", X=5),
        packed(3, None, "P2", P1=None),
        shipped(4, None, None, "D1", P2=None),
        coming_from("A", received(6, "B", "D1", P2=None)),
    ]
    with asking(tmp_path, world) as ask:
        seed = ItemSeed(item("P1"), site("A"), between(None, 3.5))
        held = {(thing, place) for thing, place, _ in ask.trace(seed, direction=Direction.BACK).held}
        assert (item("X"), site("A")) in held
