"""All rows of one lot or class (design rules 3, 6, 9, 10, 11). In: a `Lot` and its kin. Out: its `Part`.

Three pools tell what may be so without a record: *anywhere* feeds arrivals whose departure is not known (9c), *here*
feeds what leaves a site (shipments not received, goods at an unknown place, loads not unpacked; rules 2, 5, 6), and
*kin* feeds what names only a wider item, or a narrower one that never arrived (rule 11).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import msgspec

from engine.builder.join import join_arrivals
from engine.builder.kin import (
    WIDEN,
    Kin,
    feeder_of,
    offers_of,
    taker_of,
    taker_of_record,
    takers_of,
    under_way,
)
from engine.builder.lot import Arrival, Leaving, Lot, seen_holding
from engine.builder.pool import Feeder, Pool, Taker, build_pool, open_chain
from engine.builder.records import Act
from engine.builder.stock import Stock
from engine.stores.ports import Offer
from graph_schema.flow_graph import Flow, FlowKind, Gap, Grade, Part, Stay, Vertex, VertexKind
from graph_schema.interval import Interval


def derive_part(lot: Lot, kin: Kin, gaps: Sequence[Gap], contacts: dict[tuple[str, str], bytes]) -> Part:
    """The vertices, flows and gaps of a lot."""
    return _Derivation(lot, kin, contacts).part(gaps)


def _feeder(vertex: Vertex, time: Interval) -> Feeder:
    return Feeder(vertex.id, time, vertex.event_id or "")


class _Derivation:
    def __init__(self, lot: Lot, kin: Kin, contacts: dict[tuple[str, str], bytes]) -> None:
        self.lot = lot
        self.kin = kin
        self.contacts = contacts
        self.joined = join_arrivals(lot.arrivals, lot.leavings)
        self.under_way = under_way(lot, self.joined)
        self.takers = takers_of(lot, self.joined)
        self.sites = list(self.takers)
        self.here = {site: self._pool_here(site) for site in self.sites}
        self.stocks = {site: self._stock(site) for site in self.sites}
        self.widened = {site: self._chain_of_narrower(site) for site in self.sites}
        self.narrowed = {site: self._pool_narrow(site) for site in self.sites}
        self.nowhere = self._pool_nowhere()
        self.offers = offers_of(lot)
        self.vertices: dict[bytes, Vertex] = {}
        self.flows: dict[Flow, None] = {}
        self.gaps: list[Gap] = []

    # -- stocks and pools ------------------------------------------------------------------------------------

    def _stock(self, site: str) -> Stock:
        elsewhere = [(a.time, a.amount) for a in self.joined.doubtful if self._may_be_from(a, site)]
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
        """What is at an unknown place may be in every later holding (rule 2)."""
        feeders = [_feeder(a.vertex, a.time) for a in self.lot.arrivals if a.site is None]
        takers = [taker_of(a) for a in self.lot.arrivals if a.site is not None and a not in self.joined.doubtful]
        return build_pool("nowhere", self.lot.item, "", feeders, takers)

    # -- rows ------------------------------------------------------------------------------------------------

    def part(self, gaps: Sequence[Gap]) -> Part:
        """All rows, in a stable order."""
        self._tell_holdings()
        for flow in self.joined.flows:
            self.flows[flow] = None
        for arrival in self.joined.doubtful:
            self._tell_doubtful(arrival)
        for arrival in self.lot.arrivals:
            self._from_junction(self.nowhere, arrival, arrival.vertex)
        for stock in self.stocks.values():
            self.flows.update(dict.fromkeys(stock.carry_overs()))
        for leaving in self.lot.leavings:
            self._tell_leaving(leaving)
        self._tell_contacts()
        self._tell_sought()
        self._tell_pools()
        self.flows.update(dict.fromkeys(self.kin.above.flows(self.offers)))
        return Part(
            self.lot.item,
            tuple(self.vertices.values()),
            tuple(self.flows),
            None,
            tuple(dict.fromkeys([*gaps, *self.gaps])),
        )

    def _tell_holdings(self) -> None:
        last = {stock.chain[-1].vertex.id: stock.remains() for stock in self.stocks.values() if stock.chain}
        for arrival in self.lot.arrivals:
            vertex = arrival.vertex
            remains = Grade.INFERRED if vertex.site is None else last.get(vertex.id)
            self._add(msgspec.structs.replace(vertex, remains=remains))
            for feed in arrival.feeds:
                ids = (arrival.event.id,)
                flow = Flow(
                    feed.source, vertex.id, feed.kind, feed.grade, ids, feed.departed, arrival.time,
                    vertex.quantity, vertex.uom, feed.via,
                )  # fmt: skip
                self.flows[flow] = None
        for load in self.lot.loads:
            self.vertices.update({vertex.id: vertex for vertex in load.vertices})
            self.flows.update(dict.fromkeys(load.flows))

    def _add(self, vertex: Vertex) -> None:
        self.vertices[vertex.id] = vertex
        if vertex.site is None and vertex.kind is VertexKind.HOLDING and vertex.stay is Stay.AT:
            told = "no record names the place"
            self.gaps.append(Gap("unknown_place", self.lot.item, None, (vertex.event_id or "",), told))

    def _tell_doubtful(self, arrival: Arrival) -> None:
        """Whatever an arrival may have come from (9c), or a thing seen where no arrival was recorded (rule 1)."""
        target, record = arrival.vertex, arrival.record
        source = record.source if record is not None else None
        if source is not None and arrival.vertex.role not in ("seen", "source"):
            found = self._tell_source(arrival, source)
        elif arrival.vertex.role == "seen" and arrival.site is not None:
            found = self._tell_seen(arrival)
        else:
            found = self._from_junction(self.anywhere, arrival, target)
        if not found and not any(flow.target == target.id for flow in self.joined.flows):
            told = "nothing tells where it came from"
            self.gaps.append(Gap("no_origin", self.lot.item, target.site, (arrival.event.id,), told))

    def _tell_source(self, arrival: Arrival, source: str) -> bool:
        found = self._from_junction(self.here.get(source), arrival, arrival.vertex)
        stock = self.stocks.get(source)
        holding = stock.maybe_before(arrival.time) if stock else None
        if holding is not None:
            departed = Interval(holding.time.earliest, arrival.time.latest)
            self._infer(holding.vertex.id, arrival.vertex.id, FlowKind.JOIN, departed, arrival.time)
        return found or holding is not None

    def _tell_seen(self, arrival: Arrival) -> bool:
        """A thing seen came from what may have arrived there; if nothing may have, from anywhere."""
        site = arrival.site or ""
        found = self._from_junction(self.here.get(site), arrival, arrival.vertex)
        found = self._from_junction(self.narrowed.get(site), arrival, arrival.vertex) or found
        found = self._from_junction(self.widened.get(site), arrival, arrival.vertex) or found
        stock = self.stocks.get(site)
        if stock is not None:
            earlier = [a for a in stock.chain if a.time.maybe_before(arrival.time) and a.event.id != arrival.event.id]
            for other in earlier[-1:]:
                self._infer(other.vertex.id, arrival.vertex.id, FlowKind.CARRY_OVER, arrival.time, arrival.time)
                found = True
        return found or self._from_junction(self.anywhere, arrival, arrival.vertex)

    def _from_junction(self, pool: Pool | None, arrival: Arrival, target: Vertex) -> bool:
        junction = pool.junctions.get(taker_of(arrival).name) if pool is not None else None
        if junction is None:
            return False
        self._infer(junction, target.id, FlowKind.JOIN, arrival.time, arrival.time, (arrival.event.id,))
        return True

    def _tell_leaving(self, leaving: Leaving) -> None:
        record, target = leaving.record, leaving.target
        if leaving.kind is not FlowKind.PACK:
            self._add(self._with_remains(leaving))
        source, grade = self._source_of(leaving)
        maybe = self._maybe_sources(leaving)
        unrecorded = [j for j in (self._junction(self.here, leaving), self._junction(self.widened, leaving)) if j]
        in_doubt = grade is not Grade.RECORDED or self._junction(self.widened, leaving) is not None
        if source is None or (in_doubt and self._own_seen(leaving) is None):
            # What left was there in every reading; from which stock is open.
            origins = [*([source] if source else []), *maybe]
            source, maybe = self._open_by(leaving, "seen", origins, unrecorded, sure=record.sure), []
        elif unrecorded and self._own_seen(leaving) is None:
            maybe = [*maybe, self._open_by(leaving, "unrecorded", [], unrecorded, sure=False)]
        grade = Grade.RECORDED if record.sure else Grade.INFERRED
        ids = (record.event.id,)
        via = target.container
        main = Flow(
            source, target.id, leaving.kind, grade, ids, record.time, record.time, record.quantity, record.uom, via
        )
        self.flows[main] = None
        for origin in maybe:
            self._infer(origin, target.id, leaving.kind, record.time, record.time, ids)

    def _open_by(
        self, leaving: Leaving, role: str, origins: Sequence[bytes], junctions: Sequence[bytes], *, sure: bool
    ) -> bytes:
        """A holding at the site that a leaving shows, fed by what may have been there."""
        record = leaving.record
        holding = seen_holding(self.lot.item, record, role).vertex
        self._add(msgspec.structs.replace(holding, sure=sure, named=sure))
        for origin in origins:
            self._infer(origin, holding.id, FlowKind.CARRY_OVER, record.time, record.time)
        for junction in junctions:
            self._infer(junction, holding.id, FlowKind.JOIN, record.time, record.time, (record.event.id,))
        return holding.id

    def _own_seen(self, leaving: Leaving) -> Arrival | None:
        """The holding that a leaving opened by being recorded where nothing had arrived."""
        return next(
            (
                a
                for a in self.lot.arrivals
                if a.vertex.role == "seen" and a.event.id == leaving.record.event.id and a.site == leaving.site
            ),
            None,
        )

    def _source_of(self, leaving: Leaving) -> tuple[bytes | None, Grade]:
        """The holding a leaving is from: the one it opened by being seen, else the last of the stock before it."""
        own = self._own_seen(leaving)
        if own is not None:
            return own.vertex.id, Grade.RECORDED
        if leaving.site is None:
            return None, Grade.INFERRED
        arrival, grade = self.stocks[leaving.site].source_of(leaving)
        return (arrival.vertex.id if arrival else None), grade

    def _maybe_sources(self, leaving: Leaving) -> list[bytes]:
        if leaving.site is None:
            return []
        return [a.vertex.id for a in self.stocks[leaving.site].maybe_sources(leaving)]

    @staticmethod
    def _junction(pools: dict[str, Pool], leaving: Leaving) -> bytes | None:
        pool = pools.get(leaving.site or "")
        return pool.junctions.get(taker_of_record(leaving.record).name) if pool is not None else None

    def _with_remains(self, leaving: Leaving) -> Vertex:
        """Whether what was shipped is on the way still."""
        target = leaving.target
        if target.stay is not Stay.ON_THE_WAY or target.id in self.joined.met:
            return target
        later = any(not a.time.surely_before(leaving.time) for a in self.joined.doubtful)
        in_doubt = later or target.id in self.joined.touched
        told = "no receipt closes the shipment"
        self.gaps.append(Gap("no_receipt", self.lot.item, target.site, (leaving.record.event.id,), told))
        return msgspec.structs.replace(target, remains=Grade.INFERRED if in_doubt else Grade.RECORDED)

    def _tell_contacts(self) -> None:
        for load in self.lot.loads:
            for record, vertex in load.packings:
                parent = self.contacts.get((record.event.id, load.container))
                if parent is None or record.act is not Act.PACK:
                    continue
                grade = Grade.RECORDED if record.sure else Grade.INFERRED
                for one, other in ((parent, vertex.id), (vertex.id, parent)):
                    ids = (record.event.id,)
                    self.flows[Flow(one, other, FlowKind.CONTACT, grade, ids, record.time, record.time)] = None

    def _tell_sought(self) -> None:
        """A narrower instance whose arrival is not recorded may be of the goods that only the wider item names."""
        if not self.offers:
            return
        places = {offer.site for offer in self.offers}
        sought = self.kin.below.sought(None if None in places else {site for site in places if site is not None})
        for site in sorted({offer.site for offer in sought if offer.site is not None}):
            self._tell_sought_at(site, [offer for offer in sought if offer.site == site])

    def _tell_sought_at(self, site: str, sought: Sequence[Offer]) -> None:
        held = [feeder_of(offer) for offer in self.offers if offer.site in (site, None)]
        takers = {offer.vertex: Taker(offer.vertex.hex(), offer.time, offer.event_id) for offer in sought}
        pool = build_pool("seek", self.lot.item, site, held, list(takers.values()), FlowKind.NARROW)
        self.vertices.update({vertex.id: vertex for vertex in pool.vertices})
        self.flows.update(dict.fromkeys(pool.flows))
        for vertex, taker in takers.items():
            junction = pool.junctions.get(taker.name)
            if junction is not None:
                self._infer(junction, vertex, FlowKind.NARROW, taker.time, taker.time, (taker.event_id,))

    def _tell_pools(self) -> None:
        for pool in self.widened.values():
            # Narrower items' flows lead there, whether or not something was taken.
            self.vertices.update({vertex.id: vertex for vertex in pool.vertices})
            self.flows.update(dict.fromkeys(pool.flows))
        used = {flow.source for flow in self.flows}
        pools = [self.nowhere, *self.here.values(), *self.narrowed.values()]
        for pool in [*pools, *([self.anywhere] if "anywhere" in self.__dict__ else [])]:
            self._keep_used(pool, used)

    def _keep_used(self, pool: Pool, used: set[bytes]) -> None:
        """Only junctions that something takes from, and those before them in their chain."""
        last = max((at for at, vertex in enumerate(pool.vertices) if vertex.id in used), default=-1)
        kept = {vertex.id for vertex in pool.vertices[: last + 1]}
        self.vertices.update({vertex.id: vertex for vertex in pool.vertices[: last + 1]})
        self.flows.update({flow: None for flow in pool.flows if flow.target in kept})

    def _infer(
        self, source: bytes, target: bytes, kind: FlowKind, departed: Interval, arrived: Interval,
        ids: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self.flows[Flow(source, target, kind, Grade.INFERRED, ids, departed, arrived)] = None
