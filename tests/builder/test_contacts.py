"""Contact that profiles declare (rule 13): in the order of time and the direction declared, until a cleaning."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from engine.answer import Direction
from engine.question import ContactMode, ItemSeed, Options
from graph_schema.event import Action, EventType, Role
from graph_schema.profiles import Profiles, profiles
from tests.builder.touching import EVENTS, SYSTEM, halls, saying, scrubbed, system, touched, tracked
from tests.questions.telling import (
    Asking,
    Told,
    asking,
    between,
    item,
    made,
    packed,
    received,
    shipped,
    some_time_on,
    tell,
    told,
    used,
)

MILK = [made(1, "A", X=10), made(1, "A", Y=10), made(1, "A", Z=10)]


def asked(ask: Asking, name: str, contact: ContactMode) -> Told:
    """Where an item went, with some contact followed."""
    return tell(ask.trace(ItemSeed(item(name)), options=Options(contact=contact)))


def test_what_runs_through_a_soiled_hose_is_reached(tmp_path: Path) -> None:
    """X soils the hose, Y runs through it after: forward from X, and back from Y."""
    world = [*MILK, touched("soil", 2, "A", "X", "7"), touched("run", 3, "A", "Y", "7")]
    with asking(tmp_path, world, systems=halls) as ask:
        assert ask.forward("X") == Told({"X", "7", "Y", "A"}, set())
        assert ask.back("Y") == Told({"X", "7", "Y", "A"}, set())
        assert ask.forward("Y") == Told({"Y", "A"}, set())
        assert asked(ask, "X", ContactMode.NONE) == Told({"X", "A"}, set())
        assert asked(ask, "X", ContactMode.ALL) == Told({"X", "7", "Y", "A"}, set())


def test_what_ran_through_a_hose_before_it_was_soiled_is_not_reached(tmp_path: Path) -> None:
    """Contact goes on in time, and never back."""
    world = [*MILK, touched("run", 2, "A", "Y", "7"), touched("soil", 3, "A", "X", "7")]
    with asking(tmp_path, world, systems=halls) as ask:
        assert ask.forward("X") == Told({"X", "7", "A"}, set())


def test_what_left_a_lot_before_it_was_touched_is_not_reached(tmp_path: Path) -> None:
    """Of one lot some is shipped, then the hose is soiled and the rest runs through it, then more is shipped."""
    world = [
        *MILK,
        shipped(2, "A", "B", "D1", Y=3),
        received(3, "B", "D1", Y=3),
        touched("soil", 4, "A", "X", "7"),
        touched("run", 5, "A", "Y", "7"),
        shipped(6, "A", "C", "D2", Y=3),
        received(7, "C", "D2", Y=3),
    ]
    with asking(tmp_path, world, systems=halls) as ask:
        assert ask.forward("X") == Told({"X", "7", "Y", "A", "C"}, set())


def test_what_came_to_a_lot_after_it_touched_is_no_source(tmp_path: Path) -> None:
    """The hose has of X what was there when it was soiled, not what was put to X later."""
    world = [
        made(1, "A", X=10),
        made(1, "A", Y=10),
        touched("soil", 2, "A", "X", "7"),
        used(3, "A", {"Y": 5}, {"X": 5}),
        made(1, "A", Z=10),
        touched("run", 4, "A", "Z", "7"),
    ]
    with asking(tmp_path, world, systems=halls) as ask:
        assert ask.forward("Y") == Told({"Y", "X", "A"}, set())
        assert ask.back("Z") == Told({"Z", "7", "X", "A"}, set())


def test_a_cleaned_hose_carries_no_further(tmp_path: Path) -> None:
    """What touched it before is not on what runs through it after; what soils it after is."""
    world = [
        *MILK,
        touched("soil", 2, "A", "X", "7"),
        scrubbed(3, "A", "7"),
        touched("soil", 4, "A", "Y", "7"),
        touched("run", 5, "A", "Z", "7"),
    ]
    with asking(tmp_path, world, systems=halls) as ask:
        assert ask.forward("X") == Told({"X", "7", "A"}, set())
        assert ask.back("Z") == Told({"Z", "7", "Y", "A"}, set())
        assert ask.forward("7", window=between(2, 2.5)) == Told({"7", "A"}, set())
        assert ask.forward("7", window=between(3.5)) == Told({"7", "Z", "A"}, set())


def test_a_cleaning_that_failed_cleans_nothing(tmp_path: Path) -> None:
    """Its result was the failed one."""
    world = [
        *MILK,
        touched("soil", 2, "A", "X", "7"),
        scrubbed(3, "A", "7", "non_conformant"),
        touched("run", 4, "A", "Z", "7"),
    ]
    with asking(tmp_path, world, systems=halls) as ask:
        assert ask.forward("X") == Told({"X", "7", "Z", "A"}, set())


@pytest.mark.parametrize("events", [("soil", "run"), ("soil", "scrub", "run")])
def test_an_order_that_is_open_is_possible(events: tuple[str, ...], tmp_path: Path) -> None:
    """On one day a hose was soiled, cleaned and used, nobody says in which order: it may have carried, or not."""
    on = {
        "soil": touched("soil", 2, "A", "X", "7"),
        "scrub": scrubbed(2, "A", "7"),
        "run": touched("run", 2, "A", "Y", "7"),
    }
    world = [*MILK, *(some_time_on(2, on[name]) for name in events)]
    with asking(tmp_path, world, systems=halls) as ask:
        assert ask.forward("X").possible >= {"7", "Y"}


def test_many_soilings_of_one_day_leave_nothing_open(tmp_path: Path) -> None:
    """In which order they were makes no odds to what runs through the hose the day after."""
    world = [
        *MILK,
        some_time_on(2, touched("soil", 2, "A", "X", "7")),
        some_time_on(2, touched("soil", 2, "A", "Y", "7")),
        touched("run", 4, "A", "Z", "7"),
    ]
    with asking(tmp_path, world, systems=halls) as ask:
        assert ask.forward("X") == Told({"X", "7", "Z", "A"}, set())


def test_a_way_back_is_declared_too(tmp_path: Path) -> None:
    """From one load to the next, where the profile says that the hazard goes both ways."""
    world = [*MILK, touched("rinse", 2, "A", "X", "7"), touched("rinse", 3, "A", "Y", "7")]
    with asking(tmp_path, world, systems=halls) as ask:
        assert ask.forward("X") == Told({"X", "7", "Y", "A"}, set())
        assert ask.forward("Y") == Told({"7", "Y", "A"}, set())


def test_pieces_that_moved_as_one_are_told_apart_by_contact(tmp_path: Path) -> None:
    """Of two pieces made together one ran through the hose: the other is not reached, and reaches nothing by it."""
    world = [
        made(1, "A", X=10),
        made(1, "A", **{"1": None, "2": None}),
        touched("soil", 2, "A", "X", "7"),
        touched("run", 3, "A", "1", "7"),
        touched("soil", 4, "A", "2", "8"),
    ]
    with asking(tmp_path, world, systems=halls) as ask:
        assert ask.forward("X") == Told({"X", "7", "1", "A"}, set())
        assert ask.forward("1") == Told({"1", "A"}, set())
        assert ask.forward("2") == Told({"2", "8", "A"}, set())
        assert ask.back("1") == Told({"1", "7", "X", "A"}, set())


def test_what_is_used_up_as_it_touches_gives(tmp_path: Path) -> None:
    """A pack that an event ends gives from where it was, though none of it is left."""
    end = tracked("empty", "other", contact=("milk", "hose"), contact_at=("named", "extension hose"))
    end = msgspec.structs.replace(end, action=Action.DELETE)
    hall = Profiles(profiles().common, {SYSTEM: (system(*EVENTS, end),)})
    gone = told("empty", 2, "A", {"X": 10}, step="other", action=Action.DELETE)
    world = [*MILK, saying(f"{SYSTEM}.empty", gone, hose="7"), touched("run", 3, "A", "Y", "7")]
    with asking(tmp_path, world, systems=lambda: hall) as ask:
        assert ask.forward("X") == Told({"X", "7", "Y", "A"}, set())


def test_goods_of_an_unknown_place_may_be_any_of_the_lot(tmp_path: Path) -> None:
    """Where the hose was soiled nobody says: all of the lot may have been there, and may not."""
    world = [
        *MILK,
        shipped(2, "A", "B", "D1", X=3),
        received(3, "B", "D1", X=3),
        touched("soil", 4, None, "X", "7"),
        touched("run", 5, "A", "Y", "7"),
    ]
    with asking(tmp_path, world, systems=halls) as ask:
        found = tell(ask.trace(ItemSeed(item("X"), "https://example.org/site/B", between(3))))
        assert "Y" in found.possible
        assert "Y" in ask.forward("X").certain


def test_an_event_that_may_be_of_two_systems_touches_perhaps(tmp_path: Path) -> None:
    """Named without its system it is possible, if one of them declares contact; with it, it is that one's."""
    silent = system(tracked("soil", "other"), *EVENTS[1:], name="other_hall")
    both = Profiles(profiles().common, {SYSTEM: (system(),), "other_hall": (silent,)})
    world = [*MILK, touched("soil", 2, "A", "X", "7", cte="soil"), touched("run", 3, "A", "Y", "7", cte="run")]
    with asking(tmp_path, world, systems=lambda: both) as ask:
        assert ask.forward("X") == Told({"X", "A"}, {"7", "Y"})
    named = [*MILK, touched("soil", 2, "A", "X", "7", cte="other_hall.soil")]
    (tmp_path / "named").mkdir()
    with asking(tmp_path / "named", named, systems=lambda: both) as ask:
        assert ask.forward("X") == Told({"X", "A"}, set())


