"""No query of the store reads what it need not, not even on a database that was filled a moment ago.

A server plans by what it has counted, and keeps plans: one made while there was next to nothing may scan for each key
what has millions by then. So queries name their index, and each is planned here on an empty database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from neo4j import Driver, GraphDatabase

from engine.stores.neo4j import open_store
from engine.stores.queries import load_queries
from tests.neo4j_server.fixture import AnyServer
from tests.stores.databases import address_of, emptied

PACKAGE = "engine.stores.neo4j"
FILES = sorted(file.name for file in files(PACKAGE).iterdir() if file.name.endswith(".cypher"))
READ_WHOLE = {
    # Before a rebuild, and of gaps: all there are.
    "gaps_at", "live_digests", "live_lines", "drop_parts_of_all", "drop_shapes_of_all", "clear", "without_label",
    # All master data, of which there are as many as sites and products.
    "masters", "masters_after", "newest_masters",
    # After a large write was broken off; there is one Unfinished at most.
    "note", "look", "finish", "vertices_beyond", "vertices_before", "take_back_rows", "take_back_closings",
    "take_back_lines", "take_back_flows", "take_back_closed_flows", "take_back_names", "take_back_namings",
    "take_back_masters", "drop_empty_shipments",
}  # fmt: skip
"""Queries that are to read all of something."""

LISTS: dict[str, list[Any]] = {
    "rows": [{"id": "x"}], "keys": ["x"], "labels": ["A"], "sites": ["x"], "kinds": ["x"], "grades": [0],
}  # fmt: skip
NUMBERS = {
    "seq",
    "at",
    "upto",
    "after",
    "until",
    "position",
    "since",
    "first",
    "last",
    "mark",
    "limit",
    "some",
    "accepted",
}


@pytest.fixture
def driver(neo4j_server: AnyServer) -> Iterator[Driver]:
    """A driver for a database that has our schema and nothing else."""
    place = address_of(neo4j_server)
    open_store(place).close()
    emptied(place)
    with GraphDatabase.driver(place.uri, auth=(place.user, place.password)) as opened:
        yield opened


def scans(plan: dict[str, Any]) -> Iterator[str]:
    """The operators of a plan that read all of something, with what they read."""
    operator = plan["operatorType"].partition("@")[0]
    if "Scan" in operator:
        yield f"{operator} {plan['args'].get('Details')}"
    for child in plan.get("children", ()):
        yield from scans(child)


def parameters(query: str) -> dict[str, Any]:
    """Something for each parameter of a query."""
    names = re.findall(r"\$(\w+)", query)
    return {name: LISTS.get(name, 0 if name in NUMBERS else "x") for name in names}


@pytest.mark.parametrize("file", FILES)
def test_no_query_reads_what_it_need_not(file: str, driver: Driver) -> None:
    """But for those that are to read all of something, every query finds what it wants by an index."""
    found = {}
    with driver.session(database="neo4j") as session:
        for name, query in load_queries(PACKAGE, file).items():
            plan = session.run(f"EXPLAIN {query}", parameters(query)).consume().plan
            assert plan is not None
            if name not in READ_WHOLE and (read := list(scans(plan))):
                found[name] = read
    assert found == {}
