"""One event id with two bodies: both count, possibly, until a person decides (design rule 14).

The law: what either body alone would lead to is in the answer with both, and what is certain with both is certain with
either alone that names what is asked about. Over random worlds, complete and thinned, one event of each captured a
second time with other contents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random

import pytest

from graph_schema.event import Event
from tests.builder.changed_events import changed
from tests.worlds.engine_tracer import NOWHERE, engine
from tests.worlds.reading import read_events
from tests.worlds.seeds import CONFLICTS, ONCE_BROKEN
from tests.worlds.tracer import Found
from tests.worlds.trial import TRIALS, records_of

BLOCK = 25
CONFLICTS_ONCE_BROKEN: dict[str, list[int]] = ONCE_BROKEN["conflict"]


def conflict_in(events: list[Event], rng: Random) -> tuple[int, Event] | None:
    """Which event of a world is captured again, and with what; None where chance picks none that can be."""
    at, other = rng.randrange(len(events)), rng.choice(events)
    alone = [event.id for event in events].count(events[at].id) == 1
    if not alone or events[at].error is not None:
        return None
    again = changed(events[at], other, rng)
    return None if again is None or again.error is not None else (at, again)


def breaches(trial: str, seed: int) -> Iterator[str]:
    """What the law finds wrong with a world's answers."""
    cases = TRIALS[trial].cases(TRIALS[trial].world(seed))
    events = read_events(record.event for case in cases[:1] for record in records_of(case))
    found = conflict_in(events, Random(seed)) if events else None
    if found is None:
        return
    at, again = found
    both = engine([*events, again])
    for one in (engine(events), engine([*events[:at], again, *events[at + 1 :]])):
        for case in cases:
            alone, told = one.trace(case.ask), both.trace(case.ask)
            yield from (f"missed: {what}; {case.ask}" for what in _beyond(alone.possible, told.possible))
            if alone != NOWHERE:
                yield from (f"wrongly certain: {what}; {case.ask}" for what in _beyond(told.certain, alone.certain))


def _beyond(one: Found, other: Found) -> list[object]:
    return [*one.items - other.items, *one.sites - other.sites, *one.pairs - other.pairs]


@pytest.mark.parametrize("first", CONFLICTS[::BLOCK])
@pytest.mark.parametrize("trial", ["complete", "thinned"])
def test_an_answer_holds_what_either_of_two_conflicting_records_leads_to(trial: str, first: int) -> None:
    """And is certain of no more than both agree on."""
    assert_kept(trial, range(first, first + BLOCK))


@pytest.mark.parametrize("trial", sorted(CONFLICTS_ONCE_BROKEN))
def test_conflicts_that_once_broke_the_law_keep_it(trial: str) -> None:
    """What was found and mended stays so."""
    assert_kept(trial, CONFLICTS_ONCE_BROKEN[trial])


def assert_kept(trial: str, seeds: Iterable[int]) -> None:
    """The law holds on worlds of these seeds."""
    broken = {seed: told[:3] for seed in seeds if (told := list(breaches(trial, seed)))}
    assert not broken, f"{trial}: {broken}"


def test_worlds_have_conflicts() -> None:
    """Most seeds give a second body that a loader takes."""
    told = 0
    for seed in range(40):
        events = read_events(TRIALS["complete"].world(seed).events)
        told += conflict_in(events, Random(seed)) is not None
    assert told > 20
