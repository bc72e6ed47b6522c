"""A process that loads numbered events into a store, batch by batch, and tells each batch that is kept.

`python -m tests.stores.loading LOCATION BATCHES [BYTES]`: prints the position after each commit; where it is refused,
the error's name and sentence. With BYTES, no file may grow beyond that many.
"""

from __future__ import annotations

import os
import resource
import sys

from api.locations import open_location
from engine.stores.ports import Store
from graph_schema.errors import StoreError
from tests.stores.examples import CAPTURE, event, part

BATCH = 20
"""Events, each with a part, in one transaction."""


def load_batch(store: Store, number: int) -> int:
    """Load a batch, or find that it is there; the position after it."""
    numbers = range(number * BATCH, (number + 1) * BATCH)
    with store.transaction() as writing:
        entries = writing.ledger.append([event(n) for n in numbers], CAPTURE)
        position = writing.ledger.head().position
        if entries:
            writing.graph.replace(map(part, numbers), position)
    return position


def load(location: str, batches: int) -> None:
    """Go on from where the store stands, with the last batch once more."""
    store = open_location(location, os.environ, to_write=True).store
    with store.snapshot() as reading:
        begun = reading.ledger.head().position // BATCH
    for number in range(max(begun - 1, 0), begun + batches):
        print(load_batch(store, number), flush=True)  # noqa: T201
    store.close()


def main(location: str, batches: str, limit: str | None = None) -> None:
    """Load, and tell what the store refuses."""
    if limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    try:
        load(location, int(batches))
    except StoreError as error:
        print(type(error).__name__, error, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
