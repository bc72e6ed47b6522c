"""Where goods of a lot or class may be from (design rules 2, 5, 6, 9, 11). In: a `Lot` and its kin. Out: `Origins`.

Stocks tell what a leaving surely or perhaps is from (rule 3). Pools tell what may be so without a record: *anywhere*
feeds arrivals whose departure is not known (9c), *here* feeds what leaves a site (shipments not received, goods at an
unknown place, loads not unpacked; rules 2, 5, 6), *nowhere* what goods at an unknown place may be in (rule 2), and
*narrowed* and *widened* feed what names only a narrower item that never arrived, or a wider one (rule 11).
"""

from __future__ import annotations

from functools import cached_property

from engine.builder.join import join_arrivals
from engine.builder.kin import WIDEN, Kin, feeder_of, taker_of, taker_of_record, takers_of, under_way
from engine.builder.lot import Arrival, Leaving, Lot
from engine.builder.pool import Feeder, Pool, build_pool, open_chain
from engine.builder.records import same_event
from engine.builder.stock import Stock
from graph_schema.flow_graph import FlowKind, Grade, Vertex
from graph_schema.interval import BEGINNING, Interval


def _feeder(vertex: Vertex, time: Interval) -> Feeder:
    return Feeder(vertex.id, time, vertex.event_id or "")


