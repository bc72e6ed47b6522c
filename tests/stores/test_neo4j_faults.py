"""What a server or the line to it refuses: an error that says what to do, nothing kept, and the next try works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from engine.stores.neo4j import Neo4jStore
from engine.stores.neo4j import open_store as open_database
from engine.stores.ports import Snapshot
from graph_schema.errors import StoreError, StoreFull
from tests.neo4j_server.fixture import AnyServer, refuse
from tests.neo4j_server.missing import Missing
from tests.neo4j_server.proxy import Proxy
from tests.neo4j_server.server import local_server
from tests.stores.databases import address_of, emptied
from tests.stores.examples import CAPTURE, event, part
from tests.stores.test_laws_everywhere import rows_of

KNOWN = range(1_500)
"""More events than the driver fetches at once."""
FRESH = range(2_000, 2_003)
LARGE = range(10_000)


@pytest.fixture
def proxy(neo4j_server: AnyServer) -> Iterator[Proxy]:
    """A line to the server."""
    port = urlsplit(neo4j_server.uri).port
    assert port is not None
    with Proxy(port) as line:
        yield line


@pytest.fixture
def store(neo4j_server: AnyServer, proxy: Proxy) -> Iterator[Neo4jStore]:
    """A database reached over the line, with some events in it."""
    address = address_of(neo4j_server)
    emptied(address)
    # A server tells who asks for routes its own address: bolt stays on the line.
    with closing(open_database(replace(address, uri=f"bolt://127.0.0.1:{proxy.port}"))) as opened:
        write(opened, KNOWN)
        yield opened


def write(store: Neo4jStore, numbers: range, between: Callable[[], None] = lambda: None) -> None:
    """Events and parts in a transaction; something happens between them."""
    with store.transaction() as writing:
        writing.ledger.append([event(number) for number in numbers], CAPTURE)
        between()
        writing.graph.replace([part(number) for number in numbers[:20]], writing.ledger.head().position)


def seen(snapshot: Snapshot) -> list[object]:
    """All entries and rows."""
    return [*snapshot.ledger.entries(), rows_of(snapshot)]


def test_a_line_that_is_cut_while_reading(store: Neo4jStore, proxy: Proxy) -> None:
    """The reader is told to repeat, and the next reads all."""
    with store.snapshot() as reading:
        entries = reading.ledger.entries()
        next(entries)
        proxy.cut()
        with pytest.raises(StoreError, match=r"went away.*then repeat"):
            list(entries)
    with store.snapshot() as reading:
        assert [entry.event for entry in reading.ledger.entries()] == [event(number) for number in KNOWN]


def test_a_line_that_is_cut_while_writing(store: Neo4jStore, proxy: Proxy) -> None:
    """The writer is told that nothing half-written was kept, which is so, and the next write is kept."""
    with store.snapshot() as reading:
        before = seen(reading)
    with pytest.raises(StoreError, match=r"went away.*nothing half-written was kept"):
        write(store, FRESH, proxy.cut)
    with store.snapshot() as reading:
        assert seen(reading) == before
    write(store, FRESH)
    with store.snapshot() as reading:
        assert reading.ledger.verify().position == len(KNOWN) + len(FRESH)


@pytest.mark.slow
def test_a_write_that_the_server_has_no_memory_for() -> None:
    """`StoreFull` names the settings; nothing is kept, and smaller writes are."""
    try:
        with (
            local_server(settings=("db.memory.transaction.max=4m",)) as server,
            closing(open_database(address_of(server))) as store,
        ):
            with pytest.raises(StoreFull, match=r"Capture fewer events at once.*transaction\.max"):
                write(store, LARGE)
            with store.snapshot() as reading:
                assert list(reading.ledger.entries()) == []
                assert list(reading.graph.vertices()) == []
            write(store, FRESH)
            with store.snapshot() as reading:
                assert reading.ledger.verify().position == len(FRESH)
    except Missing as reason:
        refuse(str(reason))
