"""The graph that people open says what the rows say, whatever came in which order, and in the words of the schema."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from neo4j import Driver

from engine.capture import capture, rebuild
from engine.stores.neo4j import Neo4jStore, open_store
from graph_schema.event import Event
from graph_schema.property_graph import BOOKS, LABELS, RELATIONSHIPS
from tests.neo4j_server.fixture import AnyServer, connect
from tests.stores.databases import address_of, emptied, load_outbreak
from tests.stores.drawn import DRAWN, RECORDED, recorded, sentences
from tests.stores.examples import event
from tests.stores.test_laws_everywhere import BY
from tests.worlds.reading import read_events
from tests.worlds.trial import TRIALS, records_of

WORLDS = [("thinned", 2_003), ("thinned", 2_019), ("complete", 2_023), ("complete", 2_027), ("thinned", 2_008)]
PIECES = 4
SITE, OWNED = "https://id.gs1.org/414/9521101000018", b'{"role": "producer", "owning_party": "urn:x:p"}'

EVERYTHING = """
MATCH (a)
OPTIONAL MATCH (a)-[r]->(b)
UNWIND labels(a) AS label
RETURN a.id, label, type(r), b.id
"""
AS_SCHEMA_1 = (
    "MATCH ()-[r:RECORDS|STARTS_IN|ENDS_IN|ENTERED]->() DELETE r",
    "MATCH (n:Shipment|Party) DETACH DELETE n",
    "MATCH (i:Item) REMOVE i:Instance:Batch:ProductClass:LogisticUnit",
    "MATCH (s:Site) REMOVE s:Producer",
    "MATCH (n:Mark) DELETE n",
    "MATCH (m:Migration) WHERE m.number > 1 DELETE m",
    "DROP CONSTRAINT party_id",
    "DROP CONSTRAINT shipment_id",
    "DROP CONSTRAINT mark_position",
)
"""What schema 1 had not."""

NAMED = {
    *LABELS,
    *(f"{label}.{name}" for label, told in LABELS.items() for name in told.properties),
    *(f"{start} {kind} {end}" for kind, told in RELATIONSHIPS.items() for start, end in told.ends),
    *(f"{kind}.{name}" for kind, told in RELATIONSHIPS.items() for name in told.properties),
}
"""Every word of the schema: labels, properties, relationships with their ends."""

ABSENT = {
    "single things": {
        "Instance", "Instance STARTS_IN Holding", "Instance ENDS_IN Holding", "Instance ENTERED Ending",
        "Instance ENTERED Transformation", "LogisticUnit ENTERED Ending", "LogisticUnit ENTERED Transformation",
        "ENTERED.from_seq", "ENTERED.to_seq", "ENTERED.grade", "ENTERED.grade_name", "ENTERED.holding",
    },
    "contact": {word for word in NAMED if "TOUCHED" in word},
    "what came late": {
        "Vertex.to_seq", "FLOWS_TO.to_seq", "FROM.to_seq", "TO.to_seq", "STARTS_IN.to_seq", "ENDS_IN.to_seq",
        "OPERATES.to_seq",
    },
    "doubt": {"Pool", "Pool FLOWS_TO Holding", "Holding FLOWS_TO Pool", "Pool FLOWS_TO Pool"},
    "a running process": {"Transformation FLOWS_TO Transformation", "Event.transformation_id"},
    "an error declaration": {"Event.error"},
    "users who are bound to sites": {"Event.attestation"},
    "words of its own that need a context": {"Event.context"},
    "sites of this role": {"Processor", "Storage", "Carrier", "User"},
}  # fmt: skip
"""What the demo has not, and the words for it."""


@pytest.fixture
def database(neo4j_server: AnyServer) -> Iterator[Neo4jStore]:
    """A database with nothing in it."""
    emptied(address_of(neo4j_server))
    store = open_store(address_of(neo4j_server))
    yield store
    store.close()


@pytest.fixture
def driver(neo4j_server: AnyServer) -> Iterator[Driver]:
    """What an analyst connects with."""
    with connect(neo4j_server) as driver:
        yield driver


def rows(driver: Driver, query: str, **parameters: object) -> set[tuple[object, ...]]:
    """What a question is answered with."""
    found = driver.execute_query(query, parameters, database_="neo4j").records
    return {tuple(record.values()) for record in found}


def world(name: str, seed: int) -> list[Event]:
    """The events of a random world."""
    trial = TRIALS[name]
    cases = trial.cases(trial.world(seed), 4)
    return read_events(record.event for record in records_of(cases[0]))


@pytest.mark.parametrize(("name", "seed"), WORLDS)
def test_sentences_are_those_of_the_rows(name: str, seed: int, database: Neo4jStore, driver: Driver) -> None:
    """Shipments, records and single things as rows tell, at every position, the last piece first; and rebuilt."""
    events = world(name, seed)
    size = len(events) // PIECES + 1
    for first in range(0, len(events), size):
        capture(database, events[::-1][first : first + size], BY)
    for _ in range(2):
        with database.snapshot() as reading:
            last = reading.ledger.head().position
            for at in (*range(size, last, size), last):
                assert rows(driver, DRAWN, at=at) == sentences(reading, at)
            assert rows(driver, RECORDED) == recorded(reading, last)
        rebuild(database)
    assert unknown_words(words(driver)) == set()


def test_a_database_of_schema_1_is_drawn_anew(database: Neo4jStore, driver: Driver, neo4j_server: AnyServer) -> None:
    """Brought up to date by the first writer and then rebuilt, it has what one of this schema has."""
    capture(database, world("complete", 2_023), BY, [(SITE, "site", OWNED)])
    before = rows(driver, EVERYTHING)
    for query in AS_SCHEMA_1:
        driver.execute_query(query, database_="neo4j")
    assert rows(driver, EVERYTHING) != before
    again = open_store(address_of(neo4j_server))
    rebuild(again)
    again.close()
    assert rows(driver, EVERYTHING) == before
    assert rows(driver, "SHOW CONSTRAINTS YIELD name RETURN name") >= {("party_id",), ("shipment_id",)}


def test_who_operates_a_site_is_as_master_data_last_told(database: Neo4jStore, driver: Driver) -> None:
    """A former operator has an end; roles are labels where they are words for one."""
    capture(database, [event(1)], BY, [(SITE, "site", OWNED)])
    capture(database, [event(2)], BY, [(SITE, "site", b'{"role": "ColdStore", "owning_party": "urn:x:new"}')])
    operators = "MATCH (p:Party)-[r:OPERATES]->(s:Site) RETURN p.id, s.id, r.from_seq, r.to_seq"
    assert rows(driver, operators) == {("urn:x:p", SITE, 1, 2), ("urn:x:new", SITE, 2, None)}
    assert rows(driver, "MATCH (s:Site {id: $id}) UNWIND labels(s) AS label RETURN label", id=SITE) == {
        ("Site",), ("Storage",),
    }  # fmt: skip


def test_what_is_in_the_demo_is_named_and_what_is_named_is_there(
    neo4j_server: AnyServer, driver: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Labels, relationships with their ends, and properties; but for what the demo has not."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    load_outbreak(neo4j_server)
    found = words(driver)
    assert unknown_words(found) == set()
    assert NAMED - found == set().union(*ABSENT.values())


def words(driver: Driver) -> set[str]:
    """Every word that is there, books left out; a node that is no book has each label's neighbour beside it."""
    found: set[str] = set()
    nodes = "MATCH (n) RETURN DISTINCT labels(n), keys(n)"
    for labels, properties in driver.execute_query(nodes, database_="neo4j").records:
        if set(labels) & set(BOOKS):
            continue
        assert {LABELS[label].beside for label in labels if label in LABELS} <= {None, *labels}
        found |= {*labels, *(_property(labels, name) for name in properties)}
    joins = "MATCH (a)-[r]->(b) RETURN DISTINCT labels(a), type(r), labels(b), keys(r)"
    for start, kind, end, properties in driver.execute_query(joins, database_="neo4j").records:
        found |= {_joined(start, kind, end), *(f"{kind}.{name}" for name in properties)}
    return found


def unknown_words(found: set[str]) -> set[str]:
    """Those that the schema does not name."""
    return found - NAMED


def _property(labels: list[str], name: str) -> str:
    """A property of the label that names it."""
    of = [label for label in labels if label in LABELS and name in LABELS[label].properties]
    return f"{of[0] if of else labels[0]}.{name}"


def _joined(start: list[str], kind: str, end: list[str]) -> str:
    """A relationship with the ends that name it."""
    ends = RELATIONSHIPS[kind].ends if kind in RELATIONSHIPS else []
    named = [one for one in ends if one[0] in start and one[1] in end]
    first, last = named[0] if named else (start[-1], end[-1])
    return f"{first} {kind} {last}"
