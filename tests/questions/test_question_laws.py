"""Laws of questions (design §7) on random thinned worlds, for seeds of every kind, forward and back."""

from __future__ import annotations

from pathlib import Path
from random import Random

import msgspec
import pytest

from engine.answer import Certainty, Direction
from engine.answer_json import as_json
from engine.capture import capture
from engine.index import FlowIndex, open_index
from engine.ledger import Capture
from engine.question import (
    ContactMode,
    ItemSeed,
    KillStepRule,
    LeaveOutRule,
    LoadSeed,
    MixRule,
    Options,
    PatternSeed,
    Question,
    Rule,
    Seed,
    SiteSeed,
)
from engine.recall import recall_scope
from engine.stores.ports import Snapshot
from engine.stores.sqlite import SqliteStore, open_store
from engine.trace import trace
from graph_schema.errors import UnknownSeed
from graph_schema.event import Event
from tests.questions.asked_world import (
    AskedWorld,
    Found,
    asked_world,
    found,
    lost,
    seeds_of,
    together,
    wider,
    window_in,
)

WORLDS = range(60_104, 60_112)
WAYS = (Direction.FORWARD, Direction.BACK)
STEPS = ("inspecting", "commissioning", "packing", "receiving", "storing")


@pytest.mark.parametrize("number", WORLDS)
def test_several_seeds_reach_what_each_reaches(number: int) -> None:
    """forward(A ∪ B) = forward(A) ∪ forward(B), and back likewise; each thing says which seeds reach it."""
    with asked_world(number) as asked:
        seeds = asked.known(seeds_of(asked.world, asked.events, asked.rng))
        for way in WAYS:
            singly = [asked.trace(seed, direction=way) for seed in seeds]
            answer = asked.trace(*seeds, direction=way)
            assert found(answer) == together([found(one) for one in singly])
            for row in (*answer.items, *answer.sites):
                reached = [n for n, one in enumerate(singly) if row.id in {t.id for t in (*one.items, *one.sites)}]
                assert row.seeds == tuple(reached), (way, row.id)


@pytest.mark.parametrize("number", WORLDS)
def test_what_narrows_a_question_never_reaches_more(number: int) -> None:
    """A wider window, weaker grades, more contact or no rule never reaches less, nor less surely; mixing not less."""
    with asked_world(number) as asked:
        rng = asked.rng
        for seed in asked.known(seeds_of(asked.world, asked.events, rng)):
            for way in WAYS:
                whole = found(asked.trace(seed, direction=way))
                answers = {name: _asked(asked, seed, way, o) for name, o in _narrower(asked, rng).items()}
                assert not {name: more for name, one in answers.items() if (more := lost(whole, one))}, (seed, way)
                assert answers["certain"] == {thing: sure for thing, sure in whole.items() if sure}
                assert not lost(answers["wide"], answers["narrow"])
                assert not lost(_asked(asked, seed, way, Options(contact=ContactMode.ALL)), whole)
                mixing = MixRule(rng.choice(asked.sites()), window_in(asked.world, rng))
                mixed = _asked(asked, seed, way, Options(rules=(mixing,)))
                assert not lost(mixed, whole)
                if isinstance(seed, ItemSeed | SiteSeed | PatternSeed | LoadSeed):
                    around = msgspec.structs.replace(seed, window=wider(seed.window, rng))
                    assert whole.keys() <= found(asked.trace(around, direction=way)).keys(), (seed, around)


def _asked(asked: AskedWorld, seed: Seed, way: Direction, options: Options) -> Found:
    return found(asked.trace(seed, direction=way, options=options))


def _narrower(asked: AskedWorld, rng: Random) -> dict[str, Options]:
    window = window_in(asked.world, rng)
    site, event = rng.choice(asked.sites()), rng.choice(asked.events).id
    rules: list[Rule] = [LeaveOutRule((site,)), LeaveOutRule(events=(event,))]
    rules += [KillStepRule(step, at) for step, at in ((rng.choice(STEPS), None), (rng.choice(STEPS), site))]
    return {
        "certain": Options(certainty=Certainty.CERTAIN),
        "narrow": Options(window=window),
        "wide": Options(window=wider(window, rng)),
        "no contact": Options(contact=ContactMode.NONE),
        **{str(rule): Options(rules=(rule,)) for rule in rules},
    }


@pytest.mark.parametrize("number", [60_104, 60_105, 60_131, 60_149, 60_151, 60_159])
def test_no_answer_is_cut_short_without_saying_so(number: int) -> None:
    """A bound of depth never reaches more; an answer that says it is complete is the whole answer, as sure as that."""
    with asked_world(number) as asked:
        for seed in asked.known(seeds_of(asked.world, asked.events, asked.rng)):
            for way in WAYS:
                whole = found(asked.trace(seed, direction=way))
                for depth in (0, 1, 2, 3, 5):
                    cut = asked.trace(seed, direction=way, options=Options(max_depth=depth))
                    assert not lost(whole, found(cut))
                    assert not cut.complete or found(cut) == whole, (seed, way, depth)


@pytest.mark.parametrize("number", range(60_000, 60_004))
def test_as_known_at_is_a_ledger_that_ends_there(number: int, tmp_path: Path) -> None:
    """Asked as known at a time, a ledger answers to the letter as one that never got more."""
    with asked_world(number) as asked:
        events = asked.rng.sample(asked.events, len(asked.events))
        half = len(events) // 2
        whole = _stored(tmp_path / "whole.db", events[:half], events[half:])
        former = _stored(tmp_path / "former.db", events[:half])
        with whole.snapshot() as now, former.snapshot() as then:
            indexes = open_index(None, now), open_index(None, then)
            for seed in seeds_of(asked.world, events, asked.rng):
                question = Question((seed,), options=Options(as_known_at=1_500))
                told = [
                    _written(index, snapshot, question) for index, snapshot in zip(indexes, (now, then), strict=True)
                ]
                assert told[0] == told[1]
        whole.close()
        former.close()


def _stored(path: Path, *parts: list[Event]) -> SqliteStore:
    store = open_store(str(path))
    for number, events in enumerate(parts, start=1):
        capture(store, events, Capture("", f"job {number}", "world", number * 1_000))
    return store


def _written(index: FlowIndex, snapshot: Snapshot, question: Question) -> object:
    try:
        scope = recall_scope(index, snapshot, question)
        both = msgspec.structs.replace(question, direction=Direction.BOTH)
        return as_json(scope), as_json(trace(index, snapshot, both))
    except UnknownSeed as unknown:
        return str(unknown)
