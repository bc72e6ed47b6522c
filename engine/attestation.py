"""Who may say what of which site (design rule 14, ADR 21). In: events or master data, who tells them, who is bound.

Out: an `Attestation` an event; the master data that may be taken. Who is bound to which sites is given: users are
known above the engine. A place within a site is bound as its site is, and a site as a party is that master data name
as the one that has or owns it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from engine.builder.sites import place_said
from engine.ledger import Attestation
from engine.stores.ports import MasterPort
from graph_schema.event import Event
from graph_schema.identifiers import site_of_place, take_identifier
from graph_schema.licence import is_licence
from graph_schema.master_data import parties_of

MasterRow = tuple[str, str, bytes]
"""Key, kind, attributes as JSON."""


class Binding(msgspec.Struct, frozen=True):
    """What somebody is bound to, by key: sites, and parties with all their sites."""

    sites: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()

    def __or__(self, other: Binding) -> Binding:
        return Binding(self.sites | other.sites, self.parties | other.parties)


NOTHING = Binding()


class Author(msgspec.Struct, frozen=True):
    """Who captures, as far as it bears on what that attests; by default where nobody is bound to anything."""

    own: Binding = NOTHING
    anybody: Binding = NOTHING
    """What anybody is bound to."""
    authority: bool = True
    """Whether it may say whose a site is."""


UNBOUND = Author()
"""An author where no users are configured."""


def attest(events: Sequence[Event], by: Author, masters: MasterPort) -> list[Attestation]:
    """How each event is attested that an author captures."""
    if by.own | by.anybody == NOTHING:
        return [Attestation.FREE] * len(events)
    places = [places_of(event) for event in events]
    bound = _Bound(by, set().union(*places), masters)
    return [bound.attestation(named) for named in places]


def places_of(event: Event) -> set[str]:
    """Where an event was; where it says neither read point nor business location, where its step puts it (rule 2)."""
    said = {place for place in (event.read_point, event.biz_location) if place is not None}
    place = None if said else place_said(event)
    return said if place is None else {place}


def may_be_told(rows: Iterable[MasterRow], by: Author, masters: MasterPort) -> list[bool]:
    """Which of these master data an author may tell.

    Of a site that is bound, whoever is bound to it; of others anybody, but for whose they are. Else who is bound to
    nothing could bind itself, or take from others what they are bound by. Registers of licences are the authorities'.
    """
    told = list(rows)
    if by.authority:
        return [True] * len(told)
    bound = _Bound(by, {key for key, _, _ in told}, masters)
    return [not is_licence(key) and _may_tell(bound.attestation([key]), content) for key, _, content in told]


def _may_tell(attestation: Attestation, content: bytes) -> bool:
    names_parties = bool(parties_of(msgspec.json.decode(content, type=dict)))
    return attestation is Attestation.BOUND or (attestation is Attestation.FREE and not names_parties)


class _Bound:
    """To which of some places anybody is bound, and to which an author."""

    def __init__(self, by: Author, places: Collection[str], masters: MasterPort) -> None:
        anybody = by.anybody | by.own
        within = {place: (place, site_of_place(place)) for place in places}
        parties = _parties_of(set().union(*within.values()), masters) if anybody.parties else {}
        self._anybody = {place for place, keys in within.items() if _is_bound(anybody, keys, parties)}
        self._own = {place for place, keys in within.items() if _is_bound(by.own, keys, parties)}

    def attestation(self, places: Collection[str]) -> Attestation:
        """What the author is to an event at these places."""
        bound = self._anybody.intersection(places)
        if not bound:
            return Attestation.FREE
        return Attestation.BOUND if bound <= self._own else Attestation.STRANGER


def _is_bound(binding: Binding, keys: Iterable[str], parties: Mapping[str, frozenset[str]]) -> bool:
    """Whether a binding is to a place of these keys, its own and its site's, or to a party that has either."""
    return any(key in binding.sites or not binding.parties.isdisjoint(parties.get(key, ())) for key in keys)


def _parties_of(places: Collection[str], masters: MasterPort) -> Mapping[str, frozenset[str]]:
    """Whose places are, as master data name the parties."""
    known = masters.of(sorted(places)) if places else {}
    return {
        key: frozenset(take_identifier(party)[0].key for party in parties_of(attributes))
        for key, attributes in known.items()
    }
