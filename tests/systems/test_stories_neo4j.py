"""The stories of the product systems on a Neo4j database: the same answers."""

from __future__ import annotations

import pytest

from engine.capture import capture
from engine.index import ARRAYS, StoreWalker, open_index
from engine.ledger import Capture
from engine.stores.neo4j import open_store as open_database
from tests.neo4j_server.fixture import AnyServer
from tests.stores.databases import address_of, emptied
from tests.systems.test_stories import NAMES, events_of, judge_goods, judge_sets, judge_stock, told


@pytest.mark.parametrize("name", NAMES)
def test_a_story_is_answered_alike(name: str, neo4j_server: AnyServer) -> None:
    """Stock and sets are those that its file expects, whoever walks."""
    emptied(address_of(neo4j_server))
    store = open_database(address_of(neo4j_server))
    capture(store, events_of(name), Capture("", "story", name, 0))
    with store.snapshot() as snapshot:
        index = open_index(None, snapshot)
        judge_stock(told(name), index, snapshot)
        judge_goods(told(name), index, snapshot)
        for walker in (ARRAYS, StoreWalker(store.walk())):
            judge_sets(told(name), index, snapshot, walker)
    store.close()
