"""The paths up the tree (rule 4). In: instance holdings. Out: of each, the holdings that lead there, itself with them.

What `above` tells of several holdings together, this tells of each apart: the line of every instance that ends there.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.index.compiled import compiled
from engine.index.flow_index import FlowIndex
from engine.index.grouping import Array
from engine.index.kernel import Adjacency, EdgeColumns, LeftOut, Rules, extent, passes
from engine.index.walk import Direction, Filters, ground_of, in_the_tree, refuse_foreign

Rows = npt.NDArray[np.int64]


def lineage(index: FlowIndex, holdings: npt.ArrayLike, filters: Filters) -> tuple[Rows, Rows]:
    """(place in `holdings`, vertex) of every holding on a path to one of them, those of one holding side by side."""
    ends = np.asarray(holdings, np.int64)
    refuse_foreign(ends, index.vertex_count, "vertex")
    marks = np.zeros(index.vertex_count, np.int32)  # zeros cost nothing until they are touched
    owners, vertices = climb(*ground_of(index, in_the_tree(index, filters), Direction.BACK), ends, marks)
    return owners, vertices


@compiled
def climb(
    adjacency: Adjacency, columns: EdgeColumns, rules: Rules, left_out: LeftOut, ends: Array, marks: Array
) -> tuple[Array, Array]:
    """For each end in turn, breadth first, what leads to it.

    `marks` (0 before) keep what was seen for which end, the first as 1.
    """
    owners, vertices = np.empty(2 * len(ends) + 1024, np.int64), np.empty(2 * len(ends) + 1024, np.int64)
    count = 0
    for owner in range(len(ends)):
        head = count
        if count == len(vertices):
            owners, vertices = np.concatenate((owners, owners)), np.concatenate((vertices, vertices))
        owners[count], vertices[count], marks[ends[owner]] = owner, ends[owner], owner + 1
        count += 1
        while head < count:
            vertex = vertices[head]
            head += 1
            first, early, late, late_count = extent(adjacency, vertex)
            for i in range(early + late_count):
                edge = adjacency.order[first + i] if i < early else adjacency.late_rows[late + i - early]
                far = columns.far[edge]
                if marks[far] == owner + 1 or not passes(columns, rules, left_out, edge):
                    continue
                if count == len(vertices):
                    owners, vertices = np.concatenate((owners, owners)), np.concatenate((vertices, vertices))
                owners[count], vertices[count], marks[far] = owner, far, owner + 1
                count += 1
    return owners[:count].copy(), vertices[:count].copy()
