"""Chains that join two things, one sentence each."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.answer import Certainty
from engine.answer_json import as_json
from engine.path import path
from engine.question import ItemSeed, Options, SiteSeed
from graph_schema.errors import UnknownSeed
from tests.questions.telling import asking, item, made, packed, received, shipped, site, unpacked, used

PLANT = [
    made(1, "A", X=5),
    shipped(2, "A", "B", "D1", X=5),
    received(3, "B", "D1", X=5),
    used(4, "B", {"X": 5}, {"Y": 5}),
    made(6, "B", U=5),
]
PALLET = [
    made(1, "A", X=5),
    packed(2, "A", "P1", X=5),
    shipped(3, "A", "B", P1=None),
    received(4, "B", P1=None),
    unpacked(5, "B", "P1", X=5),
    shipped(6, "B", "C", "D1", X=5),
    received(7, "C", "D1", X=5),
]


def test_the_shortest_chain_joins_two_things(tmp_path: Path) -> None:
    """A path is the flows of a shortest chain, each with its sites, grade and events."""
    with asking(tmp_path, PLANT) as ask:
        found = path(ask.index, ask.snapshot, ItemSeed(item("X"), site("A")), ItemSeed(item("Y")))
        assert found.flows is not None
        assert [flow.kind.name for flow in found.flows] == ["MOVE", "MOVE", "USE", "MAKE"]
        assert (found.flows[0].source, found.flows[-1].target) == (site("A"), site("B"))
        assert found.certainty is Certainty.CERTAIN
        assert found.complete


def test_a_path_against_the_flow_is_found_too(tmp_path: Path) -> None:
    """From what was made to what it came from, the chain runs back."""
    with asking(tmp_path, PLANT) as ask:
        found = path(ask.index, ask.snapshot, ItemSeed(item("Y")), ItemSeed(item("X")))
        assert found.flows is not None
        assert [flow.kind.name for flow in found.flows] == ["MAKE", "USE"]


def test_a_path_along_an_instance_s_own_line(tmp_path: Path) -> None:
    """From an instance to a site where it went itself, the chain is its own line."""
    one = {"1": None}
    events = [made(1, "A", **one), shipped(2, "A", "B", "D1", **one), received(3, "B", "D1", **one)]
    with asking(tmp_path, events) as ask:
        found = path(ask.index, ask.snapshot, ItemSeed(item("1")), SiteSeed(site("B")))
        assert found.flows is not None
        sites = [(flow.source, flow.target) for flow in found.flows]
        assert sites == [(site("A"), site("B")), (site("B"), site("B"))]


def test_where_there_is_no_path_the_answer_says_so(tmp_path: Path) -> None:
    """No chain: no flows, and the answer is complete; a bound that cut the search makes it incomplete."""
    with asking(tmp_path, PLANT) as ask:
        none = path(ask.index, ask.snapshot, ItemSeed(item("X")), ItemSeed(item("U")))
        assert (none.flows, none.complete, none.certainty) == (None, True, None)
        cut = path(ask.index, ask.snapshot, ItemSeed(item("X")), ItemSeed(item("Y")), Options(max_depth=1))
        assert (cut.flows, cut.complete) == (None, False)
        with pytest.raises(UnknownSeed):
            path(ask.index, ask.snapshot, ItemSeed(item("X")), ItemSeed(item("Q")))


def test_a_lot_at_an_outlet_has_the_chain_by_which_it_came(tmp_path: Path) -> None:
    """A lot as a whole was at the outlet itself: the chain is how it came there from where it began."""
    with asking(tmp_path, PLANT) as ask:
        found = path(ask.index, ask.snapshot, ItemSeed(item("X")), SiteSeed(site("B")))
        assert found.flows is not None
        assert [(flow.source, flow.target) for flow in found.flows] == [(site("A"), site("B")), (site("B"), site("B"))]


def test_what_began_where_it_is_asked_for_needs_no_step(tmp_path: Path) -> None:
    """Where the one was at the other and began there, the chain is empty and certain, either way."""
    with asking(tmp_path, PLANT) as ask:
        lot, place = ItemSeed(item("U")), SiteSeed(site("B"))
        for one, other in ((lot, place), (place, lot), (lot, lot)):
            found = path(ask.index, ask.snapshot, one, other)
            assert (found.flows, found.certainty) == ((), Certainty.CERTAIN)


def test_a_path_tells_the_container_goods_moved_in(tmp_path: Path) -> None:
    """Goods are in it until they are unpacked, and loose after that."""
    with asking(tmp_path, PALLET) as ask:
        found = path(ask.index, ask.snapshot, ItemSeed(item("X"), site("A")), SiteSeed(site("C")))
    assert found.flows is not None
    assert [(flow.kind.name, flow.via) for flow in found.flows] == [
        ("MOVE", item("P1")),
        ("MOVE", item("P1")),
        ("UNPACK", item("P1")),
        ("MOVE", None),
        ("MOVE", None),
    ]
    written = as_json(found)["flows"]
    assert isinstance(written, list)
    assert [flow["via"] for flow in written] == [flow.via for flow in found.flows]
