"""How things are in an answer, as columns. In: rows of a walk. Out: one row a thing, the surest and nearest.

A sighting is a thing at a vertex: an item that was there, or a site that goods were at. A thing is in the answer
certainly where one of its sightings is, as near as its nearest, and in transit where all are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.index import Names, fold
from engine.questions.view import Numbers, Truths

Words = npt.NDArray[np.uint64]
"""Sets of small numbers, one a row: bit n % 64 of column n // 64 is set where n is in it."""

UNSURE = 2**40
"""The rank of the nearest sighting that is not certain: after every one that is."""


@dataclass(frozen=True, slots=True, eq=False)
class Sightings:
    """Rows of one length."""

    codes: Numbers
    vertices: Numbers
    """Where it was seen; NONE where a seed names it."""
    certain: Truths
    depth: Numbers
    rank: Numbers
    """Which evidence is the best: certain before possible, then by length."""
    in_transit: Truths
    begun: Words | None
    """Which beginnings reach it; None where there is but one."""

    def __len__(self) -> int:
        return len(self.codes)

    def where(self, rows: Truths | Numbers) -> Sightings:
        """Some of the rows, in the order given."""
        return Sightings(
            self.codes[rows],
            self.vertices[rows],
            self.certain[rows],
            self.depth[rows],
            self.rank[rows],
            self.in_transit[rows],
            None if self.begun is None else self.begun[rows],
        )

    def reached_by(self, number: int) -> Sightings:
        """The rows that one of the beginnings reaches."""
        if self.begun is None:
            return self
        word = self.begun[:, number // 64] >> np.uint64(number % 64)
        return self.where(word & np.uint64(1) == 1)

    def of(self, codes: Numbers) -> Sightings:
        """The same sightings, of other things."""
        return replace(self, codes=codes)

    def at_most_possible(self, rows: Truths) -> Sightings:
        """The same, of which these rows are not certain, and in transit."""
        rank = np.where(rows & self.certain, self.rank + UNSURE, self.rank)
        return replace(self, certain=self.certain & ~rows, rank=rank, in_transit=rows)

    @classmethod
    def union(cls, several: Sequence[Sightings]) -> Sightings:
        """All of several together."""
        begun = [s.begun for s in several if s.begun is not None]
        return cls(
            np.concatenate([s.codes for s in several]),
            np.concatenate([s.vertices for s in several]),
            np.concatenate([s.certain for s in several]),
            np.concatenate([s.depth for s in several]),
            np.concatenate([s.rank for s in several]),
            np.concatenate([s.in_transit for s in several]),
            np.concatenate(begun) if begun else None,
        )

    def folded(self, room: int) -> tuple[Sightings, Numbers, Numbers]:
        """One row a code below `room`; of each the row it is taken from, and per row of this its place."""
        found = fold(self.codes, self.rank, self.certain, self.depth, self.in_transit, room)
        begun = None
        if self.begun is not None:
            begun = np.zeros((len(found.codes), self.begun.shape[1]), np.uint64)
            np.bitwise_or.at(begun, found.group, self.begun)
        best = found.best
        one = Sightings(
            found.codes, self.vertices[best], found.certain, found.depth, self.rank[best], found.apart, begun
        )
        return one, best, found.group


def words_of(numbers: Sequence[int], count: int) -> Words:
    """Sets of one number each, below `count`."""
    asked = np.asarray(numbers, np.int64)
    words = np.zeros((len(asked), -(-count // 64)), np.uint64)
    words[np.arange(len(asked)), asked // 64] = np.left_shift(np.uint64(1), (asked % 64).astype(np.uint64))
    return words


def numbers_in(words: Words) -> list[tuple[int, ...]]:
    """The numbers in each set, ascending."""
    distinct, place = np.unique(words, axis=0, return_inverse=True)
    told = [
        tuple(column * 64 + bit for column, word in enumerate(row) for bit in range(64) if word >> bit & 1)
        for row in distinct.tolist()
    ]
    return [told[at] for at in place.ravel().tolist()]


class Keys:
    """The names of an index, and behind them those that only a question names."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._known = len(names)
        self._own: dict[str, int] = {}

    def __len__(self) -> int:
        return self._known + len(self._own)

    def add(self, keys: Sequence[str]) -> Numbers:
        """The codes of keys; those that the index has not get the next ones."""
        codes = self._names.codes(keys).astype(np.int64)
        for row in np.flatnonzero(codes < 0).tolist():
            codes[row] = self._own.setdefault(keys[row], len(self))
        return codes

    def names(self, codes: Numbers) -> list[str]:
        """The keys of codes, in order."""
        known = codes < self._known
        if known.all():
            return self._names.names(codes)
        own = list(self._own)
        inside = iter(self._names.names(codes[known]))
        return [next(inside) if code < self._known else own[code - self._known] for code in codes.tolist()]
