"""One graph, whatever the store: random worlds captured in pieces are the same on both, and so are their answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.capture import capture, rebuild
from engine.index import open_index
from engine.ledger import Capture
from engine.stores.neo4j import open_store as open_database
from engine.stores.ports import Snapshot, Store
from engine.stores.sqlite import open_store as open_file
from graph_schema.event import Event
from tests.neo4j_server.fixture import AnyServer
from tests.stores.databases import address_of, emptied
from tests.worlds.engine_tracer import EngineTraces
from tests.worlds.reading import read_events
from tests.worlds.shrink import Case
from tests.worlds.trial import TRIALS, records_of

BY = Capture("", "worlds", "world.ndjson", 0)
PIECES = 3

WORLDS = [(trial, seed) for seed in range(10) for trial in ("complete", "thinned")]


def captured(store: Store, events: list[Event]) -> None:
    """Capture events in pieces, the last piece first, so that much comes late."""
    size = len(events) // PIECES + 1
    for first in range(0, len(events), size):
        capture(store, events[::-1][first : first + size], BY)


def rows(snapshot: Snapshot) -> list[object]:
    """The head, and every row with its positions."""
    graph = snapshot.graph
    return [
        snapshot.ledger.verify(), list(graph.vertices()), list(graph.flows()), list(graph.line_rows()), graph.gaps(),
    ]  # fmt: skip


@pytest.mark.parametrize(("trial", "seed"), WORLDS)
def test_a_world_is_the_same_on_both_stores(trial: str, seed: int, tmp_path: Path, neo4j_server: AnyServer) -> None:
    """Ledger, rows, positions, answers; and a rebuild changes nothing of them."""
    cases = TRIALS[trial].cases(TRIALS[trial].world(seed), 4)
    events = read_events(record.event for record in records_of(cases[0]))
    emptied(address_of(neo4j_server))
    stores: list[Store] = [open_file(str(tmp_path / "w.db")), open_database(address_of(neo4j_server))]
    for store in stores:
        captured(store, events)
    assert_alike(stores, cases)
    rebuild(stores[1])
    assert_alike(stores, cases)
    for store in stores:
        store.close()


def assert_alike(stores: list[Store], cases: list[Case]) -> None:
    """All rows, and the answers to all questions, are equal."""
    told = []
    for store in stores:
        with store.snapshot() as reading:
            traces = EngineTraces(open_index(None, reading), reading)
            told.append((rows(reading), [traces.trace(case.ask) for case in cases]))
    assert told[0] == told[1]
