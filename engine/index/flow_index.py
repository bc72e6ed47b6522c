"""The flow graph as arrays (design §5). In: contents up to a position. Out: columns, look-ups, rows.

Numbers. A vertex has one number for its id, whatever its versions; a *row* of `vertices` is one version of
it, true between two ledger positions. Flows name ids, so edges join vertex numbers and carry their own
interval: a walk at a position looks at the intervals of edges alone, and the row of a vertex is looked up
when an answer is written (`rows_at`). Vertex, row, edge, line and code numbers count from 0 in order of
arrival and never change, so they may be kept across `refresh` (not where `edition` changes).

Columns. A table's columns are arrays with one element a row, e.g. `index.vertices["site"]`:

    vertices  vertex, kind, stay, item, site, container, event, role, quantity, uom, arrived_earliest,
              arrived_latest, named, sure, instances, remains (-1: None), from_seq, to_seq
    edges     source, target, kind, grade, departed_earliest, departed_latest, arrived_earliest,
              arrived_latest, quantity, uom, via, from_seq, to_seq
    proofs    edge, event                   the events that prove an edge
    lines     item, wider, from_seq, to_seq
    starts    line, vertex                  where lines start
    ends      line, vertex                  where lines end
    entries   line, holding, vertex, grade  transformations and endings that lines went into
    makings   line, vertex                  transformations that made lines
    rides     line, container, holding, packed_earliest, packed_latest, unpacked, unpacked_earliest,
              unpacked_latest

`item`, `wider`, `container`, `via` are codes of `index.items`; `site` of `index.sites`; `event` of
`index.events`; `role`, `uom` and `quantity` (as text) of `index.words`; NONE (-1) stands for None. `from_seq
<= p < to_seq` says that a row is true at p; `to_seq` is LIVE where nothing closed it. Times are microseconds
since 1970 UTC; `unpacked` is False where no record takes the instance out.
"""

from __future__ import annotations

from copy import copy
from decimal import Decimal
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from engine.index.contents import AsOf, Contents
from engine.index.names import NONE, Names
from engine.index.table import Rows, Table
from engine.stores.ports import Snapshot
from graph_schema.flow_graph import Entry, Flow, FlowKind, Grade, Line, Ride, Stay, Vertex, VertexKind
from graph_schema.interval import BEGINNING, Interval

Numbers = npt.NDArray[np.uint32]
Mask = npt.NDArray[np.bool_]


class Follower(Protocol):
    """What brings an index up to a snapshot."""

    def follow(self, snapshot: Snapshot) -> FlowIndex:
        """The index as of a snapshot, or a newer one."""


class SitesTold(Protocol):
    """At which sites holdings are told to one reader, where that is not where they were."""

    @property
    def names(self) -> Names:
        """The sites of an index, and behind them those that are told instead."""

    def of(self, rows: Rows, at: int) -> Rows:
        """The codes of the sites told of rows of `vertices`, by the records up to a position; shape (len(rows),)."""

    def behind(self, codes: npt.ArrayLike) -> Rows:
        """The codes of all sites that may be told as one of these, themselves among them."""


