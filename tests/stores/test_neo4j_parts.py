"""A write too large for one transaction of the server goes in parts under the mark, which readers skip."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from neo4j import GraphDatabase, Transaction

from engine.capture import capture, rebuild
from engine.copying import graph_digest
from engine.index import Direction, Filters, FlowIndex, IndexFollower, Starts, StoreWalker, open_index
from engine.stores.neo4j import Neo4jStore
from engine.stores.neo4j import open_store as open_database
from engine.stores.neo4j import store as store_module
from engine.stores.neo4j.writing import Writing
from engine.stores.ports import Store
from engine.stores.rows import row_digest
from engine.stores.sqlite import open_store as open_file
from graph_schema.errors import StoreBusy, StoreDamaged
from graph_schema.event import Event
from graph_schema.flow_graph import Part
from tests.neo4j_server.fixture import AnyServer
from tests.stores.databases import address_of, emptied
from tests.stores.test_laws_everywhere import BY, rows_of
from tests.worlds.reading import read_events
from tests.worlds.trial import COMPLETE

PART_ROWS = 20
EVENTS = read_events(record.event for record in COMPLETE.world(2_003).records)
BEFORE, LARGE = EVENTS[: len(EVENTS) // 2], EVENTS[len(EVENTS) // 2 :]

NextPart = Callable[[Writing], Transaction]
IndexRows = frozenset[bytes]


class PowerCut(Exception):
    """The process is gone."""


@pytest.fixture
def database(neo4j_server: AnyServer) -> Iterator[Neo4jStore]:
    """A database whose writes go in small parts, with a first half of the events in it."""
    emptied(address_of(neo4j_server))
    store = open_database(address_of(neo4j_server), part_rows=PART_ROWS)
    capture(store, BEFORE, BY)
    yield store
    store.close()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Store]:
    """The same in a file."""
    store = open_file(str(tmp_path / "store.db"))
    capture(store, BEFORE, BY)
    yield store
    store.close()


def rows(store: Store) -> list[object]:
    """All that a reader sees."""
    with store.snapshot() as snapshot:
        return rows_of(snapshot)


def on_next_part(monkeypatch: pytest.MonkeyPatch, told: Callable[[int], None]) -> None:
    """Be told after each part that is committed, with its number."""
    next_part: NextPart = Writing.next_part
    number = iter(range(1, 1_000))

    def after(writing: Writing) -> Transaction:
        transaction = next_part(writing)
        told(next(number))
        return transaction

    monkeypatch.setattr(Writing, "next_part", after)


def cut_off(store: Store, events: list[Event], monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin to capture events; the power goes after the second part."""
    cut_off_after(2, monkeypatch, lambda: capture(store, events, BY))


def cut_off_after(part: int, monkeypatch: pytest.MonkeyPatch, write: Callable[[], object]) -> None:
    """Begin to write; the power goes after a part."""

    def cut(number: int) -> None:
        if number == part:
            raise PowerCut

    with monkeypatch.context() as patched:
        on_next_part(patched, cut)
        with pytest.raises(PowerCut):
            write()


