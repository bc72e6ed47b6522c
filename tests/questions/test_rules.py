"""What-if rules, and paths between two things."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.answer import Certainty, Direction
from engine.answer_json import as_json
from engine.path import path
from engine.question import ItemSeed, KillStepRule, LeaveOutRule, MixRule, Options, Rule, SiteSeed
from graph_schema.errors import UnknownSeed
from tests.questions.telling import (
    Told,
    asking,
    between,
    item,
    made,
    packed,
    received,
    shipped,
    site,
    tell,
    told,
    unpacked,
    used,
)

PLANT = [
    made(1, "A", X=5),
    made(1, "B", W=5),
    made(1, "B", V=5),
    shipped(2, "A", "B", "D1", X=5),
    received(3, "B", "D1", X=5),
    shipped(2.5, "B", "C", "D0", V=5),
    received(2.7, "C", "D0", V=5),
    used(4, "B", {"X": 5}, {"Y": 5}),
    made(6, "B", U=5),
    used(7, "B", {"W": 5}, {"Z": 5}),
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


def _options(*rules: Rule) -> Options:
    return Options(rules=rules)


def test_mixing_takes_what_was_there_after_the_goods_came(tmp_path: Path) -> None:
    """Goods at a site together with those of the answer, or after them, are possible until the clean break."""
    with asking(tmp_path, PLANT) as ask:
        mixed = ask.trace(ItemSeed(item("X")), options=_options(MixRule(site("B"), between(1, 5))))
        assert tell(mixed) == Told({"X", "Y", "A", "B"}, {"W", "Z"})
        later = ask.trace(ItemSeed(item("X")), options=_options(MixRule(site("B"), between(1, 9))))
        assert tell(later).possible == {"W", "Z", "U"}
        before = ask.trace(ItemSeed(item("X")), options=_options(MixRule(site("B"), between(1, 2))))
        assert tell(before).possible == set()


def test_mixing_mirrored_back(tmp_path: Path) -> None:
    """Back, what was at the site before the goods left it may have been the source."""
    with asking(tmp_path, PLANT) as ask:
        rule = _options(MixRule(site("B"), between(1, 9)))
        answer = ask.trace(ItemSeed(item("Y")), direction=Direction.BACK, options=rule)
        assert {"W", "V"} <= tell(answer).possible


def test_mixing_of_one_product_leaves_others_alone(tmp_path: Path) -> None:
    """A rule for one product takes goods of that product only."""
    with asking(tmp_path, PLANT) as ask:
        rule = _options(MixRule(site("B"), between(1, 9), item("W")))
        assert tell(ask.trace(ItemSeed(item("X")), options=rule)).possible == set()


def test_a_kill_step_ends_the_hazard(tmp_path: Path) -> None:
    """What comes out of a kill step is not in the answer; at another site the same step does not count."""
    cooked = told("cook", 4, "B", {"X": 5}, step="inspecting")
    events = [*PLANT[:5], cooked, shipped(5, "B", "C", "D2", X=5), received(6, "C", "D2", X=5)]
    with asking(tmp_path, events) as ask:
        seed = ItemSeed(item("X"))
        assert tell(ask.trace(seed)).certain == {"X", "A", "B", "C"}
        assert tell(ask.trace(seed, options=_options(KillStepRule("inspecting")))).certain == {"X", "A", "B"}
        elsewhere = _options(KillStepRule("inspecting", site("A")))
        assert tell(ask.trace(seed, options=elsewhere)).certain == {"X", "A", "B", "C"}


def test_sites_and_events_left_out(tmp_path: Path) -> None:
    """What is reached only through a site or an event left out is not in the answer."""
    with asking(tmp_path, PLANT) as ask:
        seed = ItemSeed(item("X"), site("A"))
        assert tell(ask.trace(seed, options=_options(LeaveOutRule(sites=(site("B"),))))) == Told({"X", "A"}, set())
        without = _options(LeaveOutRule(events=(PLANT[7].id,)))
        assert tell(ask.trace(seed, options=without)).certain == {"X", "A", "B"}


def test_the_data_stay_as_they_are(tmp_path: Path) -> None:
    """A rule belongs to its question: the next one without it is answered as ever."""
    with asking(tmp_path, PLANT) as ask:
        seed = ItemSeed(item("X"))
        plain = ask.trace(seed).held
        ask.trace(seed, options=_options(MixRule(site("B"), between(1, 9)), LeaveOutRule(sites=(site("A"),))))
        assert ask.trace(seed).held == plain


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
