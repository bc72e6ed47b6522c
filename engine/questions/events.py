"""Events as seeds (design §6). In: an event's id or a transformation's. Out: the event, or the vertices it made."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.index import NONE
from engine.ledger import LedgerEntry
from engine.questions.view import Numbers, View
from engine.stores.ports import Snapshot
from graph_schema.errors import UnknownSeed
from graph_schema.event import Event, EventType
from graph_schema.flow_graph import VertexKind

_LOOK = "Compare its id to the letter with the one in the records, or load the events that name it."


def event_named(snapshot: Snapshot, event_id: str, at: int) -> Event:
    """The event with an id as of a position, the one declared an error before one that is not."""
    entries = [e for e in snapshot.ledger.entries_of([event_id]) if e.seq <= at]
    if not entries:
        raise UnknownSeed(f"no event {event_id} up to position {at}", where="seed", remedy=_LOOK)
    return max(entries, key=lambda entry: (entry.event.error is not None, entry.seq)).event


def opened_by(view: View, event_ids: Iterable[str]) -> Numbers:
    """Holdings, transformations and endings of these events."""
    codes = [code for code in view.index.events.codes(list(event_ids)) if code != NONE]
    found = view.index.vertices_where("event", codes, view.at).astype(np.int64)
    return np.asarray(found[view.column("kind", found) != VertexKind.POOL])


def transformations_named(view: View, snapshot: Snapshot, name: str) -> Numbers:
    """The vertices of a transformation, by the id of its event or its `transformationID`; raises `UnknownSeed`."""
    ids = [name, *(entry.event.id for entry in _of_process(snapshot, name, view.at))]
    found = opened_by(view, ids)
    found = found[view.column("kind", found) == VertexKind.TRANSFORMATION]
    if not len(found):
        raise UnknownSeed(f"no transformation {name} up to position {view.at}", where="seed", remedy=_LOOK)
    return np.asarray(found)


def _of_process(snapshot: Snapshot, name: str, at: int) -> list[LedgerEntry]:
    return [
        entry
        for entry in snapshot.lookup.entries_naming([name])
        if entry.seq <= at and entry.event.type is EventType.TRANSFORMATION and entry.event.transformation_id == name
    ]
