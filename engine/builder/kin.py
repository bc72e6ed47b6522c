"""Wider and narrower (design rule 11). In: lots, lines, offers. Out: what an item must know of its kin, and tells it.

An event may name only a wider item: what is held there of the narrower flows into it, by grade `class`. Each side's
rows are its own. A wider item has a chain of junctions a site, one for each of its takers; a narrower item has the
flows from its holdings into them. So a narrower item must know who takes under its wider names, and a wider one of its
narrower items no more than since when there is any (`Below`): what it has does not grow with what it is made of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal

import msgspec

from engine.builder.join import Joined, join_arrivals
from engine.builder.lot import Arrival, Leaving, Lot, amount_in
from engine.builder.pool import Feeder, Taker, flows_into, in_order
from engine.builder.records import Act, Record, records_of
from engine.stores.ports import Holder, KinPort, Offer, Origin, WiderAt
from graph_schema.event import Event
from graph_schema.flow_graph import CONTACT_KINDS, Flow, FlowKind, Grade, Part, Stay, Vertex, VertexKind
from graph_schema.interval import BEGINNING, Interval

WIDEN = "widen"
"""The role of junctions through which narrower items' goods flow into a wider one's."""


class Taking(msgspec.Struct, frozen=True):
    """Goods that left under another name, and may be an item's own."""

    time: Interval
    amount: Decimal | None


class Chain(msgspec.Struct, frozen=True):
    """Who takes goods at a site under a wider name, in order: what narrower items hold there flows to them."""

    item: str
    site: str
    takers: tuple[Taker, ...]


class Wider(msgspec.Struct, frozen=True):
    """What narrower items must know of one they are of."""

    offers: tuple[Offer, ...]
    leavings: dict[str | None, list[Leaving]]
    """By site."""
    chains: dict[str, Chain]
    """By site."""


class Above:
    """What an item must know of those it is of."""

    def __init__(self, wider: Sequence[Wider], unit: str | None = None) -> None:
        self._wider = wider
        self._unit = unit

    def offers(self) -> list[Offer]:
        """All that they hold by a record of its own: what a leaving shows to have been there, narrower items hold."""
        return [offer for wider in self._wider for offer in wider.offers if offer.origin is not Origin.UNTOLD]

    def takings(self, site: str) -> list[Taking]:
        """What left a site, or an unknown place, under their names and may have been the item's, in its unit."""
        leavings = [d for wider in self._wider for place in (site, None) for d in wider.leavings.get(place, ())]
        return [Taking(d.time, amount_in(self._unit, d.record)) for d in leavings if d.kind not in CONTACT_KINDS]

    def flows(self, offers: Sequence[Offer]) -> Iterator[Flow]:
        """The item's flows to those who take under their names."""
        sites = {offer.site for offer in offers}
        for wider in self._wider:
            for chain in _at(wider.chains, sites):
                here = [feeder_of(offer) for offer in offers if offer.site in (chain.site, None)]
                yield from flows_into(WIDEN, chain.item, chain.site, here, chain.takers, FlowKind.WIDEN)


def _at(chains: dict[str, Chain], sites: Collection[str | None]) -> list[Chain]:
    """The chains that offers at these sites lead into: one at an unknown place into all."""
    if None in sites:
        return list(chains.values())
    return [chains[site] for site in sites if site in chains]


class Since(msgspec.Struct, frozen=True):
    """Since when something narrower is offered to each of some lots, at each of its sites; of it, the untold."""

    any: dict[WiderAt, int]
    untold: dict[WiderAt, int]


def since_of(lots: Iterable[Lot], kin: KinPort) -> Since:
    """Asked of all these lots at once."""
    found = kin.since([(lot.item, site) for lot in lots for site in (*sites_of(lot), None)])
    return Since(found, kin.since(list(found), untold=True))


class Below:
    """What an item must know of those that are of it."""

    def __init__(self, item: str, kin: KinPort, since: Since) -> None:
        self.item = item
        self._kin = kin
        self._since = since

    def since(self, site: str) -> int | None:
        """Since when something narrower may be at a site; None: never."""
        return self._first(site, self._since.any)

    def takings(self, site: str) -> list[Taking]:
        """Narrower goods at a site without an arrival may have been of the item's: of unknown amount."""
        since = self._first(site, self._since.untold)
        return [] if since is None else [Taking(Interval(since, since), None)]

    def offers(self) -> list[Offer]:
        """All that is held of anything narrower."""
        return self._kin.offers(self.item)

    def sought(self, sites: Collection[str] | None) -> list[Offer]:
        """Where lines of narrower instances begin without a record of how they came: at these sites (None: at all)."""
        return self._kin.sought(self.item, sites)

    def _first(self, site: str, since: dict[WiderAt, int]) -> int | None:
        asked = ((self.item, site), (self.item, None))
        return min((since[place] for place in asked if place in since), default=None)


class Kin(msgspec.Struct, frozen=True):
    """An item's wider and narrower ones."""

    above: Above
    below: Below


# -- what a lot tells its kin ----------------------------------------------------------------------------------------