def test_an_event_that_says_nothing_of_its_system_touches_nothing(tmp_path: Path) -> None:
    """Its words alone are those of many systems: a pallet is no vector since some system packs as others soil."""
    world = [*MILK, packed(2, "A", "P1", X=3), told("soil", 3, "A", {"X": None}, step="other")]
    with asking(tmp_path, world, systems=halls) as ask:
        assert ask.forward("X") == Told({"X", "A"}, set())


def test_a_profile_that_changes_acts_from_its_day(tmp_path: Path) -> None:
    """The former version declares no contact: what was recorded while it acted touched nothing."""
    before = system(*(tracked(event.id, "other") for event in EVENTS))
    after = system(valid_from="2026-01-04")
    hall = Profiles(profiles().common, {SYSTEM: (before, after)})
    world = [
        *MILK,
        touched("soil", 2, "A", "X", "7"),
        touched("soil", 4, "A", "Y", "7"),
        touched("run", 5, "A", "Z", "7"),
    ]
    with asking(tmp_path, world, systems=lambda: hall) as ask:
        assert ask.forward("X") == Told({"X", "A"}, set())
        assert ask.forward("Y") == Told({"Y", "7", "Z", "A"}, set())


def test_a_renamed_system_declares_as_it_did(tmp_path: Path) -> None:
    """The program knows none by its name."""
    hall = Profiles(profiles().common, {"hall_copy": (system(name="hall_copy"),)})
    world = [
        *MILK,
        touched("soil", 2, "A", "X", "7", cte="hall_copy.soil"),
        touched("run", 3, "A", "Y", "7", cte="hall_copy.run"),
    ]
    with asking(tmp_path, world, systems=lambda: hall) as ask:
        assert ask.forward("X") == Told({"X", "7", "Y", "A"}, set())


