"""The sights of all who may not see all, each following the ledger. In: states, principals. Out: `Shown`."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

from api.principals import Principal, Role
from api.rights.below_sites import BelowSites
from api.rights.clearance import Clearance
from api.rights.cleared_state import ClearedSnapshot
from api.rights.concerned import Concerned, author
from api.rights.pseudonyms import Pseudonyms
from api.rights.redacting import Redacting
from api.rights.scope import Scope
from api.rights.sight import SeenLedger
from api.rights.supervision import Supervision
from api.rights.told_state import SiteTelling
from engine.stores.ports import Snapshot
from graph_schema.profiles import profiles
from graph_schema.profiles.readings import readings
from graph_schema.profiles.restricted import restrictions

MOST = 256
"""Principals whose sight is kept; another's is read anew when they ask."""
_BATCH = 2_000


class Shown(NamedTuple):
    """A state as somebody sees it."""

    snapshot: Snapshot
    """With the events that they see."""
    evidence: Snapshot
    """What their answers are told from: a department's are whole, though it does not see all events."""
    redacting: Redacting | None
    """What they may ask and are shown of answers; None where these are whole."""
    office: tuple[str, ...] = ()
    """Whose events these are, where not all are seen though answers are whole."""
    telling: SiteTelling | None = None
    """How they are told of places; None: as they are."""


class Sights:
    """Kept for all requests of a process."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms
        self._concerned = Concerned()
        self._supervision = Supervision()
        self._below = BelowSites()
        self._kept: OrderedDict[tuple[Principal, frozenset[str]], SeenLedger] = OrderedDict()
        self._lock = Lock()

    def shown(self, principal: Principal | None, case: str | None, snapshot: Snapshot) -> Shown:
        """A state as somebody who asks under a case (None: under none) may see it; all of it where nobody signs in."""
        if principal is None:
            return Shown(snapshot, snapshot, None)
        sites = self._sites_of(principal, snapshot)
        clearance = Clearance(principal, sites, case, restrictions())
        cleared = ClearedSnapshot(snapshot, clearance)
        telling = (
            SiteTelling(principal.name, clearance, self._below, self._pseudonyms) if clearance.tells_sites else None
        )
        if principal.sees_all:
            return self._of_office(principal, clearance, snapshot, cleared)._replace(telling=telling)
        with self._lock:
            fresh = SeenLedger(principal, sites, self._pseudonyms, clearance)
            seen = self._kept.setdefault((principal, sites), fresh)
            self._kept.move_to_end((principal, sites))
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
            self._follow(seen, snapshot)
        redacting = Redacting(seen, snapshot, cleared, self._pseudonyms)
        return Shown(redacting.seen, redacting.seen, redacting, telling=telling)

    def _of_office(
        self, principal: Principal, clearance: Clearance, snapshot: Snapshot, cleared: ClearedSnapshot
    ) -> Shown:
        """To a regulator of a department the events of its scope, to others and who coordinates all; whole answers."""
        if principal.role is not Role.REGULATOR or principal.department is None or clearance.coordinates:
            return Shown(cleared, cleared, None)
        departments = profiles().common.departments_called(principal.department)
        scope = Scope(departments, self._supervision.of(departments, snapshot), readings())
        seen = ClearedSnapshot(snapshot, clearance.within(scope))
        return Shown(seen, cleared, None, (principal.name, *sorted(departments)))

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
