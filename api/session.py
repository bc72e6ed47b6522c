"""One store with its index and builder. In: a location. Out: a `Session`."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from api.found import key_in
from api.labels import Labels, keys_of
from api.locations import open_location
from engine.answer import PathResult, RecallScope, Trace, TracedFlow
from engine.answer_json import as_json
from engine.capture import rebuild
from engine.coverage.columns import Noting
from engine.coverage.folder import RecordFolder
from engine.coverage.following import RecordFollower, Records
from engine.index import ARRAYS, FlowIndex, Walker, discard_index, open_index
from engine.ledger import LedgerEntry
from engine.path import path
from engine.question import Options, Question, Seed
from engine.recall import recall_scope
from engine.stores.ports import Snapshot, Store
from engine.trace import trace
from graph_schema.event import Event
from graph_schema.profiles import Profiles, profiles

WAITED_FOR = 50_000
"""Entries that are read, in some seconds, while somebody waits for the first coverage of all; more are read before."""
Answer = Trace | PathResult | RecallScope


class Reading:
    """A committed state and the index as of it: what questions are asked of."""

    def __init__(
        self,
        snapshot: Snapshot,
        index: FlowIndex,
        walker: Walker = ARRAYS,
        follower: Callable[[], RecordFollower] | None = None,
    ) -> None:
        self._follower = follower
        self.snapshot = snapshot
        self.index = index
        self.walker = walker

    def of(self, snapshot: Snapshot, index: FlowIndex) -> Reading:
        """The same state as somebody is told of it."""
        return Reading(snapshot, index, self.walker, self._follower)

    def records(self) -> Records:
        """What is kept of every entry to measure coverage by, brought up to the state."""
        follower = RecordFollower(Noting(profiles())) if self._follower is None else self._follower()
        return follower.follow(self.snapshot)

    @property
    def key_of(self) -> Callable[[str], str]:
        """What gives the key of a thing by its code, in any spelling or scheme."""
        return key_in(self.snapshot.lookup)

    def trace(self, question: Question, at: int | None = None) -> Trace:
        """Where the seeds went or came from, at a position if one is given."""
        return trace(self.index, self.snapshot, question, self.walker, at)

    def path(self, source: Seed, target: Seed, options: Options) -> PathResult:
        """The shortest chain of flows from one thing to another."""
        return path(self.index, self.snapshot, source, target, options, self.walker)

    def recall_scope(self, question: Question, at: int | None = None) -> RecallScope:
        """What must be recalled, from whom, at a position if one is given."""
        return recall_scope(self.index, self.snapshot, question, self.walker, at)

    def events(self, ids: Iterable[str]) -> dict[str, Event]:
        """Events by id, as accepted last."""
        return {event: entry.event for event, entry in self.entries(ids).items()}

    def entries(self, ids: Iterable[str]) -> dict[str, LedgerEntry]:
        """Ledger entries by event id, as accepted last."""
        return {entry.event.id: entry for entry in self.snapshot.ledger.entries_of(sorted(set(ids)))}

    def as_json(self, answer: Answer) -> dict[str, object]:
        """The documented JSON of an answer."""
        return as_json(answer)

    def labels_of(self, answer: Trace) -> Labels:
        """The names of all items and sites of a trace."""
        items = {item.id for item in answer.items} | {item for flow in answer.flows for item in flow.items}
        return self.labels_of_keys(items, {site.id for site in answer.sites})

    def labels_of_flows(self, flows: Collection[TracedFlow]) -> Labels:
        """The names of all items and sites of flows."""
        ends = {(flow.items, site) for flow in flows for site in (flow.source, flow.target)}
        items = {item for items, _ in ends for item in items} | {flow.via for flow in flows if flow.via}
        return self.labels_of_keys(items, {site for _, site in ends if site})

    def labels_of_keys(self, items: set[str], sites: set[str]) -> Labels:
        """The names of items and sites."""
        return Labels(self.snapshot.masters.of(keys_of(items, sites)))


class Session:
    """An open store."""

    def __init__(self, store: Store, index_folder: Path, walker: Walker = ARRAYS) -> None:
        self.store = store
        self.index_folder = index_folder
        self.walker = walker

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Read one committed state, the index brought up to it."""
        with self.store.snapshot() as snapshot:
            yield Reading(snapshot, open_index(self.index_folder, snapshot), self.walker, lambda: self.records)

    @cached_property
    def records(self) -> RecordFollower:
        """What is kept of every entry to measure coverage by."""
        return records_beside(self.index_folder)

    def records_by(self, known: Profiles) -> RecordFollower:
        """The same by some profiles: kept for those that are shipped, read anew for any others."""
        return self.records if known is profiles() else RecordFollower(Noting(known))

    def refresh(self) -> None:
        """Bring what is kept beside the store up to the ledger, so that the next question need not wait for it."""
        self.refresh_index()
        with self.store.snapshot() as snapshot:
            entries = snapshot.ledger.head().position
            if entries > WAITED_FOR or records_folder(self.index_folder).is_dir():
                self.records.follow(snapshot)

    def refresh_index(self) -> None:
        """Bring the index up to the ledger."""
        with self.reading():
            pass

    def rebuild(self) -> int:
        """Derive the graph anew from the ledger, and the index from the graph; the position it is of."""
        rebuild(self.store)
        discard_index(self.index_folder)
        with self.reading() as state:
            return state.snapshot.ledger.head().position


def records_folder(index_folder: Path) -> Path:
    """Where what coverage is measured by is kept, beside an index."""
    return index_folder.with_suffix(".records")


def records_beside(index_folder: Path) -> RecordFollower:
    """What is kept of every entry to measure coverage by (ADR 0024), in a folder beside an index."""
    return RecordFollower(Noting(profiles()), RecordFolder(records_folder(index_folder)))


@contextmanager
def open_session(location: str, *, to_write: bool = False) -> Iterator[Session]:
    """Open the store of a location (`sqlite:PATH`, `neo4j://…`), and close it."""
    located = open_location(location, os.environ, to_write=to_write)
    try:
        yield Session(located.store, located.index_folder, located.walker)
    finally:
        located.store.close()