def test_what_only_touched_can_be_asked_for(tmp_path: Path) -> None:
    """A hose that no event names but in a field of the sender's own is known, and its trace leads both ways."""
    world = [*MILK, touched("soil", 2, "A", "X", "7"), touched("run", 3, "A", "Y", "7")]
    with asking(tmp_path, world, systems=halls) as ask:
        assert ask.forward("7") == Told({"7", "Y", "A"}, set())
        assert ask.back("7") == Told({"7", "X", "A"}, set())


def test_an_association_with_a_vector_holds_nothing(tmp_path: Path) -> None:
    """A load that was sterilised together is no container that nobody ever opens: what was in it goes its own way."""
    load = msgspec.structs.replace(
        tracked("sterilise", "other", contact=("hose", "milk"), contact_at=("parent", "child")),
        type=EventType.ASSOCIATION, action=Action.ADD,
    )  # fmt: skip
    hall = Profiles(profiles().common, {SYSTEM: (system(load),)})
    roles = {"7": Role.PARENT, "X": Role.CHILD, "1": Role.CHILD}
    whole = told("load", 2, "A", {"7": None, "X": 10, "1": None}, step="other", action=Action.ADD,
                 kind=EventType.ASSOCIATION, roles=roles)  # fmt: skip
    world = [
        *MILK,
        made(1, "A", **{"1": None}),
        saying(f"{SYSTEM}.sterilise", whole),
        shipped(3, "A", "B", "D1", X=10, **{"1": None}),
        received(4, "B", "D1", X=10, **{"1": None}),
    ]
    with asking(tmp_path, world, systems=lambda: hall) as ask:
        assert ask.forward("7") == Told({"7", "X", "1", "A", "B"}, set())
        assert ask.forward("X") == Told({"X", "A", "B"}, set())
        assert ask.trace(ItemSeed(item("X")), direction=Direction.BACK).items
