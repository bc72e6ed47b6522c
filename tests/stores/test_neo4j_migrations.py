"""A database of an earlier schema is brought up to date when it is opened for writing."""

from __future__ import annotations

import pytest
from neo4j import GraphDatabase

from engine.event_order import EventSpan
from engine.stores.neo4j import open_store
from graph_schema.errors import StoreDamaged
from tests.neo4j_server.fixture import AnyServer
from tests.stores.contract_events import EVENTS, append
from tests.stores.databases import address_of, emptied

_AS_IT_WAS = (
    "MATCH (e:Event) REMOVE e.earliest",
    "MATCH (m:Migration) WHERE m.number > 3 DELETE m",
)


def test_events_of_an_earlier_schema_are_found_by_time(neo4j_server: AnyServer) -> None:
    """They lacked when they happened as a number; a reader is told to open the database for writing."""
    address = address_of(neo4j_server)
    emptied(address)
    store = open_store(address)
    append(store, *EVENTS)
    store.close()
    with (
        GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver,
        driver.session(database=address.database) as session,
    ):
        for statement in _AS_IT_WAS:
            session.run(statement).consume()
    with pytest.raises(StoreDamaged, match="Open it once for writing"):
        open_store(address, read_only=True)
    store = open_store(address)
    with store.snapshot() as reading:
        assert [entry.seq for entry in reading.events.in_order(EventSpan(6))] == [4, 2, 5, 1, 3, 6]
    store.close()
