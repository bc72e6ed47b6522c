"""The loops of a walk (design §5). In: adjacency, edge columns, rules. Out: the caller's arrays, filled.

Breadth first with a queue in an array; nothing is allocated a visit, and nothing recurses. A flow passes by
one rule for all walks, `passes`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy.typing as npt

from engine.index.compiled import compiled
from graph_schema.flow_graph import FlowKind

Array = npt.NDArray[Any]

_CARRY_OVER = int(FlowKind.CARRY_OVER)


class Adjacency(NamedTuple):
    """The edges at each vertex, one way (the arrays of a `Grouping` by source or by target)."""

    starts: Array
    order: Array
    late_keys: Array
    late_rows: Array


class EdgeColumns(NamedTuple):
    """What a walk looks at of an edge; `far` is the end it leads to. Shapes (edge_count,)."""

    far: Array
    kind: Array
    grade: Array
    departed_earliest: Array
    departed_latest: Array
    from_seq: Array
    to_seq: Array


class Rules(NamedTuple):
    """The filters of a walk as plain numbers."""

    grades: int
    kinds: int
    since: int
    until: int
    at: int
    max_depth: int
    budget: int


class LeftOut(NamedTuple):
    """What-if masks by vertex and by edge number; empty where nothing is left out."""

    vertices: Array
    edges: Array


@compiled
def lower_bound(keys: Array, key: int) -> int:
    """The first place in ascending keys that is not less than a key."""
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def extent(adjacency: Adjacency, vertex: int) -> tuple[int, int, int, int]:
    """Where the edges of a vertex lie: first and number in `order`, first and number in `late_rows`."""
    first, count, late, late_count = 0, 0, 0, 0
    if vertex < len(adjacency.starts) - 1:
        first = adjacency.starts[vertex]
        count = adjacency.starts[vertex + 1] - first
    if len(adjacency.late_keys) > 0:
        late = lower_bound(adjacency.late_keys, vertex)
        late_count = lower_bound(adjacency.late_keys, vertex + 1) - late
    return first, count, late, late_count


@compiled
def passes(columns: EdgeColumns, rules: Rules, left_out: LeftOut, edge: int) -> bool:
    """Whether a walk follows an edge."""
    if not (columns.from_seq[edge] <= rules.at < columns.to_seq[edge]):
        return False
    kind = columns.kind[edge]
    if not (rules.kinds >> kind) & 1 or not (rules.grades >> columns.grade[edge]) & 1:
        return False
    # What is carried over is still there in the window, whenever the next lot came.
    if kind != _CARRY_OVER and (
        columns.departed_latest[edge] < rules.since or columns.departed_earliest[edge] > rules.until
    ):
        return False
    if len(left_out.edges) > 0 and left_out.edges[edge]:
        return False
    return not (len(left_out.vertices) > 0 and left_out.vertices[columns.far[edge]])


@compiled
def reach(
    adjacency: Adjacency,
    columns: EdgeColumns,
    rules: Rules,
    left_out: LeftOut,
    vertices: Array,
    start_edges: Array,
    levels: Array,
    parents: Array,
    queue: Array,
    frontier: Array,
) -> tuple[int, int]:
    """Fill levels (-1 before), parents, queue (by level) and frontier; return the lengths of the last two."""
    count, open_count, head = 0, 0, 0
    for vertex in vertices:
        if levels[vertex] < 0 and not (len(left_out.vertices) > 0 and left_out.vertices[vertex]):
            levels[vertex], parents[vertex], queue[count] = 0, -1, vertex
            count += 1
    for edge in start_edges:
        far = columns.far[edge]
        if levels[far] < 0 and passes(columns, rules, left_out, edge):
            levels[far], parents[far], queue[count] = 1, edge, far
            count += 1
    while head < count:
        vertex = queue[head]
        head += 1
        first, early, late, late_count = extent(adjacency, vertex)
        for i in range(early + late_count):
            edge = adjacency.order[first + i] if i < early else adjacency.late_rows[late + i - early]
            far = columns.far[edge]
            if levels[far] >= 0 or not passes(columns, rules, left_out, edge):
                continue
            if levels[vertex] >= rules.max_depth or count >= rules.budget:
                frontier[open_count] = vertex
                open_count += 1
                break
            levels[far], parents[far], queue[count] = levels[vertex] + 1, edge, far
            count += 1
    return count, open_count


@compiled
def mark(vertex: int, bit: int, bits: Array, waiting: Array, ring: Array, tail: int) -> int:
    """Give a vertex bits and a place in the ring, where it has none; return the ring's tail."""
    bits[vertex] |= bit
    if waiting[vertex]:
        return tail
    waiting[vertex] = True
    ring[tail] = vertex
    return (tail + 1) % len(ring)


@compiled
def spread(
    adjacency: Adjacency,
    columns: EdgeColumns,
    rules: Rules,
    left_out: LeftOut,
    vertices: Array,
    vertex_bits: Array,
    start_edges: Array,
    edge_bits: Array,
    levels: Array,
    bits: Array,
    waiting: Array,
    ring: Array,
) -> None:
    """Fill bits (0 before): those of all starts that reach a vertex by way of vertices with a level.

    `waiting` (False before) keeps a vertex from standing twice in the ring, so that the ring needs one place
    more than there are vertices with a level.
    """
    head, tail = 0, 0
    for i in range(len(vertices)):
        if levels[vertices[i]] >= 0:
            tail = mark(vertices[i], vertex_bits[i], bits, waiting, ring, tail)
    for i in range(len(start_edges)):
        far = columns.far[start_edges[i]]
        if levels[far] >= 0 and passes(columns, rules, left_out, start_edges[i]):
            tail = mark(far, edge_bits[i], bits, waiting, ring, tail)
    while head != tail:
        vertex = ring[head]
        head = (head + 1) % len(ring)
        waiting[vertex] = False
        first, early, late, late_count = extent(adjacency, vertex)
        for i in range(early + late_count):
            edge = adjacency.order[first + i] if i < early else adjacency.late_rows[late + i - early]
            far = columns.far[edge]
            if levels[far] < 0 or bits[vertex] & ~bits[far] == 0:
                continue
            if passes(columns, rules, left_out, edge):
                tail = mark(far, bits[vertex], bits, waiting, ring, tail)
