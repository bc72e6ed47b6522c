"""Closing rows that are true no longer (rule 17). In: closed rows of a store. Out: `to_seq` in the columns.

The arrays keep no key of a row's content: the candidates are the rows of the same vertex, pair of vertices or
item that opened at the same position, and the one that is equal is meant.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.index.contents import LIVE, Contents
from engine.index.flow_index import FlowIndex
from engine.index.table import Rows, Table
from engine.stores.ports import FlowRow, LineRow, VertexRow


class IndexOutdated(Exception):
    """The store says that a row was true where the index does not know it: a signal to build anew."""


class Closing:
    """Closes rows that an index knows, in contents that go on from it."""

    def __init__(self, known: FlowIndex, contents: Contents) -> None:
        self._known = known
        self._contents = contents

    def vertex(self, row: VertexRow) -> None:
        """Close a version of a vertex."""
        table = self._known.vertices
        rows = table.where("vertex", self._known.number(row.vertex.id))
        self._close(table, rows, row, lambda found: self._known.vertex(found) == row.vertex)

    def flow(self, row: FlowRow) -> None:
        """Close a flow."""
        table = self._known.edges
        rows = self._between(row.flow.source, row.flow.target)
        self._close(table, rows, row, lambda found: self._known.flow(found) == row.flow)

    def line(self, row: LineRow) -> None:
        """Close a line."""
        table = self._known.lines
        rows = table.where("item", self._known.items.code(row.line.item))
        self._close(table, rows, row, lambda found: self._known.line(found) == row.line)

    def _between(self, source: bytes, target: bytes) -> Rows:
        """The edges from one vertex to another, found from the end that has fewer."""
        edges = self._known.edges
        first, last = self._known.number(source), self._known.number(target)
        leaving, coming = edges.where("source", first), edges.where("target", last)
        if len(leaving) < len(coming):
            between: Rows = leaving[edges["target"][leaving] == last]
        else:
            between = coming[edges["source"][coming] == first]
        return between

    def _close(
        self, table: Table, rows: Rows, row: VertexRow | FlowRow | LineRow, equal: Callable[[int], bool]
    ) -> None:
        if row.to_seq is None:
            raise IndexOutdated
        # A try that failed may have closed the row already, at this same position.
        still = (table["to_seq"][rows] == LIVE) | (table["to_seq"][rows] == row.to_seq)
        candidates = rows[still & (table["from_seq"][rows] == row.from_seq)]
        meant = next((found for found in candidates.tolist() if equal(found)), None)
        if meant is None:
            raise IndexOutdated
        self._contents.tables[table.name].close(meant, row.to_seq)
