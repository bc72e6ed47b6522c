"""The sights of all who do not see everything, each followed along the ledger. In: states, principals. Out: `Sight`."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from api.principals import Principal
from api.rights.concerned import Concerned, author
from api.rights.sight import SeenLedger, Sight
from engine.stores.ports import Snapshot

MOST = 256
"""Principals whose sight is kept; another's is read anew when they ask."""
_BATCH = 2_000


class Sights:
    """Kept for all requests of a process."""

    def __init__(self) -> None:
        self._concerned = Concerned()
        self._kept: OrderedDict[Principal, SeenLedger] = OrderedDict()
        self._lock = Lock()

    def of(self, principal: Principal, snapshot: Snapshot, at: int | None = None) -> Sight:
        """What somebody sees in a state, as of a position if one is given."""
        with self._lock:
            seen = self._kept.setdefault(principal, SeenLedger(principal))
            self._kept.move_to_end(principal)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
            self._follow(seen, snapshot)
        return Sight(seen, snapshot, snapshot.ledger.head().position if at is None else at)

    def _follow(self, seen: SeenLedger, snapshot: Snapshot) -> None:
        """A state that is older than what is seen already lacks nothing: positions tell what is of it."""
        head = snapshot.ledger.head().position
        if head <= seen.position:
            return
        self._concerned.follow(snapshot)
        names = {author(seen.principal.name), *seen.concerned()}
        fresh = [seq for seq in self._concerned.entries(names, seen.position) if seq <= head]
        for begin in range(0, len(fresh), _BATCH):
            batch = fresh[begin : begin + _BATCH]
            seen.add(snapshot.events.at(batch), batch[-1])
        seen.add((), head)
