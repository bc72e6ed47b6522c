"""Records declared an error while a corrective is missing: what they tell is possible, never certain (rule 14)."""

from __future__ import annotations

from pathlib import Path

import msgspec

from graph_schema.event import ErrorDeclaration, Event
from graph_schema.interval import Interval
from tests.questions.telling import asking, day, made, packed, received, shipped, sold, unpacked, used


def doubted(event: Event) -> Event:
    """The event, declared an error whose corrective is missing."""
    error = ErrorDeclaration(Interval(day(20), day(20)), "incorrect_data", ("urn:uuid:missing",))
    return msgspec.structs.replace(event, error=error)


def test_the_only_record_of_a_thing(tmp_path: Path) -> None:
    """The thing is what was asked for; where it was is possible."""
    with asking(tmp_path, [doubted(received(1, "A", **{"7": None}))]) as asked:
        for told in (asked.forward("7"), asked.back("7")):
            assert (told.certain, told.possible) == ({"7"}, {"A"})


def test_the_first_record_of_a_thing(tmp_path: Path) -> None:
    """What follows the doubtful record is certain, and may be the first."""
    with asking(tmp_path, [doubted(made(1, "A", **{"7": None})), received(2, "B", **{"7": None})]) as asked:
        for told in (asked.forward("7"), asked.back("7")):
            assert (told.certain, told.possible) == ({"7", "B"}, {"A"})


def test_what_was_made_in_a_doubtful_way(tmp_path: Path) -> None:
    """What a doubtful transformation made may hold what went into it, and is itself what was asked for."""
    events = [made(1, "A", X=1), doubted(used(2, "A", {"X": 1}, {"7": None})), received(3, "B", **{"7": None})]
    with asking(tmp_path, events) as asked:
        forward, back = asked.forward("X"), asked.back("7")
        assert (forward.certain, forward.possible) == ({"X", "A"}, {"7", "B"})
        assert (back.certain, back.possible) == ({"7", "B"}, {"X", "A"})


def test_two_contents_of_one_making_are_both_possible(tmp_path: Path) -> None:
    """Of one event told with two contents, what went into either may be in what was made."""
    one, other = (used(2, "A", {name: 1}, {"7": None}) for name in ("X", "Y"))
    events = [made(1, "A", X=1, Y=1), one, msgspec.structs.replace(other, id=one.id)]
    with asking(tmp_path, events) as asked:
        assert "7" in asked.forward("X").possible
        assert "7" in asked.forward("Y").possible
        assert {"X", "Y"} <= asked.back("7").possible


def test_a_doubtful_packing(tmp_path: Path) -> None:
    """What may be in a pallet may go where the pallet goes: no stop of it, no sale and no unpacking is certain."""
    start = [made(1, "A", **{"7": None}), made(1, "A", P1=None), doubted(packed(2, "A", "P1", **{"7": None}))]
    trip = [shipped(3, "A", "B", P1=None), received(4, "B", P1=None)]
    for number, end in enumerate([[], [sold(5, "B", P1=None)], [unpacked(5, "B", "P1")]]):
        (folder := tmp_path / str(number)).mkdir()
        with asking(folder, [*start, *trip, *end]) as asked:
            told = asked.forward("7")
            assert (told.certain, told.possible) == ({"7", "A"}, {"B"}), end
