"""Fixtures: a Neo4j that answers, and one that is empty, for each test that asks; a visible skip where there is none.

`SUYUAN_TEST_NEO4J=neo4j://user:password@host:port` gives a server of one's own, **whose database neo4j is emptied**;
else each worker starts one. With `SUYUAN_NEO4J_REQUIRED=1` a missing server is a failure; so it is where `CI=true`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, NamedTuple, NoReturn
from urllib.parse import unquote, urlsplit

import pytest
from neo4j import Driver, GraphDatabase, Session

from tests.ci import in_ci
from tests.neo4j_server.lock import alone
from tests.neo4j_server.missing import Missing
from tests.neo4j_server.server import Neo4jServer, local_server


class GivenServer(NamedTuple):
    """A server that somebody else runs."""

    uri: str
    user: str
    password: str


AnyServer = GivenServer | Neo4jServer
"""What has `uri`, `user` and `password`."""


def parse_given(address: str) -> GivenServer:
    """`neo4j://user:password@host:port`, with percent signs where a password needs them."""
    parts = urlsplit(address)
    if not (parts.scheme and parts.hostname and parts.username and parts.password):
        raise ValueError("SUYUAN_TEST_NEO4J: write neo4j://user:password@host:port")
    uri = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return GivenServer(uri, unquote(parts.username), unquote(parts.password))


def refuse(reason: str) -> NoReturn:
    """Skip visibly; where a server is required, and in CI, fail."""
    if os.environ.get("SUYUAN_NEO4J_REQUIRED") == "1" or in_ci():
        pytest.fail(f"no Neo4j: {reason}", pytrace=False)
    pytest.skip(f"no Neo4j: {reason}")


@pytest.fixture(scope="session")
def neo4j_server() -> Iterator[AnyServer]:
    """A server that answers, one for all tests of a worker, so with what other tests left in it."""
    if given := os.environ.get("SUYUAN_TEST_NEO4J"):
        yield parse_given(given)
        return
    with ExitStack() as stack:
        lacking = ""
        try:
            server = stack.enter_context(local_server())
        except Missing as reason:
            lacking = str(reason)
        # Outside the handler, so that the report shows the reason alone.
        if lacking:
            refuse(lacking)
        yield server


@pytest.fixture
def empty_neo4j(neo4j_server: AnyServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnyServer]:
    """A server whose database is empty, for one test at a time, even where workers are given the same server."""
    # The folder above a worker's own is shared by the workers of a run.
    shared = tmp_path_factory.getbasetemp().parent
    with alone(shared / f"neo4j-{urlsplit(neo4j_server.uri).port}.lock"):
        clear(neo4j_server)
        yield neo4j_server


def clear(server: AnyServer) -> None:
    """Delete all nodes, constraints and indexes; those that look up labels and types belong to every database."""
    with connect(server) as driver, driver.session(database="neo4j") as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS").consume()
        for kind in ("CONSTRAINT", "INDEX"):
            for row in _rows(session, f"SHOW {kind} YIELD name, type WHERE type <> 'LOOKUP'"):
                _rows(session, f"DROP {kind} `{row['name'].replace('`', '``')}` IF EXISTS")


def connect(server: AnyServer) -> Driver:
    """A driver for a server; the caller closes it."""
    return GraphDatabase.driver(server.uri, auth=(server.user, server.password))


def _rows(session: Session, query: str) -> list[dict[str, Any]]:
    return session.run(query).data()
