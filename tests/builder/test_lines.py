"""Lines of instances where records leave their order, their place or their load open: small worlds, each a trap."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from engine.question import ItemSeed, SiteSeed
from graph_schema.event import Action, Event, EventType, Role
from graph_schema.interval import Interval
from tests.questions.telling import (
    Told,
    asking,
    between,
    coming_from,
    day,
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


def fitted(when: float, at: str | None, whole: str, part: str) -> Event:
    """A part is put onto a larger thing."""
    roles = {whole: Role.PARENT, part: Role.CHILD}
    named = {whole: None, part: None}
    return told("fitted", when, at, named, action=Action.ADD, kind=EventType.ASSOCIATION, roles=roles)


def test_fitting_another_part_does_not_doubt_the_first(tmp_path: Path) -> None:
    """A thing that stood still between two fittings has lost no record of taking the first part off."""
    world = [
        made(1, "A", **{"1": None, "2": None, "9": None}),
        fitted(2, "A", "9", "1"),
        fitted(3, "A", "9", "2"),
        shipped(4, "A", "B", **{"9": None}),
        received(5, "B", **{"9": None}),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward("1") == Told({"1", "A", "B"}, set())


def test_fitting_another_part_after_a_journey_does_not_doubt_the_first(tmp_path: Path) -> None:
    """Parts are put on one by one, also as the thing goes from site to site: none of them tells that one came off."""
    world = [
        made(1, "A", **{"1": None, "9": None}),
        made(1, "B", **{"2": None}),
        fitted(2, "A", "9", "1"),
        shipped(3, "A", "B", **{"9": None}),
        received(4, "B", **{"9": None}),
        fitted(5, "B", "9", "2"),
        shipped(6, "B", "C", **{"9": None}),
        received(7, "C", **{"9": None}),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward("1") == Told({"1", "A", "B", "C"}, set())


def test_what_was_sent_to_where_it_left_next_may_have_come_there_first(tmp_path: Path) -> None:
    """Made nobody says where, sent to B on some day, and off from B on that: made at B, or come to B before."""
    world = [
        made(1, None, **{"1": None}),
        some_time_on(3, shipped(3, None, "B", "D1", **{"1": None})),
        shipped(3.3, "B", "C", "D2", **{"1": None}),
        coming_from("B", received(3.6, "C", "D2", **{"1": None})),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.back("1", "C", between(5)).possible >= {"1", "B", "C"}


def test_an_arrival_without_a_place_on_a_day_in_doubt_is_somewhere_unknown(tmp_path: Path) -> None:
    """Received somewhere, and sent back to A that day, in whatever order: it was at a place that no record names."""
    world = [
        made(1, "A", **{"1": None}),
        received(3.5, None, **{"1": None}),
        some_time_on(3, shipped(3, None, "A", **{"1": None})),
        some_time_on(3, received(3, "A", **{"1": None})),
    ]
    with asking(tmp_path, world) as ask:
        answer = ask.trace(ItemSeed(item("1")))
        assert answer.unknown_place is not None


def test_a_stay_where_it_was_before_counts_again_after_it_may_have_been_elsewhere(tmp_path: Path) -> None:
    """A to B and back to A on days in doubt: since it was at B it may be at A."""
    world = [
        made(1, "A", **{"1": None}),
        shipped(2.8, "A", "B", **{"1": None}),
        received(3.2, "B", **{"1": None}),
        msgspec.structs.replace(shipped(3, "B", **{"1": None}), time=Interval(day(2.5), day(4))),
        received(3.6, "A", **{"1": None}),
        received(5, "C", **{"1": None}),
    ]
    with asking(tmp_path, world) as ask:
        found = ask.forward("1", "B", between(2.9))
        assert found.certain | found.possible >= {"A", "B", "C"}


@pytest.mark.parametrize("name", ["P1", "1"])
def test_what_is_on_the_way_in_some_order_may_be_there_long_after(tmp_path: Path, name: str) -> None:
    """Packed and shipped in an order in doubt: the pallet, and what is in it, may have come to B and be there since."""
    world = [
        made(1, "A", **{"1": None}),
        packed(2, "A", "P2", X=None),
        some_time_on(3, packed(3, None, "P1", P2=None, **{"1": None})),
        some_time_on(3, packed(3, "A", "P1", X=None)),
        shipped(3.9, "A", "B", P1=None),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward(name, "B", between(9)).possible >= {name, "B"}


def test_a_source_that_an_arrival_names_lies_after_where_it_was_last(tmp_path: Path) -> None:
    """Received at D from C, of which no other record tells: since it was at B it may have been at C."""
    world = [
        made(1, "A", **{"1": None}),
        received(2, "B", **{"1": None}),
        coming_from("C", received(4, "D", **{"1": None})),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward("1", "B") == Told({"1", "B", "D"}, {"C"})


@pytest.mark.parametrize(
    ("doc", "answer"),
    [("D1", Told({"1", "A"}, set())), (None, Told({"1", "A"}, {"B"}))],
)
def test_a_void_that_may_mean_a_lost_departure_leaves_one_possible(
    tmp_path: Path, doc: str | None, answer: Told
) -> None:
    """Voided is the departure of the same delivery note; a void without one may mean another of the same goods."""
    world = [
        made(1, "A", **{"1": None}),
        packed(2, "A", "P1", **{"1": None}),
        shipped(3, "A", "B", "D1", P1=None),
        told("voided", 4, "A", {"P1": None}, to="B", doc=doc, step="void_shipping"),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward("1") == answer


def test_a_receipt_of_another_consignment_may_be_of_a_later_return(tmp_path: Path) -> None:
    """Received at B under D23 on the day a pallet went through B to C: it may have come back, and been emptied then."""
    world = [
        made(1, "A", **{"1": None}),
        packed(2, "A", "P1", **{"1": None}),
        shipped(2.9, "A", "B", P1=None),
        shipped(3.4, "B", "C", "D20", P1=None),
        received(3.6, "C", "D20", P1=None),
        some_time_on(3, received(3, "B", "D23", P1=None)),
        some_time_on(3, unpacked(3, "B", "P1")),
    ]
    with asking(tmp_path, world) as ask:
        assert "C" in ask.forward("1").possible


def test_what_is_put_onto_a_thing_whose_place_is_in_doubt_is_not_surely_at_its_last(tmp_path: Path) -> None:
    """A whole that was at B, and sent on from there on a day in doubt, got a part that was at C: not surely at B."""
    world = [
        made(1, "B", **{"9": None}),
        made(1, "C", **{"1": None}),
        some_time_on(3, shipped(3, "B", **{"9": None})),
        told("seen", 3.4, "B", {"9": None}, step="inspecting"),
        fitted(5, None, "9", "1"),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward("1").certain == {"1", "C"}


def test_a_companion_shares_nothing_of_a_receipt_that_does_not_name_it(tmp_path: Path) -> None:
    """Two pieces made at B; one of them was received there from A: the other was never at A."""
    world = [
        made(1, "B", **{"1": None, "2": None}),
        coming_from("A", received(2, "B", **{"1": None})),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.back("1") == Told({"1", "B"}, {"A"})
        assert ask.back("2") == Told({"2", "B"}, set())


def test_a_source_where_it_had_been_long_before_counts_again(tmp_path: Path) -> None:
    """A pallet that was at B, and then at A, came to C from B: what was put on it at A was at B too."""
    world = [
        made(1, "B", P1=None),
        shipped(2, "B", "A", P1=None),
        received(3, "A", P1=None),
        made(3, "A", **{"1": None}),
        packed(4, "A", "P1", **{"1": None}),
        shipped(5, "A", P1=None),
        coming_from("B", received(7, "C", P1=None)),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward("1") == Told({"1", "A", "C"}, {"B"})


def test_a_source_that_one_of_two_records_of_one_id_leads_to_counts_beside_the_other(tmp_path: Path) -> None:
    """By one record it left A, where it was made, by the other B; it came to C from A, where it was again."""
    first = shipped(2, "A", "C", **{"1": None})
    world = [
        made(1, "A", **{"1": None}),
        first,
        msgspec.structs.replace(shipped(2, "B", "C", **{"1": None}), id=first.id),
        coming_from("A", received(3, "C", **{"1": None})),
    ]
    with asking(tmp_path, world) as ask:
        assert ask.forward("1", "B").possible == {"1", "A", "B", "C"}


def test_what_was_received_where_it_had_been_sent_off_that_day_may_have_come_back(tmp_path: Path) -> None:
    """At A, sent to B, and received at A some time that day: it came back, or its coming before was not recorded."""
    world = [
        made(1, "A", **{"1": None}),
        shipped(3.4, "A", "B", **{"1": None}),
        some_time_on(3, received(3, "A", **{"1": None})),
    ]
    with asking(tmp_path, world) as ask:
        assert "1" in tell(ask.trace(SiteSeed(site("A"), between(5)))).possible


def test_a_receipt_where_a_thing_was_made_may_be_of_its_return(tmp_path: Path) -> None:
    """Made at A and received there, twice by one delivery note: it may have left once, and come back, and is there."""
    world = [
        made(1, "A", **{"1": None}),
        received(3, "A", "D1", **{"1": None}),
        received(3.1, "A", "D1", **{"1": None}),
    ]
    with asking(tmp_path, world) as ask:
        scope = ask.recall(ItemSeed(item("1")))
    (row,) = [row for outlet in scope.outlets for row in outlet.stock]
    columns = (row.stock.made, row.stock.received, row.stock.forwarded, row.stock.held)
    assert [(int(q.low), int(q.high or 0)) for (q,) in columns] == [(1, 1), (0, 1), (0, 1), (1, 1)]


def test_what_was_made_and_came_back_on_one_day_was_made_all_the_same(tmp_path: Path) -> None:
    """Made at A, sent off, and received at A again, of which only the day is known: it was made there, once."""
    world = [
        some_time_on(1, made(1, "A", **{"1": None})),
        some_time_on(1, shipped(1, None, **{"1": None})),
        received(1.4, "B", "D0", **{"1": None}),
        shipped(1.6, "B", "A", "D1", **{"1": None}),
        some_time_on(1, received(1, "A", "D1", **{"1": None})),
    ]
    with asking(tmp_path, world) as ask:
        scope = ask.recall(ItemSeed(item("1")))
    stocks = {outlet.site.id: row.stock for outlet in scope.outlets for row in outlet.stock}
    assert [int(q.high or 0) for q in stocks[site("A")].made] == [1]


def test_what_may_be_on_the_way_at_last_may_be_in_transit(tmp_path: Path) -> None:
    """Received at B on the day when it was sent on to C, in whatever order: it may be on the way to C still."""
    world = [
        made(1, "A", **{"1": None}),
        shipped(2.9, "A", "B", **{"1": None}),
        received(3.5, "B", "D0", **{"1": None}),
        some_time_on(3, shipped(3, "B", "C", **{"1": None})),
    ]
    with asking(tmp_path, world) as ask:
        scope = ask.recall(ItemSeed(item("1")))
    stocks = {outlet.site.id: row.stock for outlet in scope.outlets for row in outlet.stock}
    assert [int(q.high or 0) for q in stocks[site("C")].in_transit] == [1]


def test_what_came_out_of_a_transformation_on_a_day_in_doubt_was_made(tmp_path: Path) -> None:
    """Made of X on a day that leaves all that its pallet went through open: it was made at A all the same."""
    world = [
        made(1, "A", X=1),
        used(2.3, "A", {"X": 1}, {"1": None}),
        some_time_on(2, packed(2, "A", "P1", **{"1": None})),
        some_time_on(2, shipped(2, "A", "B", P1=None, **{"1": None})),
        packed(2.5, "A", "P1", Y=1),
        msgspec.structs.replace(unpacked(3, None, "P1", Y=1), time=Interval(day(2.6), day(4))),
        unpacked(3.5, "B", "P1", **{"1": None}),
    ]
    with asking(tmp_path, world) as ask:
        scope = ask.recall(ItemSeed(item("1")))
    stocks = {outlet.site.id: row.stock for outlet in scope.outlets for row in outlet.stock}
    assert [int(q.high or 0) for q in stocks[site("A")].made] == [1]
