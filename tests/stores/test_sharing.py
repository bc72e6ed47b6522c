"""Two processes that write and one that follows, on a file and on a database."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from api.locations import open_location
from tests.neo4j_server.fixture import AnyServer
from tests.stores.contract_sharing import WRITERS, Following, assert_followed
from tests.stores.databases import address_of, emptied, location_of
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
