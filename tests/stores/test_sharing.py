"""Two processes that write and one that follows, on a file and on a database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from api.locations import open_location
from engine.stores.neo4j import open_store as open_database
from graph_schema.errors import StoreBusy
from tests.neo4j_server.fixture import AnyServer
from tests.stores.contract_sharing import WRITERS, Following, assert_followed
from tests.stores.databases import address_of, emptied, location_of
from tests.stores.examples import CAPTURE, event
from tests.stores.loaded import ROOT

SECONDS = [3, pytest.param(60, marks=pytest.mark.slow)]


def start_appending(location: str, writer: int, seconds: float) -> subprocess.Popen[str]:
    """A process that writes."""
    command = [sys.executable, "-m", "tests.stores.appending", location, str(writer), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def assert_shared(location: str, seconds: float) -> None:
    """What holds while two processes write and this one follows."""
    following = Following()
    with ExitStack() as stack:
        store = stack.enter_context(closing(open_location(location, os.environ, to_write=True).store))
        writers = [stack.enter_context(start_appending(location, writer, seconds)) for writer in WRITERS]
        while any(writer.poll() is None for writer in writers):
            with store.snapshot() as snapshot:
                following.follow(snapshot)
        kept = [int(writer.communicate()[0]) for writer in writers]
        assert all(kept)
        assert following.positions > 1
        with store.snapshot() as snapshot:
            assert_followed(following, snapshot, sum(kept))


@pytest.mark.parametrize("seconds", SECONDS)
def test_two_processes_write_a_file_while_one_follows(seconds: float, tmp_path: Path) -> None:
    """No position is skipped, none goes away, and the index ends as one built anew."""
    assert_shared(f"sqlite:{tmp_path / 's.db'}", seconds)


@pytest.mark.parametrize("seconds", SECONDS)
def test_two_processes_write_a_database_while_one_follows(seconds: float, neo4j_server: AnyServer) -> None:
    """The same, of a server that shows a reader what others commit meanwhile."""
    emptied(address_of(neo4j_server))
    assert_shared(location_of(neo4j_server), seconds)


def test_a_wait_that_ends_as_the_lock_comes_is_a_busy_store(neo4j_server: AnyServer) -> None:
    """Whoever got the lock in time is not ended while writing; who did not is told that the store is busy."""
    emptied(address_of(neo4j_server))
    kept = []
    for number in range(30):
        with (
            closing(open_database(address_of(neo4j_server), busy_seconds=number / 2_000)) as store,
            suppress(StoreBusy),
        ):
            with store.transaction() as writing:
                time.sleep(0.03)
                writing.ledger.append([event(number)], CAPTURE)
            kept.append(event(number).id)
    with closing(open_database(address_of(neo4j_server))) as store, store.snapshot() as reading:
        assert [entry.event.id for entry in reading.ledger.entries()] == kept
