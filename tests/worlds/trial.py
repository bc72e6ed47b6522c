"""One world put to a tracer. In: a seed, a law, rates of loss, a tracer. Out: the breaches, question by question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from api.generate.record import Record
from api.generate.scene import Size
from api.generate.world import SMALL, World, simulate
from tests.worlds.asking import ask_about
from tests.worlds.laws import Breach, Law, check_exact, check_sandwich
from tests.worlds.reading import read_events
from tests.worlds.shrink import Case
from tests.worlds.thinning import NOTHING, THIRD, Rates, lose, remaining
from tests.worlds.tracer import Answer, Tracer


@dataclass(frozen=True, slots=True)
class Trial:
    """What is judged: complete worlds by the exact law, or thinned ones by the sandwich."""

    name: str
    law: Law
    rates: Rates
    complete: bool

    def world(self, seed: int, size: Size = SMALL) -> World:
        """The world of a seed."""
        return simulate(seed, size, complete=self.complete)

    def cases(self, world: World, questions: int = 12) -> list[Case]:
        """A world's questions, all with the same losses."""
        rng = Random(world.seed)
        losses = lose(world, rng, self.rates)
        return [Case(world, losses, ask) for ask in ask_about(world, rng, questions)]


COMPLETE = Trial("complete", check_exact, NOTHING, complete=True)
MISLEADING = Trial("misleading", check_sandwich, NOTHING, complete=False)
THINNED = Trial("thinned", check_sandwich, THIRD, complete=False)
THINNED_COMPLETE = Trial("thinned-complete", check_sandwich, THIRD, complete=True)
TRIALS = {t.name: t for t in (COMPLETE, MISLEADING, THINNED, THINNED_COMPLETE)}


@dataclass(frozen=True, slots=True)
class Failure:
    """A question answered against a law."""

    case: Case
    answer: Answer
    breaches: tuple[Breach, ...]


def records_of(case: Case) -> list[Record]:
    """What remains of a case's records."""
    return remaining(case.world.records, case.losses)


def failures(trial: Trial, cases: list[Case], tracer: Tracer) -> Iterator[Failure]:
    """The questions of one world that break the law; all have the same records."""
    records = records_of(cases[0]) if cases else []
    if not records:
        return
    traces = tracer(read_events(r.event for r in records))
    for case in cases:
        answer = traces.trace(case.ask)
        breaches = trial.law(case.world, records, case.ask, answer)
        if breaches:
            yield Failure(case, answer, tuple(breaches))


def first_failure(trial: Trial, seed: int, tracer: Tracer, size: Size = SMALL) -> Failure | None:
    """The first failure of a seed's world."""
    questions = 12 if size == SMALL else 24
    return next(failures(trial, trial.cases(trial.world(seed, size), questions), tracer), None)