def test_a_large_write_shows_at_its_end_alone(
    database: Neo4jStore, file: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its parts a reader sees what was; afterwards the same rows as in a store that writes at once."""
    before, seen = rows(database), []
    with monkeypatch.context() as patched:
        on_next_part(patched, lambda _: seen.append(rows(database)))
        capture(database, LARGE, BY)
    assert len(seen) > 3
    assert all(one == before for one in seen)
    capture(file, LARGE, BY)
    assert rows(database) == rows(file) != before


def test_a_large_write_that_was_broken_off_is_taken_back(
    database: Neo4jStore, file: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was acknowledged is read; a writer is told to derive anew, and then all goes on as if nothing had been."""
    before = rows(database)
    cut_off(database, LARGE, monkeypatch)
    assert rows(database) == before
    for _ in range(2):
        with pytest.raises(StoreDamaged, match="suyuan rebuild"):
            capture(database, LARGE, BY)
        assert rows(database) == before
    rebuild(database)
    assert rows(database) == before
    for store in (database, file):
        capture(store, LARGE, BY)
    assert rows(database) == rows(file)


def test_the_drawn_graph_is_taken_back_too(
    database: Neo4jStore, neo4j_server: AnyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nodes and relationships that people open are as before."""
    drawn = (
        "MATCH (v:Vertex) RETURN v.id AS a, properties(v) AS p, '' AS b, 0 AS n "
        "UNION ALL MATCH (a)-[f:!NAMES]->(b) RETURN a.id AS a, properties(f) AS p, b.id AS b, 0 AS n "
        "UNION ALL MATCH (s:Shipment) RETURN s.id AS a, properties(s) AS p, '' AS b, 0 AS n "
        "UNION ALL MATCH (e:Event)-[:NAMES]->(i:Item) RETURN e.id AS a, {} AS p, i.id AS b, i.named AS n"
    )
    place = address_of(neo4j_server)
    with GraphDatabase.driver(place.uri, auth=(place.user, place.password)) as driver:

        def told() -> list[str]:
            return sorted(map(str, driver.execute_query(drawn, database_="neo4j").records))

        before = told()
        cut_off(database, LARGE, monkeypatch)
        assert told() != before
        with pytest.raises(StoreDamaged):
            capture(database, LARGE, BY)
        assert told() == before


def test_a_writer_at_work_is_not_taken_for_broken_off(
    database: Neo4jStore, neo4j_server: AnyServer, file: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another who gets the lock between two parts gives it back, waits, and writes after."""
    monkeypatch.setattr(store_module, "PAUSE", 0.5)
    other = open_database(address_of(neo4j_server))
    waiting = threading.Thread(target=capture, args=(other, LARGE[-1:], BY))

    def begin(number: int) -> None:
        if number == 1:
            waiting.start()

    with monkeypatch.context() as patched:
        on_next_part(patched, begin)
        capture(database, LARGE[:-1], BY)
    waiting.join(60)
    other.close()
    for events in (LARGE[:-1], LARGE[-1:]):
        capture(file, events, BY)
    assert rows(database) == rows(file)


def test_a_writer_whose_write_was_taken_back_meanwhile_gives_up(
    database: Neo4jStore, neo4j_server: AnyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told that nothing was kept, and keeps nothing."""
    before = rows(database)
    begin = Writing._begin
    address = address_of(neo4j_server)
    monkeypatch.setattr(store_module, "PAUSE", 0.1)

    def long_pause(writing: Writing) -> Transaction:
        if writing._me.part == 2:
            other = open_database(address)
            monkeypatch.setattr(Writing, "_begin", begin)
            with pytest.raises(StoreDamaged):
                capture(other, LARGE[:1], BY)
            other.close()
        return begin(writing)

    monkeypatch.setattr(Writing, "_begin", long_pause)
    with pytest.raises(StoreBusy, match="took this write"):
        capture(database, LARGE, BY)
    assert rows(database) == before


# -- a graph derived anew ----------------------------------------------------------------------------------------------


def spoil(store: Store) -> None:
    """Take the rows of every second item away, as a faulty program might have left it."""
    with store.transaction() as writing:
        owners = sorted({row.line.item for row in writing.graph.line_rows()})
        assert owners
        writing.graph.replace([Part(owner) for owner in owners[::2]], writing.ledger.head().position)


def digest_of(store: Store) -> str:
    """The graph that a reader sees at the end of the ledger."""
    with store.snapshot() as snapshot:
        return graph_digest(snapshot)


def index_of(store: Store) -> IndexRows:
    """The rows of an index built anew."""
    with store.snapshot() as snapshot:
        return live_in(open_index(None, snapshot))


def live_in(index: FlowIndex) -> IndexRows:
    """What an index has at its position."""
    tables = ((index.vertices, index.vertex), (index.edges, index.flow), (index.lines, index.line))
    return frozenset(
        row_digest(row_of(row)) for table, row_of in tables for row in index.live(table, range(table.count)).tolist()
    )


def reading_until(stop: threading.Event, read: Callable[[], object], seen: list[object]) -> None:
    """Read again and again, once more after the end; remember what differs from what was read before."""
    ended = False
    while not ended:
        ended = stop.is_set()
        found = read()
        if not seen or seen[-1] != found:
            seen.append(found)


def test_who_reads_during_a_rebuild_sees_the_former_graph_or_the_new_one(
    database: Neo4jStore, neo4j_server: AnyServer
) -> None:
    """Read again and again by others while one derives it anew in parts: first the former, then the new; no third."""
    new, new_index = digest_of(database), index_of(database)
    spoil(database)
    former, former_index = digest_of(database), index_of(database)
    reader, stop = open_database(address_of(neo4j_server), read_only=True), threading.Event()
    follower = IndexFollower()

    def walked() -> IndexRows:
        """The rows of a followed index; walked by the database too, which is refused where that has another graph."""
        with reader.snapshot() as snapshot:
            index = follower.follow(snapshot)
            starts = Starts.of(range(index.vertex_count))
            StoreWalker(reader.walk()).walk(index, starts, Filters(), Direction.FORWARD)
            return live_in(index)

    seen: list[list[object]] = [[], []]
    reads: tuple[Callable[[], object], ...] = (lambda: digest_of(reader), walked)
    threads = [
        threading.Thread(target=reading_until, args=(stop, read, told)) for read, told in zip(reads, seen, strict=True)
    ]
    for thread in threads:
        thread.start()
    while not all(seen):
        time.sleep(0.01)
    rebuild(database)
    stop.set()
    for thread in threads:
        thread.join(60)
    reader.close()
    assert former != new
    assert seen == [[former, new], [former_index, new_index]]


def test_a_rebuild_goes_in_parts_that_no_reader_sees(database: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part leaves a reader what it had; one that began before the end keeps it to its own end."""
    new = digest_of(database)
    spoil(database)
    before, seen = rows(database), []
    with database.snapshot() as reading:
        with monkeypatch.context() as patched:
            on_next_part(patched, lambda _: seen.append(rows(database)))
            rebuild(database)
        assert rows_of(reading) == before
    assert len(seen) > 3
    assert all(one == before for one in seen)
    assert digest_of(database) == new


@pytest.mark.parametrize("last", [1, *(pytest.param(last, marks=pytest.mark.slow) for last in (2, 5)), 9])
def test_a_rebuild_that_was_killed_shows_nothing_and_is_done_again(
    last: int, database: Neo4jStore, file: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was committed of it: readers have what they had, writers are told to repeat it, and then all goes on."""
    new = digest_of(database)
    spoil(database)
    before = rows(database)
    for _ in range(2):
        cut_off_after(last, monkeypatch, lambda: rebuild(database))
        assert rows(database) == before
        with pytest.raises(StoreDamaged, match="suyuan rebuild"):
            capture(database, LARGE, BY)
        assert rows(database) == before
    rebuild(database)
    assert digest_of(database) == new
    for store in (database, file):
        capture(store, LARGE, BY)
    assert digest_of(database) == digest_of(file)
