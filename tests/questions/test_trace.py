"""Traces of events captured for real, one sentence of the design each."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from engine.answer import Certainty, Direction
from engine.question import EventSeed, ItemSeed, LoadSeed, Options, PatternSeed, SiteSeed, TransformationSeed, Window
from engine.seeds import parse_seed
from graph_schema.errors import UnknownSeed
from graph_schema.event import Event
from graph_schema.interval import Interval
from tests.questions.telling import (
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

CHAIN = [
    made(1, "A", X=10),
    shipped(2, "A", "B", "D1", X=6),
    received(3, "B", "D1", X=6),
    used(4, "B", {"X": 6}, {"Y": 6}),
    shipped(5, "B", "C", "D2", Y=6),
    received(6, "C", "D2", Y=6),
]


def test_forward_goes_with_the_goods_and_what_they_became(tmp_path: Path) -> None:
    """A lot is followed to every site and into what was made of it, certain where every step is recorded."""
    with asking(tmp_path, CHAIN) as ask:
        assert ask.forward("X") == Told({"X", "Y", "A", "B", "C"}, set())
        assert ask.back("X") == Told({"X", "A", "B"}, set())


def test_back_goes_to_what_goods_came_from(tmp_path: Path) -> None:
    """Back from what was made: its inputs and where these were, and no more."""
    with asking(tmp_path, CHAIN) as ask:
        assert ask.back("Y") == Told({"X", "Y", "A", "B", "C"}, set())
        assert ask.forward("Y") == Told({"Y", "B", "C"}, set())


def test_both_is_one_answer(tmp_path: Path) -> None:
    """BOTH holds what forward and back hold, each thing once."""
    events = [*CHAIN, used(7, "C", {"Y": 6}, {"Z": 6})]
    with asking(tmp_path, events) as ask:
        both = ask.trace(ItemSeed(item("Y")), direction=Direction.BOTH)
        assert tell(both).certain == {"X", "Y", "Z", "A", "B", "C"}
        assert len({i.id for i in both.items}) == len(both.items)


def test_depth_and_evidence_tell_the_shortest_chain(tmp_path: Path) -> None:
    """Depth counts levels from the seed; evidence is the events of a shortest chain, in order."""
    with asking(tmp_path, CHAIN) as ask:
        answer = ask.trace(ItemSeed(item("X")))
        by_id = {i.id: i for i in answer.items}
        assert (by_id[item("X")].depth, by_id[item("Y")].depth) == (0, 2)
        assert by_id[item("Y")].evidence == (CHAIN[2].id, CHAIN[3].id)
        last = next(s for s in answer.sites if s.id == site("C"))
        assert last.evidence == tuple(CHAIN[n].id for n in (2, 3, 4, 5))
        assert set(answer.events) == {event.id for event in CHAIN}


def test_an_open_shipment_makes_its_destination_possible(tmp_path: Path) -> None:
    """An outlet reached only by goods on the way is possible, and said to be in transit."""
    with asking(tmp_path, CHAIN[:2]) as ask:
        assert ask.forward("X") == Told({"X", "A"}, {"B"})
        answer = ask.trace(ItemSeed(item("X")))
        assert [s.in_transit for s in answer.sites if s.id == site("B")] == [True]


def test_an_unknown_place_is_told_but_no_site(tmp_path: Path) -> None:
    """Goods at a place that no record names are told as such, with a gap, and no site is made up."""
    with asking(tmp_path, [made(1, None, X=10)]) as ask:
        answer = ask.trace(ItemSeed(item("X")))
        assert answer.sites == ()
        assert answer.unknown_place is Certainty.CERTAIN
        assert "unknown_place" in {gap.kind for gap in answer.gaps}


def test_companions_are_not_followed(tmp_path: Path) -> None:
    """A question about one instance leaves its line only through what it went into, not by a companion's branch."""
    events = [
        made(1, "A", **{"1": None, "2": None}),
        shipped(2, "A", "B", "D1", **{"1": None}),
        received(3, "B", "D1", **{"1": None}),
        shipped(2, "A", "C", "D2", **{"2": None}),
        received(3, "C", "D2", **{"2": None}),
        used(4, "C", {"2": None}, {"Y": 1}),
    ]
    with asking(tmp_path, events) as ask:
        assert ask.forward("1") == Told({"1", "A", "B"}, set())
        assert ask.forward("2") == Told({"2", "Y", "A", "C"}, set())
        assert ask.back("Y") == Told({"2", "Y", "A", "C"}, set())


def test_everything_in_a_holding_is_followed(tmp_path: Path) -> None:
    """A transformation's outputs are all its instances, each with every site of its own line."""
    events = [
        made(1, "A", X=10),
        used(2, "A", {"X": 10}, {"1": None, "2": None}),
        shipped(3, "A", "B", "D1", **{"1": None}),
        received(4, "B", "D1", **{"1": None}),
    ]
    with asking(tmp_path, events) as ask:
        answer = ask.trace(ItemSeed(item("X")))
        assert tell(answer) == Told({"X", "1", "2", "A", "B"}, set())
        pairs = {(i.rpartition("/")[2], s.rpartition("/")[2]) for i, s, _ in answer.held}
        assert pairs == {("X", "A"), ("1", "A"), ("1", "B"), ("2", "A")}


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


