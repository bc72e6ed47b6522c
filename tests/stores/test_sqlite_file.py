"""What lies in the file: settings, an append-only ledger that tells changes, queries that use their indexes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from engine.stores.queries import load_queries
from engine.stores.sqlite import SqliteStore, open_store
from engine.stores.sqlite.bodies import BodyCodec
from engine.stores.sqlite.connection import APPLICATION_ID, FIRST_VERSION, SCHEMA_VERSION, connect
from graph_schema.errors import StoreDamaged
from graph_schema.flow_graph import Part
from tests.stores.examples import CAPTURE, corrected, event, item, line, part

PACKAGE = "engine.stores.sqlite"
SOURCES = Path(__file__).resolve().parents[2] / "engine" / "stores" / "sqlite"
QUERIES = {
    f"{file}:{name}": query
    for file in ("ledger.sql", "lookup.sql", "graph.sql", "jobs.sql", "events.sql", "queries.sql")
    for name, query in load_queries(PACKAGE, file).items()
}
READS_ALL = {
    "ledger.sql:last_capture",
    "ledger.sql:head",
    "ledger.sql:position_at",
    "ledger.sql:dictionary",
    "lookup.sql:masters",
    "lookup.sql:masters_after",
    "events.sql:accepted_since",
    "jobs.sql:newest",
    "jobs.sql:unfinished",  # of a partial index, that has these alone
    "graph.sql:forget_rows_of",
    "graph.sql:close_rows",
    "graph.sql:close_lines",
}
"""Queries that go through a table in its own order: to its end, or from its end to the first that fits."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed store with six entries of two captures."""
    store = open_store(str(tmp_path / "s.db"))
    for number in range(3):
        with store.transaction() as writing:
            writing.ledger.append([event(2 * number), event(2 * number + 1)], CAPTURE)
            writing.graph.replace([part(number)], 2 * number + 2)
    store.close()
    return tmp_path / "s.db"


@pytest.fixture
def raw(path: Path) -> Iterator[apsw.Connection]:
    """The file as SQLite sees it."""
    connection = apsw.Connection(str(path))
    yield connection
    connection.close()


def verified(path: Path) -> int:
    """The position to which the chain agrees."""
    store = open_store(str(path))
    try:
        with store.snapshot() as reading:
            return reading.ledger.verify().position
    finally:
        store.close()


def test_settings(path: Path) -> None:
    """The log is written ahead, a commit is on the disk before it is told, nothing is mapped into memory."""
    connection = connect(str(path), 1)
    names = ("journal_mode", "synchronous", "mmap_size", "application_id", "user_version")
    found = [connection.execute(f"PRAGMA {name}").get for name in names]
    assert found == ["wal", 2, 0, APPLICATION_ID, SCHEMA_VERSION]
    connection.close()


def test_a_file_of_an_earlier_format_is_brought_up_to_date(path: Path, raw: apsw.Connection) -> None:
    """Opened for writing, once: its entries stay, and it has what its format lacked; a reader is told to do so."""
    for table in ("job", "named_query", "event_time", "event_fact", "fact", "subscription", "edition"):
        raw.execute(f"DROP TABLE {table}")
    raw.execute("ALTER TABLE entry DROP COLUMN attestation")
    raw.execute(f"PRAGMA user_version = {FIRST_VERSION}")
    with pytest.raises(StoreDamaged, match="Open it once for writing"):
        open_store(str(path), read_only=True)
    for _ in range(2):
        assert verified(path) == 6
        assert raw.execute("PRAGMA user_version").get == SCHEMA_VERSION
    assert raw.execute("SELECT count(*) FROM job").get == 0
    assert raw.execute("SELECT count(*) FROM subscription").get == 0
    assert raw.execute("SELECT count(*) FROM event_time").get == 6
    assert raw.execute("SELECT count(*) FROM event_fact JOIN fact ON id = fact WHERE field = 'type'").get == 6


def test_tables_are_strict(raw: apsw.Connection) -> None:
    """Every table refuses values of another type."""
    tables = [row for row in raw.execute("PRAGMA table_list") if row[0] == "main" and row[1] != "sqlite_schema"]
    assert len(tables) >= 12
    assert all(row[5] for row in tables)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entry SET record = x'' WHERE seq = 2",
        "UPDATE entry SET hash = x''",
        "DELETE FROM entry WHERE seq = 6",
        "DELETE FROM entry",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE seq = 3",
        "INSERT INTO entry SELECT 13, x'00', x'00', capture, context, x'', x'', x'', NULL FROM entry WHERE seq = 3",
        "UPDATE capture SET author = 'another'",
        "DELETE FROM capture",
        "UPDATE context SET content = x''",
        "DELETE FROM context",
        "UPDATE body SET content = x''",
    ],
)
def test_the_ledger_refuses_changes(path: Path, raw: apsw.Connection, change: str) -> None:
    """No statement changes, takes away or slips in an entry, its capture, its context or its body."""
    with pytest.raises(apsw.ConstraintError, match="append-only"):
        raw.execute(change)
    assert verified(path) == 6


