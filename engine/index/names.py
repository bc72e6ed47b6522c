"""Tables of strings in arrays. In: strings. Out: codes from 0 in order of arrival, and back.

A string is found by its 128-bit BLAKE2b hash, so that no Python object is kept a string.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.index.keys import KEY_BYTES, KeyTable, grown

NONE = -1
"""The code of None."""


class Names:
    """A table of strings, each with a code from 0 on. It only grows.

    `offsets` has shape (room,) int64: string c is `text[offsets[c] : offsets[c + 1]]`, UTF-8.
    """

    def __init__(
        self,
        keys: KeyTable | None = None,
        offsets: npt.NDArray[np.int64] | None = None,
        text: npt.NDArray[np.uint8] | None = None,
    ) -> None:
        self.keys = KeyTable() if keys is None else keys
        self.offsets = np.zeros(1024, np.int64) if offsets is None else offsets
        self.text = np.zeros(4096, np.uint8) if text is None else text

    def __len__(self) -> int:
        return self.keys.count

    def code(self, name: str) -> int:
        """The code of a string; NONE where the table does not have it."""
        return int(self.codes([name])[0])

    def codes(self, names: Sequence[str]) -> npt.NDArray[np.int32]:
        """The codes of strings, NONE where absent. Shape (len(names),)."""
        return self.keys.find([_digest(name) for name in names])

    def name(self, code: int) -> str:
        """The string of a code."""
        return self.names([code])[0]

    def optional(self, code: int) -> str | None:
        """The string of a code, None for NONE."""
        return None if code == NONE else self.name(code)

    def names(self, codes: npt.ArrayLike) -> list[str]:
        """The strings of codes, in order."""
        asked = np.asarray(codes, np.int64)
        firsts, afters = self.offsets[asked].tolist(), self.offsets[asked + 1].tolist()
        text = memoryview(self.text.data)
        return [str(text[first:after], "utf-8", "surrogatepass") for first, after in zip(firsts, afters, strict=True)]

    def optionals(self, codes: npt.ArrayLike) -> list[str | None]:
        """The strings of codes, None for NONE, in order; each is read once."""
        distinct, place = np.unique(np.asarray(codes, np.int64), return_inverse=True)
        unnamed = int(np.searchsorted(distinct, 0))
        words = [*[None] * unnamed, *self.names(distinct[unnamed:])]
        return [words[at] for at in place.tolist()]

    def add(self, names: Sequence[str | None]) -> npt.NDArray[np.int32]:
        """The codes of strings, NONE for None; those absent are added."""
        distinct = [name for name in dict.fromkeys(names) if name is not None]
        before = self.keys.count
        codes = self.keys.add([_digest(name) for name in distinct])
        self._append(name for name, code in zip(distinct, codes.tolist(), strict=True) if code >= before)
        found: dict[str | None, Any] = dict(zip(distinct, codes.tolist(), strict=True))
        found[None] = NONE
        return np.fromiter((found[name] for name in names), np.int32, len(names))

    def _append(self, names: Iterable[str]) -> None:
        parts = [_encoded(name) for name in names]
        first = self.keys.count - len(parts)
        used = int(self.offsets[first])
        ends = used + np.cumsum([len(part) for part in parts], dtype=np.int64)
        joined = np.frombuffer(b"".join(parts), np.uint8)
        self.text = grown(self.text, used, used + len(joined))
        self.text[used : used + len(joined)] = joined
        self.offsets = grown(self.offsets, first + 1, self.keys.count + 1)
        self.offsets[first + 1 : self.keys.count + 1] = ends


def _encoded(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")


def _digest(name: str) -> bytes:
    return blake2b(_encoded(name), digest_size=KEY_BYTES).digest()
