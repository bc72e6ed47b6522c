"""The index on disk (design §5): a folder of `.npy` files. In: contents. Out: the same, mapped.

    CURRENT           which generation is the newest, and the SHA-256 of its manifest
    <generation>/     manifest.json, and one file a column

A generation is written whole and then pointed to by an atomic rename, so that any number of processes may
open the folder meanwhile; one at a time writes. Columns are mapped copy-on-write: processes share the pages,
and what one appends or closes stays its own. Files have room behind their rows to grow into, which takes no
space on disk.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from engine.index.contents import AsOf, Contents
from engine.index.grouping import Grouping
from engine.index.keys import KeyTable
from engine.index.names import Names
from engine.index.table import COLUMNS, KEYS, Table
from engine.one_writer import writing

Array = npt.NDArray[Any]

FORMAT = 2
"""Raised whenever the columns or their meaning change: a folder of another format is built anew."""
NAME_TABLES = ("items", "sites", "events", "words")


class Manifest(msgspec.Struct, frozen=True):
    """What a generation holds: what it is of, how many rows a file, and each file's SHA-256."""

    format: int
    as_of: AsOf
    rows: dict[str, int]
    hashes: dict[str, str]


class Saved(msgspec.Struct, frozen=True):
    """Contents that were saved, and what they are of."""

    contents: Contents
    as_of: AsOf


class IndexFolder:
    """Where the index of one store is kept."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._current = path / "CURRENT"

    def load(self) -> Saved | None:
        """The newest generation, mapped; None where there is none, or where a file is missing or damaged."""
        pointer = self._pointer()
        while pointer:
            saved = self._open(pointer)
            former, pointer = pointer, self._pointer()
            # Another process may have replaced and removed it meanwhile: then there is a newer one to try.
            if saved is not None or pointer == former:
                return saved
        return None

    def save(self, contents: Contents, as_of: AsOf) -> bool:
        """Write a generation and point to it; False where another process writes or the folder cannot be."""
        try:
            with writing(self._path) as mine:
                if mine:
                    self._replace(contents, as_of)
                return mine
        except OSError:
            return False

    def discard(self) -> None:
        """Forget every generation."""
        if self._path.is_dir():
            self._current.unlink(missing_ok=True)
            self._sweep(keep="")

    def _pointer(self) -> str:
        try:
            return self._current.read_text("ascii")
        except (OSError, UnicodeDecodeError):
            return ""

    def _open(self, pointer: str) -> Saved | None:
        try:
            generation, digest = pointer.split()
            folder = self._path / generation
            text = (folder / "manifest.json").read_bytes()
            manifest = msgspec.json.decode(text, type=Manifest)
            sound = hashlib.sha256(text).hexdigest() == digest and manifest.format == FORMAT
            arrays = {name: _mapped(folder, name, digest) for name, digest in manifest.hashes.items()}
        except (OSError, ValueError):  # msgspec's errors are ValueErrors
            return None
        if not sound:
            return None
        return Saved(_assemble(arrays, manifest.rows), manifest.as_of)

    def _replace(self, contents: Contents, as_of: AsOf) -> None:
        folder = self._new_generation(as_of.position)
        try:
            digest = _write(folder, contents, as_of)
            fresh = folder / "CURRENT"
            fresh.write_text(f"{folder.name} {digest}", "ascii")
            fresh.replace(self._current)
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._sweep(keep=folder.name)

    def _new_generation(self, position: int) -> Path:
        for number in count():
            folder = self._path / f"{position}.{number}"
            with suppress(FileExistsError):
                folder.mkdir()
                return folder
        raise AssertionError("unreachable: count() does not end")

    def _sweep(self, keep: str) -> None:
        """Remove other generations, also those of writers that died; who has one mapped keeps its pages."""
        for folder in self._path.iterdir():
            if folder.is_dir() and folder.name != keep:
                shutil.rmtree(folder, ignore_errors=True)


def _write(folder: Path, contents: Contents, as_of: AsOf) -> str:
    """Write every column and the manifest; return the SHA-256 of the manifest."""
    rows, hashes = {}, {}
    for name, array, length, grows in _columns(contents):
        hashes[name] = _write_column(folder / f"{name}.npy", array[:length], grows)
        rows[name] = length
    text = msgspec.json.encode(Manifest(FORMAT, as_of, rows, hashes))
    (folder / "manifest.json").write_bytes(text)
    return hashlib.sha256(text).hexdigest()


def _write_column(path: Path, array: Array, grows: bool) -> str:
    """Write an array as `.npy`, with room for an eighth more rows where it grows; return its SHA-256."""
    room = len(array) + (len(array) // 8 + 1024 if grows else 0)
    header = {
        "descr": np.lib.format.dtype_to_descr(array.dtype),
        "fortran_order": False,
        "shape": (room, *array.shape[1:]),
    }
    with path.open("w+b") as file:
        np.lib.format.write_array_header_1_0(file, header)
        start = file.tell()
        np.ascontiguousarray(array).tofile(file)
        file.truncate(start + room * array.itemsize * int(np.prod(array.shape[1:])))
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()


def _mapped(folder: Path, name: str, digest: str) -> Array:
    path = folder / f"{name}.npy"
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != digest:
            raise ValueError(f"{name} is damaged")
    # Writable to us alone, and an ordinary array: walks are compiled for one type, whether saved or built.
    return np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))


def _columns(contents: Contents) -> Iterator[tuple[str, Array, int, bool]]:
    """Every array of the contents: name, array, rows used, and whether rows may be added behind them."""
    yield from _key_columns("ids", contents.ids)
    for name in NAME_TABLES:
        names: Names = getattr(contents, name)
        yield from _key_columns(name, names.keys)
        yield f"{name}.offsets", names.offsets, len(names) + 1, True
        yield f"{name}.text", names.text, int(names.offsets[len(names)]), True
    for name, table in contents.tables.items():
        for column, array in table.room.items():
            yield f"{name}.{column}", array, table.count, True
        for column in KEYS[name]:
            grouping = table.grouping(column)
            yield f"{name}.{column}.starts", grouping.starts, len(grouping.starts), False
            yield f"{name}.{column}.order", grouping.order, len(grouping.order), False


def _key_columns(name: str, table: KeyTable) -> Iterator[tuple[str, Array, int, bool]]:
    yield f"{name}.keys", table.keys, table.count, True
    yield f"{name}.slots", table.slots, len(table.slots), False


def _assemble(arrays: dict[str, Array], rows: dict[str, int]) -> Contents:
    """The contents of arrays, as `_columns` named them."""

    def keys(name: str) -> KeyTable:
        return KeyTable(arrays[f"{name}.keys"], arrays[f"{name}.slots"], rows[f"{name}.keys"])

    def names(name: str) -> Names:
        return Names(keys(name), arrays[f"{name}.offsets"], arrays[f"{name}.text"])

    def table(name: str) -> Table:
        room = {column: arrays[f"{name}.{column}"] for column in COLUMNS[name]}
        length = rows[f"{name}.{next(iter(COLUMNS[name]))}"]
        groupings = {
            column: Grouping.of_arrays(arrays[f"{name}.{column}.starts"], arrays[f"{name}.{column}.order"])
            for column in KEYS[name]
        }
        return Table(name, room, length, groupings, length)

    items, sites, events, words = (names(name) for name in NAME_TABLES)
    return Contents(keys("ids"), items, sites, events, words, {name: table(name) for name in COLUMNS})
