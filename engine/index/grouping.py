"""Which rows hold a key: compressed sparse rows, and beside them the rows that came later (design §5).

In: a column of keys (numbers from 0; negative: no key). Out: per key its rows, ascending.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.index.compiled import compiled

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Rows `order[starts[k] : starts[k + 1]]` hold key k, as do the `late_rows` whose `late_keys` are k.

    Shapes: starts (keys + 1,) int64; order (rows with a key,) uint32; late_keys (late,) int64, ascending;
    late_rows (late,) uint32. Every late row is higher than every row in `order`.
    """

    starts: Array
    order: Array
    late_keys: Array
    late_rows: Array

    @classmethod
    def of(cls, keys: Array) -> Grouping:
        """Group all rows of a column."""
        signed = keys.view(np.int32)
        starts = np.zeros((int(signed.max(initial=-1)) + 2), np.int64)
        order = np.empty(int((signed >= 0).sum()), np.uint32)
        group(signed, starts, order)
        return cls.of_arrays(starts, order)

    @classmethod
    def of_arrays(cls, starts: Array, order: Array) -> Grouping:
        """A grouping without late rows."""
        return cls(starts, order, np.empty(0, np.int64), np.empty(0, np.uint32))

    def with_late(self, keys: Array, first: int) -> Grouping:
        """The same with late rows: `keys` are those of the rows from `first` on."""
        signed = keys.view(np.int32)
        held = np.flatnonzero(signed >= 0)
        ordered = held[np.argsort(signed[held], kind="stable")]
        late_rows = (ordered + first).astype(np.uint32)
        return Grouping(self.starts, self.order, signed[ordered].astype(np.int64), late_rows)

    def rows(self, keys: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """The rows of keys, in order of the keys given, ascending within a key. Keys unknown have none."""
        wanted = np.atleast_1d(np.asarray(keys)).astype(np.int64)
        early, early_owner = self._early(wanted)
        if not len(self.late_keys):
            return early
        first = np.searchsorted(self.late_keys, wanted, "left")
        late, late_owner = _spans(first, np.searchsorted(self.late_keys, wanted, "right"))
        merged = np.concatenate([early, self.late_rows[late].astype(np.int64)])
        owners = np.concatenate([early_owner, late_owner])
        return merged[np.argsort(owners, kind="stable")]

    def _early(self, wanted: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        known = (wanted >= 0) & (wanted < len(self.starts) - 1)
        safe = np.where(known, wanted, 0)
        first = self.starts[safe]
        # Without any key, starts is [0] and no key is known.
        after = self.starts[np.minimum(safe + 1, len(self.starts) - 1)]
        places, owners = _spans(first, np.where(known, after, first))
        return self.order[places].astype(np.int64), owners


def _spans(first: Array, after: Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """All numbers from first[i] to before after[i], for each i in turn, and the i of each."""
    lengths = after - first
    owners = np.repeat(np.arange(len(first)), lengths)
    ends = np.cumsum(lengths)
    within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - lengths, lengths)
    return within + first[owners], owners


@compiled
def group(keys: Array, starts: Array, order: Array) -> None:
    """A counting sort: fill `starts` and `order` from int32 keys."""
    for key in keys:
        if key >= 0:
            starts[key + 1] += 1
    for key in range(len(starts) - 1):
        starts[key + 1] += starts[key]
    place = starts[:-1].copy()
    for row in range(len(keys)):
        key = keys[row]
        if key >= 0:
            order[place[key]] = row
            place[key] += 1
