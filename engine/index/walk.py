"""Walks over the index (design §5). In: starts and filters. Out: levels, parents and what was reached.

A walk is breadth first from many starts at once, along flows (`FORWARD`) or against them (`BACK`). It reads
one ledger position, never recurses, allocates nothing a visit, and says where a bound cut it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from engine.index.flow_index import FlowIndex, Mask, Numbers
from engine.index.kernel import Adjacency, EdgeColumns, LeftOut, Rules, reach, spread
from graph_schema.flow_graph import CONTACT_KINDS, FlowKind, Grade
from graph_schema.interval import BEGINNING, END

SEEDS_A_PASS = 64
_UNBOUNDED = 2**62
_COLUMNS = ("kind", "grade", "departed_earliest", "departed_latest", "from_seq", "to_seq")


class Direction(IntEnum):
    """Which way a walk goes: along the flows, or against them."""

    FORWARD = 0
    BACK = 1


def grade_mask(weakest: Grade) -> int:
    """The grades up to and with `weakest` as a bit mask (bit g set: flows of grade g are followed)."""
    return int((1 << (weakest + 1)) - 1)


def kind_mask(kinds: Iterable[FlowKind]) -> int:
    """A set of flow kinds as a bit mask (bit k set: flows of kind k are followed)."""
    return sum(1 << kind for kind in set(kinds))


RECORDED_ONLY = grade_mask(Grade.RECORDED)
EVERY_GRADE = grade_mask(Grade.INCONSISTENT)
FLOW_KINDS = kind_mask(set(FlowKind) - CONTACT_KINDS)
"""Every kind but the contact layer (rule 13): what lines are made of."""
HAZARD_KINDS = FLOW_KINDS & ~kind_mask([FlowKind.CLEANED])
"""Of these, what a hazard goes along: none goes on where a vector was cleaned."""


@dataclass(frozen=True, slots=True, eq=False)
class Starts:
    """Where a walk starts: at vertices, and with flows.

    Vertices are reached at level 0. A flow's far end is reached at level 1 if the flow passes the filters;
    its near end is not reached. Bounds never cut starts.

    A start has a grade of its own and is taken only where the filter's grades hold it: a walk over RECORDED
    alone takes the certain starts, one over every grade takes all. `seeds` say for each start which seed of
    the question it belongs to, numbered from 0; several starts may belong to one seed. All arrays of a kind
    have the same length.
    """

    vertices: Numbers
    vertex_grades: npt.NDArray[np.uint8]
    vertex_seeds: npt.NDArray[np.int32]
    edges: Numbers
    edge_grades: npt.NDArray[np.uint8]
    edge_seeds: npt.NDArray[np.int32]

    @classmethod
    def of(
        cls,
        vertices: npt.ArrayLike = (),
        edges: npt.ArrayLike = (),
        *,
        grade: Grade = Grade.RECORDED,
        seed: int = 0,
    ) -> Starts:
        """Starts of one grade and one seed."""
        numbers, flows = np.asarray(vertices, np.uint32), np.asarray(edges, np.uint32)
        return cls(
            numbers,
            np.full(len(numbers), grade, np.uint8),
            np.full(len(numbers), seed, np.int32),
            flows,
            np.full(len(flows), grade, np.uint8),
            np.full(len(flows), seed, np.int32),
        )

    @classmethod
    def union(cls, several: Iterable[Starts]) -> Starts:
        """All of several starts together, each with its own grade and seed."""
        parts = [cls.of(), *several]
        return cls(
            np.concatenate([part.vertices for part in parts]),
            np.concatenate([part.vertex_grades for part in parts]),
            np.concatenate([part.vertex_seeds for part in parts]),
            np.concatenate([part.edges for part in parts]),
            np.concatenate([part.edge_grades for part in parts]),
            np.concatenate([part.edge_seeds for part in parts]),
        )

    def among(self, grades: int, seeds: range) -> Starts:
        """Those of a set of grades (a bit mask) and of some seeds."""
        vertices = _chosen(self.vertex_grades, grades, self.vertex_seeds, seeds)
        edges = _chosen(self.edge_grades, grades, self.edge_seeds, seeds)
        return Starts(
            self.vertices[vertices],
            self.vertex_grades[vertices],
            self.vertex_seeds[vertices],
            self.edges[edges],
            self.edge_grades[edges],
            self.edge_seeds[edges],
        )


def _chosen(grades: npt.NDArray[np.uint8], wanted: int, seeds: npt.NDArray[np.int32], among: range) -> Mask:
    graded = (wanted >> grades.astype(np.int64)) & 1 == 1
    chosen: Mask = graded & (seeds >= among.start) & (seeds < among.stop)
    return chosen


@dataclass(frozen=True, slots=True, eq=False)
class Filters:
    """What a walk may follow. A flow passes if all of these let it through."""

    grades: int = EVERY_GRADE
    """Bit mask of grades (`grade_mask`)."""
    kinds: int = FLOW_KINDS
    """Bit mask of flow kinds (`kind_mask`): the layers."""
    since: int = BEGINNING
    """Flows that surely departed before are not followed, but for CARRY_OVER (microseconds since 1970)."""
    until: int = END
    """Flows that surely departed after are not followed, likewise."""
    at: int | None = None
    """The ledger position to read, at most the index's own; None: the index's own."""
    left_out_vertices: Mask | None = None
    """What-if: True at vertex numbers that are not entered nor left, not even as a start. Shape (vertex_count,)."""
    left_out_edges: Mask | None = None
    """What-if: True at edge numbers that are not followed. Shape (edge_count,)."""
    max_depth: int | None = None
    """Levels beyond this are not entered."""
    budget: int | None = None
    """Once this many vertices are reached no more are entered; starts always are."""


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """What a walk reached."""

    direction: Direction
    levels: npt.NDArray[np.int32]
    """Per vertex: the fewest flows from a start; -1 where it was not reached. Shape (vertex_count,)."""
    parents: npt.NDArray[np.int64]
    """Per vertex reached: the edge by which it was first reached; -1 at starts. Undefined elsewhere."""
    reached: Numbers
    """The vertices reached, in order of level."""
    complete: bool
    """False where a bound cut the walk."""
    frontier: Numbers
    """Vertices reached that a bound kept from being followed further; empty where complete."""

    def path(self, index: FlowIndex, vertex: int) -> list[int]:
        """Edge numbers of a shortest way from a start to a vertex reached, as walked; [] at a start."""
        near = index.edges["source" if self.direction is Direction.FORWARD else "target"]
        edges: list[int] = []
        # A start edge's near end may be reached too, by a longer way: the level says when to stop.
        for _ in range(int(self.levels[vertex])):
            edges.append(int(self.parents[vertex]))
            vertex = int(near[edges[-1]])
        return edges[::-1]


def walk(
    index: FlowIndex, starts: Starts, filters: Filters = Filters(), direction: Direction = Direction.FORWARD
) -> Walk:
    """Walk breadth first from all starts at once.

    `IndexError` where a start, a mask or the position is not of this index: compiled loops do not look.
    """
    size = index.vertex_count
    taken = starts_taken(index, starts, filters, direction)
    levels = np.full(size, -1, np.int32)
    parents = np.empty(size, np.int64)
    queue, frontier = np.empty(size, np.uint32), np.empty(size, np.uint32)
    ground = ground_of(index, filters, direction)
    count, cut = reach(*ground, taken.vertices, taken.edges, levels, parents, queue, frontier)
    # Copies, so that an answer that is kept does not keep the room of the whole graph.
    return Walk(direction, levels, parents, queue[:count].copy(), not cut, frontier[:cut].copy())


def walk_seeds(
    index: FlowIndex, starts: Starts, within: Walk, filters: Filters = Filters(), *, seed_count: int
) -> npt.NDArray[np.uint64]:
    """Which seeds reach each vertex of a walk that had these starts and filters.

    Out: shape (len(within.reached), ceil(seed_count / 64)); bit s % 64 of column s // 64 is set where seed s
    reaches the vertex by way of vertices that the walk reached, at whatever depth.
    """
    ground = ground_of(index, filters, within.direction)
    taken = starts_taken(index, starts, filters, within.direction)
    passes = range(0, seed_count, SEEDS_A_PASS)
    found = np.empty((len(within.reached), len(passes)), np.uint64)
    for column, first in enumerate(passes):
        some = taken.among(filters.grades, range(first, first + SEEDS_A_PASS))
        bits = np.zeros(index.vertex_count, np.uint64)
        waiting = np.zeros(index.vertex_count, np.bool_)
        ring = np.empty(len(within.reached) + 1, np.uint32)
        vertex_bits, edge_bits = _bits(some.vertex_seeds, first), _bits(some.edge_seeds, first)
        spread(*ground, some.vertices, vertex_bits, some.edges, edge_bits, within.levels, bits, waiting, ring)
        found[:, column] = bits[within.reached]
    return found


def below(index: FlowIndex, holdings: npt.ArrayLike, filters: Filters = Filters()) -> Walk:
    """Down the tree (rule 4): the instance holdings that flows among such lead to, with the starts.

    Contact flows are not in the tree. Starts are taken as RECORDED; grades, position and the rest as
    `filters` say.
    """
    return walk(index, Starts.of(holdings), in_the_tree(index, filters), Direction.FORWARD)


def above(index: FlowIndex, holdings: npt.ArrayLike, filters: Filters = Filters()) -> Walk:
    """Up the tree (rule 4): the instance holdings that lead here by flows among such, with the starts.

    `above(index, ends_in)` is the line of an instance.
    """
    return walk(index, Starts.of(holdings), in_the_tree(index, filters), Direction.BACK)


def in_the_tree(index: FlowIndex, filters: Filters) -> Filters:
    """The filters, and flows among instance holdings alone (rule 4)."""
    outside = ~index.holds_instances()
    if filters.left_out_vertices is not None:
        outside |= filters.left_out_vertices
    return replace(filters, left_out_vertices=outside, kinds=filters.kinds & FLOW_KINDS)


def passing(index: FlowIndex, filters: Filters, edges: npt.NDArray[np.int64]) -> Mask:
    """Per edge whether a walk follows it: what `kernel.passes` tells of one, but for vertices left out."""
    told = {column: index.edges[column][edges] for column in _COLUMNS}
    position = index.position if filters.at is None else filters.at
    there = (told["from_seq"] <= position) & (position < told["to_seq"])
    layered = (filters.grades >> told["grade"].astype(np.int64)) & (filters.kinds >> told["kind"].astype(np.int64)) & 1
    in_time = (told["departed_latest"] >= filters.since) & (told["departed_earliest"] <= filters.until)
    taken: Mask = there & (layered == 1) & (in_time | (told["kind"] == FlowKind.CARRY_OVER))
    return taken if filters.left_out_edges is None else taken & ~filters.left_out_edges[edges]


def starts_taken(index: FlowIndex, starts: Starts, filters: Filters, direction: Direction) -> Starts:
    """The starts of the grades asked for, but those that leave from a vertex left out."""
    refuse_foreign(starts.vertices, index.vertex_count, "vertex")
    refuse_foreign(starts.edges, index.edge_count, "edge")
    taken = starts.among(filters.grades, range(_UNBOUNDED))
    if filters.left_out_vertices is None:
        return taken
    near = index.edges["source" if direction is Direction.FORWARD else "target"][taken.edges]
    kept = ~filters.left_out_vertices[near]
    return replace(
        taken,
        edges=taken.edges[kept],
        edge_grades=taken.edge_grades[kept],
        edge_seeds=taken.edge_seeds[kept],
    )


def refuse_foreign(numbers: npt.NDArray[np.integer], count: int, noun: str) -> None:
    """Raise `IndexError` where a number is not of the index: compiled loops do not look."""
    if len(numbers) and int(numbers.max()) >= count:
        raise IndexError(f"no {noun} has the number {numbers.max()}: the index has {count}")


def _bits(seeds: npt.NDArray[np.int32], first: int) -> npt.NDArray[np.uint64]:
    return np.left_shift(np.uint64(1), (seeds - first).astype(np.uint64))


def ground_of(
    index: FlowIndex, filters: Filters, direction: Direction
) -> tuple[Adjacency, EdgeColumns, Rules, LeftOut]:
    """What every walk reads, as the kernel wants it: the same types always, so that it is compiled once."""
    near, far = ("source", "target") if direction is Direction.FORWARD else ("target", "source")
    grouping = index.edges.grouping(near)
    adjacency = Adjacency(grouping.starts, grouping.order, grouping.late_keys, grouping.late_rows)
    columns = EdgeColumns(index.edges[far], *(index.edges[column] for column in _COLUMNS))
    return adjacency, columns, _rules(index, filters), _left_out(index, filters)


def _rules(index: FlowIndex, filters: Filters) -> Rules:
    if filters.at is not None and filters.at > index.position:
        raise IndexError(f"position {filters.at} is later than {index.position}, which the index answers for")
    return Rules(
        grades=filters.grades,
        kinds=filters.kinds,
        since=filters.since,
        until=filters.until,
        at=index.position if filters.at is None else filters.at,
        max_depth=_UNBOUNDED if filters.max_depth is None else filters.max_depth,
        budget=_UNBOUNDED if filters.budget is None else filters.budget,
    )


def _left_out(index: FlowIndex, filters: Filters) -> LeftOut:
    vertices = _mask(filters.left_out_vertices, index.vertex_count, "vertices")
    return LeftOut(vertices, _mask(filters.left_out_edges, index.edge_count, "edges"))


def _mask(mask: Mask | None, count: int, noun: str) -> Mask:
    """A mask as the kernel wants it: contiguous, empty where nothing is left out."""
    if mask is None:
        return np.empty(0, np.bool_)
    if mask.shape != (count,):
        raise IndexError(f"a mask of {mask.shape} is not one of {count} {noun}")
    return np.ascontiguousarray(mask, np.bool_)
