"""Events by others than those bound to their sites are unattested (design rule 14): they take nothing away.

The laws, over random worlds, complete and thinned. What is reached where nobody is bound is reached where somebody is,
possibly at least, however much strangers captured. Of one event that a stranger captured: nothing becomes certain by
it, neither that was not where nobody is bound, nor that is not without it, where it is not all that names what is
asked about. What several of them that agree can feign, docs/limits.md tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random

import pytest

from engine.ledger import Attestation
from graph_schema.event import Event
from tests.worlds.engine_tracer import NOWHERE, EngineTraces, engine
from tests.worlds.reading import read_events
from tests.worlds.seeds import STRANGERS, STRANGERS_OPEN
from tests.worlds.shrink import Case
from tests.worlds.tracer import Found
from tests.worlds.trial import TRIALS, records_of

BLOCK = 20
MANY = 5
"""Of so many events strangers captured one."""


def captured(events: list[Event], strangers: set[str]) -> EngineTraces:
    """Answers where strangers captured these ids, and whoever is bound the rest."""
    return engine(events, [Attestation.STRANGER if e.id in strangers else Attestation.BOUND for e in events])


def breaches(trial: str, seed: int) -> Iterator[str]:
    """What the laws find wrong with a world's answers."""
    cases = TRIALS[trial].cases(TRIALS[trial].world(seed))
    events = read_events(record.event for case in cases[:1] for record in records_of(case))
    ids = sorted({event.id for event in events})
    strangers = Random(seed).sample(ids, len(ids) // MANY)
    if not strangers:
        return
    one = strangers[0]
    free, mixed, doubted = engine(events), captured(events, set(strangers)), captured(events, {one})
    without = engine([event for event in events if event.id != one])
    for case in cases:
        yield from _taken_away(case, free, mixed)
        yield from _made_certain(case, doubted, (free, without))


def _taken_away(case: Case, free: EngineTraces, mixed: EngineTraces) -> Iterator[str]:
    before, now = free.trace(case.ask), mixed.trace(case.ask)
    yield from (f"taken away: {what}; {case.ask}" for what in _beyond(before.possible, now.possible))


def _made_certain(case: Case, doubted: EngineTraces, others: Iterable[EngineTraces]) -> Iterator[str]:
    now = doubted.trace(case.ask)
    for other in (traces.trace(case.ask) for traces in others):
        if other != NOWHERE:
            yield from (f"wrongly certain: {what}; {case.ask}" for what in _beyond(now.certain, other.certain))


def _beyond(one: Found, other: Found) -> list[object]:
    return [*one.items - other.items, *one.sites - other.sites, *one.pairs - other.pairs]


@pytest.mark.parametrize("first", STRANGERS[::BLOCK])
@pytest.mark.parametrize("trial", ["complete", "thinned"])
def test_strangers_take_nothing_away_and_one_makes_nothing_certain(trial: str, first: int) -> None:
    """What strangers tell is possible, and beside it all is as it was, but for worlds that are known to be open."""
    seeds = range(first, first + BLOCK)
    broken = {seed: told[:3] for seed in seeds if (told := list(breaches(trial, seed)))}
    assert set(broken) == STRANGERS_OPEN[trial].intersection(seeds), f"{trial}: {broken}"
