"""The windowed seed on graphs drawn by hand: intervals, grades and places in doubt."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.answer import Certainty, Direction
from engine.question import ContactMode, ItemSeed, Options
from graph_schema.flow_graph import FlowKind, Grade, Stay, VertexKind
from tests.questions.drawing import Drawing, asking_drawing
from tests.questions.telling import Told, between, item, site, tell


def _shipped_between(first: float, last: float) -> Drawing:
    drawing = Drawing()
    drawing.holding("h", "X", "A", 1)
    drawing.holding("b", "X", "B", last)
    drawing.flow("h", "b", first, last)
    return drawing


@pytest.mark.parametrize(
    ("since", "answer"),
    [
        (2.0, Told({"X", "A", "B"}, set())),
        (4.0, Told(set(), {"X", "A", "B"})),
        (7.0, Told(set(), {"X", "A"})),
    ],
)
def test_a_departure_counts_by_its_earliest_time_surely_and_by_its_latest_possibly(
    tmp_path: Path, since: float, answer: Told
) -> None:
    """What left between day 3 and 6: surely since day 2, possibly since day 4, not since day 7."""
    with asking_drawing(tmp_path, _shipped_between(3, 6)) as ask:
        assert ask.forward("X", "A", between(since)) == answer


def test_goods_that_arrived_in_the_window_start_whole(tmp_path: Path) -> None:
    """A holding that arrived at T or later starts with everything that left it."""
    with asking_drawing(tmp_path, _shipped_between(3, 6)) as ask:
        assert ask.forward("X", "A", between(1)) == Told({"X", "A", "B"}, set())


def test_goods_still_there_were_there(tmp_path: Path) -> None:
    """Goods of which nothing left are there in the window: surely where they surely remain, else possibly."""
    for remains, certain in ((Grade.RECORDED, True), (Grade.INFERRED, False)):
        drawing = Drawing()
        drawing.holding("h", "X", "A", 1, remains=remains)
        folder = tmp_path / remains.name
        folder.mkdir()
        with asking_drawing(folder, drawing) as ask:
            told = ask.forward("X", "A", between(5))
            assert told == (Told({"X", "A"}, set()) if certain else Told(set(), {"X", "A"}))


def test_until_limits_when_goods_were_there_not_when_they_left(tmp_path: Path) -> None:
    """Goods there before the window's end are followed however late they left; what came later is not."""
    drawing = _shipped_between(8, 8)
    drawing.holding("late", "X", "A", 5)
    drawing.holding("c", "X", "C", 9)
    drawing.flow("h", "late", 5, kind=FlowKind.CARRY_OVER, grade=Grade.RECORDED)
    drawing.flow("late", "c", 9)
    with asking_drawing(tmp_path, drawing) as ask:
        assert ask.forward("X", "A", between(None, 2)).certain == {"X", "A", "B", "C"}
        assert ask.back("X", "A", between(None, 0.5)) == Told(set(), {"X", "A"})


def test_an_arrival_that_may_be_before_the_window_is_possible(tmp_path: Path) -> None:
    """Goods that came on a day of which the window begins within are possible, their later departures certain."""
    drawing = Drawing()
    drawing.holding("h", "X", "A", 1, 3)
    drawing.holding("b", "X", "B", 2)
    drawing.holding("c", "X", "C", 6)
    drawing.flow("h", "b", 1.5)
    drawing.flow("h", "c", 6)
    with asking_drawing(tmp_path, drawing) as ask:
        assert ask.forward("X", "A", between(2)) == Told({"X", "A", "C"}, {"B"})


def test_goods_at_an_unknown_place_or_on_the_way_there_are_possible(tmp_path: Path) -> None:
    """What no record places, and what was sent there, may have been there."""
    drawing = Drawing()
    drawing.holding("h", "X", None, 2)
    drawing.holding("a", "X", "A", 8)
    drawing.holding("b", "X", "B", 4)
    drawing.holding("way", "X", "A", 3, stay=Stay.ON_THE_WAY, remains=Grade.RECORDED)
    drawing.holding("c", "X", "C", 5)
    drawing.flow("h", "b", 4)
    drawing.flow("way", "c", 5, grade=Grade.INFERRED)
    with asking_drawing(tmp_path, drawing) as ask:
        told = ask.forward("X", "A", between(1, 6))
        assert told == Told(set(), {"X", "A", "B", "C"})


def test_goods_that_may_not_have_been_there_start_nothing_certain(tmp_path: Path) -> None:
    """A holding that is not in every reading is no certain start, nor is its site certain."""
    drawing = Drawing()
    drawing.holding("h", "X", "A", 1, sure=False, remains=Grade.RECORDED)
    drawing.holding("b", "X", "B", 3)
    drawing.flow("h", "b", 3)
    with asking_drawing(tmp_path, drawing) as ask:
        assert ask.forward("X", "A", between(1)) == Told(set(), {"X", "A", "B"})


