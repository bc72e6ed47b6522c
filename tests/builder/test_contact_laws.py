"""Laws of contact that profiles declare (rule 13, design §7), on random worlds of goods and hoses."""

from __future__ import annotations

from pathlib import Path
from random import Random

import msgspec
import pytest

from engine.answer import Certainty, Direction
from engine.capture import capture, rebuild
from engine.index import FlowIndex, open_index
from engine.ledger import Capture
from engine.question import ContactMode, ItemSeed, Options, Question
from engine.stores.ports import Snapshot
from engine.stores.sqlite import open_store
from engine.trace import trace
from graph_schema.event import Event
from tests.builder.contact_worlds import contact_world
from tests.builder.graphs import derived, stored
from tests.builder.touching import halls
from tests.questions.telling import item
from tests.worlds.memory_store import MemoryStore

WORLDS = range(100)
BY = Capture("", "worlds", "hall.ndjson", 0)


def answered(
    index: FlowIndex, snapshot: Snapshot, name: str, direction: Direction, contact: ContactMode
) -> tuple[set[str], set[str]]:
    """The items that are certain, and all."""
    found = trace(index, snapshot, Question((ItemSeed(item(name)),), direction, Options(contact=contact))).items
    names = {one.id.rpartition("/")[2]: one.certainty for one in found}
    return {name for name, certainty in names.items() if certainty is Certainty.CERTAIN}, set(names)


def asking(events: list[Event]) -> tuple[FlowIndex, Snapshot]:
    """These events in a store."""
    store = MemoryStore()
    capture(store, events, BY, systems=halls)
    with store.snapshot() as snapshot:
        return open_index(None, snapshot), snapshot


@pytest.mark.parametrize("seed", WORLDS)
def test_what_is_on_what_is_told_exactly(seed: int) -> None:
    """Complete and timed records give, forward from each thing, just what it came onto; and back the same pairs."""
    world = contact_world(seed)
    index, snapshot = asking(world.events)
    found = {}
    for name, truth in world.reached.items():
        certain, found[name] = answered(index, snapshot, name, Direction.FORWARD, ContactMode.BY_PROFILE)
        assert certain == truth, name
        assert found[name] == truth, name
        without, less = answered(index, snapshot, name, Direction.FORWARD, ContactMode.NONE)
        assert without <= certain
        assert less <= found[name]
    for name in found:
        _, back = answered(index, snapshot, name, Direction.BACK, ContactMode.BY_PROFILE)
        assert back == {other for other, reached in found.items() if name in reached}, name


@pytest.mark.parametrize("seed", WORLDS)
def test_where_the_order_is_lost_nothing_is_missed(seed: int) -> None:
    """Of some events only days are known: certain ⊆ truth ⊆ certain ∪ possible."""
    world = contact_world(seed)
    events = [
        msgspec.structs.replace(event, time=msgspec.structs.replace(event.time, latest=event.time.earliest + width))
        for event, width in zip(world.events, _widths(len(world.events), seed), strict=True)
    ]
    index, snapshot = asking(events)
    for name, truth in world.reached.items():
        certain, found = answered(index, snapshot, name, Direction.FORWARD, ContactMode.BY_PROFILE)
        assert certain <= truth <= found, name


def _widths(count: int, seed: int) -> list[int]:
    """Of each event how much later it may have been, in microseconds."""
    rng, day = Random(seed), 86_400_000_000
    return [rng.choice((0, 0, day, 3 * day)) for _ in range(count)]


@pytest.mark.parametrize("seed", range(30))
def test_the_order_of_loading_does_not_show(seed: int, tmp_path: Path) -> None:
    """At once, in pieces from the last, twice, or rebuilt: one graph."""
    events = contact_world(seed).events
    rows = []
    for name, order, batch in (("once", events, 99), ("back", [*events[::-1], *events], 3)):
        store = open_store(str(tmp_path / name))
        for first in range(0, len(order), batch):
            capture(store, order[first : first + batch], BY, systems=halls)
        with store.snapshot() as snapshot:
            rows.append(stored(snapshot))
            assert rows[-1].differences(derived(snapshot, halls)) == []
        rebuild(store, halls)
        with store.snapshot() as snapshot:
            assert rows[-1].differences(stored(snapshot)) == []
        store.close()
    assert rows[0].differences(rows[1]) == []
