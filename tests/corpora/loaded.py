"""Documents as a store over which questions can be asked. In: files. Out: `Loaded`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine.answer import Direction, Trace
from engine.capture import capture
from engine.index import FlowIndex, open_index
from engine.ledger import Capture
from engine.question import Question
from engine.seeds import parse_seed
from engine.stores.ports import Snapshot
from engine.stores.sqlite import open_store
from engine.trace import trace
from graph_schema.event import Event
from loaders.epcis import load_paths
from loaders.outcome import Accepted, Master, Rejected


@dataclass(frozen=True, slots=True)
class Loaded:
    """Captured documents: the events accepted, the events refused, and what answers about them."""

    events: tuple[Event, ...]
    refused: tuple[Rejected, ...]
    index: FlowIndex
    snapshot: Snapshot

    def ask(self, seed: str, direction: Direction) -> Trace:
        """A trace of one seed, as a person spells it."""
        return trace(self.index, self.snapshot, Question((parse_seed(seed),), direction))


@contextmanager
def loaded(folder: Path, paths: Iterable[Path]) -> Iterator[Loaded]:
    """Capture the events and master data of files at once into a store in an empty folder, and be ready to ask."""
    outcomes = list(load_paths(paths))
    events = tuple(outcome.event for outcome in outcomes if isinstance(outcome, Accepted))
    masters = [(m.key, m.kind, msgspec.json.encode(m.attributes)) for m in outcomes if isinstance(m, Master)]
    store = open_store(str(folder / "suyuan.db"))
    capture(store, events, Capture("", "job", "documents", 0), masters)
    with store.snapshot() as snapshot:
        refused = tuple(outcome for outcome in outcomes if isinstance(outcome, Rejected))
        yield Loaded(events, refused, open_index(None, snapshot), snapshot)
    store.close()
