"""A writer or its server that ends at any moment: nothing acknowledged is lost, nothing half-written shows."""

from __future__ import annotations

import os
import random
import time

import pytest

from api.locations import open_location
from graph_schema.errors import StoreError
from tests.neo4j_server.fixture import AnyServer, refuse
from tests.neo4j_server.missing import Missing
from tests.neo4j_server.server import local_server
from tests.stores.databases import address_of, emptied, location_of
from tests.stores.loaded import assert_whole, kill_while_loading, start_loading
from tests.stores.loading import BATCH, load_batch


def test_a_killed_load_loses_nothing(neo4j_server: AnyServer) -> None:
    """Three kills of a load into one database, each gone on from."""
    emptied(address_of(neo4j_server))
    location, chance, position = location_of(neo4j_server), random.Random(4), 0
    for _ in range(3):
        acknowledged = kill_while_loading(location, chance.uniform(0, 0.5))
        assert acknowledged >= position
        store = open_location(location, os.environ, to_write=False).store
        position = assert_whole(store, acknowledged)
        store.close()


@pytest.mark.slow
def test_a_server_that_is_killed_in_the_middle_of_an_append_loses_nothing() -> None:
    """The loading process says what happened; after a new start all that it had been told is there, and more fits."""
    try:
        with local_server() as server:
            loading = start_loading(location_of(server), 1_000_000)
            assert loading.stdout is not None
            first = loading.stdout.readline()
            time.sleep(2)
            server.kill()
            told = (first + loading.stdout.read()).splitlines()
            loading.wait(60)
            loading.stdout.close()
            assert told[-1].startswith("StoreError")
            assert "Start the server" in told[-1]
            server.restart()
            store = open_location(location_of(server), os.environ, to_write=True).store
            position = assert_whole(store, int(told[-2]))
            assert load_batch(store, position // BATCH) == position + BATCH
            store.close()
    except Missing as reason:
        refuse(str(reason))


def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    """What cannot be reached is told with what to do."""
    with pytest.raises(StoreError, match="cannot be reached") as caught:
        open_location("neo4j://neo4j:secret-word@127.0.0.1:9/neo4j", {}, to_write=True)
    assert "secret-word" not in str(caught.value)
    assert caught.value.remedy
