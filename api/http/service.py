"""A store that many requests read at once. In: a location. Out: committed states, the index in memory; captures."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cached_property, partial

from api.allowance import Allowance
from api.capture_document import CaptureLimits
from api.captures import Captures
from api.http.kept import KeptScopes
from api.http.targets import Targets
from api.locations import Located, open_location
from api.lookups import Lookups
from api.principals import Principal, Users
from api.rights.pseudonyms import Pseudonyms, secret_of
from api.rights.sights import Sights
from api.session import Reading, Session, records_beside
from api.settings import LOOKUPS_PER_MINUTE, read_settings
from engine.attestation import NOTHING, Binding
from engine.coverage.following import RecordFollower
from engine.index import ARRAYS, BoundedWalker, IndexFolder, IndexFollower, ToldWalker, Walk, Walker
from engine.stores.ports import Snapshot

MOST_REACHED = 1_000_000
"""Vertices of the graph that one walk enters, at most."""


class Service:
    """An open store, its index followed for all requests of this process. No walk goes further than `most_reached`."""

    def __init__(
        self,
        located: Located,
        most_reached: int = MOST_REACHED,
        author: str = "local",
        limits: CaptureLimits | None = None,
        targets: Targets | None = None,
        bound: Binding = NOTHING,
        lookups_per_minute: int = LOOKUPS_PER_MINUTE,
    ) -> None:
        self.located = located
        self.targets = targets or Targets()
        self.captures = Captures(Session(located.store, located.index_folder, located.walker), author, limits, bound)
        self._walker: Walker = BoundedWalker(most_reached) if located.walker is ARRAYS else located.walker
        self.kept = KeptScopes(located.index_folder.with_suffix(".scopes"), most_reached)
        self.sights = Sights(Pseudonyms(secret_of(located.index_folder.with_suffix(".secret"))))
        self.lookups = Lookups(Allowance(lookups_per_minute))
        self._follower = IndexFollower(IndexFolder(located.index_folder))

    @cached_property
    def _records(self) -> RecordFollower:
        """Read when coverage is asked for first: for most, nobody asks."""
        return records_beside(self.located.index_folder)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """One committed state, the index brought up to it; for one request, in one thread."""
        with self.located.store.snapshot() as snapshot:
            yield Reading(snapshot, self._follower.follow(snapshot), self._walker, lambda: self._records)

    def watch_walks(self, told: Callable[[Walk], None]) -> None:
        """Have each walk told."""
        self._walker = ToldWalker(self._walker, told)

    def positions(self) -> tuple[int, int]:
        """How far the ledger is, and how far the index in memory."""
        index = self._follower.position
        with self.located.store.snapshot() as snapshot:
            return snapshot.ledger.head().position, index

    def settle(self) -> None:
        """Bring the index up to the ledger before anybody asks."""
        with self.reading():
            pass

    @contextmanager
    def seen(self, principal: Principal | None, case: str | None = None) -> Iterator[Snapshot]:
        """One committed state, without what is hidden from somebody who asks, under a case where there is one."""
        with self.located.store.snapshot() as snapshot:
            yield self.sights.shown(principal, case, snapshot).snapshot

    def seen_by_name(self, users: Users | None, name: str) -> Callable[[], AbstractContextManager[Snapshot]] | None:
        """The states that a principal of these users sees; all where there are no users, None for who is none."""
        if users is None:
            return self.located.store.snapshot
        principal = users.named(name)
        return None if principal is None else partial(self.seen, principal)


@contextmanager
def open_service(
    location: str,
    *,
    to_write: bool,
    most_reached: int = MOST_REACHED,
    limits: CaptureLimits | None = None,
    targets: Targets | None = None,
    bound: Binding = NOTHING,
    lookups_per_minute: int = LOOKUPS_PER_MINUTE,
) -> Iterator[Service]:
    """Open the store of a location (`sqlite:PATH`, `neo4j://…`) for a server whose users are bound so, and close it."""
    located = open_location(location, os.environ, to_write=to_write)
    author = read_settings(os.environ).author
    with closing(located.store):
        service = Service(located, most_reached, author, limits, targets, bound, lookups_per_minute)
        with closing(service.captures):
            if to_write:
                service.captures.end_interrupted()
            yield service