def offers_of(lot: Lot) -> list[Offer]:
    """What kin may get of a lot: its holdings, and what is on the way or still in a container."""
    joined = join_arrivals(lot.arrivals, lot.leavings, lot.uom)
    offers = [_offer(a.vertex, a.time, _origin(a)) for a in lot.arrivals]
    offers.extend(_offer(d.target, d.time) for d in under_way(lot, joined))
    offers.extend(_offer(v, v.arrived) for load in lot.loads for v in load.open)
    return offers


def wider_of(lot: Lot) -> Wider:
    """What narrower items must know of a lot or class."""
    joined = join_arrivals(lot.arrivals, lot.leavings, lot.uom)
    leavings: dict[str | None, list[Leaving]] = {}
    for leaving in lot.leavings:
        leavings.setdefault(leaving.site, []).append(leaving)
    takers = takers_of(lot, joined)
    chains = {site: Chain(lot.item, site, tuple(in_order(found))) for site, found in takers.items()}
    return Wider(tuple(offers_of(lot)), leavings, chains)


def under_way(lot: Lot, joined: Joined) -> list[Leaving]:
    """Departures that no arrival has met in full."""
    return [d for d in lot.leavings if d.target.stay is Stay.ON_THE_WAY and d.target.id not in joined.met]


def sites_of(lot: Lot) -> list[str]:
    """Where it came to or left, as far as known."""
    places = {arrival.site for arrival in lot.arrivals} | {leaving.site for leaving in lot.leavings}
    return sorted(site for site in places if site is not None)


def takers_of(lot: Lot, joined: Joined) -> dict[str, list[Taker]]:
    """By site: what may have got of goods that were there without a record: it left, was seen, or came thence."""
    takers: dict[str, dict[str, Taker]] = {site: {} for site in sites_of(lot)}
    leaving = [(d.site, taker_of_record(d.record)) for d in lot.leavings]
    seen = [(a.site, taker_of(a)) for a in lot.arrivals if a.joins]
    named = [(a.record.source, taker_of(a)) for a in joined.doubtful if a.record is not None]
    for site, taker in (*leaving, *seen, *named):
        if site in takers:
            takers[site][taker.name] = taker
    return {site: list(found.values()) for site, found in takers.items()}


def taker_of_record(record: Record) -> Taker:
    """A leaving, or the holding it opens by being seen: one name for both."""
    return _taker(record.event, record.time)


def taker_of(arrival: Arrival) -> Taker:
    """An arrival."""
    return _taker(arrival.event, arrival.time)


def only_taken(event: Event, item: str) -> bool:
    """Whether an event does no more to an item than to use it or to end it, at a known place."""
    records = records_of(event, item)
    return all(record.act in (Act.USE, Act.END) and record.place is not None for record in records)


def _taker(event: Event, time: Interval) -> Taker:
    return Taker(f"{event.id} {event.body_hash.hex()[:16]}", time, event.id)


def _offer(vertex: Vertex, time: Interval, origin: Origin = Origin.TOLD) -> Offer:
    return Offer(vertex.id, vertex.site, time, vertex.event_id or "", origin)


def _origin(arrival: Arrival) -> Origin:
    return Origin.UNTOLD if arrival.vertex.role == "seen" else Origin.TOLD


# -- what any narrower item has of a chain, and tells of itself ------------------------------------------------------


def feeder_of(offer: Offer) -> Feeder:
    """An offer as what feeds kin."""
    return Feeder(offer.vertex, offer.time, offer.event_id, Grade.CLASS)


def holder_of_lot(lot: Lot, part: Part, wider: Iterable[str]) -> Holder:
    """What a lot offers to the items it is of."""
    times = [*(arrival.time for arrival in lot.arrivals), *(leaving.time for leaving in lot.leavings)]
    offers = offers_of(lot)
    last = max((time.latest for time in (*times, *(offer.time for offer in offers))), default=BEGINNING)
    left = {
        vertex.site
        for vertex in part.vertices
        if vertex.remains is Grade.RECORDED and vertex.stay is Stay.AT and vertex.container is None
    }
    return Holder(lot.item, tuple(wider), tuple(offers), last, frozenset(site for site in left if site is not None))


def holder_of_instance(part: Part, wider: Iterable[str]) -> Holder:
    """What an instance offers to the items it is of."""
    offers = offers_of_instance(part)
    last = max((offer.time.latest for offer in offers), default=BEGINNING)
    return Holder(part.owner, tuple(wider), tuple(offers), last, frozenset())


def offers_of_instance(part: Part) -> list[Offer]:
    """Every holding on an instance's line; where it begins without a record of how it came there, that is sought."""
    line = part.line
    begins = set() if line is None else set(line.starts_in)
    return [
        _offer(vertex, vertex.arrived, Origin.SOUGHT if vertex.id in begins and _is_sought(vertex) else Origin.TOLD)
        for vertex in part.vertices
        if vertex.kind is VertexKind.HOLDING
    ]


def _is_sought(vertex: Vertex) -> bool:
    return vertex.role not in ("commissioned", "made") and vertex.site is not None