@pytest.mark.parametrize(
    ("change", "entry", "what"),
    [
        ("UPDATE entry SET record = (SELECT record FROM entry WHERE seq = 2) WHERE seq = 4", 4, "the entry"),
        ("UPDATE entry SET hash = zeroblob(32) WHERE seq = 3", 3, "the entry"),
        ("UPDATE entry SET body_digest = zeroblob(32) WHERE seq = 5", 5, "the body"),
        ("UPDATE body SET content = (SELECT content FROM body WHERE seq = 1) WHERE seq = 6", 6, "the body"),
        ("UPDATE body SET content = x'ff' WHERE seq = 6", 6, "the body"),
        ("UPDATE context SET content = x'7b7d'", 2, "the entry"),
        ("UPDATE entry SET context = NULL WHERE seq = 4", 4, "the entry"),
        ("UPDATE entry SET attestation = 'bound' WHERE seq = 2", 2, "the entry"),
        ("UPDATE capture SET author = 'another'", 1, "the entry"),
        ("UPDATE capture SET accepted = accepted + 1", 1, "the entry"),
        ("DELETE FROM entry WHERE seq = 3", 3, "the sequence"),
        ("UPDATE entry SET body_digest = zeroblob(32), context = NULL WHERE seq = 1; DELETE FROM body", 1, "the entry"),
    ],
)
def test_a_change_behind_our_back_is_named(
    path: Path, raw: apsw.Connection, change: str, entry: int, what: str
) -> None:
    """With the triggers taken off, what was changed breaks the chain, and the first broken entry is named."""
    triggers = [name for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")]
    raw.execute(";".join(f"DROP TRIGGER {name}" for name in triggers) + ";" + change)
    with pytest.raises(StoreDamaged, match=what) as caught:
        verified(path)
    assert (caught.value.where or "").endswith(f"ledger entry {entry}")


def test_an_erased_body_leaves_the_chain_whole(path: Path, raw: apsw.Connection) -> None:
    """A body can be taken away: the entry stays without it, and the chain agrees."""
    raw.execute("DELETE FROM body WHERE seq = 3")
    assert verified(path) == 6
    store = open_store(str(path), read_only=True)
    with store.snapshot() as reading:
        assert [bool(entry.event.body) for entry in reading.ledger.entries()] == [True, True, False, *[True] * 3]
    store.close()


def test_what_is_alike_is_kept_once(path: Path, raw: apsw.Connection) -> None:
    """One row for a run of entries captured alike, and one for a context."""
    assert raw.execute("SELECT count(*), min(id) FROM capture").get == (1, 1)
    assert raw.execute("SELECT count(*) FROM context").get == 1


def test_a_million_instances_that_moved_as_one_would_be_small(tmp_path: Path) -> None:
    """An instance that moved with others takes no more than 100 bytes in the graph beyond its own key."""
    store = open_store(str(tmp_path / "s.db"))
    shared, owners = part(0), [item(number) for number in range(20_000)]
    alike = [Part(owner, shared.vertices, shared.flows, line(owner, 0, 2)) for owner in owners]
    with store.transaction() as writing:
        writing.graph.replace(alike, 1)
    store.close()
    keys = sum(2 * len(owner) for owner in owners)  # in the dictionary and its index
    assert (tmp_path / "s.db").stat().st_size - keys < 100 * len(owners)


def test_bodies_deflate_with_words_of_epcis() -> None:
    """The dictionary more than halves a short event beyond what deflating alone does, and it comes back."""
    words = (SOURCES / "body_dictionary.txt").read_bytes()
    body = corrected(event(1)).body
    with_words, without = BodyCodec(words), BodyCodec(b"")
    assert with_words.inflate(with_words.deflate(body)) == body
    assert len(with_words.deflate(body)) < 0.8 * len(without.deflate(body))


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_every_query_is_run_and_uses_an_index(raw: apsw.Connection, name: str) -> None:
    """Each query in the files is used by name, is understood by SQLite, and searches rather than scans."""
    query = QUERIES[name]
    sources = "".join(file.read_text() for file in (*SOURCES.glob("*.py"), *SOURCES.parent.glob("*.py")))
    assert f'"{name.partition(":")[2]}"' in sources
    bindings = dict.fromkeys(re.findall(r":(\w+)", query)) or (None,) * query.count("?")
    plan = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {query}", bindings)]
    scans = [step for step in plan if step.startswith("SCAN") and "json_each" not in step]
    assert not scans or name in READS_ALL
    assert not any("USE TEMP B-TREE FOR ORDER BY" in step for step in plan if "closed_since" not in name)


def test_a_name_given_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two queries of one name in a file are an error of the file."""
    package = tmp_path / "two_names"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "q.sql").write_text("-- name: a\nSELECT 1\n-- name: a\nSELECT 2\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ValueError, match="given twice"):
        load_queries("two_names", "q.sql")


def test_the_store_is_closed_once_and_for_all(path: Path) -> None:
    """Closing folds the log in and leaves one file."""
    store: SqliteStore = open_store(str(path))
    with store.transaction() as writing:
        writing.ledger.append([event(99)], CAPTURE)
    assert path.with_name("s.db-wal").exists()
    store.close()
    store.close()
    assert [file.name for file in path.parent.iterdir()] == ["s.db"]
