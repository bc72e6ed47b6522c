"""What a drill tells of a recall is true in random worlds: no more is located than truly is, no less affected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

import pytest

from api.generate.world import World
from engine.answer import RecallScope
from engine.drill.effect import effects_of
from engine.question import Question
from engine.questions.view import View
from engine.recall import recall_scope
from graph_schema.errors import UnknownSeed
from graph_schema.units import comparable, convert
from tests.worlds.engine_tracer import EngineTraces, engine, seed_of
from tests.worlds.reading import read_events
from tests.worlds.tracer import Ask
from tests.worlds.trial import TRIALS, Trial, records_of

WORLDS = range(8)
_NOTHING = Decimal(0)


@pytest.mark.parametrize("trial", TRIALS.values(), ids=TRIALS)
def test_a_rate_is_never_better_than_the_truth(trial: Trial) -> None:
    """Located at most what is held, under way or destroyed; affected at least that and what was sold or lost."""
    judged = 0
    for seed in WORLDS:
        world = trial.world(seed)
        for traces, scope in scopes_of(trial, world):
            aside = {lot.item.id for lot in scope.lots if is_aside(world, lot.item.id)}
            for effect in effects_of(View(traces.index, scope.ledger.position), scope, aside):
                located, affected = truth_of(world, scope, aside, effect.uom)
                assert effect.located <= located, (seed, scope.parameters)
                assert effect.affected is None or effect.affected >= affected, (seed, scope.parameters)
                judged += 1
    assert judged > len(WORLDS)


def scopes_of(trial: Trial, world: World) -> Iterator[tuple[EngineTraces, RecallScope]]:
    """The recalls of whole items that a world is asked for."""
    cases = trial.cases(world)
    records = records_of(cases[0]) if cases else []
    traces = engine(read_events(record.event for record in records)) if records else None
    for case in cases if traces is not None else ():
        if traces is not None and is_whole(case.ask):
            try:
                yield traces, recall_scope(traces.index, traces.snapshot, Question((seed_of(case.ask),)))
            except UnknownSeed:
                continue


def is_whole(ask: Ask) -> bool:
    """Whether a whole item is asked for, forward."""
    return ask.seed.item is not None and ask.seed.site is None and ask.direction == "forward"


def is_aside(world: World, item: str) -> bool:
    """Containers, and names for narrower goods, have no goods of their own in a world."""
    return item in world.neutral or "/00/" in item or "/8003/" in item


def truth_of(world: World, scope: RecallScope, aside: set[str], uom: str | None) -> tuple[Decimal, Decimal]:
    """How much of the scope is truly located, and at least affected, in a unit."""
    sites: dict[str, set[str]] = defaultdict(set)
    for outlet in scope.outlets:
        for row in outlet.stock:
            sites[row.item.id].add(outlet.site.id)
    located = affected = _NOTHING
    for (item, site), columns in world.stock().items():
        unit = world.unit_of.get(item)
        if item in aside or site not in sites[item] or not comparable(unit, uom):
            continue
        amount = {name: convert(value, unit, uom) for name, value in columns.items()}
        here = sum((amount.get(name, _NOTHING) for name in ("held", "destroyed", "in_transit")), _NOTHING)
        located += here
        affected += here + amount.get("sold", _NOTHING) + lost_of(amount)
    return located, affected


def lost_of(amount: dict[str, Decimal]) -> Decimal:
    """What came and neither left nor is there."""
    came = sum((amount.get(name, _NOTHING) for name in ("made", "received", "returned")), _NOTHING)
    gone = ("used", "sold", "destroyed", "forwarded", "held")
    return max(came - sum((amount.get(name, _NOTHING) for name in gone), _NOTHING), _NOTHING)
