"""What is kept of every entry, on disk (ADR 0024): a folder beside the index. In: rows. Out: the same, mapped.

    MANIFEST          what the rows are of: ledger position and chain, what else they depend on, lengths, digests
    records, things   the rows of both tables, one behind the other

The ledger only grows, and so do the files: rows are put behind those that are there, and then the manifest is replaced
by an atomic rename. What a writer that died left behind the rows of the manifest is cut off by the next. One process
writes at a time; any number read. Rows are checked by the digest of each block of them, as they are opened.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from engine.coverage.columns import RECORD, THING, Array, Noted
from engine.one_writer import writing

FORMAT = 2
"""Raised whenever the columns or their meaning change: a folder of another format is read anew from the ledger."""
_BLOCK = 1 << 16
"""Rows that one digest is of."""
_TABLES = {"records": RECORD, "things": THING}


class RowsOf(msgspec.Struct, frozen=True):
    """What rows are of."""

    position: int
    chain: bytes
    """The ledger's hash there."""
    stamp: int


class _Manifest(msgspec.Struct, frozen=True):
    format: int
    of: RowsOf
    rows: dict[str, int]
    digests: dict[str, list[bytes]]


class RecordFolder:
    """Where the rows of one store are kept."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> tuple[Noted, RowsOf] | None:
        """The rows, mapped; None where there are none, or a file is missing or damaged."""
        manifest = self._manifest()
        if manifest is None:
            return None
        try:
            tables = {name: self._rows(name, manifest) for name in _TABLES}
        except (OSError, ValueError):
            return None
        return Noted(**tables), manifest.of

    def append(self, rows: Noted, known: RowsOf | None, of: RowsOf) -> bool:
        """Put rows behind those that are known, or in place of all; False where another process was there first.

        Also where the folder cannot be written: that costs the next one time.
        """
        try:
            with writing(self._path) as mine:
                manifest = self._manifest()
                if not mine or (known is not None and (manifest is None or manifest.of != known)):
                    return False
                self._write(rows, None if known is None else manifest, of)
                return True
        except OSError:
            return False

    def _manifest(self) -> _Manifest | None:
        try:
            found = msgspec.json.decode((self._path / "MANIFEST").read_bytes(), type=_Manifest)
        except (OSError, ValueError):  # msgspec's errors are ValueErrors
            return None
        return found if found.format == FORMAT else None

    def _rows(self, name: str, manifest: _Manifest) -> Array:
        count = manifest.rows[name]
        if not count:
            return np.empty(0, _TABLES[name])
        rows = np.memmap(self._path / name, _TABLES[name], mode="r", shape=(count,))
        if list(_digests(rows)) != manifest.digests[name]:
            raise ValueError(f"{name} is damaged")
        return rows

    def _write(self, rows: Noted, before: _Manifest | None, of: RowsOf) -> None:
        counts, digests = {}, {}
        for name, table in rows._asdict().items():
            had = 0 if before is None else before.rows[name]
            if before is None:  # Who has the former file mapped keeps its pages.
                (self._path / name).unlink(missing_ok=True)
            counts[name] = had + len(table)
            self._put(name, table, had)
            whole = [] if before is None else before.digests[name][: had // _BLOCK]
            digests[name] = [*whole, *self._digests_from(name, len(whole) * _BLOCK, counts[name])]
        fresh = self._path / "MANIFEST.new"
        fresh.write_bytes(msgspec.json.encode(_Manifest(FORMAT, of, counts, digests)))
        fresh.replace(self._path / "MANIFEST")

    def _put(self, name: str, table: Array, behind: int) -> None:
        with (self._path / name).open("ab") as file:
            file.truncate(behind * _TABLES[name].itemsize)
            file.write(table.tobytes())

    def _digests_from(self, name: str, begin: int, end: int) -> Iterator[bytes]:
        with (self._path / name).open("rb") as file:
            file.seek(begin * _TABLES[name].itemsize)
            yield from _digests(np.fromfile(file, _TABLES[name], end - begin))


def _digests(rows: Array) -> Iterator[bytes]:
    for begin in range(0, len(rows), _BLOCK):
        yield hashlib.sha256(rows[begin : begin + _BLOCK].tobytes()).digest()
