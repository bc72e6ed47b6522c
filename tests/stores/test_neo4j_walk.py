"""The walks in Cypher: how the server plans them, that they agree with the arrays, and what they refuse or cut."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from neo4j import Driver, GraphDatabase

from engine.answer_json import as_json
from engine.capture import capture
from engine.index import ARRAYS, Direction, Filters, FlowIndex, Starts, StoreWalker, Walker, open_index, passing
from engine.index.store_walk import _ground
from engine.ledger import Capture
from engine.question import ItemSeed, KillStepRule, LeaveOutRule, Options, Question, Rule
from engine.stores.neo4j import Neo4jStore
from engine.stores.neo4j import open_store as open_database
from engine.stores.neo4j import walk as walk_module
from engine.stores.neo4j.walk import parameters_of
from engine.stores.ports import Ground
from engine.trace import trace
from graph_schema.errors import LimitExceeded, NotSupported
from graph_schema.flow_graph import Flow, FlowKind, Grade, Part, Vertex, VertexKind
from graph_schema.interval import BEGINNING, END
from tests.index.histories import random_history
from tests.index.test_walk import chosen
from tests.index.test_with_the_store import put
from tests.neo4j_server.fixture import AnyServer
from tests.questions.telling import CHAIN, day, item, site
from tests.stores.databases import address_of, emptied
from tests.stores.examples import event

QUERIES = walk_module._CYPHER
EVERYTHING = Ground(
    back=False, position=1, edition=0, grades=tuple(Grade), kinds=tuple(FlowKind), since=BEGINNING, until=END
)
MANY = 1_000
CHAIN_LENGTH = 1_000
ENUMERATES = "MATCH (:Vertex {id: $keys[0]})-[f:FLOWS_TO*1..]->(there) RETURN there.id, f"
SCANS = "MATCH (v:Vertex) WHERE v.role IN $keys RETURN v.id"
SCANS_FLOWS = "MATCH (a)-[f:FLOWS_TO]->(b) WHERE f.kind IN $keys RETURN a.id"


@pytest.fixture
def database(neo4j_server: AnyServer) -> Iterator[Neo4jStore]:
    """An empty database."""
    emptied(address_of(neo4j_server))
    store = open_database(address_of(neo4j_server))
    yield store
    store.close()


@pytest.fixture
def driver(neo4j_server: AnyServer) -> Iterator[Driver]:
    """Bare access to it."""
    with GraphDatabase.driver(neo4j_server.uri, auth=(neo4j_server.user, neo4j_server.password)) as driver:
        yield driver


def name(number: int) -> bytes:
    """The id of a vertex of `drawn`."""
    return number.to_bytes(16, "big")


def drawn(store: Neo4jStore, pairs: Collection[tuple[int, int]]) -> None:
    """A graph of recorded moves at position 1."""
    vertices = [
        Vertex(name(n), VertexKind.HOLDING, "urn:lot:a", None) for n in sorted({n for pair in pairs for n in pair})
    ]
    flows = [Flow(name(a), name(b), FlowKind.MOVE, Grade.RECORDED) for a, b in pairs]
    with store.transaction() as writing:
        writing.ledger.append([event(1)], Capture("", "drawn", "", 0))
        writing.graph.replace([Part("urn:graph", tuple(vertices), tuple(flows))], 1)


def meeting(seeds: int) -> list[tuple[int, int]]:
    """Flows from so many seeds into one vertex, and from there into another."""
    return [*((seed, seeds) for seed in range(seeds)), (seeds, seeds + 1)]


def operators(plan: dict[str, Any]) -> Iterator[str]:
    """Every operator of a plan, without the name of the database."""
    yield plan["operatorType"].partition("@")[0]
    for child in plan.get("children", ()):
        yield from operators(child)


def faults(plan: dict[str, Any]) -> list[str]:
    """The operators that read what no walk of a few starts should read, or that tell one path from another."""
    return [
        operator
        for operator in operators(plan)
        if "Scan" in operator
        or "Repeat" in operator
        or "Trail" in operator
        or "Shortest" in operator
        or (operator.startswith("VarLengthExpand") and "Pruning,BFS" not in operator)
    ]


def planned(driver: Driver, query: str, keys: int) -> dict[str, Any]:
    """How the server would run a query from so many starts."""
    given = {"keys": [name(number).hex() for number in range(keys)], **parameters_of(EVERYTHING)}
    with driver.session(database="neo4j") as session:
        plan = session.run(f"EXPLAIN {query}", given).consume().plan
    assert plan is not None
    return plan


@pytest.mark.parametrize("keys", [1, MANY])
def test_no_walk_scans_or_tells_paths_apart(keys: int, database: Neo4jStore, driver: Driver) -> None:
    """Every start is found by its index; a walk over several steps is pruned, breadth first."""
    drawn(database, meeting(MANY))
    for query, text in QUERIES.items():
        plan = planned(driver, text, keys)
        assert faults(plan) == [], query
        assert "NodeUniqueIndexSeek" in set(operators(plan)), query
        pruned = any(operator.startswith("VarLengthExpand(Pruning,BFS") for operator in operators(plan))
        assert pruned is query.startswith("reached"), query


@pytest.mark.parametrize("query", [ENUMERATES, SCANS, SCANS_FLOWS])
def test_a_plan_that_scans_or_tells_paths_apart_is_noticed(query: str, database: Neo4jStore, driver: Driver) -> None:
    """What the test above looks for is what the server calls it."""
    drawn(database, meeting(2))
    assert faults(planned(driver, query, 1)) != []


@pytest.mark.parametrize("seeds", [2, MANY])
def test_seeds_that_meet_give_each_vertex_once(seeds: int, database: Neo4jStore, driver: Driver) -> None:
    """The server hands over a vertex once, however many seeds reach it, either way."""
    drawn(database, meeting(seeds))
    first, last = [name(n).hex() for n in range(seeds)], [name(seeds).hex(), name(seeds + 1).hex()]
    for query, keys, reached in (("reached_forward", first, last), ("reached_back", last, [*first, last[0]])):
        with driver.session(database="neo4j") as session:
            (told,) = session.run(QUERIES[query], keys=keys, **parameters_of(EVERYTHING)).value()
        assert sorted(told) == sorted(reached)


def entered(index: FlowIndex, filters: Filters, direction: Direction, left: list[int]) -> set[tuple[bytes, bytes]]:
    """Where flows that the filters let through lead from these, by the index: (where it leaves, where it leads)."""
    near, far = ("source", "target") if direction is Direction.FORWARD else ("target", "source")
    edges = index.edges.where(near, left)
    edges = edges[passing(index, filters, edges)]
    pairs = zip(index.edges[near][edges].tolist(), index.edges[far][edges].tolist(), strict=True)
    return {(index.id(one), index.id(other)) for one, other in pairs}


@pytest.mark.parametrize("seed", range(12))
def test_the_server_agrees_with_the_arrays(seed: int, database: Neo4jStore) -> None:
    """Under filters of grade, kind, window and position, forward and back: steps, walks, and which seeds reach what."""
    history = random_history(seed)
    for position in range(1, history.position + 1):
        put(database, history, position)
    with database.snapshot() as snapshot:
        index = open_index(None, snapshot)
    rng, port = random.Random(seed), database.walk()
    for direction in (*Direction, *Direction):
        starts, filters = chosen(index, rng)
        filters = replace(filters, left_out_vertices=None, left_out_edges=None)
        assert_ports_agree(index, starts, filters, direction, database)
        for bounded in (filters, replace(filters, max_depth=rng.randint(0, 2))):
            assert_walks_agree(index, starts, bounded, direction, StoreWalker(port))


def assert_ports_agree(
    index: FlowIndex, starts: Starts, filters: Filters, direction: Direction, database: Neo4jStore
) -> None:
    """What the port enters from some vertices, in one step and in any number."""
    ground, port = _ground(index, filters, direction), database.walk()
    near = starts.vertices.tolist()
    ids = [index.id(vertex) for vertex in near]
    assert port.steps(ids, ground) == entered(index, filters, direction, near)
    walked = ARRAYS.walk(index, Starts.of(near), filters, direction).reached.tolist()
    assert port.reached(ids, ground) == {there for _, there in entered(index, filters, direction, walked)}


def assert_walks_agree(
    index: FlowIndex, starts: Starts, filters: Filters, direction: Direction, walker: StoreWalker
) -> None:
    """Levels, parents, order, what is complete, and which seeds reach what."""
    ours, theirs = (who.walk(index, starts, filters, direction) for who in (ARRAYS, walker))
    assert np.array_equal(ours.levels, theirs.levels)
    assert np.array_equal(ours.reached, theirs.reached)
    assert np.array_equal(ours.parents[ours.reached], theirs.parents[ours.reached])
    assert (ours.complete, set(ours.frontier.tolist())) == (theirs.complete, set(theirs.frontier.tolist()))
    one, other = (who.seeds(index, starts, ours, filters, seed_count=1) for who in (ARRAYS, walker))
    assert np.array_equal(one, other)


def asked(store: Neo4jStore, walker: Walker, *seeds: str, options: Options) -> object:
    """The JSON of a forward trace."""
    question = Question(tuple(ItemSeed(item(seed)) for seed in seeds), options=options)
    with store.snapshot() as snapshot:
        return as_json(trace(open_index(None, snapshot), snapshot, question, walker))


@pytest.mark.parametrize(
    "rule", [LeaveOutRule(sites=(site("B"),)), LeaveOutRule(events=(CHAIN[1].id,)), KillStepRule("shipping")]
)
def test_what_is_left_out_is_refused_by_name(rule: Rule, database: Neo4jStore) -> None:
    """Sites, events and kill steps are the index's to leave out, and the refusal says how to ask it."""
    capture(database, CHAIN, Capture("", "told", "", day(100)))
    with pytest.raises(NotSupported, match="SUYUAN_WALK=index"):
        asked(database, StoreWalker(database.walk()), "X", options=Options(rules=(rule,)))


