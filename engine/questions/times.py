"""Times as events told them. In: event ids. Out: `ToldTimes`: a day as a day, a moment in the zone it came in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from engine.answer import ToldTimes
from engine.stores.ports import Snapshot
from graph_schema.interval import Interval


def told_times(snapshot: Snapshot, events: Collection[str]) -> ToldTimes:
    """The `eventTime` of some events, to the letter."""
    texts: dict[str, dict[Interval, str]] = defaultdict(dict)
    for entry in snapshot.ledger.entries_of(events):
        told = entry.event.fields().get("eventTime")
        if isinstance(told, str):
            texts[entry.event.id].setdefault(entry.event.time, told)
    return ToldTimes(texts)
