"""The flow graph as arrays (design §5). In: rows of a graph port. Out: columns, look-ups and adjacency by number.

Numbers. A vertex has one number for its id, whatever its versions; a *row* of `vertices` is one version of it, true
between two ledger positions. Flows name ids, so edges join vertex numbers and carry their own interval: a walk at a
position looks at the intervals of edges alone, and the row of a vertex is looked up when an answer is written
(`rows_at`). Vertex, row, edge, line and code numbers count from 0 in order of arrival and never change, so they may be
kept across `refresh` (not across a rebuild).

Columns. A table's columns are arrays with one element a row, e.g. `index.vertices["site"]`:

    vertices  vertex, kind, stay, item, site, container, event, role, quantity, uom, arrived_earliest, arrived_latest,
              named, instances, remains (-1: None), from_seq, to_seq
    edges     source, target, kind, grade, departed_earliest, departed_latest, arrived_earliest, arrived_latest,
              quantity, uom, via, from_seq, to_seq
    proofs    edge, event                   the events that prove an edge
    lines     item, wider, from_seq, to_seq
    starts    line, vertex                  where lines start
    ends      line, vertex                  where lines end
    entries   line, holding, vertex, grade  transformations and endings that lines went into
    makings   line, vertex                  transformations that made lines
    rides     line, container, holding, packed_earliest, packed_latest, unpacked, unpacked_earliest, unpacked_latest

`item`, `wider`, `container`, `via` are codes of `index.items`; `site` of `index.sites`; `event` of `index.events`; `role`,
`uom` and `quantity` (as text) of `index.words`; NONE (-1) stands for None. `from_seq <= p < to_seq` says that a row is true
at p; `to_seq` is LIVE where nothing closed it. Times are microseconds since 1970 UTC, `unpacked` is False where no record
takes the instance out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.stores.ports import Snapshot
from graph_schema.flow_graph import Flow, Line, Vertex

NONE = -1
"""The code of None."""
LIVE = 2**62
"""`to_seq` of a row that nothing closed."""

Array = npt.NDArray[Any]
Rows = npt.NDArray[np.int64]


class Names:
    """A table of strings, each with a code from 0 on."""

    def code(self, name: str) -> int:
        """The code of a string; NONE where the table does not have it."""
        raise NotImplementedError

    def codes(self, names: list[str]) -> npt.NDArray[np.int32]:
        """The codes of strings, NONE where absent. Shape (len(names),)."""
        raise NotImplementedError

    def name(self, code: int) -> str:
        """The string of a code."""
        raise NotImplementedError

    def names(self, codes: npt.ArrayLike) -> list[str]:
        """The strings of codes, in order."""
        raise NotImplementedError


class Table:
    """Columns of equal length and, for the columns that are keys, which rows hold a key."""

    @property
    def count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def __getitem__(self, column: str) -> Array:
        """A column; shape (count,). Not to be written."""
        raise NotImplementedError

    def where(self, column: str, keys: npt.ArrayLike) -> Rows:
        """The rows whose column holds one of these keys (codes or numbers), ascending within a key, in order of keys.

        For the columns vertex, item, site, container, event of `vertices`; source, target of `edges`; and every column
        of the other tables that is a code or a number, but `via`. A row comes once a key that it holds.
        """
        raise NotImplementedError


class FlowIndex:
    """The flow graph as known up to `position`. A value: it never changes; `refresh` gives a newer one."""

    position: int
    """The last ledger position it answers for; it answers for every earlier one too."""
    items: Names
    sites: Names
    events: Names
    words: Names
    vertices: Table
    edges: Table
    proofs: Table
    lines: Table
    starts: Table
    ends: Table
    entries: Table
    makings: Table
    rides: Table

    @property
    def vertex_count(self) -> int:
        """How many vertex numbers there are (at any position)."""
        raise NotImplementedError

    @property
    def edge_count(self) -> int:
        """How many edge numbers there are (at any position)."""
        raise NotImplementedError

    def live(self, table: Table, rows: npt.ArrayLike, at: int | None = None) -> Rows:
        """Those of some rows of `vertices`, `edges` or `lines` that are true at a position (None: the newest)."""
        raise NotImplementedError

    def rows_at(self, at: int | None = None) -> Rows:
        """Per vertex number its row in `vertices` at a position (None: the newest), -1 where it is not there then.
        Shape (vertex_count,); kept for the last position asked for. Not to be written."""
        raise NotImplementedError

    def vertices_where(
        self, column: str, codes: npt.ArrayLike, at: int | None = None
    ) -> npt.NDArray[np.uint32]:
        """Vertex numbers, ascending, whose row at a position holds one of these codes in item, site, container or
        event."""
        raise NotImplementedError

    def number(self, vertex_id: bytes) -> int:
        """The vertex number of an id; NONE where there is none."""
        raise NotImplementedError

    def id(self, vertex: int) -> bytes:
        """The 16-byte id of a vertex number."""
        raise NotImplementedError

    def vertex(self, row: int) -> Vertex:
        """A row of `vertices` as the value it was built from."""
        raise NotImplementedError

    def flow(self, edge: int) -> Flow:
        """An edge as the value it was built from."""
        raise NotImplementedError

    def line(self, row: int) -> Line:
        """A row of `lines` as the value it was built from."""
        raise NotImplementedError

    def line_rows(self, table: Table, column: str, keys: npt.ArrayLike, at: int | None = None) -> Rows:
        """Rows of starts, ends, entries, makings or rides whose column holds one of these keys and whose line is true
        at a position; e.g. the lines that end at holdings: `index.ends["line"][index.line_rows(index.ends, "vertex",
        holdings)]`."""
        raise NotImplementedError

    def refresh(self, snapshot: Snapshot) -> FlowIndex:
        """The index as of a snapshot: this one where it is as new, else one that follows with what came since."""
        raise NotImplementedError


def open_index(folder: Path | None, snapshot: Snapshot) -> FlowIndex:
    """The index as of a snapshot, kept in a folder beside the store (None: in memory).

    What is saved is mapped and followed up to the snapshot; what is missing, damaged or of another ledger is built
    anew. A folder that cannot be written costs speed, not the answer.
    """
    raise NotImplementedError


def discard_index(folder: Path) -> None:
    """Forget what is saved, so that the next `open_index` builds anew: to be called when the graph was rebuilt."""
    raise NotImplementedError
