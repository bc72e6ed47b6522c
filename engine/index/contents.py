"""All that the arrays hold, and the way into them. In: rows of a graph port. Out: rows of columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.index.keys import KeyTable
from engine.index.names import Names
from engine.index.table import COLUMNS, Table
from engine.stores.ports import FlowRow, LineRow, VertexRow
from graph_schema.flow_graph import Entry, Line, Ride
from graph_schema.interval import UNKNOWN_TIME, Interval

LIVE = 2**62
"""`to_seq` of a row that nothing closed."""

Batch = dict[str, npt.NDArray[Any]]


class AsOf(NamedTuple):
    """What an index is of: a ledger position, the chain hash there, and the edition of the graph."""

    position: int
    chain: bytes
    edition: int


@dataclass(slots=True)
class Contents:
    """Ids and names, which only grow, and the tables of one moment."""

    ids: KeyTable = field(default_factory=KeyTable)
    items: Names = field(default_factory=Names)
    sites: Names = field(default_factory=Names)
    events: Names = field(default_factory=Names)
    words: Names = field(default_factory=Names)
    tables: dict[str, Table] = field(default_factory=lambda: {name: Table.empty(name) for name in COLUMNS})

    def extend(self, table: str, batch: Batch) -> None:
        """Put rows behind those of a table."""
        self.tables[table] = self.tables[table].extended(batch)

    def add_vertices(self, rows: Sequence[VertexRow]) -> None:
        """Append vertices."""
        vertices = [row.vertex for row in rows]
        batch: Batch = {
            "vertex": self.ids.add([v.id for v in vertices]),
            "kind": np.array([v.kind for v in vertices], np.uint8),
            "stay": np.array([v.stay for v in vertices], np.uint8),
            "item": self.items.add([v.item for v in vertices]),
            "site": self.sites.add([v.site for v in vertices]),
            "container": self.items.add([v.container for v in vertices]),
            "event": self.events.add([v.event_id for v in vertices]),
            "role": self.words.add([v.role for v in vertices]),
            "quantity": self.words.add([_text(v.quantity) for v in vertices]),
            "uom": self.words.add([v.uom for v in vertices]),
            "named": np.array([v.named for v in vertices], np.bool_),
            "sure": np.array([v.sure for v in vertices], np.bool_),
            "instances": np.array([v.instances for v in vertices], np.bool_),
            "remains": np.array([-1 if v.remains is None else v.remains for v in vertices], np.int8),
        }
        self.extend("vertices", batch | _times("arrived", [v.arrived for v in vertices]) | _positions(rows))

    def add_flows(self, rows: Sequence[FlowRow]) -> None:
        """Append flows and the events that prove them."""
        flows = [row.flow for row in rows]
        batch: Batch = {
            "source": self.ids.add([f.source for f in flows]),
            "target": self.ids.add([f.target for f in flows]),
            "kind": np.array([f.kind for f in flows], np.uint8),
            "grade": np.array([f.grade for f in flows], np.uint8),
            "quantity": self.words.add([_text(f.quantity) for f in flows]),
            "uom": self.words.add([f.uom for f in flows]),
            "via": self.items.add([f.via for f in flows]),
        }
        times = _times("departed", [f.departed for f in flows]) | _times("arrived", [f.arrived for f in flows])
        proofs = [f.event_ids for f in flows]
        owners = _owners(self.tables["edges"].count, proofs)
        events = self.events.add(list(chain.from_iterable(proofs)))
        self.extend("edges", batch | times | _positions(rows))
        self.extend("proofs", {"edge": owners, "event": events})

    def add_lines(self, rows: Sequence[LineRow]) -> None:
        """Append lines: where they start and end, what they entered, what made them, what they rode in."""
        lines = [row.line for row in rows]
        batch: Batch = {
            "item": self.items.add([line.item for line in lines]),
            "wider": self.items.add([line.wider for line in lines]),
        }
        first = self.tables["lines"].count
        self.extend("lines", batch | _positions(rows))
        self._add_line_vertices("starts", first, [line.starts_in for line in lines])
        self._add_line_vertices("ends", first, [line.ends_in for line in lines])
        self._add_line_vertices("makings", first, [line.made_by for line in lines])
        self._add_entries(first, lines)
        self._add_rides(first, lines)

    def _add_line_vertices(self, table: str, first: int, ids: Sequence[tuple[bytes, ...]]) -> None:
        numbers = self.ids.add(list(chain.from_iterable(ids)))
        self.extend(table, {"line": _owners(first, ids), "vertex": numbers})

    def _add_entries(self, first: int, lines: Sequence[Line]) -> None:
        entries: list[Entry] = [entry for line in lines for entry in line.entered]
        batch: Batch = {
            "line": _owners(first, [line.entered for line in lines]),
            "holding": self.ids.add([entry.holding for entry in entries]),
            "vertex": self.ids.add([entry.vertex for entry in entries]),
            "grade": np.array([entry.grade for entry in entries], np.uint8),
        }
        self.extend("entries", batch)

    def _add_rides(self, first: int, lines: Sequence[Line]) -> None:
        rides: list[Ride] = [ride for line in lines for ride in line.rides]
        batch: Batch = {
            "line": _owners(first, [line.rides for line in lines]),
            "container": self.items.add([ride.container for ride in rides]),
            "holding": self.ids.add([ride.holding for ride in rides]),
            "unpacked": np.array([ride.unpacked is not None for ride in rides], np.bool_),
        }
        packed = _times("packed", [ride.packed for ride in rides])
        unpacked = _times("unpacked", [ride.unpacked or UNKNOWN_TIME for ride in rides])
        self.extend("rides", batch | packed | unpacked)


def _text(quantity: Decimal | None) -> str | None:
    return None if quantity is None else str(quantity)


def _times(name: str, intervals: Sequence[Interval]) -> Batch:
    return {
        f"{name}_earliest": np.array([i.earliest for i in intervals], np.int64),
        f"{name}_latest": np.array([i.latest for i in intervals], np.int64),
    }


def _positions(rows: Iterable[VertexRow | FlowRow | LineRow]) -> Batch:
    pairs = [(row.from_seq, LIVE if row.to_seq is None else row.to_seq) for row in rows]
    positions = np.array(pairs, np.int64).reshape(-1, 2)
    return {"from_seq": positions[:, 0], "to_seq": positions[:, 1]}


def _owners(first: int, several: Sequence[Sequence[object]]) -> npt.NDArray[np.int64]:
    """For each member of several lists in turn the number of its list, counted from `first`."""
    return np.repeat(np.arange(first, first + len(several)), [len(members) for members in several])
