"""Every number of a recall scope against the physical ledger of random worlds."""

from __future__ import annotations

from random import Random

import pytest

from api.generate.codes import is_logistic_unit
from engine.capture import capture
from engine.index import open_index
from engine.question import Question
from engine.recall import recall_scope
from graph_schema.errors import UnknownSeed
from tests.worlds.asking import ask_about
from tests.worlds.engine_tracer import BY_ANYONE, seed_of
from tests.worlds.memory_store import MemoryStore
from tests.worlds.reading import read_events
from tests.worlds.stock_law import Wrong, judge_stock
from tests.worlds.thinning import lose, remaining
from tests.worlds.trial import COMPLETE, MISLEADING, THINNED, THINNED_COMPLETE, Trial

QUESTIONS = 4
SEEDS: list[tuple[Trial, list[int]]] = [
    (COMPLETE, list(range(60_000, 60_040))),
    (MISLEADING, list(range(60_000, 60_020))),
    (
        THINNED,
        [
            *range(60_020, 60_045),
            *(60_013, 60_018, 60_055, 60_121, 61_005, 61_027, 61_157, 63_248, 66_053, 70_010, 70_121),
        ],
    ),
    (
        THINNED_COMPLETE,
        [*range(60_020, 60_045), 60_009, 60_016, 60_091, 60_106, 60_138, 60_140, 61_019, 61_281, 63_200, 70_165],
    ),
]
"""Some, and those of worlds whose numbers were once wrong."""


@pytest.mark.parametrize(("trial", "seeds"), SEEDS, ids=[trial.name for trial, _ in SEEDS])
def test_every_number_agrees_with_the_goods_of_a_world(trial: Trial, seeds: list[int]) -> None:
    """What the goods did is within every range, and just that where records are complete; no more is affected."""
    assert not [wrong for seed in seeds for wrong in _wrong(trial, seed)]


def _wrong(trial: Trial, seed: int) -> list[tuple[int, Wrong]]:
    """What is wrong in the scopes of some questions about a world, a whole load among them where there is one."""
    world = trial.world(seed)
    rng = Random(seed)
    records = remaining(world.records, lose(world, rng, trial.rates))
    asked = [ask for ask in ask_about(world, rng, 24) if ask.direction == "forward"]
    loads = [ask for ask in asked if ask.seed.item and is_logistic_unit(ask.seed.item)]
    chosen = [*loads[:1], *rng.sample(asked, min(QUESTIONS, len(asked)))]
    store = MemoryStore()
    capture(store, read_events(record.event for record in records), BY_ANYONE)
    found: list[tuple[int, Wrong]] = []
    with store.snapshot() as snapshot:
        index = open_index(None, snapshot)
        for ask in chosen:
            try:
                scope = recall_scope(index, snapshot, Question((seed_of(ask),)))
            except UnknownSeed:
                continue
            wrongs = judge_stock(world, ask.seed, scope, exact=trial is COMPLETE)
            found.extend((seed, wrong) for wrong in wrongs)
    return found