def test_a_holding_carried_there_by_recorded_flows_is_sure(tmp_path: Path) -> None:
    """Goods that no record names at a site are surely there where recorded flows lead there from where one does."""
    drawing = Drawing()
    drawing.holding("h", "X", "A", 1)
    drawing.holding("b", "X", "B", 3, named=False, remains=Grade.RECORDED)
    drawing.flow("h", "b", 3)
    with asking_drawing(tmp_path, drawing) as ask:
        assert ask.forward("X", "B", between(2)).certain == {"X", "B"}
        assert ask.forward("X").certain == {"X", "A", "B"}


def _touching() -> Drawing:
    drawing = Drawing()
    for name, lot, at in (("h", "X", "A"), ("t", "W", "A"), ("u", "V", "A")):
        drawing.holding(name, lot, at, 1)
    drawing.flow("h", "t", 2, kind=FlowKind.CONTACT_BY_PROFILE)
    drawing.flow("h", "u", 2, kind=FlowKind.CONTACT)
    return drawing


def test_contact_is_walked_only_where_asked_for(tmp_path: Path) -> None:
    """Contact is a layer of its own: none of it, that which a profile declares, or all."""
    reached = {ContactMode.NONE: {"X"}, ContactMode.BY_PROFILE: {"X", "W"}, ContactMode.ALL: {"X", "W", "V"}}
    with asking_drawing(tmp_path, _touching()) as ask:
        for mode, items in reached.items():
            answer = ask.trace(ItemSeed(item("X")), options=Options(contact=mode))
            assert tell(answer).certain == {*items, "A"}


def test_a_back_question_does_not_take_contact_after_its_window(tmp_path: Path) -> None:
    """Back until a day, what touched the goods later is left out."""
    drawing = Drawing()
    drawing.holding("h", "X", "A", 1, remains=Grade.RECORDED)
    drawing.holding("t", "W", "B", 1)
    drawing.flow("t", "h", 6, kind=FlowKind.CONTACT_BY_PROFILE)
    with asking_drawing(tmp_path, drawing) as ask:
        assert ask.back("X", "A", between(None, 3)) == Told({"X", "A"}, set())
        assert ask.back("X", "A", between(None, 7)) == Told({"X", "W", "A", "B"}, set())


def test_a_flow_back_in_time_is_told_only_where_it_is_needed(tmp_path: Path) -> None:
    """An answer that needs an inconsistent flow says so; one that has another way does not."""
    for other_way in (False, True):
        drawing = Drawing()
        drawing.holding("h", "X", "A", 5)
        drawing.holding("b", "X", "B", 4, named=False)
        drawing.flow("h", "b", 5, grade=Grade.INCONSISTENT)
        if other_way:
            drawing.flow("h", "b", 5, grade=Grade.INFERRED, kind=FlowKind.JOIN)
        folder = tmp_path / str(other_way)
        folder.mkdir()
        with asking_drawing(folder, drawing) as ask:
            answer = ask.trace(ItemSeed(item("X"), site("A")))
            assert tell(answer).possible == {"B"}
            assert answer.backward_in_time is not other_way


def test_pools_are_junctions_not_places(tmp_path: Path) -> None:
    """What goes through a pool is possible beyond it, and the pool is no item, site or unknown place."""
    drawing = Drawing()
    drawing.holding("h", "X", "A", 1)
    drawing.holding("pool", "X", None, 2, named=False, sure=False, kind=VertexKind.POOL)
    drawing.holding("b", "X", "B", 3)
    drawing.flow("h", "pool", 1, grade=Grade.INFERRED, kind=FlowKind.JOIN)
    drawing.flow("pool", "b", 3, grade=Grade.INFERRED, kind=FlowKind.JOIN)
    with asking_drawing(tmp_path, drawing) as ask:
        answer = ask.trace(ItemSeed(item("X"), site("A")))
        assert tell(answer) == Told({"X", "A"}, {"B"})
        assert answer.unknown_place is None


def test_a_line_in_doubt_is_certain_only_where_recorded_flows_lead(tmp_path: Path) -> None:
    """An instance's sites are certain where recorded flows lead from the start of its line, else possible."""
    drawing = Drawing()
    for name, at, when in (("h", "A", 1), ("b", "B", 3), ("c", "C", 5)):
        drawing.holding(name, "X", at, when, instances=True)
    drawing.flow("h", "b", 3)
    drawing.flow("b", "c", 5, grade=Grade.INFERRED)
    drawing.line("7", "h", "c")
    with asking_drawing(tmp_path, drawing) as ask:
        assert ask.forward("7") == Told({"7", "A", "B"}, {"C"})
        answer = ask.trace(ItemSeed(item("7")), direction=Direction.BACK)
        assert {s.certainty for s in answer.sites if s.id == site("C")} == {Certainty.POSSIBLE}
