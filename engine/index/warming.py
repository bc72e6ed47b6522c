"""Compiling before the first question (design §5): a server calls `warm` when it starts, so that no one waits."""

from __future__ import annotations

import numpy as np

from engine.index.contents import AsOf, Contents
from engine.index.flow_index import FlowIndex
from engine.index.folding import fold
from engine.index.following import IndexFollower
from engine.index.lineage import lineage
from engine.index.walk import Filters, Starts, walk, walk_seeds
from engine.ledger import GENESIS


def warm() -> None:
    """Compile all loops over arrays, or take them from disk where they were compiled before."""
    contents = Contents()
    contents.items.add(["as many names", "as make", *(f"the table {number} grow" for number in range(4096))])
    contents.items.code("as make")
    empty = FlowIndex(contents, AsOf(0, GENESIS, 0), IndexFollower())
    walk_seeds(empty, Starts.of(), walk(empty, Starts.of()), seed_count=1)
    lineage(empty, (), Filters())
    numbers, truths = np.empty(0, np.int64), np.empty(0, np.bool_)
    fold(numbers, numbers, truths, numbers, truths, 0)
