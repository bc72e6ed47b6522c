"""Who has which rows. In: each owner's rows.

Out: how many shapes have each row, and with that when rows are true.

A shape is the set of rows of one owner's part. Owners whose goods moved as one have the same rows, hence one
shape; a row is live while some shape with an owner has it. So a change of a thousand owners who stay alike
costs as much as that of one, and an owner that stays as it was costs one comparison.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from engine.stores.queries import load_queries
from engine.stores.rows import RowKind, shape_digest
from engine.stores.sqlite.session import Session

_SQL = load_queries(__package__, "graph.sql")
_DIGEST_LENGTH = 16

Digests = tuple[bytes, ...]
"""Row digests in order."""


class Value(msgspec.Struct, frozen=True):
    """A row as the file keeps it."""

    kind: RowKind
    place: bytes
    """What orders it among the rows of one position: a vertex's id, a flow's digest, a gap's item."""
    content: bytes


class Shapes:
    """Changes of many owners' rows, kept as one change of rows at one position."""

    def __init__(self, session: Session, seq: int) -> None:
        self._session = session
        self._seq = seq
        self._parts: dict[int, bytes | None] = {}
        self._owners: Counter[bytes] = Counter()
        self._rows_of: dict[bytes, Digests] = {}
        self._values: dict[bytes, Value] = {}
        self._reopening = False

    def set_part(self, owner: int, rows: Mapping[bytes, Value]) -> None:
        """These rows (by digest) are the owner's, in place of its former ones."""
        digests = tuple(sorted(rows))
        wanted = shape_digest(digests) if digests else None
        former = self._shape_of(owner)
        if wanted == former:
            return
        self._parts[owner] = wanted
        if former is not None:
            self._owners[former] -= 1
        if wanted is not None:
            self._owners[wanted] += 1
            self._rows_of[wanted] = digests
            self._values.update(rows)

    def write(self) -> None:
        """Count owners by shape and shapes by row; close rows that nobody has any more, open new ones."""
        counts: Counter[bytes] = Counter()
        numbers: dict[bytes, int] = {}
        for shape, change in self._owners.items():
            number, rows = self._count_owners(shape, change)
            if number is not None:
                numbers[shape] = number
            counts.update(rows)
        self._write_parts(numbers)
        self._write_rows(counts)

    def _shape_of(self, owner: int) -> bytes | None:
        if owner in self._parts:
            return self._parts[owner]
        shape: bytes | None = self._session.value(_SQL["shape_of_owner"], (owner,))
        return shape

    def _count_owners(self, shape: bytes, change: int) -> tuple[int | None, dict[bytes, int]]:
        """The shape's number, None where nobody has it any more; and how its rows' counts change."""
        known = self._session.row(_SQL["shape"], (shape,))
        if known is None:
            return self._add_shape(shape, change)
        number, owners, packed = known
        if owners + change == 0:
            self._session.run(_SQL["drop_shape"], (number,))
            return None, dict.fromkeys(_unpack(packed), -1)
        if change:
            self._session.run(_SQL["set_shape_owners"], (owners + change, number))
        return number, {}

    def _add_shape(self, shape: bytes, owners: int) -> tuple[int | None, dict[bytes, int]]:
        if owners == 0:
            return None, {}
        rows = self._rows_of[shape]
        number: int = self._session.value(_SQL["add_shape"], (shape, owners, b"".join(rows)))
        return number, dict.fromkeys(rows, 1)

    def _write_parts(self, numbers: Mapping[bytes, int]) -> None:
        parts = self._parts.items()
        gone = [(owner,) for owner, shape in parts if shape is None]
        self._session.run_many(_SQL["drop_part"], gone)
        kept = [(owner, numbers[shape]) for owner, shape in parts if shape is not None]
        self._session.run_many(_SQL["set_part"], kept)

    def _write_rows(self, counts: Mapping[bytes, int]) -> None:
        self._reopening = self._session.row(_SQL["some_row_closed_at"], (self._seq,)) is not None
        new = [(digest, n) for digest, n in counts.items() if n and self._count(digest, n)]
        self._session.run_many(_SQL["open_row"], self._openings(new))

    def _openings(self, new: Iterable[tuple[bytes, int]]) -> Iterator[tuple[object, ...]]:
        for digest, shapes in new:
            value = self._values[digest]
            yield value.kind.value, value.place, digest, value.content, shapes, self._seq

    def _count(self, digest: bytes, change: int) -> bool:
        """Change how many shapes have a row; True where the row is new and to be opened."""
        live = self._session.row(_SQL["live_row"], (digest,))
        if live is None:
            return not self._reopen(digest, change)
        number, shapes, from_seq = live
        if shapes + change:
            self._session.run(_SQL["set_row_shapes"], (shapes + change, number))
        elif from_seq == self._seq:
            self._session.run(_SQL["forget_row"], (number,))
        else:
            self._session.run(_SQL["close_row"], (self._seq, number))
        return False

    def _reopen(self, digest: bytes, shapes: int) -> bool:
        """A row that was closed at this very position was never away."""
        if not self._reopening:
            return False
        number = self._session.value(_SQL["row_closed_at"], (self._seq, digest))
        if number is not None:
            self._session.run(_SQL["reopen_row"], (shapes, number))
        return number is not None


def _unpack(packed: bytes) -> Iterator[bytes]:
    return (packed[at : at + _DIGEST_LENGTH] for at in range(0, len(packed), _DIGEST_LENGTH))
