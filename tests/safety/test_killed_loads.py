"""`suyuan load` and `rebuild` killed at any moment (design §8): nothing promised is lost, nothing is half done."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from api.session import Reading, Session, open_session
from engine.answer import Direction
from engine.answer_json import as_json
from engine.index import open_index
from engine.question import ItemSeed, Question
from engine.trace import trace
from tests.builder.graphs import derived, stored
from tests.safety.command import OnTerminal, suyuan
from tests.safety.inbox import Inbox, fill

FILES = 20
SEED = 12


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Inbox:
    """The files to load."""
    return fill(tmp_path_factory.mktemp("safety") / "inbox", FILES, SEED)


@pytest.fixture(scope="module")
def clean(inbox: Inbox) -> dict[str, Any]:
    """What a store holds after a load that nothing disturbed."""
    path = inbox.folder.with_name("clean.db")
    assert suyuan("load", str(inbox.folder), "--store", f"sqlite:{path}").code == 0
    return content(path, inbox)


def content(path: Path, inbox: Inbox) -> dict[str, Any]:
    """Events, every row there ever was, and answers; without who loaded them and when."""
    with open_session(f"sqlite:{path}") as session, session.reading() as state:
        graph = state.snapshot.graph
        return {
            "events": [entry.event for entry in state.snapshot.ledger.entries()],
            "rows": [list(graph.vertices()), list(graph.flows()), list(graph.line_rows()), graph.gaps()],
            "answers": [told(state, question) for question in questions(inbox)],
        }


def questions(inbox: Inbox) -> list[Question]:
    """Some things of the first file, which every store has that has any, asked about both ways."""
    items = list(dict.fromkeys(what.item for event in inbox.events[: inbox.sizes[0]] for what in event.whats))[:3]
    return [Question((ItemSeed(item),), way) for item in items for way in (Direction.FORWARD, Direction.BACK)]


def told(state: Reading, question: Question) -> dict[str, Any]:
    """The JSON of a trace, without the ledger's hash, which is of who loaded and when."""
    return {name: value for name, value in as_json(state.trace(question)).items() if name != "ledger"}


def check(path: Path, inbox: Inbox, promised: int) -> int:
    """What must hold after any end of a load; the position."""
    with open_session(f"sqlite:{path}") as session:
        with session.store.snapshot() as snapshot:
            position = snapshot.ledger.verify().position
            assert position in inbox.positions, "a part of a file shows"
            assert position >= promised, "what was said to be kept is not there"
            assert [entry.event for entry in snapshot.ledger.entries()] == list(inbox.events[:position])
            assert stored(snapshot).differences(derived(snapshot)) == []
        if position:
            check_index(session, inbox)
    return position


def check_index(session: Session, inbox: Inbox) -> None:
    """The index as saved, and healed where it must be, answers as a new one does."""
    with session.reading() as state:
        anew = open_index(None, state.snapshot)
        for question in questions(inbox):
            assert as_json(state.trace(question)) == as_json(trace(anew, state.snapshot, question))


def kill_a_load(path: Path, inbox: Inbox, moment: Callable[[OnTerminal], None]) -> int:
    """Kill a load at a moment; how many events it said it keeps."""
    loading = OnTerminal("load", str(inbox.folder), "--store", f"sqlite:{path}")
    moment(loading)
    loading.kill()
    assert "Traceback" not in loading.shown
    return loading.counted


def some_time(chance: Random, longest: float) -> Callable[[OnTerminal], None]:
    """A moment within so many seconds of the first events kept, or of the start where there are none."""

    def wait(loading: OnTerminal) -> None:
        if chance.random() < 0.8:
            while not loading.counted and loading.process.poll() is None:
                time.sleep(0.01)
        time.sleep(chance.uniform(0, longest))

    return wait


def rounds_of(path: Path, inbox: Inbox, seed: int, rounds: int) -> None:
    """Kill, check, and load on into the same file."""
    chance, position = Random(seed), 0
    for _ in range(rounds):
        promised = kill_a_load(path, inbox, some_time(chance, 1.0))
        if path.exists():
            position = check(path, inbox, max(promised, position))


def check_completes(path: Path, inbox: Inbox, clean: dict[str, Any]) -> None:
    """Loading again completes, and gives what an undisturbed load gives."""
    ended = suyuan("load", str(inbox.folder), "--store", f"sqlite:{path}", "--json")
    assert ended.code == 0, ended.err
    assert ended.json["accepted"] + ended.json["duplicates"] == len(inbox.events)
    assert content(path, inbox) == clean


def test_a_killed_load_loses_nothing_and_can_be_gone_on_from(
    tmp_path: Path, inbox: Inbox, clean: dict[str, Any]
) -> None:
    """Three kills of a load into one store; then the load completes, and the store is as if nothing had happened."""
    path = tmp_path / "suyuan.db"
    rounds_of(path, inbox, seed=4, rounds=3)
    check_completes(path, inbox, clean)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(25))
def test_a_hundred_killed_loads_lose_nothing(tmp_path: Path, inbox: Inbox, clean: dict[str, Any], seed: int) -> None:
    """Four kills each of twenty-five loads."""
    path = tmp_path / "suyuan.db"
    rounds_of(path, inbox, seed, rounds=4)
    check_completes(path, inbox, clean)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_a_killed_rebuild_changes_nothing(tmp_path: Path, inbox: Inbox, clean: dict[str, Any], seed: int) -> None:
    """A rebuild killed at any moment leaves ledger and graph as they were, and the index heals."""
    path = tmp_path / "suyuan.db"
    assert suyuan("load", str(inbox.folder), "--store", f"sqlite:{path}").code == 0
    rebuilding = OnTerminal("rebuild", "--store", f"sqlite:{path}")
    time.sleep(Random(seed).uniform(0.3, 2.5))
    rebuilding.kill()
    assert check(path, inbox, len(inbox.events)) == len(inbox.events)
    assert content(path, inbox) == clean
