"""Traces of events captured for real, one sentence of the design each."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from engine.answer import Certainty, Direction
from engine.question import EventSeed, ItemSeed, Options
from engine.seeds import parse_seed
from graph_schema.errors import UnknownSeed
from tests.questions.telling import (
    CHAIN,
    Told,
    asking,
    between,
    day,
    item,
    made,
    received,
    shipped,
    site,
    sold,
    tell,
    used,
)


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
