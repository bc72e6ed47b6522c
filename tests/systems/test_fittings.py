"""Which whole holds a part on a day, as parts are fitted and removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.demo.naming import name_of
from api.demo.stories import stories
from api.demo.story import Fitted
from engine.answer import Certainty
from engine.fittings import Fitting, parts_of, wholes_of
from engine.seeds import parse_time
from graph_schema.errors import UnknownSeed
from graph_schema.event import Action, Event, EventType, Role
from tests.questions.telling import Asking, asking, item, made, packed, some_time_on, told, unpacked
from tests.systems.test_stories import key_of, opened

ASKED = [(name, asked) for name, story in stories().items() for asked in story.expected_asof]


@pytest.mark.parametrize(("name", "asked"), ASKED, ids=lambda part: part if isinstance(part, str) else part.day)
def test_a_story_tells_what_holds_a_part_on_a_day(name: str, asked: Fitted, tmp_path: Path) -> None:
    """Each part is, surely, in what the story says, and that has it among its parts; or it is in nothing."""
    when = parse_time(f"{asked.day}+08:00")
    with opened(name, tmp_path) as (telling, index, snapshot):
        for part, wholes in asked.answer.items():
            found = wholes_of(snapshot, key_of(telling, part), when, index.position)
            assert [(name_of(f.whole), f.certainty) for f in found] == [(one, Certainty.CERTAIN) for one in wholes]
            for fitting in found:
                assert fitting in parts_of(snapshot, fitting.whole, when, index.position)


def fitted(when: float, whole: str, part: str, action: Action = Action.ADD) -> Event:
    """A part is put onto a larger thing, or taken off."""
    roles = {whole: Role.PARENT, part: Role.CHILD}
    return told("fitted", when, "A", {whole: None, part: None}, action=action, kind=EventType.ASSOCIATION, roles=roles)


def wholes(ask: Asking, part: str, day: str) -> list[tuple[str, str, str]]:
    """What a part was in, and that, with how surely."""
    found = wholes_of(ask.snapshot, item(part), parse_time(day), ask.index.position)
    return [_shown(fitting) for fitting in found]


def _shown(fitting: Fitting) -> tuple[str, str, str]:
    return name_of(fitting.part), name_of(fitting.whole), fitting.certainty.value


def test_a_part_of_a_part_is_told_up_and_down(tmp_path: Path) -> None:
    """A chip on a board in a lift: the chip is on the board, the board in the lift, from both ends."""
    world = [made(1, "A", **{"1": None, "2": None, "3": None}), fitted(2, "2", "1"), fitted(3, "3", "2")]
    with asking(tmp_path, world) as ask:
        assert wholes(ask, "1", "2026-01-02T12:00:00Z") == [("1", "2", "certain")]
        both = [("1", "2", "certain"), ("2", "3", "certain")]
        assert wholes(ask, "1", "2026-01-04") == both
        below = parts_of(ask.snapshot, item("3"), parse_time("2026-01-04"), ask.index.position)
        assert [_shown(fitting) for fitting in below] == both[::-1]


def test_what_was_fitted_or_removed_on_the_day_is_possible(tmp_path: Path) -> None:
    """It was there for a part of the day; at a moment it is certain."""
    off = fitted(4.5, "3", "1", Action.DELETE)
    world = [made(1, "A", **{"1": None, "3": None}), fitted(2.5, "3", "1"), off]
    with asking(tmp_path, world) as ask:
        days = [wholes(ask, "1", f"2026-01-0{day}") for day in range(1, 6)]
        assert days == [[], [("1", "3", "possible")], [("1", "3", "certain")], [("1", "3", "possible")], []]
        assert wholes(ask, "1", "2026-01-02T18:00:00Z") == [("1", "3", "certain")]


def test_a_day_of_fitting_that_is_open_is_possible_in_both(tmp_path: Path) -> None:
    """Taken out of one and put into another on a day, nobody says when: it may be in either on that day."""
    world = [
        made(1, "A", **{"1": None}),
        packed(2, "A", "P1", **{"1": None}),
        some_time_on(5, unpacked(5, "A", "P1", **{"1": None})),
        packed(7, "A", "P2", **{"1": None}),
    ]
    with asking(tmp_path, world) as ask:
        at = [
            wholes_of(ask.snapshot, item("1"), parse_time(f"2026-01-0{day}"), ask.index.position)
            for day in (4, 5, 6, 8)
        ]
        assert [[f.certainty.value for f in found] for found in at] == [["certain"], ["possible"], [], ["certain"]]


def test_what_nobody_named_is_refused(tmp_path: Path) -> None:
    """As the seed of a question is."""
    with asking(tmp_path, [made(1, "A", **{"1": None})]) as ask, pytest.raises(UnknownSeed):
        wholes(ask, "77", "2026-01-04")
