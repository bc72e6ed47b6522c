"""Who walks (design §5). In: starts and filters in the numbers of an index. Out: what the walk reached, in the same.

The index walks its own arrays, or a store that has a language for it walks its own graph. Both give the same.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from engine.index.flow_index import FlowIndex
from engine.index.walk import Direction, Filters, Starts, Walk, walk, walk_seeds


class Walker(Protocol):
    """What answers `walk` and `walk_seeds`, or refuses by name (`NotSupported`) what it cannot do."""

    def walk(self, index: FlowIndex, starts: Starts, filters: Filters, direction: Direction) -> Walk:
        """As `engine.index.walk.walk`."""

    def seeds(
        self, index: FlowIndex, starts: Starts, within: Walk, filters: Filters, *, seed_count: int
    ) -> npt.NDArray[np.uint64]:
        """As `engine.index.walk.walk_seeds`."""


class ArrayWalker:
    """Walks the arrays."""

    def walk(self, index: FlowIndex, starts: Starts, filters: Filters, direction: Direction) -> Walk:
        """Breadth first from all starts at once."""
        return walk(index, starts, filters, direction)

    def seeds(
        self, index: FlowIndex, starts: Starts, within: Walk, filters: Filters, *, seed_count: int
    ) -> npt.NDArray[np.uint64]:
        """Which seeds reach each vertex."""
        return walk_seeds(index, starts, within, filters, seed_count=seed_count)


ARRAYS: Walker = ArrayWalker()
