"""The sights of all who may not see all, each following the ledger. In: states, principals. Out: `Redacting`."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from api.principals import Principal
from api.rights.concerned import Concerned, author
from api.rights.pseudonyms import Pseudonyms
from api.rights.redacting import Redacting
from api.rights.sight import SeenLedger
from engine.stores.ports import Snapshot

MOST = 256
"""Principals whose sight is kept; another's is read anew when they ask."""
_BATCH = 2_000


class Sights:
    """Kept for all requests of a process."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms
        self._concerned = Concerned()
        self._kept: OrderedDict[tuple[Principal, frozenset[str]], SeenLedger] = OrderedDict()
        self._lock = Lock()

    def redacting(self, principal: Principal | None, snapshot: Snapshot) -> Redacting | None:
        """What somebody may ask and is shown in a state; None where that is all."""
        if principal is None or principal.sees_all:
            return None
        with self._lock:
            self._concerned.follow(snapshot)
            sites = frozenset(principal.sites) | self._concerned.sites_of(principal.parties)
            seen = self._kept.setdefault((principal, sites), SeenLedger(principal, sites, self._pseudonyms))
            self._kept.move_to_end((principal, sites))
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
            self._follow(seen, snapshot)
        return Redacting(seen, snapshot, self._pseudonyms)

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
