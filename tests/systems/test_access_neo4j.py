"""Whether a market may take goods, on a Neo4j database: the same answers."""

from __future__ import annotations

import pytest

from engine.stores.neo4j import open_store as open_database
from tests.neo4j_server.fixture import AnyServer
from tests.stores.databases import address_of, emptied
from tests.systems.admitted import CASES, IDS, judge


@pytest.mark.parametrize("number", range(len(CASES)), ids=IDS)
def test_the_goods_of_a_story_are_admitted_or_held(number: int, neo4j_server: AnyServer) -> None:
    """As on a file."""
    emptied(address_of(neo4j_server))
    store = open_database(address_of(neo4j_server))
    judge(number, store)
    store.close()
