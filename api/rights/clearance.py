"""Who is shown which events, and what a product system restricts of them (`views` of common.yaml, ADR 0032).

In: a principal. Out: `Clearance`. Events: one's own; a department those of its scope. Restricted elements: of one's own
records; to the department that leads a system of those of the system; with a case to one that supports it, and of all
to a recall coordinator, as which the department that coordinates asks. Others are told of some places the sites alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from api.principals import Principal, Role
from api.rights.concerned import places_of, with_sites
from api.rights.scope import Scope
from engine.ledger import LedgerEntry
from graph_schema.event import Event
from graph_schema.profiles import Profile
from graph_schema.profiles.restricted import Restrictions, elements_of, without


class ShownEntry(LedgerEntry, frozen=True):
    """An entry of whose event something was left out, or is told by its site."""

    withheld: tuple[str, ...] = ()
    """The key data elements that were, or are."""


class Clearance:
    """What one principal is shown, in one request."""

    def __init__(
        self,
        principal: Principal,
        sites: frozenset[str],
        case: str | None,
        restrictions: Restrictions,
        scope: Scope | None = None,
        placed: Callable[[Event, Event], Event] = lambda _, shown: shown,
    ) -> None:
        self._principal = principal
        self._sites = sites
        self._case = case
        self._restrictions = restrictions
        self._departments = restrictions.profiles.common.departments_called(principal.department or "")
        self.coordinates = case is not None and self._may_coordinate()
        """Whether they ask under a case as who coordinates: of all systems."""
        self._scope = scope
        """Of a department; without one, no event is left out."""
        self._placed = placed
        closed = (one for one in restrictions.to_site if not self._sees(one))
        self.by_site = tuple(dict.fromkeys(element for one in closed for element in one.visibility.to_site))
        """The key data elements of which others' places may be told by their sites."""

    def within(self, scope: Scope) -> Clearance:
        """The same of the events of a department alone."""
        return Clearance(self._principal, self._sites, self._case, self._restrictions, scope)

    def placing(self, placed: Callable[[Event, Event], Event]) -> Clearance:
        """The same with events, of which something is withheld, at places made of the whole and what is shown."""
        return Clearance(self._principal, self._sites, self._case, self._restrictions, self._scope, placed)

    @property
    def whose(self) -> tuple[str, ...]:
        """To whom, and under a case or none: another may be told other things."""
        who = self._principal
        return (who.name, who.role, who.department or "", str(self._case is not None), *sorted(self._sites))

    @property
    def tells_sites(self) -> bool:
        """Whether places of others may be told by their sites."""
        return bool(self.by_site)

    @property
    def is_scoped(self) -> bool:
        """Whether events are left out."""
        return self._scope is not None

    def shown(self, entries: Iterable[LedgerEntry]) -> Iterator[LedgerEntry]:
        """Those of some entries, with their bodies, that are theirs to see, each without what is not theirs to know."""
        return (self.cleared(entry) for entry in entries if self._is_shown(entry))

    def _is_shown(self, entry: LedgerEntry) -> bool:
        return self._scope is None or self._scope.has(entry.event) or self._is_own(entry)

    def cleared(self, entry: LedgerEntry) -> LedgerEntry:
        """An entry without what is not theirs to know."""
        found = self._restrictions.of(entry.event, self._sites) if entry.event.body else ()
        withheld = [] if not found or self._is_own(entry) else [one for one in found if not self._sees(one.profile)]
        if not withheld:
            return entry
        event, told = without(entry.event, withheld, self._sites), tuple(elements_of(withheld))
        event = self._placed(entry.event, event)
        return ShownEntry(entry.seq, event, entry.capture, entry.hash, entry.attestation, told)

    def is_told_by_site(self, event: Event) -> bool:
        """Whether an event surely is of goods whose places they are told by their sites."""
        return not all(map(self._sees, self._restrictions.telling_sites(event)))

    def keeps_place(self, place: str) -> bool:
        """Whether a place is theirs, or in a site of theirs."""
        return not self._sites.isdisjoint(with_sites([place]))

    def _is_own(self, entry: LedgerEntry) -> bool:
        """Whether they captured it, or it was at a site of theirs."""
        if entry.capture.author == self._principal.name:
            return True
        return not self._sites.isdisjoint(with_sites(places_of(entry.event)))

    def _sees(self, profile: Profile | None) -> bool:
        """Whether they are shown what a system restricts; None: what is restricted of events of no system."""
        if self.coordinates:
            return True
        if self._principal.role is not Role.REGULATOR or profile is None:
            return False
        return self._supervises(profile)

    def _may_coordinate(self) -> bool:
        if self._principal.role is not Role.REGULATOR:
            return self._principal.role is Role.RECALL_COORDINATOR
        return not self._departments.isdisjoint(self._restrictions.profiles.common.coordinators())

    def _supervises(self, profile: Profile) -> bool:
        """Whether they lead a system; with a case, whether they support it."""
        if self._departments & profile.leads():
            return True
        return self._case is not None and not self._departments.isdisjoint(profile.regulator.support)
