"""A ledger copied from store to store: the same chain of hashes, the same graph, whichever way it went."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.capture import capture
from engine.copying import copy_ledger, graph_digest
from engine.ledger import Attestation, Capture, Head
from engine.stores.neo4j import open_store as open_database
from engine.stores.ports import Store
from engine.stores.sqlite import open_store as open_file
from graph_schema.errors import InvalidInput
from graph_schema.event import Event
from tests.neo4j_server.fixture import AnyServer
from tests.stores.databases import address_of, emptied
from tests.worlds.reading import read_events
from tests.worlds.trial import TRIALS

Open = Callable[[str], Store]


@pytest.fixture
def files(tmp_path: Path) -> Open:
    """Opens files by name."""
    return lambda name: open_file(str(tmp_path / f"{name}.db"))


def world(seed: int) -> list[Event]:
    """The events of a complete world."""
    return read_events(TRIALS["complete"].world(seed).events)


def filled(store: Store, events: list[Event]) -> Store:
    """Captured by two authors in turn, of which one is a stranger now and then, with master data now and then."""
    for number, first in enumerate(range(0, len(events), 7)):
        by = Capture("ab"[number % 2], f"job {number // 2}", "world.ndjson", number)
        masters = [("urn:s", "site", b'{"name":"%d"}' % number)] if number % 3 == 0 else []
        some = events[first : first + 7]
        attestations = [list(Attestation)[(number + place) % 3] for place in range(len(some))]
        capture(store, some, by, masters, attestations)
    capture(store, [], Capture("c", "last", "late.json", 99), [("urn:late", "party", b"{}")])
    return store


def head(store: Store) -> Head:
    """Where a store stands."""
    with store.snapshot() as reading:
        return reading.ledger.head()


def copied(source: Store, target: Store) -> Head:
    """Copy; where both stand."""
    with source.snapshot() as reading:
        return copy_ledger(reading, target).head


def assert_same(one: Store, other: Store) -> None:
    """Entries with their captures, master data with their positions, and the graph."""
    with one.snapshot() as here, other.snapshot() as there:
        assert list(here.ledger.entries()) == list(there.ledger.entries())
        assert here.ledger.verify() == there.ledger.verify()
        assert list(here.masters.changes()) == list(there.masters.changes())
        assert graph_digest(here) == graph_digest(there)


@pytest.mark.parametrize("seed", range(3))
def test_a_copy_there_and_back_is_the_same(seed: int, files: Open, neo4j_server: AnyServer) -> None:
    """From a file into a database and into another file."""
    emptied(address_of(neo4j_server))
    source, database, back = (
        filled(files("source"), world(seed)),
        open_database(address_of(neo4j_server)),
        files("back"),
    )
    copied(source, database)
    assert_same(source, database)
    copied(database, back)
    assert_same(source, back)
    for store in (source, database, back):
        store.close()


def test_a_copy_that_was_ended_goes_on(files: Open) -> None:
    """Ended after some batch: what arrived stays, and the next copy brings the rest, and then nothing."""
    source, target = filled(files("source"), world(1)), files("target")

    def end(entries: int) -> None:
        raise KeyboardInterrupt

    with source.snapshot() as reading:
        with pytest.raises(KeyboardInterrupt):
            copy_ledger(reading, target, end)
        with target.snapshot() as arrived:
            begun = arrived.ledger.head().position
        assert 0 < begun < reading.ledger.head().position
        assert copy_ledger(reading, target).entries == reading.ledger.head().position - begun
        assert copy_ledger(reading, target).entries == 0
    assert_same(source, target)


def test_what_came_to_the_source_since_is_brought(files: Open) -> None:
    """A second copy brings what is new, master data among it."""
    source, target = filled(files("source"), world(1)), files("target")
    copied(source, target)
    capture(source, world(2), Capture("d", "more", "more.json", 100), [("urn:s", "site", b'{"name":"new"}')])
    copied(source, target)
    assert_same(source, target)


def test_another_ledger_is_refused(files: Open) -> None:
    """A target with entries of its own, or with more than the source, is not touched."""
    source, other, longer = (filled(files(name), world(seed)) for name, seed in (("a", 1), ("b", 2), ("c", 1)))
    capture(longer, world(2), Capture("d", "more", "more.json", 100))
    for target in (other, longer):
        begun = head(target)
        with pytest.raises(InvalidInput, match="another ledger"):
            copied(source, target)
        assert head(target) == begun


def test_the_digest_of_a_graph_tells_graphs_apart(files: Open) -> None:
    """One event more, and it is another."""
    store = files("one")
    digests = set()
    for seed in range(3):
        capture(store, world(seed)[:5], Capture("", str(seed), "", seed))
        with store.snapshot() as reading:
            digests.add(graph_digest(reading))
    assert len(digests) == 3
