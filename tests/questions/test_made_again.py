"""Things that a transformation makes although they were known before: repaired, seen early, or told of twice."""

from __future__ import annotations

from pathlib import Path

from tests.questions.telling import asking, made, received, shipped, used

REPAIR = [
    made(1, "A", X=1),
    made(1, "A", **{"7": None}),
    used(2, "A", {"7": None, "X": 1}, {"7": None}),
    shipped(3, "A", "B", **{"7": None}),
    received(4, "B", **{"7": None}),
]


def test_what_went_into_a_repair_is_in_the_thing_from_then_on(tmp_path: Path) -> None:
    """A part built into a thing that comes out again went where the thing went, and the thing holds the part."""
    with asking(tmp_path, REPAIR) as asked:
        assert asked.forward("X").certain == {"X", "7", "A", "B"}
        assert asked.back("7").certain == {"7", "X", "A", "B"}
        assert asked.forward("7").certain == {"7", "A", "B"}


def test_a_stay_before_the_repair_holds_nothing_of_it(tmp_path: Path) -> None:
    """Where the thing was before is no place of the part that was built in later."""
    before = [received(1.5, "C", **{"7": None}), received(1.8, "A", **{"7": None})]
    with asking(tmp_path, [*REPAIR, *before]) as asked:
        assert asked.forward("X").certain == {"X", "7", "A", "B"}
        assert asked.forward("X").possible == set()
        assert "C" in asked.back("7").certain


def test_a_thing_seen_before_it_was_made_is_still_made(tmp_path: Path) -> None:
    """A record with an early clock hides neither what went into a thing nor the thing."""
    with asking(
        tmp_path, [made(2, "A", X=1), received(3, "B", **{"7": None}), used(4, "A", {"X": 1}, {"7": None})]
    ) as asked:
        assert asked.forward("X").certain == {"X", "7", "A"}
        assert "X" in asked.back("7").certain


def test_a_thing_told_to_be_made_twice_holds_both(tmp_path: Path) -> None:
    """Two records of making one thing both count, and so does what went into either."""
    events = [made(1, "A", X=1, Y=1), used(2, "A", {"X": 1}, {"7": None}), used(3, "A", {"Y": 1}, {"7": None})]
    with asking(tmp_path, events) as asked:
        assert "7" in asked.forward("X").certain
        assert "7" in asked.forward("Y").certain
        assert {"X", "Y"} <= asked.back("7").certain
