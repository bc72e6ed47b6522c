"""Contact in the chain that is drawn of an answer: who touched whom, in which direction, and how surely."""

from __future__ import annotations

from pathlib import Path

from api.chain import build_chain
from engine.answer import Direction
from engine.question import ContactMode, ItemSeed, Options
from graph_schema.event import Action, EventType, Role
from graph_schema.flow_graph import CONTACT_KINDS, Grade
from graph_schema.profiles import Profiles, profiles
from tests.api.conftest import Suyuan
from tests.api.story import load_story
from tests.builder.touching import EVENTS, SYSTEM, halls, system, touched, tracked
from tests.questions.telling import Asking, asking, item, made, told
from tests.systems import test_stories as stories

MILK = [made(1, "A", X=10), made(1, "A", Y=10)]
Touched = set[tuple[str, str, Grade]]
ALL = Options(contact=ContactMode.ALL)


def touches(
    ask: Asking, name: str, direction: Direction = Direction.FORWARD, options: Options | None = None
) -> Touched:
    """Of an item's answer who touched whom, and how surely."""
    chain = build_chain(ask.trace(ItemSeed(item(name)), direction=direction, options=options).flows)
    return {
        (step.source.item.rpartition("/")[2], step.target.item.rpartition("/")[2], step.grade)
        for steps in chain.leaving.values()
        for step in steps
        if step.kind in CONTACT_KINDS
    }


def test_what_gives_and_what_takes_are_told_apart(tmp_path: Path) -> None:
    """X soils the hose and Y runs through it, whichever way it is asked."""
    world = [*MILK, touched("soil", 2, "A", "X", "7"), touched("run", 3, "A", "Y", "7")]
    with asking(tmp_path, world, systems=halls) as ask:
        wanted = {("X", "7", Grade.RECORDED), ("7", "Y", Grade.RECORDED)}
        assert touches(ask, "X") == wanted
        assert touches(ask, "Y", Direction.BACK) == wanted


def test_contact_both_ways_in_one_event_is_of_the_two_alone(tmp_path: Path) -> None:
    """What is rinsed and what it is rinsed with give to each other, and nothing to itself."""
    with asking(tmp_path, [*MILK, touched("rinse", 3, "A", "Y", "7")], systems=halls) as ask:
        assert touches(ask, "Y") == {("7", "Y", Grade.RECORDED), ("Y", "7", Grade.RECORDED)}


def test_a_contact_that_may_not_be_declared_is_possible(tmp_path: Path) -> None:
    """The events may be of another system, in which the one soils nothing."""
    silent = system(tracked("soil", "other"), *EVENTS[1:], name="other_hall")
    both = Profiles(profiles().common, {SYSTEM: (system(),), "other_hall": (silent,)})
    world = [*MILK, touched("soil", 2, "A", "X", "7", cte="soil"), touched("run", 3, "A", "Y", "7", cte="run")]
    with asking(tmp_path, world, systems=lambda: both) as ask:
        assert touches(ask, "X") == {("X", "7", Grade.INFERRED), ("7", "Y", Grade.RECORDED)}


def test_contact_that_no_profile_declares_goes_both_ways(tmp_path: Path) -> None:
    """A part associated with a thing touches it and is touched by it, where all contact is followed."""
    roles = {"7": Role.PARENT, "X": Role.CHILD}
    fitted = told("fitted", 2, "A", {"7": None, "X": None}, action=Action.ADD, kind=EventType.ASSOCIATION, roles=roles)
    with asking(tmp_path, [*MILK, made(1, "A", **{"7": None}), fitted]) as ask:
        assert touches(ask, "X", options=ALL) == {("X", "7", Grade.RECORDED), ("7", "X", Grade.RECORDED)}
        assert touches(ask, "X") == set()


def test_contact_is_drawn(suyuan: Suyuan, tmp_path: Path) -> None:
    """The gear touched the lift that it was built into; back, the lift was touched by it."""
    story = load_story(suyuan, tmp_path, "elevator")
    part, lift = map(stories.told("elevator").item, ("SG-2", "L-7"))
    assert "touched L-7  2017-04-01" in story("trace", "forward", part).out
    assert "touched by SG-2  2017-04-01" in story("trace", "back", lift).out
