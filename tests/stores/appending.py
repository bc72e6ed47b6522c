"""A process that appends small batches for some seconds, beside others. Out: how many events it kept.

`python -m tests.stores.appending LOCATION WRITER SECONDS`. Every writer has events of its own; the parts are the same
for all, so that each writer closes rows that another opened.
"""

from __future__ import annotations

import os
import sys
import time

from api.locations import open_location
from engine.stores.ports import Store
from graph_schema.errors import StoreBusy
from tests.stores.examples import CAPTURE, event, part

BATCH = 3
OWNERS = 30
"""Parts that the writers replace in turn."""
A_WRITER = 1_000_000
"""Events that one writer may have."""


def append_for(store: Store, writer: int, seconds: float) -> int:
    """Append until the time is over; a batch that found the store busy is tried again."""
    until, kept = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        try:
            append(store, writer, kept // BATCH)
        except StoreBusy:
            continue
        kept += BATCH
    return kept


def append(store: Store, writer: int, batch: int) -> None:
    """One batch in a transaction: its events, and some parts as long as the batch says."""
    first = writer * A_WRITER + batch * BATCH
    with store.transaction() as writing:
        writing.ledger.append([event(number) for number in range(first, first + BATCH)], CAPTURE)
        owners = (number % OWNERS for number in range(batch * BATCH, (batch + 1) * BATCH))
        parts = [part(owner, 2 + (batch + writer) % 4) for owner in owners]
        writing.graph.replace(parts, writing.ledger.head().position)


def main(location: str, writer: str, seconds: str) -> None:
    """Append, and tell."""
    store = open_location(location, os.environ, to_write=True).store
    print(append_for(store, int(writer), float(seconds)))  # noqa: T201
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
