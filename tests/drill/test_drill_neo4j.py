"""A drill of a Neo4j database is the drill of a file of the same ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.capture import capture
from engine.index import open_index
from engine.ledger import Capture
from engine.stores.neo4j import open_store as open_database
from tests.drill.drilling import drilled_of
from tests.neo4j_server.fixture import AnyServer
from tests.stores.databases import address_of, emptied
from tests.systems.test_stories import events_of, opened


@pytest.mark.parametrize("name", ["infant_formula", "other_food", "pesticide"])
def test_a_drill_is_alike(name: str, neo4j_server: AnyServer, tmp_path: Path) -> None:
    """Lots, what falls short of each with its events, and amounts are the same to the letter."""
    emptied(address_of(neo4j_server))
    store = open_database(address_of(neo4j_server))
    capture(store, events_of(name), Capture("", "story", name, 0))
    with store.snapshot() as there, opened(name, tmp_path) as (_, index, here):
        one = drilled_of(open_index(None, there), there, system=name)
        other = drilled_of(index, here, system=name)
    store.close()
    assert one.samples
    assert (one.samples, one.draw, one.digest) == (other.samples, other.draw, other.digest)