def test_as_known_at_reads_the_ledger_as_it_was(tmp_path: Path) -> None:
    """An answer as known at a time knows what was accepted by then, and says so by position and hash."""
    with asking(tmp_path, CHAIN[:2], CHAIN[2:]) as ask:
        early = ask.trace(ItemSeed(item("X")), options=Options(as_known_at=day(101)))
        assert tell(early) == Told({"X", "A"}, {"B"})
        late = ask.trace(ItemSeed(item("X")))
        assert (early.ledger.position, late.ledger.position) == (2, 6)
        assert early.ledger.hash != late.ledger.hash
        with pytest.raises(UnknownSeed):
            ask.trace(ItemSeed(item("X")), options=Options(as_known_at=day(50)))


def test_a_cut_answer_says_so(tmp_path: Path) -> None:
    """Where a bound on depth cuts the walk, the answer is not complete."""
    with asking(tmp_path, CHAIN) as ask:
        cut = ask.trace(ItemSeed(item("X")), options=Options(max_depth=1))
        assert not cut.complete
        assert tell(cut).certain == {"X", "A", "B"}
        assert ask.trace(ItemSeed(item("X")), options=Options(max_depth=50)).complete


def test_certain_alone_leaves_the_possible_out(tmp_path: Path) -> None:
    """Asked for certainty, an answer holds what recorded flows reach and nothing else."""
    with asking(tmp_path, CHAIN[:2]) as ask:
        answer = ask.trace(ItemSeed(item("X")), options=Options(certainty=Certainty.CERTAIN))
        assert tell(answer) == Told({"X", "A"}, set())


def test_flows_outside_a_window_are_not_followed(tmp_path: Path) -> None:
    """Flows wholly outside the window of the question are not followed; goods that stay are not cut."""
    with asking(tmp_path, CHAIN) as ask:
        seed = EventSeed(CHAIN[0].id)
        assert tell(ask.trace(seed, options=Options(window=between(None, 4)))).certain == {"X", "Y", "A", "B"}
        assert tell(ask.trace(seed, options=Options(window=between(5)))).certain == {"X", "A"}


def test_a_flow_back_in_time_is_told(tmp_path: Path) -> None:
    """A receipt before its only departure is followed, possible, and the answer says that it goes back in time."""
    events = [made(1, "A", X=5), shipped(4, "A", "B", "D1", X=5), received(3, "B", "D1", X=5)]
    with asking(tmp_path, events) as ask:
        answer = ask.trace(ItemSeed(item("X"), site("A")))
        assert "B" in tell(answer).possible
        in_order = [made(1, "A", X=5), shipped(2, "A", "B", "D1", X=5), received(3, "B", "D1", X=5)]
    with asking(tmp_path / "..", in_order) as ask:
        assert not ask.trace(ItemSeed(item("X"), site("A"))).backward_in_time


def test_urns_are_shown_where_an_event_spells_one(tmp_path: Path) -> None:
    """A key of a company whose prefix an event spells out is shown as URN; no length is guessed."""
    body = b'{"epcList": ["urn:epc:id:sgtin:0614141.100005.9"]}'
    spelt = [msgspec.structs.replace(event, body=body) for event in CHAIN]
    with asking(tmp_path, spelt) as ask:
        assert {i.urn for i in ask.trace(ItemSeed(item("X"))).items} == {
            "urn:epc:class:lgtin:0614141.100001.X",
            "urn:epc:class:lgtin:0614141.100001.Y",
        }
    plain = tmp_path / "plain"
    plain.mkdir()
    with asking(plain, CHAIN) as ask:
        assert {i.urn for i in ask.trace(ItemSeed(item("X"))).items} == {None}


def test_sold_goods_are_followed_to_the_till(tmp_path: Path) -> None:
    """Goods that left the chain are in the answer where they did."""
    with asking(tmp_path, [made(1, "A", X=5), sold(2, "A", X=5)]) as ask:
        assert ask.forward("X") == Told({"X", "A"}, set())
        assert parse_seed(item("X")) == ItemSeed(item("X"))


def test_of_pieces_that_stood_together_each_has_the_seeds_of_its_own(tmp_path: Path) -> None:
    """Back from where a piece was sold, its former companion is not reached; from what was made of that, it is."""
    cutting = used(2, "A", {"X": 5}, {"1": None, "2": None})
    sale, making = sold(3, "A", **{"1": None}), used(4, "A", {"2": None}, {"Y": 5})
    with asking(tmp_path, [made(1, "A", X=5), cutting, sale, making]) as ask:
        answer = ask.trace(EventSeed(sale.id), TransformationSeed(making.id), direction=Direction.BACK)
    assert {row.id: row.seeds for row in answer.items} == {item("1"): (0,), item("2"): (1,), item("X"): (0, 1)}
