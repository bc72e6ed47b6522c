"""Tables of columns (design §5). In: batches of rows as arrays. Out: columns, and which rows hold a key.

A table is a value: `extended` gives one with more rows. Both may share arrays, since arrays have room to grow
into and the shorter table does not look beyond its count; only the newest of such tables may be extended.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.index.grouping import Grouping
from engine.index.keys import grown

Array = npt.NDArray[Any]
Rows = npt.NDArray[np.int64]

_TIME = {"arrived_earliest": np.int64, "arrived_latest": np.int64}
_INTERVAL = {"from_seq": np.int64, "to_seq": np.int64}
_AMOUNT = {"quantity": np.int32, "uom": np.int32}

COLUMNS: Mapping[str, Mapping[str, type[np.generic]]] = {
    "vertices": {
        "vertex": np.uint32,
        "kind": np.uint8,
        "stay": np.uint8,
        "item": np.int32,
        "site": np.int32,
        "container": np.int32,
        "event": np.int32,
        "role": np.int32,
        **_AMOUNT,
        **_TIME,
        "named": np.bool_,
        "sure": np.bool_,
        "instances": np.bool_,
        "remains": np.int8,
        **_INTERVAL,
    },
    "edges": {
        "source": np.uint32,
        "target": np.uint32,
        "kind": np.uint8,
        "grade": np.uint8,
        "departed_earliest": np.int64,
        "departed_latest": np.int64,
        **_TIME,
        **_AMOUNT,
        "via": np.int32,
        **_INTERVAL,
    },
    "proofs": {"edge": np.uint32, "event": np.int32},
    "lines": {"item": np.int32, "wider": np.int32, **_INTERVAL},
    "starts": {"line": np.uint32, "vertex": np.uint32},
    "ends": {"line": np.uint32, "vertex": np.uint32},
    "entries": {"line": np.uint32, "holding": np.uint32, "vertex": np.uint32, "grade": np.uint8},
    "makings": {"line": np.uint32, "vertex": np.uint32},
    "rides": {
        "line": np.uint32,
        "container": np.int32,
        "holding": np.uint32,
        "packed_earliest": np.int64,
        "packed_latest": np.int64,
        "unpacked": np.bool_,
        "unpacked_earliest": np.int64,
        "unpacked_latest": np.int64,
    },
}
"""Every table with its columns and their types."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "vertices": ("vertex", "item", "site", "container", "event"),
    "edges": ("source", "target"),
    "proofs": ("edge", "event"),
    "lines": ("item", "wider"),
    "starts": ("line", "vertex"),
    "ends": ("line", "vertex"),
    "entries": ("line", "holding", "vertex"),
    "makings": ("line", "vertex"),
    "rides": ("line", "container", "holding"),
}
"""The columns of each table that are keys."""


class Table:
    """Columns of equal length and, for the columns that are keys, which rows hold a key."""

    __slots__ = ("_count", "_groupings", "_room", "grouped", "name")

    def __init__(
        self,
        name: str,
        room: Mapping[str, Array],
        count: int,
        groupings: Mapping[str, Grouping],
        grouped: int,
    ) -> None:
        self.name = name
        self._room = room
        self._count = count
        self._groupings = groupings
        self.grouped = grouped
        """Rows before this one lie in compressed sparse rows; those from it on came late."""

    @classmethod
    def empty(cls, name: str) -> Table:
        """A table of `COLUMNS` without rows."""
        room = {column: np.zeros(1024, dtype) for column, dtype in COLUMNS[name].items()}
        return cls(name, room, 0, {}, 0).regrouped()

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._count

    @property
    def room(self) -> Mapping[str, Array]:
        """The columns with the room behind them."""
        return self._room

    def __getitem__(self, column: str) -> Array:
        """A column; shape (count,). Not to be written."""
        return self._room[column][: self._count]

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The columns by which rows are found."""
        return KEYS[self.name]

    def grouping(self, column: str) -> Grouping:
        """Which rows hold a key of a key column."""
        return self._groupings[column]

    def where(self, column: str, keys: npt.ArrayLike) -> Rows:
        """The rows whose key column (`KEYS`) holds one of these keys; shape (rows found,).

        In order of the keys given, ascending within a key; a key given twice gives its rows twice.
        """
        return self._groupings[column].rows(keys)

    def extended(self, batch: Mapping[str, Array]) -> Table:
        """The table with more rows; they are found by key only after `with_late` or `regrouped`."""
        added = len(next(iter(batch.values())))
        count = self._count + added
        room = {column: grown(array, self._count, count) for column, array in self._room.items()}
        for column, values in batch.items():
            room[column][self._count : count] = values
        return Table(self.name, room, count, self._groupings, self.grouped)

    def merge_is_due(self) -> bool:
        """Whether so many rows came late that looking among them costs more than grouping anew."""
        return self._count - self.grouped > 4096 + self.grouped // 8

    def with_late(self) -> Table:
        """The table with the rows that came late found by key too."""
        groupings = {
            column: grouping.with_late(self[column][self.grouped :], self.grouped)
            for column, grouping in self._groupings.items()
        }
        return Table(self.name, self._room, self._count, groupings, self.grouped)

    def regrouped(self) -> Table:
        """The table with all rows in compressed sparse rows."""
        groupings = {column: Grouping.of(self[column]) for column in KEYS[self.name]}
        return Table(self.name, self._room, self._count, groupings, self._count)

    def close(self, row: int, seq: int) -> None:
        """Write that a row is true no longer from a position on, which its readers so far do not reach."""
        self._room["to_seq"][row] = seq
