"""The flow graph as arrays, and walks over it (design §5)."""

from engine.index.contents import LIVE
from engine.index.flow_index import FlowIndex, SitesTold
from engine.index.folder import IndexFolder
from engine.index.folding import Folded, fold
from engine.index.following import IndexFollower, discard_index, open_index
from engine.index.lineage import lineage
from engine.index.names import NONE, Names
from engine.index.store_walk import StoreWalker
from engine.index.table import Table
from engine.index.walk import (
    EVERY_GRADE,
    FLOW_KINDS,
    HAZARD_KINDS,
    RECORDED_ONLY,
    Direction,
    Filters,
    Starts,
    Walk,
    above,
    below,
    grade_mask,
    kind_mask,
    passing,
    walk,
    walk_seeds,
)
from engine.index.walker import ARRAYS, BoundedWalker, ToldWalker, Walker
from engine.index.warming import warm

__all__ = [
    "ARRAYS",
    "EVERY_GRADE",
    "FLOW_KINDS",
    "HAZARD_KINDS",
    "LIVE",
    "NONE",
    "RECORDED_ONLY",
    "BoundedWalker",
    "Direction",
    "Filters",
    "FlowIndex",
    "Folded",
    "IndexFolder",
    "IndexFollower",
    "Names",
    "SitesTold",
    "Starts",
    "StoreWalker",
    "Table",
    "ToldWalker",
    "Walk",
    "Walker",
    "above",
    "below",
    "discard_index",
    "fold",
    "grade_mask",
    "kind_mask",
    "lineage",
    "open_index",
    "passing",
    "walk",
    "walk_seeds",
    "warm",
]
