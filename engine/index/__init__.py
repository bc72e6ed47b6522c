"""The flow graph as arrays, and walks over it (design §5)."""

from engine.index.contents import LIVE
from engine.index.flow_index import FlowIndex
from engine.index.folding import Folded, fold
from engine.index.following import discard_index, open_index
from engine.index.lineage import lineage
from engine.index.names import NONE, Names
from engine.index.table import Table
from engine.index.walk import (
    EVERY_GRADE,
    FLOW_KINDS,
    RECORDED_ONLY,
    Direction,
    Filters,
    Starts,
    Walk,
    above,
    below,
    grade_mask,
    kind_mask,
    walk,
    walk_seeds,
)
from engine.index.warming import warm

__all__ = [
    "EVERY_GRADE",
    "FLOW_KINDS",
    "LIVE",
    "NONE",
    "RECORDED_ONLY",
    "Direction",
    "Filters",
    "FlowIndex",
    "Folded",
    "Names",
    "Starts",
    "Table",
    "Walk",
    "above",
    "below",
    "discard_index",
    "fold",
    "grade_mask",
    "kind_mask",
    "lineage",
    "open_index",
    "walk",
    "walk_seeds",
    "warm",
]
