"""The sights of all who may not see all, each following the ledger. In: states, principals. Out: `Shown`."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

from api.principals import Principal
from api.rights.clearance import Clearance
from api.rights.cleared_state import ClearedSnapshot
from api.rights.concerned import Concerned, author
from api.rights.pseudonyms import Pseudonyms
from api.rights.redacting import Redacting
from api.rights.sight import SeenLedger
from engine.stores.ports import Snapshot
from graph_schema.profiles.restricted import restrictions

MOST = 256
"""Principals whose sight is kept; another's is read anew when they ask."""
_BATCH = 2_000


class Shown(NamedTuple):
    """A state as somebody sees it."""

    snapshot: Snapshot
    redacting: Redacting | None
    """What they may ask and are shown of answers; None where they see all events."""


class Sights:
    """Kept for all requests of a process."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms
        self._concerned = Concerned()
        self._kept: OrderedDict[tuple[Principal, frozenset[str]], SeenLedger] = OrderedDict()
        self._lock = Lock()

    def shown(self, principal: Principal | None, case: str | None, snapshot: Snapshot) -> Shown:
        """A state as somebody who asks under a case (None: under none) may see it; all of it where nobody signs in."""
        if principal is None:
            return Shown(snapshot, None)
        sites = self._sites_of(principal, snapshot)
        cleared = ClearedSnapshot(snapshot, Clearance(principal, sites, case, restrictions))
        if principal.sees_all:
            return Shown(cleared, None)
        with self._lock:
            seen = self._kept.setdefault((principal, sites), SeenLedger(principal, sites, self._pseudonyms))
            self._kept.move_to_end((principal, sites))
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
            self._follow(seen, snapshot)
        redacting = Redacting(seen, snapshot, cleared, self._pseudonyms)
        return Shown(redacting.seen, redacting)

    def _sites_of(self, principal: Principal, snapshot: Snapshot) -> frozenset[str]:
        """What it is bound to; who sees all and is no party is spared the reading of the ledger."""
        if principal.sees_all and not principal.parties:
            return frozenset(principal.sites)
        self._concerned.follow(snapshot)
        return frozenset(principal.sites) | self._concerned.sites_of(principal.parties)

    def _follow(self, seen: SeenLedger, snapshot: Snapshot) -> None:
        """A state that is older than what is seen already lacks nothing: positions tell what is of it."""
        head = snapshot.ledger.head().position
        if head <= seen.position:
            return
        names = {author(seen.principal.name), *seen.concerned()}
        fresh = [seq for seq in self._concerned.entries(names, seen.position) if seq <= head]
        for begin in range(0, len(fresh), _BATCH):
            batch = fresh[begin : begin + _BATCH]
            seen.add(snapshot.events.at(batch), batch[-1])
        seen.add((), head)
