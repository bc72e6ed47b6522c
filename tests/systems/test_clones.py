"""One code on two objects: a part fitted to two wholes, a thing sold twice, and what looks like it and is not."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from api.demo.naming import name_of
from api.session import Reading
from engine.answer import Certainty
from engine.capture import capture_within
from engine.clones import clones_of
from engine.fittings import parts_of, wholes_of
from engine.index import open_index
from engine.ledger import Attestation, Capture
from engine.responsibility import responsibility
from engine.seeds import parse_time
from engine.stores.sqlite import open_store
from graph_schema.event import Action, ErrorDeclaration, Event
from graph_schema.interval import Interval
from tests.questions.telling import (
    Asking,
    asking,
    day,
    emptied,
    item,
    made,
    packed,
    received,
    shipped,
    site,
    sold,
    some_time_on,
    told,
)
from tests.systems.test_fittings import fitted

OFF = Action.DELETE
MADE = made(1, "A", **{"1": None})
"""A part; the wholes have the numbers 7, 8 and 9."""
TWICE = [MADE, fitted(5, "7", "1"), fitted(9, "8", "1")]


def clones(ask: Asking, thing: str = "1") -> list[tuple[str, ...]]:
    """What each finding is of: the wholes, and how surely."""
    found = clones_of(ask.snapshot, item(thing), ask.index.position)
    return [(*sorted(map(name_of, clone.wholes)), clone.certainty.value) for clone in found]


def fittings(ask: Asking, part: str, on: str) -> list[tuple[str, str, int]]:
    """What a part was in: how surely, and how many findings say why."""
    found = wholes_of(ask.snapshot, item(part), parse_time(f"2026-01-{on}"), ask.index.position)
    return [(name_of(f.whole), f.certainty.value, len(f.clones)) for f in found]


def declared(event: Event) -> Event:
    """The same event, declared never to have been."""
    return msgspec.structs.replace(event, error=ErrorDeclaration(Interval(day(20), day(20)), "did_not_occur"))


def test_a_part_that_was_fitted_to_two_wholes_may_be_in_either(tmp_path: Path) -> None:
    """From the second fitting on, from either end, with the finding; before it, as it was."""
    with asking(tmp_path, TWICE) as ask:
        assert fittings(ask, "1", "07T00:00:00Z") == [("7", "certain", 0)]
        assert fittings(ask, "1", "09") == fittings(ask, "1", "20") == [("7", "possible", 1), ("8", "possible", 1)]
        assert clones(ask) == [("7", "8", "certain")]
        for whole in "78":
            (part,) = parts_of(ask.snapshot, item(whole), parse_time("2026-01-20"), ask.index.position)
            assert (name_of(part.whole), part.certainty, part.until) == (whole, Certainty.POSSIBLE, None)
            assert part.clones[0].events == (TWICE[1].id, TWICE[2].id)
            assert "fitted to two wholes" in part.clones[0].text


def test_a_fitting_that_is_told_again_is_one_finding_of_the_last(tmp_path: Path) -> None:
    """The same part and whole twice is no second object: it is there since the last of them."""
    with asking(tmp_path, [MADE, fitted(3, "7", "1"), *TWICE[1:]]) as ask:
        assert fittings(ask, "1", "20") == [("7", "possible", 1), ("8", "possible", 1)]


def test_a_removal_by_a_stranger_leaves_the_part_possible(tmp_path: Path) -> None:
    """It may count: before the second fitting it makes the finding possible, and after it ends nothing."""
    for number, when in enumerate((7, 12)):
        (tmp_path / str(number)).mkdir()
        world = [*TWICE, fitted(when, "7", "1", OFF)]
        with closing(open_store(str(tmp_path / str(number) / "s.db"))) as store:
            with store.transaction() as writing:
                by = Capture("a", "j", "s", day(100))
                free = [Attestation.FREE] * len(TWICE)
                capture_within(writing, world, by, attestations=[*free, Attestation.STRANGER])
            with store.snapshot() as snapshot:
                ask = Asking(open_index(None, snapshot), snapshot)
                assert clones(ask) == [("7", "8", ("possible", "certain")[number])]
                assert fittings(ask, "1", "20") == [("7", "possible", 1), ("8", "possible", 1)]


def test_three_wholes_are_all_told(tmp_path: Path) -> None:
    """Each with each."""
    with asking(tmp_path, [*TWICE, fitted(12, "9", "1")]) as ask:
        assert fittings(ask, "1", "20") == [(whole, "possible", 2) for whole in "789"]


def test_a_removal_long_after_leaves_the_other(tmp_path: Path) -> None:
    """Taken off the first after it was fitted to the second: for a time it was told of in both."""
    with asking(tmp_path, [*TWICE, fitted(15, "7", "1", OFF)]) as ask:
        assert [whole for whole, _, _ in fittings(ask, "1", "12")] == ["7", "8"]
        assert fittings(ask, "1", "20") == [("8", "possible", 1)]


@pytest.mark.parametrize(
    "between",
    [
        [fitted(7, "7", "1", OFF)],
        [some_time_on(9, fitted(9, "7", "1", OFF))],
        [emptied(7, "A", "7")],
        [told("scrapped", 7, "A", {"7": None}, step="destroying", action=OFF)],
        [told("brought back", 7, "A", {"1": None}, step="receiving", disposition="returned")],
    ],
    ids=["taken off", "taken off that day", "all taken off", "the whole scrapped", "brought back"],
)
def test_what_was_taken_off_before_is_no_clone(tmp_path: Path, between: list[Event]) -> None:
    """However that is told; where the order is open, the one that lacks no record goes first."""
    with asking(tmp_path, [*TWICE, *between]) as ask:
        assert clones(ask) == []
        assert fittings(ask, "1", "20") == [("8", "certain", 0)]


def test_a_part_that_is_put_back_is_no_clone(tmp_path: Path) -> None:
    """Off the first, onto the second, off it, onto the first again; and told twice of one whole."""
    back = [fitted(6, "7", "1", OFF), fitted(11, "8", "1", OFF), fitted(12, "7", "1"), fitted(13, "7", "1")]
    with asking(tmp_path, [*TWICE, *back]) as ask:
        assert clones(ask) == []
        assert {whole for whole, _, _ in fittings(ask, "1", "20")} == {"7"}


def test_a_fitting_that_is_put_back_without_a_removal_is_one(tmp_path: Path) -> None:
    """A removal before the first fitting, or from a third whole, is none in between."""
    others = [fitted(4, "7", "1", OFF), fitted(7, "9", "1", OFF), fitted(7, "7", "2", OFF)]
    with asking(tmp_path, [made(1, "A", **{"2": None}), *TWICE, *others]) as ask:
        assert clones(ask) == [("7", "8", "certain")]


@pytest.mark.parametrize("joined", [2, 7, 14])
def test_a_part_of_a_part_is_no_clone(tmp_path: Path, joined: float) -> None:
    """In a subassembly, and in the car that this is or will be in: it is in both."""
    with asking(tmp_path, [*TWICE, fitted(joined, "8", "7")]) as ask:
        assert clones(ask) == []
        assert fittings(ask, "1", "20")[0] == ("8", "certain", 0)


def test_a_subassembly_that_had_left_the_car_excuses_nothing(tmp_path: Path) -> None:
    """It was taken out of it before the part was fitted to it."""
    with asking(tmp_path, [*TWICE, fitted(2, "8", "7"), fitted(3, "8", "7", OFF)]) as ask:
        assert clones(ask) == [("7", "8", "certain")]


def test_fittings_whose_order_is_open_are_possible(tmp_path: Path) -> None:
    """Two on one day, none taken off: in either order one is missing."""
    both = [some_time_on(5, fitted(5, "7", "1")), some_time_on(5, fitted(5, "8", "1"))]
    with asking(tmp_path, [MADE, *both]) as ask:
        assert clones(ask) == [("7", "8", "possible")]
        assert {(whole, sure) for whole, sure, _ in fittings(ask, "1", "20")} == {("7", "possible"), ("8", "possible")}
    (tmp_path / "off").mkdir()
    with asking(tmp_path / "off", [MADE, *both, some_time_on(5, fitted(6, "7", "1", OFF))]) as ask:
        assert clones(ask) == []


@pytest.mark.parametrize("wrong", [1, 2])
def test_a_fitting_that_did_not_occur_is_none(tmp_path: Path, wrong: int) -> None:
    """As if it had never been told; as known before, it was a clone."""
    with asking(tmp_path, TWICE, [declared(TWICE[wrong])]) as ask:
        assert clones(ask) == []
        assert fittings(ask, "1", "20") == [("87"[wrong - 1], "certain", 0)]
        assert len(clones_of(ask.snapshot, item("1"), 3)) == 1


def test_a_removal_that_did_not_occur_takes_nothing_off(tmp_path: Path) -> None:
    """The clone is there as if it had never been told."""
    off = fitted(7, "7", "1", OFF)
    with asking(tmp_path, [*TWICE, off], [declared(off)]) as ask:
        assert clones(ask) == [("7", "8", "certain")]


def test_goods_on_pallets_and_loads_are_no_parts(tmp_path: Path) -> None:
    """Packed twice is a lost unpacking; a load to be sterilised is none that a thing becomes a part of."""
    loads = [msgspec.structs.replace(event, biz_step="other") for event in TWICE[1:]]
    pallets = [packed(5, "A", "P1", **{"1": None}), packed(9, "A", "P2", **{"1": None})]
    for number, world in enumerate((loads, pallets)):
        (tmp_path / str(number)).mkdir()
        with asking(tmp_path / str(number), [MADE, *world]) as ask:
            assert clones(ask) == []


def dispensed(when: float, at: str, **more: str) -> Event:
    """A pack goes to a patient."""
    return told("dispensed", when, at, {"1": None}, step="dispensing", disposition=more.get("as_", "dispensed"))


BACK = told("back", 5, "B", {"1": None}, step="receiving", disposition="returned")


@pytest.mark.parametrize(
    ("world", "found"),
    [
        ([dispensed(3, "B"), dispensed(8, "C")], [("certain",)]),
        ([dispensed(3, "B"), dispensed(8, "B")], [("certain",)]),
        ([sold(3, "B", **{"1": None}), dispensed(8, "C")], [("certain",)]),
        ([dispensed(3, "B"), received(5, "C", **{"1": None}), dispensed(8, "C")], [("certain",)]),
        ([some_time_on(3, dispensed(3, "B")), some_time_on(3, dispensed(3, "C"))], [("possible",)]),
        ([dispensed(3, "B"), BACK, shipped(6, "B", "C", **{"1": None}), dispensed(8, "C")], []),
        ([dispensed(3, "B", as_="partially_dispensed"), dispensed(8, "B", as_="partially_dispensed")], []),
        ([sold(3, "B", **{"1": None}), dispensed(3.01, "B")], []),
        ([some_time_on(3, dispensed(3, "B")), dispensed(3.5, "B")], []),
    ],
    ids=["two", "one shop", "sold", "received", "one day", "returned", "in part", "till and file", "told twice"],
)
def test_a_thing_that_went_to_consumers_twice(tmp_path: Path, world: Iterable[Event], found: list[str]) -> None:
    """Unless it came back, or only some of it went, or both records may tell of one sale."""
    with asking(tmp_path, [MADE, *world]) as ask:
        assert clones(ask) == found


@pytest.mark.parametrize(
    ("world", "sites"),
    [(TWICE, ["A"]), ([MADE, dispensed(3, "B"), dispensed(8, "C")], ["C"]), (TWICE[:2], []), ([MADE], [])],
    ids=["fitted", "dispensed", "once", "never"],
)
def test_who_is_responsible_is_told_of_a_clone(tmp_path: Path, world: list[Event], sites: list[str]) -> None:
    """Among the breaks of the records, at the site of the second, with both events."""
    with asking(tmp_path, world) as ask:
        (account,) = responsibility(Reading(ask.snapshot, ask.index), item("1")).accounts
    told_of = [one for one in account.breaks if one.kind == "clone"]
    assert [one.site for one in told_of] == list(map(site, sites))
    assert all(one.events == tuple(event.id for event in world[-2:]) for one in told_of)
