"""A code looked up by the public in a Neo4j database: the same is told."""

from __future__ import annotations

import pytest

from engine.capture import capture
from engine.ledger import Capture
from engine.stores.neo4j import open_store as open_database
from tests.neo4j_server.fixture import AnyServer
from tests.stores.databases import address_of, emptied
from tests.systems.looked_up import judge_recalls, judge_shape
from tests.systems.test_stories import NAMES, events_of, told


@pytest.mark.parametrize("name", NAMES)
def test_a_story_is_told_alike(name: str, neo4j_server: AnyServer) -> None:
    """What it puts on hold is recalled; a tank of raw milk is told as what there is not."""
    emptied(address_of(neo4j_server))
    store = open_database(address_of(neo4j_server))
    capture(store, events_of(name), Capture("", "story", name, 0))
    with store.snapshot() as snapshot:
        judge_recalls(told(name), snapshot)
        if name == "infant_formula":
            judge_shape(told(name), snapshot, "TK-S1", "TK-S9")
    store.close()
