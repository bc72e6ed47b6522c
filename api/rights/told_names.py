"""Names of sites with those behind them that are told instead of others. In: the names of an index. Out: the same.

Codes of the index stay; what is told has codes behind them. These are made before a question is asked: what answers it
counts on their number. The name of a place that may not be named is made when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from engine.index import NONE, Names


class ToldNames(Names):
    """The sites of an index, and behind them those that are told instead of others."""

    def __init__(self, whole: Names, count: int, named: Callable[[str], str]) -> None:
        super().__init__(whole.keys, whole.offsets, whole.text)
        self._count = count
        """Codes from here on are of sites told instead."""
        self._named = named
        """The name of a place that may not be named."""
        self._told: list[str | int] = []
        """A site's key; or the code of the place that may not be named, until somebody asks for its name."""
        self._codes: dict[str, int] = {}

    def __len__(self) -> int:
        return self._count + len(self._told)

    def site(self, key: str) -> int:
        """The code of a site that is told, one more where there is none."""
        code = int(super().codes([key])[0])
        if 0 <= code < self._count:
            return code
        if key not in self._codes:
            self._codes[key] = len(self)
            self._told.append(key)
        return self._codes[key]

    def without_name(self, code: int) -> int:
        """A code more, of a place that may not be named."""
        self._told.append(code)
        return len(self) - 1

    def codes(self, names: Sequence[str]) -> npt.NDArray[np.int32]:
        """The codes of keys, NONE where absent."""
        found = super().codes(names)
        found[found >= self._count] = NONE
        for row in np.flatnonzero(found == NONE).tolist():
            found[row] = self._codes.get(names[row], NONE)
        return found

    def names(self, codes: npt.ArrayLike) -> list[str]:
        """The keys of codes, in order."""
        asked = np.asarray(codes, np.int64)
        known = asked < self._count
        if known.all():
            return super().names(asked)
        inside = iter(super().names(asked[known]))
        return [next(inside) if code < self._count else self._name(code) for code in asked.tolist()]

    def _name(self, code: int) -> str:
        told = self._told[code - self._count]
        if isinstance(told, str):
            return told
        name = self._named(super().names([told])[0])
        self._told[code - self._count] = name
        self._codes[name] = code
        return name
