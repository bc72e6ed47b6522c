"""Assessment and retention on a Neo4j database: the same answers as from a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.capture import capture
from engine.ledger import Capture
from engine.retention import retention_report
from engine.stores.neo4j import open_store as open_database
from graph_schema.profiles import profiles
from tests.neo4j_server.fixture import AnyServer
from tests.stores.databases import address_of, emptied
from tests.systems.test_assessment import OVERDUE, assessed_story, duties_of
from tests.systems.test_stories import events_of, opened


@pytest.mark.parametrize("name", ["elevator", "gas_cylinder", "cross_border"])
def test_duties_and_retention_are_alike(name: str, neo4j_server: AnyServer, tmp_path: Path) -> None:
    """What is overdue is what the story leaves open; what may be deleted is the same list."""
    emptied(address_of(neo4j_server))
    store = open_database(address_of(neo4j_server))
    capture(store, events_of(name), Capture("", "story", name, 0))
    day = date(2019, 6, 1)
    with store.snapshot() as there, opened(name, tmp_path) as (_, _, here):
        assert duties_of(assessed_story(name, there)) == OVERDUE[name]
        assert retention_report(there, profiles(), name, day, 100) == retention_report(here, profiles(), name, day, 100)
    store.close()
