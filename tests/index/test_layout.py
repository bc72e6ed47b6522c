"""Where vertices and edges lie in memory changes no row, and lets a walk read front to back."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.index import open_index
from engine.index.layout import VERTEX_COLUMNS
from engine.index.table import COLUMNS
from tests.index.histories import random_history


@given(seed=st.integers(0, 2**32))
def test_what_comes_later_has_a_higher_number(seed: int) -> None:
    """Built anew, vertices are numbered by their first arrival, and edges lie by the vertex they leave."""
    index = open_index(None, random_history(seed).snapshot())
    firsts = [
        index.vertices["arrived_earliest"][index.vertices.where("vertex", number)].min()
        for number in range(index.vertex_count)
        if len(index.vertices.where("vertex", number))
    ]
    assert firsts == sorted(firsts)
    assert bool(np.all(np.diff(index.edges["source"].astype(np.int64)) >= 0))


def test_every_column_of_vertex_numbers_is_renumbered() -> None:
    """A column that is named as one of vertices, or of the ends of a flow, is renumbered."""
    named = {
        (table, column)
        for table, columns in COLUMNS.items()
        for column in columns
        if column in ("vertex", "holding", "source", "target")
    }
    assert named == {(table, column) for table, columns in VERTEX_COLUMNS.items() for column in columns}