def test_seeds_of_a_walk_that_a_depth_cut_are_told_apart(database: Neo4jStore) -> None:
    """As the arrays tell them: by way of what the walk reached alone."""
    capture(database, CHAIN, Capture("", "told", "", day(100)))
    for depth in range(4):
        options = Options(max_depth=depth)
        ours, theirs = (
            asked(database, who, "X", "Y", options=options) for who in (ARRAYS, StoreWalker(database.walk()))
        )
        assert ours == theirs


def test_a_budget_is_refused_by_name(database: Neo4jStore) -> None:
    """A walk in the database does not count what it reaches."""
    drawn(database, meeting(2))
    with database.snapshot() as snapshot:
        index = open_index(None, snapshot)
    with pytest.raises(NotSupported, match="SUYUAN_WALK=index"):
        StoreWalker(database.walk()).walk(index, Starts.of([0]), Filters(budget=1), Direction.FORWARD)


def test_a_walk_that_takes_too_long_is_cut_and_says_where(database: Neo4jStore) -> None:
    """The server ends a query that is older than it may be: what was reached is told, with where it stopped."""
    drawn(database, [(n, n + 1) for n in range(CHAIN_LENGTH)])
    with database.snapshot() as snapshot:
        index = open_index(None, snapshot)
    start, hurried = Starts.of([index.number(name(0))]), StoreWalker(database.walk(seconds=0.001))
    # The server looks for what is too old now and then, and may find nothing between two quick queries.
    walks = (hurried.walk(index, start, Filters(), Direction.FORWARD) for _ in range(30))
    found = next(walked for walked in walks if not walked.complete)
    assert 0 < len(found.reached) <= CHAIN_LENGTH
    assert found.frontier.tolist() == [index.number(name(len(found.reached) - 1))]
    on = ARRAYS.walk(index, Starts.of(found.frontier), Filters(), Direction.FORWARD)
    assert len(found.reached) + len(on.reached) - 1 == CHAIN_LENGTH + 1


