"""A folder of small files to load: each is a transaction, so that a load has many moments to die in.

In: a folder and a number of files. Out: an `Inbox`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import msgspec

from api.generate.stream import stream_world
from graph_schema.event import Event
from tests.worlds.reading import read_events

A_FILE = 8
"""Events a file."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """The files, and their events in the order of loading."""

    folder: Path
    events: tuple[Event, ...]
    sizes: tuple[int, ...]
    """Events a file."""

    @property
    def positions(self) -> set[int]:
        """Where the ledger may stand: after whole files."""
        return {0, *accumulate(self.sizes)}


def fill(folder: Path, files: int, seed: int) -> Inbox:
    """Write a world's events in files of a few."""
    folder.mkdir()
    made = list(stream_world(files * A_FILE, seed, lambda _: None))
    chunks = [made[start : start + A_FILE] for start in range(0, len(made), A_FILE)]
    for number, chunk in enumerate(chunks):
        lines = b"".join(msgspec.json.encode(event) + b"\n" for event in chunk)
        (folder / f"{number:04}.ndjson").write_bytes(lines)
    return Inbox(folder, tuple(read_events(made)), tuple(map(len, chunks)))
