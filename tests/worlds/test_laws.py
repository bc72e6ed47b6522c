"""The laws of answers (design §7) on random worlds: 2,000 small ones and 50 of 2,000 events, judged by their truth.

Every trial takes a quarter of the worlds: complete ones by the exact law; ones whose records may mislead, ones
thinned, and complete ones thinned by the sandwich. A failure names its seeds and shows the first, shrunk.
"""

from __future__ import annotations

import pytest

from api.generate.world import MEDIUM as TWO_THOUSAND
from tests.worlds.__main__ import explain
from tests.worlds.engine_tracer import engine
from tests.worlds.seeds import MEDIUM, ONCE_BROKEN, SMALL
from tests.worlds.trial import TRIALS, Failure, Trial, first_failure

BLOCK = 50
BLOCKS = SMALL[::BLOCK]
MEDIUM_SEEDS = [*MEDIUM, *ONCE_BROKEN["medium"]]


@pytest.mark.parametrize("first", BLOCKS)
@pytest.mark.parametrize("trial", TRIALS.values(), ids=TRIALS)
def test_small_worlds_keep_the_law(trial: Trial, first: int) -> None:
    """What is certain is true, what is true is at least possible; on complete records certain is all that is true."""
    broken = [f for seed in range(first, first + BLOCK) if (f := first_failure(trial, seed, engine))]
    assert not broken, _report(trial, broken)


@pytest.mark.parametrize("name", sorted(ONCE_BROKEN.keys() & TRIALS.keys()))
def test_small_worlds_that_once_broke_a_law_keep_it(name: str) -> None:
    """What was found and mended stays so."""
    broken = [f for seed in ONCE_BROKEN[name] if (f := first_failure(TRIALS[name], seed, engine))]
    assert not broken, _report(TRIALS[name], broken)


@pytest.mark.parametrize("seed", MEDIUM_SEEDS)
def test_worlds_of_two_thousand_events_keep_the_law(seed: int) -> None:
    """The laws hold where goods have mixed for long: even seeds are complete worlds, odd ones thinned."""
    trial = TRIALS["thinned" if seed % 2 else "complete"]
    broken = first_failure(trial, seed, engine, TWO_THOUSAND)
    assert broken is None, f"{_again(trial, seed)}: {broken.case.ask} {broken.breaches[:3]}"


def _again(trial: Trial, seed: int) -> str:
    return f"python -m tests.worlds --medium --trial {trial.name} --seed {seed}"


def _report(trial: Trial, broken: list[Failure]) -> str:
    seeds = [failure.case.world.seed for failure in broken]
    return f"{trial.name} worlds {seeds}; the first:\n{explain(trial, broken[0], engine)}"
