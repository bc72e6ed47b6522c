"""A draw from a Neo4j database is the draw from a file of the same ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.capture import capture
from engine.inspection import draw
from engine.ledger import Capture
from engine.stores.neo4j import open_store as open_database
from graph_schema.profiles import profiles
from graph_schema.profiles.profile import Drawable
from tests.neo4j_server.fixture import AnyServer
from tests.stores.databases import address_of, emptied
from tests.systems.test_draw import DIVERSE, asked
from tests.systems.test_stories import events_of, opened


@pytest.mark.parametrize("name", DIVERSE)
def test_a_draw_is_alike(name: str, neo4j_server: AnyServer, tmp_path: Path) -> None:
    """Candidates, tickets and order are the same to the letter, at the end and in the middle."""
    emptied(address_of(neo4j_server))
    store = open_database(address_of(neo4j_server))
    capture(store, events_of(name), Capture("", "story", name, 0))
    with store.snapshot() as there, opened(name, tmp_path) as (_, _, here):
        for kind in Drawable:
            for position in (None, 9):
                wanted = asked(system=name, kind=kind, position=position, count=100)
                assert draw(there, profiles(), wanted) == draw(here, profiles(), wanted)
    store.close()
