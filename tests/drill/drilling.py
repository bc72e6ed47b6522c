"""Stories, drilled, and what a recall would locate by arithmetic apart from the engine. In: a story. Out: amounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from api.demo.naming import name_of
from api.demo.recording import Json
from api.demo.telling import Told
from engine.capture import capture
from engine.drill import Drill, DrillAsked, Sample, drill
from engine.index import FlowIndex, open_index
from engine.ledger import Attestation, Capture
from engine.stores.ports import Snapshot
from engine.stores.sqlite import open_store
from graph_schema.licence import KIND, Licence
from graph_schema.profiles import Profiles, profiles
from graph_schema.steps import Ending, step_of
from tests.systems.arithmetic import BECAME, ended_by_a_move, stock_by_arithmetic
from tests.systems.test_stories import opened
from tests.worlds.reading import read_events

SEED = "双色球 2017101: 04 11 17 23 29 32 09"
STORY = "infant_formula"
DISPOSED = frozenset({Ending.DESTROYED, Ending.DECOMMISSIONED, Ending.REMOVED})


def asked(**more: Any) -> DrillAsked:
    """A drill of all lots of a story, or another."""
    return msgspec.structs.replace(DrillAsked(system=STORY, seed=SEED, count=100), **more)


def ticking() -> Any:
    """A clock that is a second later whenever it is looked at."""
    ticks = count()
    return lambda: float(next(ticks))


def drilled_of(index: FlowIndex, snapshot: Snapshot, known: Profiles | None = None, **more: Any) -> Drill:
    """A drill of a state."""
    return drill(index, snapshot, known or profiles(), asked(**more), ticking())


def drill_of(name: str, folder: Path, **more: Any) -> Drill:
    """A story, drilled in a store of its own."""
    folder.mkdir(exist_ok=True)
    with opened(name, folder) as (_, index, snapshot):
        return drilled_of(index, snapshot, system=name, **more)


def by_arithmetic(told: Told, names: Iterable[str]) -> list[tuple[Decimal, Decimal]]:
    """How much of some goods is located, and how much there is, by what the story says of each place; a pair a unit.

    What is at hand somewhere, or on its way, is located; what a consumer has is not. What became other goods is these.
    """
    stock, ended = stock_by_arithmetic(told), ended_by_a_move(told)
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for name in set(names) & stock.keys():
        unit = told.naming.units.get(name, "")
        located, affected = found.get(unit, (Decimal(), Decimal()))
        for place, amount in stock[name].items():
            if place != BECAME:
                affected += Decimal(str(amount))
                at_hand = not place.startswith("(") and (name, place) not in ended
                located += Decimal(str(amount)) if at_hand else Decimal()
        found[unit] = located + _disposed(told, name), affected
    return [found[unit] for unit in sorted(found)]


def _disposed(told: Told, name: str) -> Decimal:
    """How much of it was destroyed."""
    using = (one for one in told.story.records if name in one.use)
    disposing = (one for one in using if _ending(told, one.tracked_events()[0]) in DISPOSED)
    return sum((Decimal(str(one.use[name])) for one in disposing), Decimal())


def _ending(told: Told, name: str) -> Ending | None:
    event = told.profile.event(name)
    assert event is not None, name
    return step_of(event.type, event.action, event.biz_step, event.disposition).ending


def drill_from(
    events: Sequence[Json],
    folder: Path,
    licences: Iterable[Licence] = (),
    *,
    attestations: Sequence[Attestation] = (),
    then: Sequence[Json] = (),
    **more: Any,
) -> Drill:
    """A drill of a ledger of these events, and others captured after them, as their sender wrote them; a register."""
    folder.mkdir(exist_ok=True)
    store = open_store(str(folder / "events.db"))
    masters = [(one.key, KIND, one.attributes()) for one in licences]
    capture(store, read_events([*events]), Capture("", "test", "test", 0), masters, attestations)
    if then:
        capture(store, read_events([*then]), Capture("", "test", "test", 1))
    with store.snapshot() as snapshot:
        found = drilled_of(open_index(None, snapshot), snapshot, **more)
    store.close()
    return found


def sample_of(found: Drill, name: str) -> Sample:
    """The sample of a lot."""
    (one,) = (one for one in found.samples if name_of(one.key) == name)
    return one
