"""The index over the embedded store holds what was put into it, at every position."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.index import open_index
from engine.ledger import Capture
from engine.stores.ports import Store
from engine.stores.sqlite import open_store
from graph_schema.event import Event, EventType
from graph_schema.flow_graph import Part
from graph_schema.interval import Interval
from tests.index.histories import History, State, random_history
from tests.index.test_flow_index import assert_holds


def put(store: Store, history: History, position: int) -> None:
    """Append an event and bring the graph to the state of its position."""
    before, after = history.states[position - 1], history.states[position]
    event = Event(id=f"urn:uuid:{position}", type=EventType.OBJECT, time=Interval(), body=b"{}")
    with store.transaction() as transaction:
        transaction.ledger.append([event], Capture("author", "job", "source", position))
        transaction.graph.replace(parts_of(before, after), position)


def parts_of(before: State, after: State) -> list[Part]:
    """The graph as one owner's part, and a part for each line, also for those that go."""
    graph = Part("urn:graph", tuple(after.vertices.values()), tuple(after.flows))
    return [graph, *(Part(item, line=after.lines.get(item)) for item in before.lines | after.lines)]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32), st.lists(st.integers(1, 5), max_size=3))
def test_the_index_follows_the_embedded_store(
    tmp_path_factory: pytest.TempPathFactory, seed: int, stops: list[int]
) -> None:
    """In whatever steps the index follows a store, saved or not, it holds each position."""
    folder, history = tmp_path_factory.mktemp("store"), random_history(seed)
    store = open_store(str(folder / "suyuan.db"))
    try:
        for position in range(1, history.position + 1):
            put(store, history, position)
            if position in stops or position == history.position:
                assert_follows(store, history, folder / "index", position)
    finally:
        store.close()


def assert_follows(store: Store, history: History, folder: Path, position: int) -> None:
    """An index opened from a folder, and one built anew, hold the history up to a position."""
    with store.snapshot() as snapshot:
        assert_holds(open_index(folder, snapshot), history, position)
        assert_holds(open_index(None, snapshot), history, position)