class Impatient:
    """Walks so many steps, and is then out of time."""

    def __init__(self, store: Neo4jStore, steps: int) -> None:
        self._port = store.walk()
        self._left = steps

    def reached(self, starts: Collection[bytes], ground: Ground) -> set[bytes]:
        """As the server."""
        return self._port.reached(starts, ground)

    def steps(self, near: Collection[bytes], ground: Ground) -> set[tuple[bytes, bytes]]:
        """As the server, while there is time."""
        self._left -= 1
        if self._left < 0:
            raise LimitExceeded("the question took longer than it may", where="here", remedy="Ask for less at once.")
        return self._port.steps(near, ground)


def test_an_answer_whose_walk_was_cut_says_that_it_is_not_complete(database: Neo4jStore) -> None:
    """`complete` is false, and what was reached is in the answer."""
    capture(database, CHAIN, Capture("", "told", "", day(100)))
    whole = asked(database, StoreWalker(database.walk()), "X", options=Options())
    cut = asked(database, StoreWalker(Impatient(database, 0)), "X", options=Options())
    assert isinstance(whole, dict)
    assert isinstance(cut, dict)
    assert (whole["complete"], cut["complete"]) == (True, False)
    assert {thing["id"] for thing in cut["items"]} < {thing["id"] for thing in whole["items"]}
