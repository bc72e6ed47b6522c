"""What lies near in memory. In: contents just read, numbered as a store gave them. Out: the same in order of time.

A walk goes from what came early to what came a little later. Where numbers follow time and edges lie by the vertex they
leave, it reads its arrays nearly front to back; numbered by hashes, it waits for memory at every step.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.index.contents import Contents
from engine.index.table import COLUMNS, Table
from graph_schema.interval import END

Array = npt.NDArray[Any]

VERTEX_COLUMNS = {
    "vertices": ("vertex",),
    "edges": ("source", "target"),
    "starts": ("vertex",),
    "ends": ("vertex",),
    "entries": ("holding", "vertex"),
    "makings": ("vertex",),
    "rides": ("holding",),
}
"""The columns that hold vertex numbers."""


def in_order_of_time(contents: Contents) -> Contents:
    """The same rows with vertices numbered by their first arrival, vertices and edges lying in order of number."""
    order = np.argsort(_first_arrivals(contents), kind="stable")
    numbers = _inverse(order)
    tables = {name: _renumbered(table, numbers) for name, table in contents.tables.items()}
    vertices, edges = tables["vertices"], tables["edges"]
    by_source = np.lexsort((edges["target"], edges["source"]))
    tables["vertices"] = _taken(vertices, np.argsort(vertices["vertex"], kind="stable"))
    tables["edges"] = _taken(edges, by_source)
    tables["proofs"] = _proofs_of(tables["proofs"], _inverse(by_source))
    return replace(contents, ids=contents.ids.reordered(order), tables=tables)


def _first_arrivals(contents: Contents) -> Array:
    """Per vertex number the earliest time that a row of it says; END where it has no row."""
    table = contents.tables["vertices"]
    earliest = np.full(contents.ids.count, END, np.int64)
    np.minimum.at(earliest, table["vertex"], table["arrived_earliest"])
    return earliest


def _inverse(order: Array) -> Array:
    """Per old number the new one, from the old numbers in their new order."""
    numbers = np.empty(len(order), np.uint32)
    numbers[order] = np.arange(len(order), dtype=np.uint32)
    return numbers


def _renumbered(table: Table, numbers: Array) -> Table:
    columns = VERTEX_COLUMNS.get(table.name, ())
    return table if not columns else _with(table, {column: numbers[table[column]] for column in columns})


def _proofs_of(proofs: Table, edges: Array) -> Table:
    """Proofs with their edges' new numbers, lying in order of edge, those of one edge as they were."""
    renumbered = _with(proofs, {"edge": edges[proofs["edge"]]})
    return _taken(renumbered, np.argsort(renumbered["edge"], kind="stable"))


def _with(table: Table, changed: dict[str, Array]) -> Table:
    kept = {column: table[column] for column in COLUMNS[table.name]}
    return Table.empty(table.name).extended(kept | changed)


def _taken(table: Table, order: Array) -> Table:
    return Table.empty(table.name).extended({column: table[column][order] for column in COLUMNS[table.name]})
