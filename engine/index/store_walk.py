"""A walk that a store makes in its own language (design §4). In: starts, filters. Out: the `Walk` that arrays give.

Levels and parents come by rounds: one step of the store from all vertices of a level at once. The index gives names: of
the edges that join two ends the parent is the one that a walk over the arrays would take. Which seeds reach what is a
pruned walk of the store for each seed.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from engine.index.flow_index import FlowIndex, Numbers
from engine.index.walk import SEEDS_A_PASS, Direction, Filters, Starts, Walk, passing, starts_taken
from engine.stores.ports import Ground, WalkPort
from graph_schema.errors import LimitExceeded, NotSupported, StoreDamaged
from graph_schema.flow_graph import FlowKind, Grade

Edges = npt.NDArray[np.int64]

_INDEX = "Ask it of the index: SUYUAN_WALK=index."


class StoreWalker:
    """Walks in a store."""

    def __init__(self, store: WalkPort) -> None:
        self._store = store

    def walk(self, index: FlowIndex, starts: Starts, filters: Filters, direction: Direction) -> Walk:
        """By rounds; `NotSupported` where sites or flows are left out. What takes too long is cut, and says so."""
        rounds = _Rounds(self._store, index, filters, direction)
        return rounds.walk(starts_taken(index, starts, filters, direction))

    def seeds(
        self, index: FlowIndex, starts: Starts, within: Walk, filters: Filters, *, seed_count: int
    ) -> npt.NDArray[np.uint64]:
        """Which seeds reach each vertex: by a pruned walk each; where a bound cut the walk, by rounds within it."""
        ground = _ground(index, filters, within.direction)
        taken = starts_taken(index, starts, filters, within.direction)
        bits = np.zeros((index.vertex_count, -(-seed_count // SEEDS_A_PASS)), np.uint64)
        for seed in range(seed_count):
            own = _entered(index, taken.among(filters.grades, range(seed, seed + 1)), filters, within.direction)
            if within.complete:
                reached = np.union1d(own, _numbers(index, self._store.reached(_ids(index, own), ground)))
            else:
                reached = self._reached_within(index, own, within, filters, ground)
            bits[reached, seed // SEEDS_A_PASS] |= np.uint64(1 << seed % SEEDS_A_PASS)
        return np.asarray(bits[within.reached])

    def _reached_within(
        self, index: FlowIndex, own: Numbers, within: Walk, filters: Filters, ground: Ground
    ) -> Numbers:
        """What is reached by way of vertices of a walk alone."""
        _, far = _ends(within.direction)
        open_to = within.levels >= 0
        near = own[open_to[own]]
        found = [near]
        while len(near):
            open_to[near] = False
            near = np.unique(index.edges[far][_steps(self._store, index, filters, ground, near)])
            near = near[open_to[near]]
            found.append(near)
        return np.concatenate(found)


class _Rounds:
    """One walk, level by level."""

    def __init__(self, store: WalkPort, index: FlowIndex, filters: Filters, direction: Direction) -> None:
        self._store = store
        self._index = index
        self._filters = filters
        self._ground = _ground(index, filters, direction)
        self._direction = direction
        self._near, self._far = _ends(direction)
        self._levels = np.full(index.vertex_count, -1, np.int32)
        self._parents = np.empty(index.vertex_count, np.int64)
        self._frontier: list[Numbers] = []

    def walk(self, taken: Starts) -> Walk:
        """From these starts; bounds never cut a start."""
        near = _firsts(taken.vertices)
        self._levels[near], self._parents[near] = 0, -1
        begun = taken.edges.astype(np.int64)
        waiting = self._enter(begun[passing(self._index, self._filters, begun)], 1)
        order = [near]
        level = 0
        while len(near) or len(waiting):
            near = np.concatenate([waiting, self._round(near, level)])
            waiting = waiting[:0]
            order.append(near)
            level += 1
        frontier = np.concatenate([near[:0], *self._frontier])
        return Walk(self._direction, self._levels, self._parents, np.concatenate(order), not len(frontier), frontier)

    def _round(self, near: Numbers, level: int) -> Numbers:
        """One level on: what is entered, in order; nothing where a bound cuts the walk."""
        if not len(near):
            return near
        try:
            edges = _steps(self._store, self._index, self._filters, self._ground, near)
        except LimitExceeded:
            self._frontier.append(near)
            return near[:0]
        edges = edges[self._levels[self._index.edges[self._far][edges]] < 0]
        if self._filters.max_depth is not None and level >= self._filters.max_depth:
            self._frontier.append(_firsts(self._index.edges[self._near][edges]))
            return near[:0]
        return self._enter(edges, level + 1)

    def _enter(self, edges: Edges, level: int) -> Numbers:
        """Enter the far ends of edges, each by the first that leads to it."""
        far = self._index.edges[self._far][edges]
        fresh = np.flatnonzero(self._levels[far] < 0)
        first = fresh[np.sort(np.unique(far[fresh], return_index=True)[1])]
        entered: Numbers = far[first]
        self._levels[entered], self._parents[entered] = level, edges[first]
        return entered


def _steps(store: WalkPort, index: FlowIndex, filters: Filters, ground: Ground, near: Numbers) -> Edges:
    """The edges by which the store steps from some vertices: in order of these, then of the index."""
    name, far = _ends(Direction.BACK if ground.back else Direction.FORWARD)
    told = list(store.steps(_ids(index, near), ground))
    left, entered = _numbers(index, [a for a, _ in told]), _numbers(index, [b for _, b in told])
    edges = index.edges.where(name, near)
    edges = edges[passing(index, filters, edges)]
    known = _pairs(index, index.edges[name][edges], index.edges[far][edges])
    if not np.array_equal(np.unique(_pairs(index, left, entered)), np.unique(known)):
        raise StoreDamaged(
            "the graph in the database is not the one that the index was made from",
            remedy="Make both anew: suyuan rebuild",
        )
    return edges


def _pairs(index: FlowIndex, near: npt.NDArray[np.integer], far: npt.NDArray[np.integer]) -> Edges:
    """Two vertex numbers as one."""
    return near.astype(np.int64) * index.vertex_count + far.astype(np.int64)


def _entered(index: FlowIndex, starts: Starts, filters: Filters, direction: Direction) -> Numbers:
    """The vertices that starts stand for: themselves, and the far ends of their flows."""
    begun = starts.edges.astype(np.int64)
    begun = begun[passing(index, filters, begun)]
    return np.union1d(starts.vertices, index.edges[_ends(direction)[1]][begun])


def _ends(direction: Direction) -> tuple[str, str]:
    """The columns of an edge where a walk leaves, and where it leads to."""
    return ("source", "target") if direction is Direction.FORWARD else ("target", "source")


def _firsts(numbers: Numbers) -> Numbers:
    """Each number once, in the order of where it first stands."""
    return numbers[np.sort(np.unique(numbers, return_index=True)[1])]


def _ids(index: FlowIndex, vertices: Numbers) -> list[bytes]:
    return [index.id(vertex) for vertex in vertices.tolist()]


def _numbers(index: FlowIndex, ids: Collection[bytes]) -> Numbers:
    return np.array([index.number(one) for one in ids], np.int64).astype(np.uint32)


def _ground(index: FlowIndex, filters: Filters, direction: Direction) -> Ground:
    """The filters in the words of a store; refuses by name what these cannot say."""
    if filters.left_out_vertices is not None or filters.left_out_edges is not None:
        raise NotSupported("a walk in the database leaves no site, event or kill step out (rules)", remedy=_INDEX)
    if filters.budget is not None:
        raise NotSupported("a walk in the database has no budget of vertices", remedy=_INDEX)
    return Ground(
        back=direction is Direction.BACK,
        position=index.position if filters.at is None else filters.at,
        edition=index.edition,
        grades=tuple(grade for grade in Grade if filters.grades >> grade & 1),
        kinds=tuple(kind for kind in FlowKind if filters.kinds >> kind & 1),
        since=filters.since,
        until=filters.until,
    )
