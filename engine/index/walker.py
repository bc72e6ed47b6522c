"""Who walks (design §5). In: starts and filters in the numbers of an index. Out: what the walk reached, in the same.

The index walks its own arrays, or a store that has a language for it walks its own graph. Both give the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
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


class BoundedWalker:
    """Walks the arrays, and enters no more than so many vertices; a walk that this cuts says so."""

    def __init__(self, budget: int) -> None:
        self._budget = budget

    def walk(self, index: FlowIndex, starts: Starts, filters: Filters, direction: Direction) -> Walk:
        """Breadth first from all starts at once, up to the bound."""
        return walk(index, starts, self._bounded(filters), direction)

    def seeds(
        self, index: FlowIndex, starts: Starts, within: Walk, filters: Filters, *, seed_count: int
    ) -> npt.NDArray[np.uint64]:
        """Which seeds reach each vertex."""
        return walk_seeds(index, starts, within, self._bounded(filters), seed_count=seed_count)

    def _bounded(self, filters: Filters) -> Filters:
        budget = self._budget if filters.budget is None else min(filters.budget, self._budget)
        return replace(filters, budget=budget)


class ToldWalker:
    """Walks as another does, and tells of each walk."""

    def __init__(self, walker: Walker, told: Callable[[Walk], None]) -> None:
        self._walker = walker
        self._told = told

    def walk(self, index: FlowIndex, starts: Starts, filters: Filters, direction: Direction) -> Walk:
        """As the other."""
        found = self._walker.walk(index, starts, filters, direction)
        self._told(found)
        return found

    def seeds(
        self, index: FlowIndex, starts: Starts, within: Walk, filters: Filters, *, seed_count: int
    ) -> npt.NDArray[np.uint64]:
        """As the other."""
        return self._walker.seeds(index, starts, within, filters, seed_count=seed_count)


ARRAYS: Walker = ArrayWalker()
