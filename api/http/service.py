"""A store that many requests read at once. In: a location. Out: committed states, the index kept in memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from api.locations import Located, open_location
from api.session import Reading
from engine.index import IndexFolder, IndexFollower


class Service:
    """An open store, its index followed for all requests of this process."""

    def __init__(self, located: Located) -> None:
        self.located = located
        self._follower = IndexFollower(IndexFolder(located.index_folder))

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """One committed state, the index brought up to it; for one request, in one thread."""
        with self.located.store.snapshot() as snapshot:
            yield Reading(snapshot, self._follower.follow(snapshot), self.located.walker)


@contextmanager
def open_service(location: str, *, to_write: bool) -> Iterator[Service]:
    """Open the store of a location (`sqlite:PATH`, `neo4j://…`) for a server, and close it."""
    located = open_location(location, os.environ, to_write=to_write)
    try:
        yield Service(located)
    finally:
        located.store.close()
