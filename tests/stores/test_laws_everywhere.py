"""One law, whatever the store and whoever walks: 200 random worlds on the file, the database, and the database's walk.

Each world is captured in pieces of which the last comes first, and one of them twice. No setting can leave a law out:
all take the same list. A run prints how often each law was checked where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from engine.capture import capture, rebuild
from engine.index import ARRAYS, StoreWalker, Walker, open_index
from engine.ledger import Capture
from engine.stores.neo4j import open_store as open_database
from engine.stores.ports import Snapshot, Store
from engine.stores.sqlite import open_store as open_file
from graph_schema.event import Event
from tests.builder.graphs import stored
from tests.neo4j_server.fixture import AnyServer
from tests.questions.asked_world import AskedWorld, seeds_of
from tests.stores.databases import address_of, emptied
from tests.stores.law_table import COUNTED
from tests.stores.walked_laws import LAWS, Judged, told
from tests.worlds.memory_store import MemoryStore
from tests.worlds.reading import read_events
from tests.worlds.trial import TRIALS, records_of

BY = Capture("", "worlds", "world.ndjson", 0)
PIECES = 2
REBUILT = 4
"""Of so many worlds one is rebuilt."""
WORLDS = [(trial, seed) for seed in range(2_000, 2_100) for trial in ("complete", "thinned")]
ONE_ANSWER = "trace and recall scope equal to the letter"
ONE_GRAPH = "one graph in any order, twice, rebuilt, on any store"


class Setting(NamedTuple):
    """A store that holds a world, and who walks it."""

    name: str
    store: Store
    walker: Walker


@pytest.fixture
def settings(tmp_path: Path, neo4j_server: AnyServer) -> Iterator[list[Setting]]:
    """The file with its index, the database with an index, and the database walking itself."""
    emptied(address_of(neo4j_server))
    file, database = open_file(str(tmp_path / "world.db")), open_database(address_of(neo4j_server))
    yield [
        Setting("sqlite+index", file, ARRAYS),
        Setting("neo4j+index", database, ARRAYS),
        Setting("neo4j+cypher", database, StoreWalker(database.walk())),
    ]
    file.close()
    database.close()


@pytest.mark.parametrize(("name", "seed"), WORLDS)
def test_every_law_holds_everywhere(
    name: str, seed: int, settings: list[Setting], record_property: Callable[[str, object], None]
) -> None:
    """All laws hold in all settings, and all settings give the same rows and the same answers."""
    trial = TRIALS[name]
    world = trial.world(seed)
    cases = trial.cases(world, 2)
    events = read_events(record.event for record in records_of(cases[0]))
    stores = [settings[0].store, settings[1].store]
    for store in stores:
        _capture_in_pieces(store, events)
    assert_one_graph(stores, events, rebuilt=seed % REBUILT == 0)
    record_property(COUNTED, (ONE_GRAPH, settings[0].name, 1))
    record_property(COUNTED, (ONE_GRAPH, settings[1].name, 1))
    answers, known = [], None
    for setting in settings:
        with setting.store.snapshot() as reading:
            asked = AskedWorld(world, events, open_index(None, reading), reading, Random(seed), setting.walker)
            known = asked.known(seeds_of(world, events, asked.rng)) if known is None else known
            judged = Judged(trial, cases, asked, known)
            for law, check in LAWS.items():
                record_property(COUNTED, (law, setting.name, check(judged)))
            answers.append(told(judged))
            record_property(COUNTED, (ONE_ANSWER, setting.name, len(answers[-1])))
    assert answers[0] == answers[1] == answers[2]


def assert_one_graph(stores: list[Store], events: list[Event], *, rebuilt: bool) -> None:
    """Rows equal with their positions, as sets those of one capture of everything; and a rebuild changes none."""
    at_once = MemoryStore()
    capture(at_once, events, BY)
    with ExitStack() as reading:
        snapshots = [reading.enter_context(store.snapshot()) for store in (*stores, at_once)]
        before = [rows_of(snapshot) for snapshot in snapshots[:2]]
        assert before[0] == before[1]
        assert stored(snapshots[1]).differences(stored(snapshots[2])) == []
    for store, former in zip(stores, before, strict=True) if rebuilt else ():
        rebuild(store)
        with store.snapshot() as snapshot:
            assert rows_of(snapshot) == former


def _capture_in_pieces(store: Store, events: list[Event]) -> None:
    size = len(events) // PIECES + 1
    for first in (*range(0, len(events), size), 0):
        capture(store, events[::-1][first : first + size], BY)


def rows_of(snapshot: Snapshot) -> list[object]:
    """The head, and every row with its positions."""
    graph = snapshot.graph
    return [
        snapshot.ledger.verify(), list(graph.vertices()), list(graph.flows()), list(graph.line_rows()), graph.gaps(),
    ]  # fmt: skip
