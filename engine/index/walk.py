"""Walks over the index (design §5). In: starts and filters. Out: levels, parents and what was reached, at one position.

A walk is breadth first from many starts at once, along flows (`FORWARD`) or against them (`BACK`). It reads one ledger
position, never recurses, allocates nothing a visit, and says where a bound cut it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from engine.index.flow_index import FlowIndex
from graph_schema.flow_graph import CONTACT_KINDS, FlowKind, Grade
from graph_schema.interval import BEGINNING, END

Numbers = npt.NDArray[np.uint32]
Mask = npt.NDArray[np.bool_]


class Direction(IntEnum):
    """Which way a walk goes: along the flows, or against them."""

    FORWARD = 0
    BACK = 1


def grade_mask(weakest: Grade) -> int:
    """The set of grades up to and with `weakest`, as a bit mask (bit g set: flows of grade g are followed)."""
    return int((1 << (weakest + 1)) - 1)


def kind_mask(kinds: Iterable[FlowKind]) -> int:
    """A set of flow kinds as a bit mask (bit k set: flows of kind k are followed)."""
    return sum(1 << kind for kind in set(kinds))


RECORDED_ONLY = grade_mask(Grade.RECORDED)
EVERY_GRADE = grade_mask(Grade.INCONSISTENT)
FLOW_KINDS = kind_mask(set(FlowKind) - CONTACT_KINDS)
"""Every kind but the contact layer (rule 13)."""


def _none(dtype: npt.DTypeLike) -> npt.NDArray[np.generic]:
    return np.empty(0, dtype)


@dataclass(frozen=True, slots=True, eq=False)
class Starts:
    """Where a walk starts: at vertices (level 0), and with flows, whose far ends are reached at level 1 if the flow
    passes the filters, while their near ends are not reached.

    A start has a grade of its own and is taken only where the filter's grades hold it: a walk over RECORDED alone takes
    the certain starts, one over every grade takes all. `seeds` say for each start which seed of the question it
    belongs to, numbered from 0; several starts may belong to one seed. All arrays of a kind have the same length.
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
        raise NotImplementedError


@dataclass(frozen=True, slots=True, eq=False)
class Filters:
    """What a walk may follow. A flow passes if all of these let it through."""

    grades: int = EVERY_GRADE
    """Bit mask of grades (`grade_mask`)."""
    kinds: int = FLOW_KINDS
    """Bit mask of flow kinds (`kind_mask`): the layers."""
    since: int = BEGINNING
    """Flows that surely departed before are not followed (microseconds since 1970 UTC); CARRY_OVER is never cut."""
    until: int = END
    """Flows that surely departed after are not followed, likewise."""
    at: int | None = None
    """The ledger position to read, at most the index's own; None: the index's own."""
    left_out_vertices: Mask | None = None
    """What-if: True at vertex numbers that are not entered, not even as a start. Shape (vertex_count,)."""
    left_out_edges: Mask | None = None
    """What-if: True at edge numbers that are not followed. Shape (edge_count,)."""
    max_depth: int | None = None
    """Levels beyond this are not entered."""
    budget: int | None = None
    """At most this many vertices are reached."""


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """What a walk reached."""

    direction: Direction
    levels: npt.NDArray[np.int32]
    """Per vertex: the fewest flows from a start; -1 where it was not reached. Shape (vertex_count,)."""
    parents: npt.NDArray[np.int64]
    """Per reached vertex: the edge by which it was first reached; -1 at starts. Undefined where not reached."""
    reached: Numbers
    """The vertices reached, in order of level."""
    complete: bool
    """False where a bound cut the walk."""
    frontier: Numbers = field(default_factory=lambda: np.empty(0, np.uint32))
    """Reached vertices that a bound kept from being followed further; empty where complete."""

    def path(self, index: FlowIndex, vertex: int) -> list[int]:
        """Edge numbers of a shortest way from a start to a vertex reached, in the order walked; [] at a start."""
        raise NotImplementedError


def walk(
    index: FlowIndex, starts: Starts, filters: Filters = Filters(), direction: Direction = Direction.FORWARD
) -> Walk:
    """Walk breadth first from all starts at once."""
    raise NotImplementedError


def walk_seeds(
    index: FlowIndex,
    starts: Starts,
    within: Walk,
    filters: Filters = Filters(),
    *,
    seed_count: int,
) -> npt.NDArray[np.uint64]:
    """Which seeds reach each vertex of a walk, with the same filters and direction.

    Out: shape (len(within.reached), ceil(seed_count / 64)); bit s % 64 of column s // 64 is set where seed s reaches
    the vertex by way of vertices the walk reached.
    """
    raise NotImplementedError


def below(index: FlowIndex, holdings: npt.ArrayLike, filters: Filters = Filters()) -> Walk:
    """Down the tree (rule 4): the instance holdings to which flows among instance holdings lead from these, with them.

    Contact flows are not in the tree. Starts are taken as RECORDED; grades, position and the rest as `filters` say.
    """
    raise NotImplementedError


def above(index: FlowIndex, holdings: npt.ArrayLike, filters: Filters = Filters()) -> Walk:
    """Up the tree (rule 4): the instance holdings that lead to these by flows among instance holdings, with them.

    `above(index, ends_in)` is the line of an instance.
    """
    raise NotImplementedError
