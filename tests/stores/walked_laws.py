"""The laws of answers (design §7) for any store and walk. In: a world that can be asked. Out: how many were checked.

Each law is one function that knows neither store nor walk; `LAWS` is all of them, in the order of the printed table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import numpy as np

from engine.answer import Certainty, Direction
from engine.answer_json import as_json
from engine.index import Direction as Way
from engine.index import Filters, Starts
from engine.question import Options, Question, Seed
from engine.recall import recall_scope
from graph_schema.flow_graph import CONTACT_KINDS, FlowKind, Grade
from tests.questions.asked_world import AskedWorld, Found, found, lost, together, window_in
from tests.worlds.engine_tracer import EngineTraces
from tests.worlds.shrink import Case
from tests.worlds.trial import Trial, records_of

WAYS = (Direction.FORWARD, Direction.BACK)
_FULL = Filters()


@dataclass(frozen=True, slots=True)
class Judged:
    """A world, what is known of it, and the question cases put to it."""

    trial: Trial
    cases: list[Case]
    asked: AskedWorld
    known: list[Seed]
    """Seeds that the records know."""

    @property
    def rng(self) -> Random:
        """Chance, the same for every law, store and walk of one world."""
        return Random(self.asked.world.seed)

    def seeds(self, count: int) -> list[Seed]:
        """Some of the seeds, the same ones whoever is asked."""
        return self.rng.sample(self.known, min(count, len(self.known)))


Law = Callable[[Judged], int]


def sandwich(judged: Judged) -> int:
    """Certain ⊆ truth ⊆ possible; on complete records certain = truth."""
    asked, records = judged.asked, records_of(judged.cases[0])
    traces = EngineTraces(asked.index, asked.snapshot, asked.walker)
    for case in judged.cases:
        assert not judged.trial.law(case.world, records, case.ask, traces.trace(case.ask)), case.ask
    return len(judged.cases)


def duality(judged: Judged) -> int:
    """One vertex is in the forward walk of another exactly where the other is in the back walk of the one."""
    rng, count = judged.rng, judged.asked.index.vertex_count
    checked = 0
    for vertex in rng.sample(range(count), min(1, count)):
        forward = _reached(judged, [vertex], Way.FORWARD)
        for other in rng.sample(range(count), min(3, count)):
            assert (other in forward) == (vertex in _reached(judged, [other], Way.BACK))
            checked += 1
    return checked


def union(judged: Judged) -> int:
    """What several seeds reach is what each reaches, and each thing says which seeds reach it."""
    seeds = judged.seeds(2)
    for way in WAYS:
        singly = [judged.asked.trace(seed, direction=way) for seed in seeds]
        answer = judged.asked.trace(*seeds, direction=way)
        assert found(answer) == together([found(one) for one in singly])
        for row in (*answer.items, *answer.sites):
            reached = [n for n, one in enumerate(singly) if row.id in {t.id for t in (*one.items, *one.sites)}]
            assert row.seeds == tuple(reached), (way, row.id)
    return 2 * len(seeds)


def narrowing(judged: Judged) -> int:
    """A window, or certainty alone, never reaches more; certainty alone is what was certain."""
    window, seeds = window_in(judged.asked.world, judged.rng), judged.seeds(1)
    for seed in seeds:
        for way in WAYS:
            whole = found(judged.asked.trace(seed, direction=way))
            certain = _found(judged, seed, way, Options(certainty=Certainty.CERTAIN))
            assert certain == {thing: sure for thing, sure in whole.items() if sure}
            assert not lost(whole, _found(judged, seed, way, Options(window=window)))
    return 2 * len(seeds)


def cutting(judged: Judged) -> int:
    """A bound never reaches more, and an answer that says it is complete is the whole answer."""
    seeds = judged.seeds(1)
    for seed in seeds:
        for way in WAYS:
            whole = found(judged.asked.trace(seed, direction=way))
            cut = judged.asked.trace(seed, direction=way, options=Options(max_depth=1))
            assert not lost(whole, found(cut))
            assert not cut.complete or found(cut) == whole
    return 2 * len(seeds)


def time(judged: Judged) -> int:
    """Only an inconsistent flow, or one in a running process, goes back in time; who needs one has one."""
    edges = judged.asked.index.edges
    backward = (edges["arrived_latest"] < edges["departed_earliest"]) & (edges["kind"] != FlowKind.SHARE)
    flowing = backward & ~np.isin(edges["kind"], sorted(CONTACT_KINDS))
    assert set(edges["grade"][flowing].tolist()) <= {int(Grade.INCONSISTENT)}
    for seed in judged.seeds(1):
        answer = judged.asked.trace(seed)
        assert not answer.backward_in_time or Grade.INCONSISTENT in {flow.grade for flow in answer.flows}
    return int(edges.count)


def told(judged: Judged) -> list[object]:
    """Answers in full, trace both ways and recall scope, for two seeds that may meet."""
    asked, seeds = judged.asked, tuple(judged.seeds(2))
    if not seeds:
        return []
    scope = recall_scope(asked.index, asked.snapshot, Question(seeds), asked.walker)
    return [as_json(asked.trace(*seeds, direction=Direction.BOTH)), as_json(scope)]


LAWS: dict[str, Law] = {
    "certain ⊆ truth ⊆ possible (= on complete records)": sandwich,
    "y ∈ forward(x) ⇔ x ∈ back(y)": duality,
    "forward(A ∪ B) = forward(A) ∪ forward(B)": union,
    "a narrower question never reaches more": narrowing,
    "no answer is cut without saying so": cutting,
    "only what is inconsistent goes back in time": time,
}


def _reached(judged: Judged, starts: list[int], way: Way) -> set[int]:
    asked = judged.asked
    return set(asked.walker.walk(asked.index, Starts.of(starts), _FULL, way).reached.tolist())


def _found(judged: Judged, seed: Seed, way: Direction, options: Options) -> Found:
    return found(judged.asked.trace(seed, direction=way, options=options))
