"""The judge lets the truth pass, sees through toys, and loses what it says it loses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from random import Random

import pytest

from api.generate.record import Part
from api.generate.world import World, simulate
from graph_schema.event import Event
from tests.worlds.laws import check_exact, truth_of
from tests.worlds.shrink import Case, shrink, without
from tests.worlds.thinning import NOTHING, RECORD, lose, remaining
from tests.worlds.toys import without_containers, without_time
from tests.worlds.tracer import Answer, Ask, Found, Traces
from tests.worlds.trial import COMPLETE, THINNED, TRIALS, Trial, failures

SEEDS = range(40)


class Oracle:
    """The truth as a tracer."""

    def __init__(self, world: World) -> None:
        self.world = world

    def trace(self, ask: Ask) -> Answer:
        """What is true, and nothing else."""
        truth = truth_of(self.world, ask)
        found = Found(truth.items, truth.sites, truth.pairs)
        return Answer(found, found)


class Silent:
    """A tracer that knows nothing."""

    def trace(self, ask: Ask) -> Answer:  # noqa: ARG002 - whatever is asked
        """Nothing."""
        return Answer(Found(), Found())


@pytest.mark.parametrize("trial", TRIALS.values(), ids=TRIALS)
def test_the_truth_passes(trial: Trial) -> None:
    """An answer that is the truth breaks no law, whatever was lost."""
    for seed in SEEDS:
        world = trial.world(seed)
        assert not list(failures(trial, trial.cases(world), partial(_oracle, world)))


def _oracle(world: World, _: Sequence[Event]) -> Oracle:
    return Oracle(world)


def test_silence_is_caught() -> None:
    """An answer of nothing breaks a law in every world."""
    assert all(list(failures(THINNED, THINNED.cases(THINNED.world(seed)), lambda _: Silent())) for seed in SEEDS)


@pytest.mark.parametrize("toy", [without_time, without_containers])
def test_toys_are_caught(toy: Callable[[Sequence[Event]], Traces]) -> None:
    """A walk that ignores time, and one that ignores containers, break the laws on most worlds."""
    caught = [seed for seed in SEEDS if list(failures(COMPLETE, COMPLETE.cases(COMPLETE.world(seed)), toy))]
    assert len(caught) > 0.8 * len(SEEDS)


def test_a_walk_without_time_names_the_innocent() -> None:
    """The walk without time is caught by what is wrongly certain, not only by what it misses."""
    assert _laws_broken(without_time) >= {"wrongly certain"}


def test_a_walk_without_containers_misses() -> None:
    """The walk without containers is caught by what it misses."""
    assert _laws_broken(without_containers) >= {"missed"}


def _laws_broken(toy: Callable[[Sequence[Event]], Traces]) -> set[str]:
    found = [f for seed in SEEDS for f in failures(COMPLETE, COMPLETE.cases(COMPLETE.world(seed)), toy)]
    return {breach.law for failure in found for breach in failure.breaches}


def test_one_end_of_a_movement_remains() -> None:
    """Of each movement, departures or arrivals may be lost, never both; and nothing else is lost whole."""
    for seed in SEEDS:
        world = simulate(seed)
        losses = lose(world, Random(seed))
        gone = [r for r in world.records if RECORD in losses.get(r.number, ())]
        assert all(r.trip is not None for r in gone)
        for trip in {r.trip for r in gone}:
            assert len({r.part for r in gone if r.trip == trip}) == 1


def test_items_and_steps_are_never_lost() -> None:
    """What remains of a record names the same items and does the same."""
    for seed in SEEDS:
        world = simulate(seed)
        whole = {r.number: r.event for r in world.records}
        for record in remaining(world.records, lose(world, Random(seed))):
            for name in ("action", "bizStep", "epcList", "childEPCs", "parentID", "inputEPCList", "ilmd"):
                assert record.event.get(name) == whole[record.number].get(name)
            for name in ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"):
                assert _classes(record.event.get(name)) == _classes(whole[record.number].get(name))


def _classes(elements: object) -> list[object]:
    return [element["epcClass"] for element in elements] if isinstance(elements, list) else []


def test_nothing_is_lost_where_nothing_may_be() -> None:
    """At rates of nothing every record remains as it was."""
    world = simulate(3)
    assert remaining(world.records, lose(world, Random(3), NOTHING)) == list(world.records)


def test_a_smaller_world_has_its_own_truth() -> None:
    """What is left out of a world takes along what its goods did, and all that then cannot be."""
    world = simulate(5)
    for record in world.records:
        smaller = without(world, frozenset({record.number}))
        assert smaller is not None
        kept = {r.number for r in smaller.records}
        assert record.number not in kept
        assert all(number in kept for body in smaller.goods.bodies for number in body.records)


def test_shrinking_leaves_what_matters() -> None:
    """The smallest world in which pieces are packed is a few records that do so."""
    world = next(
        w for w in map(simulate, SEEDS) if any(r.kind == "pack" and r.event.get("childEPCs") for r in w.records)
    )
    case = Case(world, {}, THINNED.cases(world)[0].ask)

    def packs_pieces(smaller: Case) -> bool:
        return any(r.kind == "pack" and r.event.get("childEPCs") for r in smaller.world.records)

    assert len(shrink(case, packs_pieces).world.records) <= 5


def test_every_part_of_movements_is_there() -> None:
    """Worlds hold departures and arrivals, errors declared before and after, and every kind of event."""
    records = [r for seed in SEEDS for r in simulate(seed).records]
    assert {r.part for r in records} == {Part.DEPARTURE, Part.ARRIVAL, None}
    assert len({r.event["type"] for r in records}) == 5
    assert {r.declares is not None and r.declares < r.number for r in records if r.kind == "declare"} == {True, False}


def test_the_exact_law_sees_a_single_missing_site() -> None:
    """Taking one site out of the truth breaks the exact law."""
    world = simulate(11, complete=True)
    ask = next(c.ask for c in COMPLETE.cases(world) if truth_of(world, c.ask).sites)
    truth = truth_of(world, ask)
    found = Found(truth.items, truth.sites, truth.pairs)
    fewer = Found(truth.items, frozenset(sorted(truth.sites)[1:]), truth.pairs)
    assert not check_exact(world, world.records, ask, Answer(found, found))
    assert [b.law for b in check_exact(world, world.records, ask, Answer(fewer, fewer))] == ["missed", "not certain"]
