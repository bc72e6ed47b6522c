"""The graph at the last position does not depend on how events came (design §7, rule 16)."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from api.generate.world import simulate
from engine.capture import capture, rebuild
from engine.ledger import Capture
from engine.stores.sqlite import open_store
from graph_schema.event import Event
from tests.builder.graphs import Rows, derived, stored
from tests.worlds.reading import read_events

SEEDS = range(40)
BY_ANYONE = Capture("someone", "job", "world.ndjson", 0)


def loaded(path: Path, events: list[Event], batch: int) -> tuple[Rows, Rows]:
    """What a store holds after these events in batches, and what its ledger gives built anew."""
    store = open_store(str(path))
    for start in range(0, len(events), batch):
        capture(store, events[start : start + batch], BY_ANYONE)
    with store.snapshot() as snapshot:
        return stored(snapshot), derived(snapshot)


@pytest.mark.parametrize("seed", SEEDS)
def test_any_order_and_any_batches_give_the_same_graph(seed: int, tmp_path: Path) -> None:
    """Events all at once, one by one, reversed, shuffled in batches, or twice: one graph, and that of a rebuild."""
    events = read_events(simulate(seed).events)
    rng = Random(seed)
    shuffled = rng.sample(events, len(events))
    wanted, anew = loaded(tmp_path / "once", events, len(events) or 1)
    assert wanted.differences(anew) == []
    orders = {
        "each": (events, 1),
        "back": (events[::-1], 7),
        "mixed": (shuffled, 5),
        "twice": ([*events, *shuffled], 11),
    }
    for name, (order, batch) in orders.items():
        found, anew = loaded(tmp_path / name, order, batch)
        assert found.differences(anew) == [], f"seed {seed} {name}: a closed set left something out"
        assert found.differences(wanted) == [], f"seed {seed} {name}: the order of loading shows"


@pytest.mark.parametrize("seed", range(5))
def test_a_rebuild_changes_nothing(seed: int, tmp_path: Path) -> None:
    """Rebuilding a store whose graph is right closes no row and opens none."""
    store = open_store(str(tmp_path / "store"))
    capture(store, read_events(simulate(seed).events), BY_ANYONE)
    with store.snapshot() as snapshot:
        before = [list(snapshot.graph.vertices()), list(snapshot.graph.flows())]
    assert rebuild(store) > 0
    with store.snapshot() as snapshot:
        assert [list(snapshot.graph.vertices()), list(snapshot.graph.flows())] == before
