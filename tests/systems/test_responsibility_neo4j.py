"""Who is responsible for a found item, on a Neo4j database: the same answers."""

from __future__ import annotations

import pytest

from engine.stores.neo4j import open_store as open_database
from tests.neo4j_server.fixture import AnyServer
from tests.stores.databases import address_of, emptied
from tests.systems.responsible import CASES, IDS, asked, judge


@pytest.mark.parametrize("number", range(len(CASES)), ids=IDS)
def test_the_stories_name_the_subjects_and_the_last_holder(number: int, neo4j_server: AnyServer) -> None:
    """As on a file."""
    emptied(address_of(neo4j_server))
    store = open_database(address_of(neo4j_server))
    judge(number, asked(number, store))
    store.close()
