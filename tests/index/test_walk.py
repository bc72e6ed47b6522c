"""A walk reaches what a breadth first search of networkx reaches, with the same filters, and says where it was cut."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.index import (
    EVERY_GRADE,
    FLOW_KINDS,
    RECORDED_ONLY,
    Direction,
    Filters,
    FlowIndex,
    Starts,
    Walk,
    above,
    below,
    grade_mask,
    kind_mask,
    open_index,
    walk,
    walk_seeds,
    warm,
)
from engine.index.grouping import group
from engine.index.kernel import reach, spread
from engine.index.keys import find, insert, refill
from graph_schema.flow_graph import CONTACT_KINDS, Flow, FlowKind, Grade, Vertex, VertexKind
from graph_schema.interval import BEGINNING, END, Interval
from tests.index.histories import History, State, random_history
from tests.index.judge import departs_in, graph_of, levels_from

seeds = st.integers(0, 2**32)
EVERY_KIND = kind_mask(FlowKind)


def index_of(seed: int) -> FlowIndex:
    """An index with early and late rows, whatever the seed."""
    history = random_history(seed)
    return open_index(None, history.snapshot(seed % 6)).refresh(history.snapshot())


def levels_of(found: Walk) -> dict[int, int]:
    return {vertex: int(found.levels[vertex]) for vertex in found.reached.tolist()}


def chosen(index: FlowIndex, rng: random.Random) -> tuple[Starts, Filters]:
    """Starts and filters drawn at random, every filter at work."""
    vertices = rng.sample(range(index.vertex_count), min(index.vertex_count, rng.randint(0, 3)))
    edges = rng.sample(range(index.edge_count), min(index.edge_count, rng.randint(0, 3)))
    starts = Starts.union(
        [Starts.of(vertices, grade=rng.choice(list(Grade))), Starts.of(edges=edges, grade=rng.choice(list(Grade)))]
    )
    since = rng.choice([BEGINNING, rng.randint(0, 60)])
    filters = Filters(
        grades=rng.choice([EVERY_GRADE, EVERY_GRADE, grade_mask(rng.choice(list(Grade)))]),
        kinds=rng.choice([EVERY_KIND, FLOW_KINDS, kind_mask(rng.sample(list(FlowKind), 6))]),
        since=since,
        until=rng.choice([END, max(since, 0) + rng.randint(0, 60)]),
        at=rng.choice([None, rng.randint(0, index.position)]),
        left_out_vertices=rng.choice([None, _mask(index.vertex_count, rng)]),
        left_out_edges=rng.choice([None, _mask(index.edge_count, rng)]),
    )
    return starts, filters


def one_of(index: FlowIndex, rng: random.Random) -> list[int]:
    """A vertex, where there is one."""
    return rng.sample(range(index.vertex_count), min(index.vertex_count, 1))


def _mask(length: int, rng: random.Random) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array([rng.random() < 0.2 for _ in range(length)], np.bool_)


def filtered(index: FlowIndex, filters: Filters) -> nx.MultiDiGraph[int]:
    """The graph of networkx that holds the flows which the filters let through."""

    def keep(edge: int, flow: Flow) -> bool:
        if not (filters.grades >> flow.grade) & 1 or not (filters.kinds >> flow.kind) & 1:
            return False
        left_out = filters.left_out_edges is not None and filters.left_out_edges[edge]
        return departs_in(flow, filters.since, filters.until) and not left_out

    graph = graph_of(index, index.position if filters.at is None else filters.at, keep)
    if filters.left_out_vertices is not None:
        graph.remove_nodes_from(np.flatnonzero(filters.left_out_vertices).tolist())
    return graph


def judged(index: FlowIndex, starts: Starts, filters: Filters, direction: Direction) -> dict[int, int]:
    """Levels as networkx finds them."""
    graph = filtered(index, filters)
    vertices = {
        vertex
        for vertex, grade in zip(starts.vertices.tolist(), starts.vertex_grades.tolist(), strict=True)
        if (filters.grades >> grade) & 1 and vertex in graph
    }
    ends = index.edges["source"], index.edges["target"]
    edges = {
        (int(ends[0][edge]), int(ends[1][edge]), edge)
        for edge, grade in zip(starts.edges.tolist(), starts.edge_grades.tolist(), strict=True)
        if (filters.grades >> grade) & 1
    }
    if direction is Direction.BACK:
        graph, edges = graph.reverse(), {(target, source, edge) for source, target, edge in edges}
    return levels_from(graph, vertices, edges)


@settings(max_examples=300, deadline=None)
@given(seeds, st.sampled_from(Direction))
def test_levels_are_those_of_networkx_under_every_filter(seed: int, direction: Direction) -> None:
    """A walk with all filters on has the levels of a breadth first search of the graph filtered beforehand."""
    index = index_of(seed)
    starts, filters = chosen(index, random.Random(seed))
    found = walk(index, starts, filters, direction)
    assert levels_of(found) == judged(index, starts, filters, direction)
    assert (found.levels >= 0).sum() == len(found.reached)
    assert found.complete
    assert not len(found.frontier)


@settings(max_examples=100, deadline=None)
@given(seeds, st.sampled_from(Direction))
def test_a_path_proves_its_vertex(seed: int, direction: Direction) -> None:
    """Each path is of followable flows, joined end to end, as long as the level, from a start to the vertex."""
    index = index_of(seed)
    starts, filters = chosen(index, random.Random(seed))
    graph = filtered(index, filters)
    found = walk(index, starts, filters, direction)
    forward = direction is Direction.FORWARD
    for vertex in found.reached.tolist():
        path = found.path(index, vertex)
        steps = [(int(index.edges["source"][edge]), int(index.edges["target"][edge]), edge) for edge in path]
        assert all(graph.has_edge(*step) for step in steps)
        joined = [step[0:2] if forward else step[1::-1] for step in steps]
        assert all(former[1] == later[0] for former, later in pairwise(joined))
        assert len(path) == found.levels[vertex]
        if path:
            assert joined[-1][1] == vertex
            assert path[0] in starts.edges or joined[0][0] in starts.vertices
        else:
            assert vertex in starts.vertices


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_forward_and_back_are_dual(seed: int) -> None:
    """One vertex is in the forward walk of another exactly where the other is in the back walk of the one."""
    index = index_of(seed)
    _, filters = chosen(index, random.Random(seed))

    def reach(vertex: int, direction: Direction) -> set[int]:
        return set(walk(index, Starts.of([vertex]), filters, direction).reached.tolist())

    forward = [reach(vertex, Direction.FORWARD) for vertex in range(index.vertex_count)]
    back = [reach(vertex, Direction.BACK) for vertex in range(index.vertex_count)]
    every = range(index.vertex_count)
    assert all((y in forward[x]) == (x in back[y]) for x in every for y in every)


@settings(max_examples=100, deadline=None)
@given(seeds, st.sampled_from(Direction))
def test_the_walk_of_a_union_is_the_union_of_the_walks(seed: int, direction: Direction) -> None:
    """Walking from all seeds at once reaches what walking from each reaches together."""
    index = index_of(seed)
    one, filters = chosen(index, random.Random(seed))
    other, _ = chosen(index, random.Random(seed + 1))
    parts = [set(walk(index, starts, filters, direction).reached.tolist()) for starts in (one, other)]
    together = walk(index, Starts.union([one, other]), filters, direction)
    assert set(together.reached.tolist()) == parts[0] | parts[1]


@settings(max_examples=100, deadline=None)
@given(seeds, st.sampled_from(Direction), st.integers(1, 150))
def test_each_vertex_says_which_seeds_reach_it(seed: int, direction: Direction, count: int) -> None:
    """A vertex has the bit of a seed exactly where a walk from that seed alone reaches it, beyond 64 seeds too."""
    index = index_of(seed)
    rng = random.Random(seed)
    _, filters = chosen(index, rng)
    picked = [
        Starts.of(
            one_of(index, rng),
            rng.sample(range(index.edge_count), min(index.edge_count, rng.randint(0, 1))),
            grade=rng.choice(list(Grade)),
            seed=number,
        )
        for number in range(count)
    ]
    starts = Starts.union(picked)
    found = walk(index, starts, filters, direction)
    masks = walk_seeds(index, starts, found, filters, seed_count=count)
    alone = [set(walk(index, one, filters, direction).reached.tolist()) for one in picked]
    for row, vertex in enumerate(found.reached.tolist()):
        bits = [(int(masks[row, number // 64]) >> (number % 64)) & 1 for number in range(count)]
        assert [number for number, bit in enumerate(bits) if bit] == [
            number for number, reached in enumerate(alone) if vertex in reached
        ]


@settings(max_examples=100, deadline=None)
@given(seeds, st.sampled_from(Direction), st.integers(0, 3))
def test_a_depth_bound_cuts_where_it_says(seed: int, direction: Direction, depth: int) -> None:
    """A walk to a depth reaches the levels up to it, and its frontier is what leads beyond."""
    index = index_of(seed)
    rng = random.Random(seed)
    _, filters = chosen(index, rng)
    starts = Starts.of(one_of(index, rng))
    whole = judged(index, starts, filters, direction)
    cut = walk(index, starts, _bounded(filters, max_depth=depth), direction)
    assert levels_of(cut) == {vertex: level for vertex, level in whole.items() if level <= depth}
    graph = filtered(index, filters)
    graph = graph.reverse() if direction is Direction.BACK else graph
    open_ends = {v for v in levels_of(cut) if any(w not in levels_of(cut) for w in graph.successors(v))}
    assert set(cut.frontier.tolist()) == open_ends
    assert cut.complete == (len(open_ends) == 0) == (levels_of(cut) == whole)


@settings(max_examples=100, deadline=None)
@given(seeds, st.integers(1, 10))
def test_a_budget_cuts_where_it_says(seed: int, budget: int) -> None:
    """A walk with a budget reaches no more, says so, and walking on from its frontier reaches the rest."""
    index = index_of(seed)
    rng = random.Random(seed)
    _, filters = chosen(index, rng)
    starts = Starts.of(one_of(index, rng))
    whole = set(walk(index, starts, filters).reached.tolist())
    cut = walk(index, starts, _bounded(filters, budget=budget))
    reached = set(cut.reached.tolist())
    assert len(reached) == min(budget, len(whole))
    assert reached <= whole
    assert cut.complete == (reached == whole)
    rest = walk(index, Starts.of(cut.frontier), filters)
    assert reached | set(rest.reached.tolist()) == whole


def _bounded(filters: Filters, *, max_depth: int | None = None, budget: int | None = None) -> Filters:
    return Filters(
        **{name: getattr(filters, name) for name in Filters.__slots__ if name not in ("max_depth", "budget")},
        max_depth=max_depth,
        budget=budget,
    )


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_the_tree_is_walked_among_instance_holdings_alone(seed: int) -> None:
    """`below` and `above` follow flows, never contact, from instance holding to instance holding."""
    index = index_of(seed)
    rng = random.Random(seed)
    instances = {index.number(v.id) for v in _every_vertex(index) if v.instances}
    starts = rng.sample(sorted(instances), min(len(instances), 2))
    graph = graph_of(index, index.position, lambda _, flow: flow.kind not in CONTACT_KINDS)
    tree = graph.subgraph(instances)
    descendants = set(starts).union(*(nx.descendants(tree, start) for start in starts))
    ancestors = set(starts).union(*(nx.ancestors(tree, start) for start in starts))
    assert set(below(index, starts, Filters(kinds=EVERY_KIND)).reached.tolist()) == descendants
    assert set(above(index, starts, Filters(kinds=EVERY_KIND)).reached.tolist()) == ancestors


def _every_vertex(index: FlowIndex) -> list[Vertex]:
    return [index.vertex(row) for row in range(index.vertices.count)]


def numbered(number: int) -> bytes:
    return number.to_bytes(16, "big")


def index_of_pairs(pairs: list[tuple[int, int]], size: int) -> FlowIndex:
    """An index of recorded moves between vertices 0 to size - 1, whose numbers are those of the pairs."""
    vertices = {numbered(n): Vertex(numbered(n), VertexKind.HOLDING, "lot:a", None) for n in range(size)}
    flows = {Flow(numbered(a), numbered(b), FlowKind.MOVE, Grade.RECORDED, departed=Interval(a, a)) for a, b in pairs}
    return open_index(None, History([State(), State(vertices, flows)]).snapshot())


def test_a_long_chain_that_bites_its_tail_is_walked() -> None:
    """A hundred thousand steps and the way back to the start are walked without recursion."""
    length = 100_000
    index = index_of_pairs([(n, (n + 1) % length) for n in range(length)], length)
    start, before = index.number(numbered(0)), index.number(numbered(length - 1))
    found = walk(index, Starts.of([start]), Filters(grades=RECORDED_ONLY))
    assert found.levels[before] == length - 1
    assert len(found.path(index, before)) == length - 1
    back = walk(index, Starts.of([start]), direction=Direction.BACK)
    assert back.levels[before] == 1
    assert len(back.reached) == length
    assert walk_seeds(index, Starts.of([start]), found, seed_count=1).all()


def test_nothing_is_reached_from_nowhere() -> None:
    """An empty index and an empty set of starts give an empty, complete walk."""
    empty = open_index(None, History([State()]).snapshot())
    assert walk(empty, Starts.of()).complete
    index = index_of_pairs([(0, 1)], 2)
    found = walk(index, Starts.of())
    assert not len(found.reached)
    assert found.complete
    assert walk_seeds(index, Starts.of(), found, seed_count=3).shape == (0, 1)


def test_what_is_not_of_the_index_is_refused() -> None:
    """Compiled loops do not check bounds: a foreign number, mask or position is refused before them."""
    index = index_of_pairs([(0, 1)], 2)
    with pytest.raises(IndexError, match="vertex"):
        walk(index, Starts.of([2]))
    with pytest.raises(IndexError, match="edge"):
        walk(index, Starts.of(edges=[1]))
    with pytest.raises(IndexError, match="mask"):
        walk(index, Starts.of([0]), Filters(left_out_edges=np.zeros(2, np.bool_)))
    with pytest.raises(IndexError, match="position"):
        walk(index, Starts.of([0]), Filters(at=2))


def test_saved_and_unsaved_graphs_are_walked_by_the_same_code(tmp_path: Path) -> None:
    """Maps of files have the type of arrays in memory, so that each loop is compiled once, beforehand."""
    warm()
    history = random_history(11)
    for index in (open_index(tmp_path, history.snapshot()), index_of(11)):
        everything = np.zeros(2 * index.vertex_count, np.bool_)[::2]
        found = walk(index, Starts.of([0]), Filters(left_out_vertices=everything))
        walk_seeds(index, Starts.of([0]), found, seed_count=1)
    loops = [reach, spread, group, find, insert, refill]
    assert [len(loop.signatures) for loop in loops] == [1] * len(loops)  # type: ignore[attr-defined]


@pytest.mark.corpora
@pytest.mark.parametrize(
    ("name", "start", "directed"), [("example-directed", 1, True), ("example-undirected", 2, False)]
)
def test_levels_are_those_of_ldbc_graphalytics(corpora: Path, name: str, start: int, directed: bool) -> None:
    """Breadth first levels of the LDBC Graphalytics validation graphs come out as published."""
    folder = corpora / "ldbc-graphalytics" / "validation-graphs" / "example"
    pairs = [(int(line.split()[0]), int(line.split()[1])) for line in _lines(folder / f"{name}.e")]
    if not directed:
        pairs += [(target, source) for source, target in pairs]
    published = [(int(line.split()[0]), int(line.split()[1])) for line in _lines(folder / f"{name}-BFS")]
    index = index_of_pairs(pairs, max(vertex for vertex, _ in published) + 1)
    found = walk(index, Starts.of([index.number(numbered(start))]))
    unreached = 2**63 - 1
    for vertex, level in published:
        assert found.levels[index.number(numbered(vertex))] == (-1 if level == unreached else level)


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()
