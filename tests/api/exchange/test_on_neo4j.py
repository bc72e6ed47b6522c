"""A package goes from a file into a database and back."""

from __future__ import annotations

import pytest

from api.session import open_session
from tests.api.exchange.conftest import Platforms
from tests.api.exchange.test_exchange import graph_of
from tests.neo4j_server.fixture import AnyServer
from tests.stores.databases import address_of, emptied, location_of


def test_a_database_takes_and_packs_as_a_file_does(
    platforms: Platforms, neo4j_server: AnyServer, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same package to the part, the same graph, nothing twice."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    emptied(address_of(neo4j_server))
    with open_session(location_of(neo4j_server), to_write=True) as database:
        into = platforms._replace(taker=database)
        parts = into.pack().parts
        assert into.take().accepted == 35
        assert into.take().accepted == 0
        back = Platforms(database, platforms.taker, platforms.file)
        assert back.pack().parts == parts
        assert back.take().accepted == 35
        assert graph_of(database.store) == graph_of(platforms.taker.store) == graph_of(platforms.sender.store)