class FlowIndex:
    """The flow graph as known up to `position`. A value: it never changes; `refresh` gives a newer one."""

    def __init__(self, contents: Contents, as_of: AsOf, follower: Follower) -> None:
        self.position, self.chain, self.edition = as_of
        """The last ledger position it answers for, and for every earlier one too; the chain hash there; the edition."""
        self.items, self.sites = contents.items, contents.sites
        self.events, self.words = contents.events, contents.words
        tables = contents.tables
        self.vertices, self.edges, self.proofs = tables["vertices"], tables["edges"], tables["proofs"]
        self.lines, self.starts, self.ends = tables["lines"], tables["starts"], tables["ends"]
        self.entries, self.makings, self.rides = tables["entries"], tables["makings"], tables["rides"]
        self._ids = contents.ids
        self._vertex_count = contents.ids.count
        self._follower = follower
        self._rows_at: tuple[int, Rows] | None = None
        self._holds_instances: Mask | None = None
        self._told: SitesTold | None = None

    @property
    def vertex_count(self) -> int:
        """How many vertex numbers there are (at any position)."""
        return self._vertex_count

    @property
    def edge_count(self) -> int:
        """How many edge numbers there are (at any position)."""
        return self.edges.count

    def refresh(self, snapshot: Snapshot) -> FlowIndex:
        """The index as of a snapshot: the same where it is as new, else one with what came since."""
        return self._follower.follow(snapshot)

    def as_told(self, told: SitesTold) -> FlowIndex:
        """The same with holdings at the sites that a reader is told: what reads sites reads those."""
        self.rows_at()  # Found once for all readers.
        other = copy(self)
        other.sites, other._told = told.names, told
        return other

    def sites_at(self, rows: npt.ArrayLike, at: int) -> Rows:
        """The codes of the sites of rows of `vertices`, as they are told at a position. Shape (len(rows),)."""
        asked = np.asarray(rows, np.int64)
        return self.vertices["site"][asked].astype(np.int64) if self._told is None else self._told.of(asked, at)

    def has_site(self, code: int, at: int | None = None) -> bool:
        """Whether anything is told to be at a site, of which some version of a vertex is; False for NONE."""
        return code != NONE and (self._told is None or len(self.vertices_where("site", [code], at)) > 0)

    def live(self, table: Table, rows: npt.ArrayLike, at: int | None = None) -> Rows:
        """Those of some rows of `vertices`, `edges` or `lines` that are true at a position (None: newest)."""
        position = self.position if at is None else at
        asked = np.asarray(rows, np.int64)
        return asked[(table["from_seq"][asked] <= position) & (position < table["to_seq"][asked])]

    def rows_at(self, at: int | None = None) -> Rows:
        """Per vertex number its row in `vertices` at a position (None: newest); -1 where it is not there.

        Shape (vertex_count,); kept for the last position asked for. Not to be written.
        """
        position = self.position if at is None else at
        kept = self._rows_at
        if kept is None or kept[0] != position:
            kept = self._rows_at = position, self._find_rows(position)
        return kept[1]

    def vertices_where(self, column: str, codes: npt.ArrayLike, at: int | None = None) -> Numbers:
        """Vertex numbers, ascending, whose row at a position holds one of these codes.

        `column` is item, site, container or event.
        """
        if column == "site" and self._told is not None:
            rows = self._told_at(self._told, np.asarray(codes, np.int64), self.position if at is None else at)
        else:
            rows = self.live(self.vertices, self.vertices.where(column, codes), at)
        return np.unique(self.vertices["vertex"][rows])

    def _told_at(self, told: SitesTold, codes: Rows, at: int) -> Rows:
        rows = self.live(self.vertices, self.vertices.where("site", told.behind(codes)), at)
        return rows[np.isin(self.sites_at(rows, at), codes)]

    def line_rows(self, table: Table, column: str, keys: npt.ArrayLike, at: int | None = None) -> Rows:
        """Rows of starts, ends, entries, makings or rides by key, of the lines that are true at a position.

        The lines that end at holdings: `index.ends["line"][index.line_rows(index.ends, "vertex", holdings)]`.
        """
        position = self.position if at is None else at
        rows = table.where(column, keys)
        lines = table["line"][rows]
        return rows[(self.lines["from_seq"][lines] <= position) & (position < self.lines["to_seq"][lines])]

    def holds_instances(self) -> Mask:
        """Per vertex number whether it holds instances. Shape (vertex_count,); not to be written."""
        if self._holds_instances is None:
            mask = np.zeros(self.vertex_count, np.bool_)
            mask[self.vertices["vertex"][self.vertices["instances"]]] = True
            self._holds_instances = mask
        return self._holds_instances

    def number(self, vertex_id: bytes) -> int:
        """The vertex number of an id; NONE where there is none."""
        return int(self._ids.find([vertex_id])[0])

    def id(self, vertex: int) -> bytes:
        """The 16-byte id of a vertex number."""
        return self._ids.key(vertex)

    def vertex(self, row: int) -> Vertex:
        """A row of `vertices` as the value it was built from."""
        table = self.vertices
        remains = int(table["remains"][row])
        return Vertex(
            id=self.id(int(table["vertex"][row])),
            kind=VertexKind(int(table["kind"][row])),
            item=self.items.name(int(table["item"][row])),
            site=self.sites.optional(int(table["site"][row])),
            stay=Stay(int(table["stay"][row])),
            arrived=_interval(table, "arrived", row),
            event_id=self.events.optional(int(table["event"][row])),
            role=self.words.name(int(table["role"][row])),
            container=self.items.optional(int(table["container"][row])),
            quantity=self.quantity(table, row),
            uom=self.words.optional(int(table["uom"][row])),
            named=bool(table["named"][row]),
            sure=bool(table["sure"][row]),
            instances=bool(table["instances"][row]),
            remains=None if remains < 0 else Grade(remains),
        )

    def latest_arrival(self, at: int) -> int | None:
        """When goods last came anywhere, at the earliest, by the records up to a position; None where none tells."""
        rows = self.rows_at(at)
        told = self.vertices["arrived_earliest"][rows[rows >= 0]]
        told = told[told > BEGINNING]
        return int(told.max()) if len(told) else None

    def flow(self, edge: int) -> Flow:
        """An edge as the value it was built from."""
        table = self.edges
        return Flow(
            source=self.id(int(table["source"][edge])),
            target=self.id(int(table["target"][edge])),
            kind=FlowKind(int(table["kind"][edge])),
            grade=Grade(int(table["grade"][edge])),
            event_ids=tuple(self.event_ids([edge])),
            departed=_interval(table, "departed", edge),
            arrived=_interval(table, "arrived", edge),
            quantity=self.quantity(table, edge),
            uom=self.words.optional(int(table["uom"][edge])),
            via=self.items.optional(int(table["via"][edge])),
        )

    def event_ids(self, edges: npt.ArrayLike) -> list[str]:
        """The ids of the events that prove edges, in order of the edges."""
        return self.events.names(self.proofs["event"][self.proofs.where("edge", edges)])

    def quantity(self, table: Table, row: int) -> Decimal | None:
        """The quantity of a row of `vertices` or `edges`."""
        text = self.words.optional(int(table["quantity"][row]))
        return None if text is None else Decimal(text)

    def amounts(self, table: Table, rows: Rows) -> tuple[list[Decimal | None], list[str | None]]:
        """The quantities and the units of rows of `vertices` or `edges`."""
        texts, units = (self.words.optionals(table[name][rows]) for name in ("quantity", "uom"))
        told = {text: None if text is None else Decimal(text) for text in set(texts)}
        return [told[text] for text in texts], units

    def line(self, row: int) -> Line:
        """A row of `lines` as the value it was built from."""
        return Line(
            item=self.items.name(int(self.lines["item"][row])),
            wider=self.items.name(int(self.lines["wider"][row])),
            starts_in=self._line_ids(self.starts, row),
            ends_in=self._line_ids(self.ends, row),
            entered=tuple(self._entry(entry) for entry in self.entries.where("line", row).tolist()),
            made_by=self._line_ids(self.makings, row),
            rides=tuple(self._ride(ride) for ride in self.rides.where("line", row).tolist()),
        )

    def _find_rows(self, position: int) -> Rows:
        table = self.vertices
        live = np.flatnonzero((table["from_seq"] <= position) & (position < table["to_seq"]))
        rows = np.full(self.vertex_count, -1, np.int64)
        rows[table["vertex"][live]] = live
        return rows

    def _line_ids(self, table: Table, line: int) -> tuple[bytes, ...]:
        return tuple(self.id(vertex) for vertex in table["vertex"][table.where("line", line)].tolist())

    def _entry(self, row: int) -> Entry:
        table = self.entries
        holding, vertex = self.id(int(table["holding"][row])), self.id(int(table["vertex"][row]))
        return Entry(holding, vertex, Grade(int(table["grade"][row])))

    def _ride(self, row: int) -> Ride:
        table = self.rides
        return Ride(
            container=self.items.name(int(table["container"][row])),
            holding=self.id(int(table["holding"][row])),
            packed=_interval(table, "packed", row),
            unpacked=_interval(table, "unpacked", row) if table["unpacked"][row] else None,
        )


def _interval(table: Any, name: str, row: int) -> Interval:
    return Interval(int(table[f"{name}_earliest"][row]), int(table[f"{name}_latest"][row]))
