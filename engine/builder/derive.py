"""All rows of one lot or class (design rules 3, 6, 9, 10, 11). In: a `Lot` and its kin. Out: its `Part`."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from engine.builder.contact import Touch
from engine.builder.kin import Kin, feeder_of, offers_of, taker_of, taker_of_record
from engine.builder.lot import Arrival, Leaving, Lot, seen_holding
from engine.builder.origins import Origins
from engine.builder.pool import Pool, Taker, build_pool
from engine.builder.records import Act, Record
from engine.builder.touchings import event_key
from engine.stores.ports import Offer
from graph_schema.flow_graph import Flow, FlowKind, Gap, Grade, Part, Stay, Vertex, VertexKind
from graph_schema.interval import Interval


def derive_part(lot: Lot, kin: Kin, gaps: Sequence[Gap], contacts: dict[tuple[str, str], bytes]) -> Part:
    """The vertices, flows and gaps of a lot."""
    return _Derivation(lot, kin, contacts).part(gaps)


class _Derivation:
    def __init__(self, lot: Lot, kin: Kin, contacts: dict[tuple[str, str], bytes]) -> None:
        self.lot = lot
        self.kin = kin
        self.contacts = contacts
        self.origins = Origins(lot, kin)
        self.joined = self.origins.joined
        self.stocks = self.origins.stocks
        self.offers = offers_of(lot)
        self.vertices: dict[bytes, Vertex] = {}
        self.flows: dict[Flow, None] = {}
        self.gaps: list[Gap] = []

    def part(self, gaps: Sequence[Gap]) -> Part:
        """All rows, in a stable order."""
        self._tell_holdings()
        for flow in self.joined.flows:
            self.flows[flow] = None
        for arrival in self.joined.doubtful:
            self._tell_doubtful(arrival)
        for arrival in self.lot.arrivals:
            self._from_junction(self.origins.nowhere, arrival, arrival.vertex)
        for stock in self.stocks.values():
            self.flows.update(dict.fromkeys(stock.carry_overs()))
        for leaving in self.lot.leavings:
            self._tell_leaving(leaving)
        for record in self.lot.sightings:
            junction = self.origins.sighted.junctions.get(taker_of_record(record).name)
            if junction is not None:
                self._open_by(record, "unrecorded", [], [junction], sure=False)
        self._tell_contacts()
        for one in self.lot.touched:
            self._touch(one.touch, one.holding, one.grade)
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
            found = self._from_junction(self.origins.anywhere, arrival, target)
        if not found and not any(flow.target == target.id for flow in self.joined.flows):
            told = "nothing tells where it came from"
            self.gaps.append(Gap("no_origin", self.lot.item, target.site, (arrival.event.id,), told))

    def _tell_source(self, arrival: Arrival, source: str) -> bool:
        found = self._from_junction(self.origins.here.get(source), arrival, arrival.vertex)
        stock = self.stocks.get(source)
        holding = stock.maybe_before(arrival.time) if stock else None
        if holding is not None:
            departed = Interval(holding.time.earliest, arrival.time.latest)
            self._infer(holding.vertex.id, arrival.vertex.id, FlowKind.JOIN, departed, arrival.time)
        return found or holding is not None

    def _tell_seen(self, arrival: Arrival) -> bool:
        """A thing seen came from what may have arrived there; if nothing surely may have, from anywhere."""
        site = arrival.site or ""
        found = self._from_junction(self.origins.here.get(site), arrival, arrival.vertex)
        found = self._from_junction(self.origins.narrowed.get(site), arrival, arrival.vertex) or found
        found = self._from_junction(self.origins.widened.get(site), arrival, arrival.vertex) or found
        stock = self.stocks.get(site)
        if stock is not None:
            earlier = [a for a in stock.chain if a.time.maybe_before(arrival.time) and a.event.id != arrival.event.id]
            for other in earlier[-1:]:
                self._infer(other.vertex.id, arrival.vertex.id, FlowKind.CARRY_OVER, arrival.time, arrival.time)
                found = True
        if found and all(other.sure for other in self.lot.arrivals):
            return True
        return self._from_junction(self.origins.anywhere, arrival, arrival.vertex) or found

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
        source, grade = self.origins.source_of(leaving)
        maybe = self.origins.maybe_sources(leaving)
        unrecorded, narrower = self.origins.unrecorded(leaving), self.origins.narrower(leaving)
        junctions = [junction for junction in (unrecorded, narrower) if junction is not None]
        in_doubt = grade is not Grade.RECORDED or narrower is not None
        if source is None or (in_doubt and self.origins.own_seen(leaving) is None):
            # What left was there in every reading; from which stock is open.
            origins = [*([source] if source else []), *maybe]
            source, maybe = self._open_by(record, "seen", origins, junctions, sure=record.sure), []
        elif junctions and self.origins.own_seen(leaving) is None:
            maybe = [*maybe, self._open_by(record, "unrecorded", [], junctions, sure=False)]
        named = self.origins.sites_named_by_receipt(leaving)
        maybe = [*maybe, *(self._open_at(site, record, source) for site in named)]
        grade = Grade.RECORDED if record.sure else Grade.INFERRED
        ids = (record.event.id,)
        via = target.container
        main = Flow(
            source, target.id, leaving.kind, grade, ids, record.time, record.time, record.quantity, record.uom, via
        )
        self.flows[main] = None
        for origin in maybe:
            self._infer(origin, target.id, leaving.kind, record.time, record.time, ids)
        for touch in self.lot.given.get(event_key(record.event), ()):
            self._touch(touch, source, grade)
            for origin in maybe:
                self._touch(touch, origin, Grade.INFERRED)

    def _open_by(
        self, record: Record, role: str, origins: Sequence[bytes], junctions: Sequence[bytes], *, sure: bool
    ) -> bytes:
        """A holding at the site that a leaving or a sighting shows, fed by what may have been there."""
        holding = seen_holding(self.lot.item, record, role).vertex
        self._add(msgspec.structs.replace(holding, sure=sure, named=sure))
        for origin in origins:
            self._infer(origin, holding.id, FlowKind.CARRY_OVER, record.time, record.time)
        for junction in junctions:
            self._infer(junction, holding.id, FlowKind.JOIN, record.time, record.time, (record.event.id,))
        return holding.id

    def _open_at(self, site: str, record: Record, unknown: bytes) -> bytes:
        """The unknown place that goods left may be the site that their receipt names (rules 2 and 9c)."""
        there = msgspec.structs.replace(record, place=site)
        return self._open_by(there, "source", [unknown], [], sure=False)

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

    def _touch(self, touch: Touch, holding: bytes, grade: Grade) -> None:
        """It gave or took by contact (rule 13)."""
        self.vertices[touch.junction.id] = touch.junction
        self.flows[touch.flow(holding, grade)] = None

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
        for pool in self.origins.widened.values():
            # Narrower items' flows lead there, whether or not something was taken.
            self.vertices.update({vertex.id: vertex for vertex in pool.vertices})
            self.flows.update(dict.fromkeys(pool.flows))
        used = {flow.source for flow in self.flows}
        for pool in self.origins.pools():
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