class Origins:
    """The stocks of a lot's sites, the arrivals joined to departures, and the pools, each by site."""

    def __init__(self, lot: Lot, kin: Kin) -> None:
        self.lot = lot
        self.kin = kin
        self.joined = join_arrivals(lot.arrivals, lot.leavings, lot.uom)
        self.under_way = under_way(lot, self.joined)
        self.takers = takers_of(lot, self.joined)
        self.here = {site: self._pool_here(site) for site in self.takers}
        self.stocks = {site: self._stock(site) for site in self.takers}
        self.widened = {site: self._chain_of_narrower(site) for site in self.takers}
        self.narrowed = {site: self._pool_narrow(site) for site in self.takers}
        self.nowhere = self._pool_nowhere()
        self.sighted = self._pool_sighted()

    def _stock(self, site: str) -> Stock:
        # When it left without a record, is open.
        doubtful = [a for a in self.joined.doubtful if self._may_be_from(a, site)]
        elsewhere = [(Interval(BEGINNING, a.time.latest), a.amount) for a in doubtful]
        untold = [(d.time, d.amount) for d in self.lot.leavings if d.site is None]
        takings = (*self.kin.above.takings(site), *self.kin.below.takings(site))
        untold.extend((t.time, t.amount) for t in takings)
        arrivals = [a for a in self.lot.arrivals if a.site == site]
        return Stock(arrivals, [d for d in self.lot.leavings if d.site == site], elsewhere, untold)

    def _may_be_from(self, arrival: Arrival, site: str) -> bool:
        """Whether an arrival elsewhere may have left a site without a record (9c)."""
        if arrival.site == site:
            return False
        if arrival.record is not None:
            return arrival.record.source in (None, site)
        here = self.here.get(arrival.site or "")
        return here is None or taker_of(arrival).name not in here.junctions

    def _pool_here(self, site: str) -> Pool:
        feeders = [
            _feeder(d.target, d.time)
            for d in self.under_way
            if d.target.site == site or (d.target.site is None and d.site != site)
        ]
        feeders.extend(_feeder(a.vertex, a.time) for a in self.lot.arrivals if a.site is None)
        feeders.extend(_feeder(v, v.arrived) for load in self.lot.loads for v in load.open if v.site in (site, None))
        return build_pool("here", self.lot.item, site, feeders, self.takers[site])

    def _chain_of_narrower(self, site: str) -> Pool:
        """The takers' half of rule 11; what feeds it are rows of the narrower items."""
        return open_chain(WIDEN, self.lot.item, site, self.takers[site], self.kin.below.since(site))

    def _pool_narrow(self, site: str) -> Pool:
        feeders = [feeder_of(offer) for offer in self.kin.above.offers() if offer.site in (site, None)]
        return build_pool("narrow", self.lot.item, site, feeders, self.takers[site], FlowKind.NARROW)

    @cached_property
    def anywhere(self) -> Pool:
        """Wherever a doubtful arrival may be from; asked for only where nothing nearer tells."""
        feeders = [_feeder(a.vertex, a.time) for a in self.lot.arrivals]
        feeders.extend(_feeder(d.target, d.time) for d in self.under_way)
        feeders.extend(_feeder(v, v.arrived) for load in self.lot.loads for v in load.open)
        feeders.extend(feeder_of(offer) for offer in (*self.kin.below.offers(), *self.kin.above.offers()))
        return build_pool("anywhere", self.lot.item, "", feeders, [taker_of(a) for a in self.joined.doubtful])

    def _pool_nowhere(self) -> Pool:
        """What is at an unknown place, or set out for one, may be in every later holding (rule 2)."""
        takers = [taker_of(a) for a in self.lot.arrivals if a.site is not None and not self._is_from_anywhere(a)]
        return build_pool("nowhere", self.lot.item, "", self._nowhere_known(), takers)

    def _nowhere_known(self) -> list[Feeder]:
        found = [_feeder(a.vertex, a.time) for a in self.lot.arrivals if a.site is None]
        found.extend(_feeder(d.target, d.time) for d in self.under_way if d.target.site is None)
        return found

    def _pool_sighted(self) -> Pool:
        """What is at an unknown place, or set out for one, may be where the lot was recorded later (rule 2)."""
        takers = [taker_of_record(record) for record in self.lot.sightings if record.place is not None]
        return build_pool("sighted", self.lot.item, "", self._nowhere_known(), takers)

    def _is_from_anywhere(self, arrival: Arrival) -> bool:
        """Whether nothing tells where a doubtful arrival is from; a source that it names does."""
        told = arrival.record is not None and arrival.record.source is not None and arrival.vertex.role != "source"
        return arrival in self.joined.doubtful and not told

    def own_seen(self, leaving: Leaving) -> Arrival | None:
        """The holding that a leaving opened by being recorded where nothing had arrived."""
        return next(
            (
                a
                for a in self.lot.arrivals
                if a.vertex.role == "seen" and same_event(a.event, leaving.record.event) and a.site == leaving.site
            ),
            None,
        )

    def source_of(self, leaving: Leaving) -> tuple[bytes | None, Grade]:
        """The holding a leaving is from: the one it opened by being seen, else the last of the stock before it."""
        own = self.own_seen(leaving)
        if own is not None:
            return own.vertex.id, Grade.RECORDED
        if leaving.site is None:
            return None, Grade.INFERRED
        stock = self.stocks[leaving.site]
        alone = self.unrecorded(leaving) is None and not stock.maybe_sources(leaving)
        arrival, grade = stock.source_of(leaving, alone=alone)
        return (arrival.vertex.id if arrival else None), grade

    def maybe_sources(self, leaving: Leaving) -> list[bytes]:
        """The holdings of the stock that it may be from as well; of an unknown place's, those its receipt tells."""
        if leaving.site is not None:
            return [a.vertex.id for a in self.stocks[leaving.site].maybe_sources(leaving)]
        named = self.sites_named_by_receipt(leaving)
        there = [a.vertex for a in self.lot.arrivals if a.site in named]
        return [vertex.id for vertex in there if vertex.arrived.maybe_before(leaving.time)]

    def sites_named_by_receipt(self, leaving: Leaving) -> list[str]:
        """The sites that arrivals joined with a departure from an unknown place name as their source."""
        if leaving.site is not None:
            return []
        joined = {flow.target for flow in self.joined.flows if flow.source == leaving.target.id}
        named = {a.record.source for a in self.lot.arrivals if a.vertex.id in joined and a.record is not None}
        return sorted(site for site in named if site is not None)

    def unrecorded(self, leaving: Leaving) -> bytes | None:
        """The junction that feeds a leaving what may have come to its site without a record."""
        return _junction(self.here, leaving)

    def narrower(self, leaving: Leaving) -> bytes | None:
        """The junction that feeds a leaving what narrower items hold at its site."""
        return _junction(self.widened, leaving)

    def pools(self) -> list[Pool]:
        """All pools of the lot's own that were asked for."""
        asked = [self.anywhere] if "anywhere" in self.__dict__ else []
        return [self.nowhere, self.sighted, *self.here.values(), *self.narrowed.values(), *asked]


def _junction(pools: dict[str, Pool], leaving: Leaving) -> bytes | None:
    pool = pools.get(leaving.site or "")
    return pool.junctions.get(taker_of_record(leaving.record).name) if pool is not None else None
