"""A database of an earlier schema is brought up to date when it is opened for writing."""

from __future__ import annotations

import pytest
from neo4j import GraphDatabase

from engine.event_order import EventSpan
from engine.stores.neo4j import open_store
from engine.stores.neo4j.migrations import known_migrations
from graph_schema.errors import StoreDamaged
from graph_schema.flow_graph import Gap, Part
from tests.neo4j_server.fixture import AnyServer
from tests.stores.contract_events import EVENTS, append
from tests.stores.databases import address_of, emptied
from tests.stores.examples import item

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


def test_migrations_are_numbered_one_after_another() -> None:
    """No number is given twice, or left out: a database knows by them what it lacks."""
    assert [migration.number for migration in known_migrations()] == list(range(1, len(known_migrations()) + 1))


def test_gaps_of_an_earlier_schema_are_found_by_their_item(neo4j_server: AnyServer) -> None:
    """They lacked the name by which they are found."""
    address = address_of(neo4j_server)
    emptied(address)
    gap = Gap("no_origin", item(1), None, ("urn:event:1",), "first seen here")
    store = open_store(address)
    append(store, *EVENTS)
    with store.transaction() as writing:
        writing.graph.replace([Part(item(1), gaps=(gap,))], len(EVENTS))
    store.close()
    with GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        for statement in ("MATCH (r:Row) REMOVE r.gap_of", "MATCH (m:Migration) WHERE m.number > 6 DELETE m"):
            driver.execute_query(statement, database_=address.database)
    store = open_store(address)
    with store.snapshot() as reading:
        assert gap in reading.graph.gaps(items=[item(1)])
    store.close()
