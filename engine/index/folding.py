"""Many sightings of a thing as one. In: a code a row, and how each was seen. Out: a row a code.

Of the rows of a code: whether one is certain, the least depth, whether all are apart, and the row of the least rank
(the first of several). Codes come out in order of their first row.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.index.compiled import compiled

Array = npt.NDArray[Any]


class Folded(NamedTuple):
    """A row a code; all of one length but `group`."""

    codes: Array
    best: Array
    """The row of the least rank."""
    certain: Array
    depth: Array
    apart: Array
    group: Array
    """Per row that was folded, the place of its code here."""


def fold(codes: Array, ranks: Array, certain: Array, depths: Array, apart: Array, room: int) -> Folded:
    """Fold rows by code; codes are below `room`."""
    place = np.full(room, -1, np.int32)
    return Folded(*_fold(codes, ranks, certain, depths, apart, place))


@compiled
def _fold(
    codes: Array, ranks: Array, certain: Array, depths: Array, apart: Array, place: Array
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """`place` holds -1 for every code."""
    rows = len(codes)
    told, best = np.empty(rows, np.int64), np.empty(rows, np.int64)
    surely, alone = np.empty(rows, np.bool_), np.empty(rows, np.bool_)
    nearest, group = np.empty(rows, np.int64), np.empty(rows, np.int64)
    count = 0
    for row in range(rows):
        at = place[codes[row]]
        if at < 0:
            at = count
            place[codes[row]] = at
            told[at], best[at], surely[at] = codes[row], row, certain[row]
            nearest[at], alone[at] = depths[row], apart[row]
            count += 1
        else:
            surely[at] |= certain[row]
            alone[at] &= apart[row]
            nearest[at] = min(nearest[at], depths[row])
            if ranks[row] < ranks[best[at]]:
                best[at] = row
        group[row] = at
    return (
        told[:count].copy(),
        best[:count].copy(),
        surely[:count].copy(),
        nearest[:count].copy(),
        alone[:count].copy(),
        group,
    )
