"""Files that we write. In: a path. Out: an open file, and errors that name it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from graph_schema.errors import InvalidInput


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Name the file in an error of writing it: of a full disk the system does not say which file was to grow."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """A file opened to be written anew."""
    with naming(path), path.open("wb") as file:
        yield file


def make_folder(path: Path) -> None:
    """Make a folder and those above it, where they are not there yet; InvalidInput where a file is in the way."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise InvalidInput(
            "a file is where a folder is wanted", where=str(path), remedy="Name another folder, or move the file away."
        ) from error
