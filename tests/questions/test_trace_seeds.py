"""What a trace begins with: items, patterns, sites, windows, loads, events, transformations."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from engine.answer import Direction
from engine.question import EventSeed, ItemSeed, LoadSeed, PatternSeed, SiteSeed, TransformationSeed, Window
from graph_schema.errors import UnknownSeed
from graph_schema.event import Event
from graph_schema.interval import Interval
from tests.questions.telling import (
    CHAIN,
    CLASS,
    Told,
    asking,
    between,
    day,
    item,
    made,
    packed,
    received,
    shipped,
    site,
    sold,
    tell,
    unpacked,
    used,
)


def test_a_wider_item_stands_for_everything_narrower(tmp_path: Path) -> None:
    """A class as seed is every lot of it; the class itself is in the answer."""
    with asking(tmp_path, [*CHAIN, made(1, "D", W=1)]) as ask:
        answer = tell(ask.trace(ItemSeed(CLASS)))
        assert answer.certain == {"class", "X", "Y", "W", "A", "B", "C", "D"}


def test_a_pattern_takes_the_lots_that_fit(tmp_path: Path) -> None:
    """A pattern of a product takes lots by prefix, at a site where one is named."""
    with asking(tmp_path, [made(1, "A", X1=1), made(1, "B", X2=1), made(1, "A", W=1)]) as ask:
        assert tell(ask.trace(PatternSeed(CLASS, lot_prefix="X"))).certain == {"X1", "X2", "A", "B"}
        assert tell(ask.trace(PatternSeed(CLASS, lot_prefix="X", at=site("A")))).certain == {"X1", "A"}
        with pytest.raises(UnknownSeed):
            ask.trace(PatternSeed(CLASS, lot_prefix="Q"))


def test_serials_compare_as_numbers(tmp_path: Path) -> None:
    """A range of serials takes 9 and 10, not what sorts between them as text."""
    pieces = "https://id.gs1.org/01/10614141000057"
    with asking(tmp_path, [made(1, "A", **{"9": None, "10": None, "100": None})]) as ask:
        found = tell(ask.trace(PatternSeed(item("9").rpartition("/21/")[0], serial_from="9", serial_to="10")))
        assert found.certain == {"9", "10", "A"}
    assert item("9").startswith(pieces)


def expiring(on: str, event: Event) -> Event:
    """The same event, which says when what it made expires."""
    return msgspec.structs.replace(event, body=msgspec.json.encode({"ilmd": {"cbvmda:itemExpirationDate": on}}))


def test_a_pattern_takes_what_expires_in_a_window(tmp_path: Path) -> None:
    """What an event says of what it makes is not true of what it used up."""
    events = [
        made(1, "A", X=1),
        expiring("2026-01-20", made(1, "A", V=1)),
        expiring("2026-01-25", used(2, "A", {"X": 1, "V": 1}, {"Y": 1})),
    ]
    with asking(tmp_path, events) as ask:

        def fitting(window: Window) -> set[str]:
            answer = ask.trace(PatternSeed(CLASS, expiry=window))
            return {thing.id.rpartition("/")[2] for thing in answer.items if thing.depth == 0}

        assert fitting(between(20, 21)) == {"V"}
        assert fitting(between(25, 26)) == {"Y"}
        with pytest.raises(UnknownSeed):
            fitting(between(27, 30))


def test_each_thing_says_which_seeds_reach_it(tmp_path: Path) -> None:
    """Seeds are named by their position in the question."""
    events = [made(1, "A", X=1), made(1, "B", W=1), used(2, "A", {"X": 1}, {"Y": 1}), used(2, "B", {"W": 1}, {"V": 1})]
    with asking(tmp_path, events) as ask:
        answer = ask.trace(ItemSeed(item("X")), ItemSeed(item("W")), ItemSeed(CLASS))
        seeds = {i.id.rpartition("/")[2]: i.seeds for i in answer.items}
        assert seeds["Y"] == (0, 2)
        assert seeds["V"] == (1, 2)


def test_a_site_in_a_window_is_what_was_there_then(tmp_path: Path) -> None:
    """A site as seed is every lot that was there in the window, and nothing that left before or came after."""
    events = [made(1, "A", X=1), shipped(2, "A", "B", "D1", X=1), received(3, "B", "D1", X=1), made(6, "A", Y=1)]
    with asking(tmp_path, events) as ask:
        assert tell(ask.trace(SiteSeed(site("A"), between(1, 2)))) == Told({"X", "A", "B"}, set())
        assert tell(ask.trace(SiteSeed(site("A"), between(5)))) == Told({"Y", "A"}, set())
        assert tell(ask.trace(SiteSeed(site("A"), between(3, 5)))) == Told(set(), {"A"})


def test_goods_carried_over_into_a_later_holding_were_there(tmp_path: Path) -> None:
    """`since` reaches goods that came before it and left after it; `until` does not limit when they left."""
    events = [made(1, "A", X=5), made(4, "A", X=5), shipped(8, "A", "B", "D1", X=2), received(9, "B", "D1", X=2)]
    with asking(tmp_path, events) as ask:
        assert ask.forward("X", "A", between(2, 3)) == Told({"X", "A", "B"}, set())
        assert ask.forward("X", "A", between(9, None)).certain == {"X", "A"}


def test_what_left_before_the_window_is_not_followed(tmp_path: Path) -> None:
    """Of goods that arrived earlier, only what departed in the window or later is followed."""
    events = [
        made(1, "A", X=10),
        shipped(2, "A", "B", "D1", X=2),
        received(3, "B", "D1", X=2),
        shipped(6, "A", "C", "D2", X=2),
        received(7, "C", "D2", X=2),
    ]
    with asking(tmp_path, events) as ask:
        assert ask.forward("X", "A", between(4)) == Told({"X", "A", "C"}, set())
        assert ask.forward("X", "A") == Told({"X", "A", "B", "C"}, set())


def test_a_window_mirrored_back(tmp_path: Path) -> None:
    """Back, what came in after the window is not followed, and what left before its begin was not there."""
    events = [
        made(1, "B", X=5),
        shipped(2, "B", "A", "D1", X=5),
        received(3, "A", "D1", X=5),
        made(1, "C", X=5),
        shipped(6, "C", "A", "D2", X=5),
        received(7, "A", "D2", X=5),
    ]
    with asking(tmp_path, events) as ask:
        assert ask.back("X", "A", between(None, 4)) == Told({"X", "A", "B"}, set())
        assert ask.back("X", "A", between(8)).certain == {"X", "A", "B", "C"}


def test_a_load_is_what_was_in_the_container_then(tmp_path: Path) -> None:
    """A load at a time is its content; without a time every load, told apart."""
    events = [
        made(1, "A", X=4, W=4),
        packed(2, "A", "P1", X=4),
        shipped(3, "A", "B", "D1", P1=None),
        received(4, "B", "D1", P1=None),
        unpacked(5, "B", "P1", X=4),
        shipped(6, "B", "A", "D2", P1=None),
        received(7, "A", "D2", P1=None),
        packed(8, "A", "P1", W=4),
        shipped(9, "A", "C", "D3", P1=None),
        received(10, "C", "D3", P1=None),
    ]
    with asking(tmp_path, events) as ask:
        pallet = item("P1")
        assert tell(ask.trace(LoadSeed(pallet, Window(day(3.5), day(3.5))))).certain == {"X", "A", "B"}
        assert tell(ask.trace(LoadSeed(pallet, Window(day(9.5), day(9.5))))).certain == {"W", "A", "C"}
        loads = ask.trace(LoadSeed(pallet)).loads
        assert [load.items for load in loads] == [(item("X"),), (item("W"),)]
        with pytest.raises(UnknownSeed):
            ask.trace(LoadSeed(pallet, Window(day(6), day(6))))


def test_a_logistic_unit_stands_for_itself_and_every_load(tmp_path: Path) -> None:
    """A pallet as seed is where it was and what was in it; goods that shared no container are not in it."""
    events = [
        made(1, "A", X=4, W=4),
        packed(2, "A", "P1", X=4),
        shipped(3, "A", "B", "D1", P1=None),
        received(4, "B", "D1", P1=None),
        unpacked(5, "B", "P1", X=4),
        used(6, "B", {"X": 4}, {"Y": 4}),
    ]
    with asking(tmp_path, events) as ask:
        assert ask.forward("P1") == Told({"P1", "X", "Y", "A", "B"}, set())
        assert ask.forward("W") == Told({"W", "A"}, set())


def test_what_may_have_come_into_a_box_after_it_left_the_pallet_is_possible(tmp_path: Path) -> None:
    """The box leaves the pallet on day 5; a bag with goods comes into the box at some time from day 4 to day 6."""
    late = msgspec.structs.replace(packed(4, "A", "P2", P3=None), time=Interval(day(4), day(6)))
    events = [
        made(1, "A", V=4, X=4),
        packed(2, "A", "P2", V=4),
        packed(2, "A", "P3", X=4),
        packed(3, "A", "P1", P2=None),
        late,
        unpacked(5, "A", "P1", P2=None),
    ]
    with asking(tmp_path, events) as ask:
        assert ask.forward("P1") == Told({"P1", "P2", "V", "A"}, {"P3", "X"})


def test_what_may_have_been_emptied_out_of_a_box_before_it_was_packed_is_possible(tmp_path: Path) -> None:
    """Of goods in a box an unknown part is taken out before the box is packed; the box moves on afterwards."""
    events = [
        made(1, "A", V=4, X=4),
        packed(2, "A", "P2", V=4, X=4),
        unpacked(3, "A", "P2", X=None),
        packed(4, "A", "P1", P2=None),
        unpacked(5, "A", "P1", P2=None),
        shipped(6, "A", "B", "D1", P2=None),
        received(7, "B", "D1", P2=None),
    ]
    with asking(tmp_path, events) as ask:
        assert ask.forward("P1") == Told({"P1", "P2", "V", "A", "B"}, {"X"})


def test_what_was_in_a_box_comes_from_where_the_box_surely_was(tmp_path: Path) -> None:
    """The pallet goes to B, and the box that was packed on it is opened at A: only perhaps was it at B."""
    events = [
        made(1, "A", X=4),
        packed(2, "A", "P2", X=4),
        packed(3, "A", "P1", P2=None),
        shipped(4, "A", "B", "D1", P1=None),
        received(5, "B", "D1", P1=None),
        unpacked(6, "A", "P2", X=4),
        used(7, "A", {"X": 4}, {"Y": 4}),
    ]
    with asking(tmp_path, events) as ask:
        assert ask.back("Y") == Told({"Y", "X", "A"}, {"B"})


def test_an_event_is_its_goods_from_then_on(tmp_path: Path) -> None:
    """An event as seed is the goods it did something to, from then on; one that only saw them, those it saw."""
    with asking(tmp_path, CHAIN) as ask:
        assert tell(ask.trace(EventSeed(CHAIN[4].id))) == Told({"Y", "C"}, set())
        assert tell(ask.trace(EventSeed(CHAIN[3].id))).certain >= {"Y", "B", "C"}
        with pytest.raises(UnknownSeed):
            ask.trace(EventSeed("urn:uuid:none"))


def test_a_transformation_is_its_outputs_or_its_inputs(tmp_path: Path) -> None:
    """A transformation as seed is what came out of it forward, and what went into it back."""
    with asking(tmp_path, CHAIN) as ask:
        seed = TransformationSeed(CHAIN[3].id)
        assert tell(ask.trace(seed)) == Told({"Y", "B", "C"}, set())
        assert tell(ask.trace(seed, direction=Direction.BACK)) == Told({"X", "A", "B"}, set())


def test_a_seed_that_no_event_names_is_unknown(tmp_path: Path) -> None:
    """A seed that the ledger does not know is an error that says what to do, never an empty answer."""
    with asking(tmp_path, CHAIN) as ask:
        for seed in (ItemSeed(item("Q")), ItemSeed(item("X"), site("Q")), SiteSeed(site("Q"))):
            with pytest.raises(UnknownSeed) as unknown:
                ask.trace(seed)
            assert unknown.value.remedy


def test_of_pieces_that_stood_together_each_has_the_seeds_of_its_own(tmp_path: Path) -> None:
    """Back from where a piece was sold, its former companion is not reached; from what was made of that, it is."""
    cutting = used(2, "A", {"X": 5}, {"1": None, "2": None})
    sale, making = sold(3, "A", **{"1": None}), used(4, "A", {"2": None}, {"Y": 5})
    with asking(tmp_path, [made(1, "A", X=5), cutting, sale, making]) as ask:
        answer = ask.trace(EventSeed(sale.id), TransformationSeed(making.id), direction=Direction.BACK)
    assert {row.id: row.seeds for row in answer.items} == {item("1"): (0,), item("2"): (1,), item("X"): (0, 1)}
