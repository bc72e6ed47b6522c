"""The Neo4j store against bare Cypher: loading, walking, following. In: how many events. Out: a section of the page.

`make bench-neo4j NEO4J_EVENTS=5000` starts a server and loads a generated chain in the way of `suyuan load`; beside it,
with the same constraints and indexes, the same nodes and relationships are made by bare `UNWIND … CREATE`. A graph of
chains is walked by the index, by the store's own Cypher and by the bare quantified pattern; and one event is appended
and followed. Exit code 1 where a claim does not hold.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from neo4j import Driver, GraphDatabase, Session

from api.generate.stream import write_stream
from api.loading import Loading
from api.session import open_session
from benchmarks.chains import HOUR, Chains
from benchmarks.kernel import filters_of
from benchmarks.measuring import Claim, Measured, Report, machine, measure
from engine.capture import capture
from engine.index import FlowIndex, Starts, open_index, walk
from engine.index.following import IndexFollower
from engine.ledger import Capture
from engine.stores.neo4j import Neo4jStore, open_store
from engine.stores.neo4j.session import BATCH
from engine.stores.ports import Ground
from graph_schema.flow_graph import CONTACT_KINDS, FlowKind, Grade, Part
from tests.neo4j_server.server import Neo4jServer, local_server
from tests.stores.databases import address_of, emptied, location_of
from tests.stores.examples import event

SEED, CHAINS, SIZE = 7, 2, 10_000
LEAST_LOAD, LONGEST_REFRESH = 0.35, 0.1
LONGEST_WALK, LEAST_FASTER = 1.3, 50
"""How many times as long as a bare pattern our Cypher may take, and how many times faster the index is to be."""

_NODES = "MATCH (n) WHERE NOT n:Migration RETURN labels(n) AS labels, properties(n) AS properties, elementId(n) AS id"
_JOINS = "MATCH (a)-[r]->(b) RETURN elementId(a) AS a, type(r) AS type, properties(r) AS properties, elementId(b) AS b"
_REACH = """
MATCH (:Vertex {id: $id}) (()-[f:FLOWS_TO WHERE f.to_seq IS NULL]->()){1,} (there:Vertex)
RETURN count(DISTINCT there)
"""
_BARE_REACH = "MATCH (:Vertex {id: $id}) (()-[:FLOWS_TO]->()){1,} (there) RETURN DISTINCT there.id"

Rows = list[dict[str, Any]]


def load_report(driver: Driver, server: Neo4jServer, events: int) -> Report:
    """Loading, and the same nodes and relationships made bare."""
    with tempfile.TemporaryDirectory() as folder:
        ours, counted = _loaded(server, events, Path(folder)), _counted(driver)
    bare = _bare(driver, server)
    assert _counted(driver) == counted, "the peers disagree"
    share = bare / ours
    claim = Claim(f"A load is at least {LEAST_LOAD} as fast as bare creation ({share:.2f})", share >= LEAST_LOAD)
    setting = f"{events:,} events: {counted[0]:,} nodes and {counted[1]:,} relationships, in batches of {BATCH:,}"
    measured = (Measured("`suyuan load`", (ours,)), Measured("bare `UNWIND … CREATE`", (bare,)))
    return Report("Neo4j: loading", setting, measured, (claim,))


def walk_report(driver: Driver, server: Neo4jServer) -> Report:
    """A walk over the index, the same in our Cypher, and the bare quantified pattern."""
    chains = Chains.random(CHAINS, SIZE)
    first = chains.ids[0]
    with closing(_chained(server, chains)) as store, store.snapshot() as reading:
        index = open_index(None, reading)
        start, filters = Starts.of([index.number(first)]), filters_of(index)
        reached = {index.id(vertex) for vertex in walk(index, start, filters).reached.tolist()} - {first}
        ours = measure("`walk` over the index", lambda: walk(index, start, filters), times=10)
        port, ground = store.walk(), _ground_of(index)
        assert port.reached([first], ground) == reached, "the index and the database disagree"
        cypher = measure("`reached` of walk.cypher", lambda: port.reached([first], ground), times=10)
        with driver.session(database="neo4j") as session:
            bare, counted = _bare_walks(session, first.hex(), reached)
    return Report(
        "Neo4j: walking",
        f"{len(reached):,} reached of {CHAINS * SIZE:,}",
        (ours, cypher, bare, counted),
        _walk_claims(ours, cypher, bare, counted),
    )


def _walk_claims(ours: Measured, cypher: Measured, bare: Measured, counted: Measured) -> tuple[Claim, ...]:
    faster, longer, by_index = (
        counted.fastest / ours.fastest,
        cypher.fastest / bare.fastest,
        cypher.fastest / ours.fastest,
    )
    return (
        Claim(f"The index is faster than a bare pattern in Cypher ({faster:.0f} times)", faster > 1),
        Claim(
            f"The walk in Cypher takes at most {LONGEST_WALK} times the bare pattern ({longer:.2f})",
            longer <= LONGEST_WALK,
        ),
        Claim(
            f"The index is at least {LEAST_FASTER} times faster than the walk in Cypher ({by_index:.0f})",
            by_index >= LEAST_FASTER,
        ),
    )


def _chained(server: Neo4jServer, chains: Chains) -> Neo4jStore:
    """A store that holds chains and nothing else."""
    emptied(address_of(server))
    rows = chains.snapshot().graph
    part = Part("chains", tuple(r.vertex for r in rows.vertices()), tuple(r.flow for r in rows.flows()))
    store = open_store(address_of(server))
    capture(store, [event(10_000)], Capture("bench", "0", "", 0))
    with store.transaction() as writing:
        writing.graph.replace([part], 1)
    return store


def _ground_of(index: FlowIndex) -> Ground:
    """Every filter at work, none in the way, as `filters_of` has them."""
    return Ground(
        back=False,
        position=index.position,
        edition=index.edition,
        grades=tuple(Grade),
        kinds=tuple(kind for kind in FlowKind if kind not in CONTACT_KINDS),
        since=0,
        until=CHAINS * SIZE * HOUR,
    )


def _bare_walks(session: Session, first: str, reached: set[bytes]) -> tuple[Measured, Measured]:
    """The bare pattern, handing over what it reached, and counting it."""
    told = {bytes.fromhex(there) for there in session.run(_BARE_REACH, id=first).value()}
    counted = session.run(_REACH, id=first).single(strict=True)[0]
    assert (told, counted) == (reached, len(reached)), "the peers disagree"
    return (
        measure("bare quantified pattern", lambda: session.run(_BARE_REACH, id=first).value(), times=10),
        measure("bare quantified pattern, counted", lambda: session.run(_REACH, id=first).single(), times=10),
    )


def follow_report(server: Neo4jServer) -> Report:
    """The index brought up to one event more, on what is in the database."""
    store, follower = open_store(address_of(server)), IndexFollower()

    def follow() -> None:
        with store.snapshot() as reading:
            follower.follow(reading)

    seconds = []
    follow()
    for number in range(10):
        capture(store, [event(number)], Capture("bench", str(number), "", number))
        before = time.perf_counter()
        follow()
        seconds.append(time.perf_counter() - before)
    store.close()
    followed = Measured("index brought up to one event more", tuple(seconds))
    claim = Claim(f"That takes less than {1000 * LONGEST_REFRESH:.0f} ms", followed.fastest < LONGEST_REFRESH)
    return Report("Neo4j: following", f"{CHAINS * SIZE:,} vertices", (followed,), (claim,))


def _loaded(server: Neo4jServer, events: int, folder: Path) -> float:
    source = folder / "world.ndjson"
    with source.open("wb") as lines, Path("/dev/null").open("wb") as truth:
        for _ in write_stream(events, SEED, lines, truth):
            pass
    emptied(address_of(server))
    with open_session(location_of(server), to_write=True) as session:
        before = time.perf_counter()
        Loading(session, "bench").load([source])
        return time.perf_counter() - before


def _counted(driver: Driver) -> tuple[int, int]:
    with driver.session(database="neo4j") as session:
        nodes = session.run("MATCH (n) WHERE NOT n:Migration RETURN count(n)").single(strict=True)[0]
        return nodes, session.run("MATCH ()-[r]->() RETURN count(r)").single(strict=True)[0]


def _bare(driver: Driver, server: Neo4jServer) -> float:
    """What is in the database made anew, by labels and type; the seconds it took."""
    with driver.session(database="neo4j") as session:
        nodes, joins = session.run(_NODES).data(), session.run(_JOINS).data()
    emptied(address_of(server))
    before = time.perf_counter()
    with driver.session(database="neo4j") as session:
        ids: dict[str, str] = {}
        for labels, some in _by(nodes, lambda node: ":".join(node["labels"])):
            query = f"UNWIND $rows AS row CREATE (n:{labels}) SET n = row.properties RETURN row.id, elementId(n)"
            for batch in _batches(some):
                ids.update(dict(session.run(query, rows=batch).values()))
        for kind, some in _by(joins, lambda join: join["type"]):
            query = (
                "UNWIND $rows AS row MATCH (a) WHERE elementId(a) = row.a MATCH (b) WHERE elementId(b) = row.b "
                f"CREATE (a)-[r:{kind}]->(b) SET r = row.properties"
            )
            for batch in _batches([join | {"a": ids[join["a"]], "b": ids[join["b"]]} for join in some]):
                session.run(query, rows=batch).consume()
    return time.perf_counter() - before


def _by(rows: Rows, key: Any) -> Iterator[tuple[str, Rows]]:
    kinds: dict[str, Rows] = {}
    for row in rows:
        kinds.setdefault(key(row), []).append(row)
    yield from kinds.items()


def _batches(rows: Rows) -> Iterator[Rows]:
    remaining = iter(rows)
    while some := list(islice(remaining, BATCH)):
        yield some


def main() -> int:
    """Print the sections; 0 where every claim holds."""
    from benchmarks.__main__ import section

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--events", type=int, default=5_000)
    events = asked.parse_args().events
    with (
        local_server() as server,
        GraphDatabase.driver(server.uri, auth=(server.user, server.password)) as driver,
    ):
        reports = [load_report(driver, server, events), walk_report(driver, server), follow_report(server)]
    print(f"Machine: {machine()}.", *map(section, reports), sep="\n")
    return 0 if all(claim.holds for report in reports for claim in report.claims) else 1


if __name__ == "__main__":
    sys.exit(main())
