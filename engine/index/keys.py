"""Numbers for 16-byte keys: a hash table in arrays. In: keys. Out: codes from 0 in order of arrival.

A table only grows. Its arrays may be maps of a file that are private to the process (copy on write); they are
written in place, which is right for a reader of an earlier state, since a code new to it leads to no row it
knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.index.compiled import compiled
from graph_schema.errors import StoreDamaged

Array = npt.NDArray[Any]
KEY_BYTES = 16


def grown(array: Array, count: int, needed: int) -> Array:
    """An array with room for `needed` rows, the first `count` kept: itself where it has the room."""
    if needed <= len(array):
        return array
    larger = np.zeros((max(needed, 2 * len(array)), *array.shape[1:]), array.dtype)
    larger[:count] = array[:count]
    return larger


class KeyTable:
    """Codes of keys.

    `keys` has shape (room, 2) uint64; `slots` has a power of two int32: 0 where empty, else code + 1.
    """

    def __init__(self, keys: Array | None = None, slots: Array | None = None, count: int = 0) -> None:
        self.keys = np.zeros((1024, 2), np.uint64) if keys is None else keys
        self.slots = np.zeros(4096, np.int32) if slots is None else slots
        self.count = count

    def find(self, keys: Sequence[bytes]) -> npt.NDArray[np.int32]:
        """The codes of keys, -1 where absent."""
        codes = np.empty(len(keys), np.int32)
        find(self.keys, self.slots, _pairs(keys), codes)
        return codes

    def add(self, keys: Sequence[bytes]) -> npt.NDArray[np.int32]:
        """The codes of keys; those absent are added."""
        pairs = _pairs(keys)
        self._make_room(self.count + len(pairs))
        codes = np.empty(len(pairs), np.int32)
        self.count = int(insert(self.keys, self.slots, self.count, pairs, codes))
        return codes

    def key(self, code: int) -> bytes:
        """The key of a code."""
        return bytes(self.keys[code].tobytes())

    def _make_room(self, needed: int) -> None:
        self.keys = grown(self.keys, self.count, needed)
        if 2 * needed > len(self.slots):
            slots = np.zeros(1 << (4 * needed - 1).bit_length(), np.int32)
            refill(self.keys, self.count, slots)
            self.slots = slots


def _pairs(keys: Sequence[bytes]) -> Array:
    joined = b"".join(keys)
    if len(joined) != KEY_BYTES * len(keys):
        raise StoreDamaged("an id is not 16 bytes long", remedy="Rebuild the graph: suyuan rebuild")
    return np.frombuffer(joined, np.uint64).reshape(-1, 2)


@compiled
def slot_of(keys: Array, slots: Array, first: Any, second: Any) -> Any:
    """The slot that holds a key, or the empty one where it belongs."""
    mask = np.uint64(len(slots) - 1)
    # Ids need not be hashes: every bit is to move every bit of the slot (the finaliser of MurmurHash3).
    mixed = first ^ (second * np.uint64(0x9E3779B97F4A7C15))
    mixed = (mixed ^ (mixed >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    mixed = (mixed ^ (mixed >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    slot = (mixed ^ (mixed >> np.uint64(33))) & mask
    while slots[slot] != 0:
        code = slots[slot] - 1
        if keys[code, 0] == first and keys[code, 1] == second:
            break
        slot = (slot + np.uint64(1)) & mask
    return slot


@compiled
def find(keys: Array, slots: Array, wanted: Array, codes: Array) -> None:
    """Write the code of each wanted key, -1 where absent."""
    for i in range(len(wanted)):
        codes[i] = slots[slot_of(keys, slots, wanted[i, 0], wanted[i, 1])] - 1


@compiled
def insert(keys: Array, slots: Array, count: int, wanted: Array, codes: Array) -> int:
    """Write the code of each wanted key, adding those absent; return how many keys there are then."""
    for i in range(len(wanted)):
        slot = slot_of(keys, slots, wanted[i, 0], wanted[i, 1])
        if slots[slot] == 0:
            keys[count, 0] = wanted[i, 0]
            keys[count, 1] = wanted[i, 1]
            count += 1
            slots[slot] = count
        codes[i] = slots[slot] - 1
    return count


@compiled
def refill(keys: Array, count: int, slots: Array) -> None:
    """Enter all keys into empty slots."""
    for code in range(count):
        slots[slot_of(keys, slots, keys[code, 0], keys[code, 1])] = code + 1
