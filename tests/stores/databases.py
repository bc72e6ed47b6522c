"""Databases for tests. In: a server. Out: the address of its one database, and that emptied of data, not of schema."""

from __future__ import annotations

import time

from neo4j import GraphDatabase

from api.demo import outbreak
from api.loading import Loading
from api.session import open_session
from engine.stores.neo4j.address import Address
from tests.neo4j_server.fixture import AnyServer

_OTHERS = """SHOW TRANSACTIONS YIELD transactionId, currentQuery
  WHERE NOT currentQuery STARTS WITH 'SHOW' RETURN transactionId"""
_END = "TERMINATE TRANSACTIONS $ids"
_FORGET = "MATCH (n) WHERE NOT n:Migration CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS"


def address_of(server: AnyServer) -> Address:
    """The database of a server."""
    return Address(server.uri, server.user, server.password, "neo4j")


def emptied(address: Address) -> None:
    """Delete all data; constraints, indexes and the record of migrations stay."""
    with (
        GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver,
        driver.session(database=address.database) as session,
    ):
        # What a writer that was killed has begun may still be committed: after all was deleted, if nobody waits for it.
        while begun := session.run(_OTHERS).value():
            session.run(_END, ids=begun).consume()
            time.sleep(0.05)
        session.run(_FORGET).consume()


def location_of(server: AnyServer) -> str:
    """The same as `--store` has it."""
    scheme, _, place = server.uri.partition("://")
    return f"{scheme}://{server.user}:{server.password}@{place}/neo4j"


def load_outbreak(server: AnyServer) -> None:
    """The shipped outbreak, in a database that has nothing else."""
    emptied(address_of(server))
    with open_session(location_of(server), to_write=True) as session:
        Loading(session, "tester").load([outbreak()])
