"""What the records tell of a lot's amounts (rules 3, 5 to 7, 9). In: a lot. Out: a `Movement` each.

Packing and unpacking within a site move nothing: goods in a container at a site are held there, and leave with it. What
may have happened without a record of its own counts as a movement that is not sure: a shipment that no receipt closes
may have arrived, an arrival that no shipment closes may have left any site that had the lot, and what happened at an
unknown place may have happened at any of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property

import msgspec
import numpy as np

from engine.index import NONE
from engine.questions.view import Numbers, View
from graph_schema.flow_graph import Flow, FlowKind, Grade, Stay, Vertex, VertexKind
from graph_schema.units import comparable, convert

ENDINGS = {
    "sold": "sold",
    "dispensed": "sold",
    "partly_dispensed": "sold",
    "consumed": "used",
    "destroyed": "destroyed",
    "decommissioned": "destroyed",
    "removed": "destroyed",
}
"""The column of each way goods leave the chain; any other, as `lost`, is not accounted for."""
BEGUN = "begun"
"""No column: what became goods of the seeds where it was, of which it can be held there or have left."""
_ARRIVALS = {"made": "made", "commissioned": "made", "received": "received", "returned": "returned"}
_GONE = frozenset({"used", "sold", "destroyed", "forwarded"})
_WITHIN = frozenset({"packed", "touched", "unrecorded"})
"""Nothing came with these: packed from the stock, or what may be there of goods counted where they were last."""
_ANYWHERE = ""
_NOTHING = Decimal(0)


class Movement(msgspec.Struct, frozen=True):
    """An amount in a column of stock, at a site."""

    column: str
    site: int
    """Code of the site; NONE where it may have been any."""
    quantity: Decimal | None
    """None: not said."""
    uom: str | None
    sure: bool
    """False where it may not have been, or not of this lot or not here."""
    target: int
    """The vertex that the walk reaches where this is affected."""
    sources: tuple[int, ...] = ()
    """Where several items go into one target, the vertices that it came from."""
    instead: str | None = None
    """Another column that it may be in instead: no record tells whether what came back was a return."""
    back: bool = False
    """It left a site and came back to it, both or neither: that changes nothing of what is held."""


def lot_movements(view: View, item: int) -> list[Movement]:
    """All movements of a lot or class, at all sites; what left as a wider or narrower item may have been of it."""
    lot = _Lot(view, item)
    return [*lot.movements(), *(m for kin, sites in lot.kin().items() for m in _left_as(view, kin, sites))]


def _left_as(view: View, kin: int, sites: set[int]) -> Iterator[Movement]:
    """What left under the name of a kin item some sites, or any where one of these is unknown."""
    for movement in _Lot(view, kin).movements():
        if movement.column in _GONE and (NONE in (movement.site, *sites) or movement.site in sites):
            yield msgspec.structs.replace(movement, sure=False)


class _Lot:
    """A lot's vertices with the flows into and out of each."""

    def __init__(self, view: View, item: int) -> None:
        self.view = view
        self.item = item
        codes = view.index.vertices_where("item", [item], view.at).astype(np.int64)
        held = view.column("instances", codes) == 0
        self.vertices = {v: view.index.vertex(int(view.rows[v])) for v in codes[held].tolist()}
        self.before = self._flows(view.edges_in(codes[held]), "target", "source")
        self.after = self._flows(view.edges_out(codes[held]), "source", "target")

    def _flows(self, edges: Numbers, near: str, far: str) -> dict[int, list[tuple[int, Flow]]]:
        found: dict[int, list[tuple[int, Flow]]] = defaultdict(list)
        ends = zip(
            edges.tolist(), self.view.edge(near, edges).tolist(), self.view.edge(far, edges).tolist(), strict=True
        )
        for edge, here, there in ends:
            flow = self.view.index.flow(edge)
            if flow.kind not in (FlowKind.CONTACT, FlowKind.CONTACT_BY_PROFILE):
                found[here].append((there, flow))
        return found

    def kin(self) -> dict[int, set[int]]:
        """Wider and narrower items that goods may have been named as, and the sites where they were held (rule 11)."""
        found: dict[int, set[int]] = defaultdict(set)
        for number in self.vertices:
            for target, flow in self.after[number]:
                if flow.kind in (FlowKind.WIDEN, FlowKind.NARROW) or flow.grade is Grade.CLASS:
                    item, site = (
                        int(self.view.column(name, [v])[0]) for name, v in (("item", target), ("site", number))
                    )
                    found[item].add(site)
        found.pop(self.item, None)
        return found

    def movements(self) -> Iterator[Movement]:
        """Arrivals, shipments, endings and uses."""
        for number, vertex in self.vertices.items():
            if vertex.kind is VertexKind.ENDING:
                column = ENDINGS.get(vertex.role, "lost")
                yield self._movement(column, vertex.site, vertex, number, sure=vertex.sure)
            elif vertex.kind is VertexKind.HOLDING and vertex.stay is Stay.AT:
                yield from self._arrival(number, vertex)
            elif vertex.kind is VertexKind.HOLDING:
                yield from self._shipment(number, vertex)
        yield from self._uses()

    def _movement(self, column: str, site: str | None, vertex: Vertex, number: int, *, sure: bool) -> Movement:
        code = NONE if site is None else self.view.index.sites.code(site)
        return Movement(column, code, vertex.quantity, vertex.uom, sure and site is not None, number)

    def _arrival(self, number: int, vertex: Vertex) -> Iterator[Movement]:
        column = _ARRIVALS.get(vertex.role)
        if vertex.role in _WITHIN or (column is None and self._was_here(number, vertex)):
            return
        if vertex.role == "carried":
            yield from self._carried(number, vertex)
            return
        told = column is not None and vertex.site is not None
        came = self._movement(column or "received", vertex.site, vertex, number, sure=told and vertex.sure)
        yield came if column is not None else self._came(came, vertex)
        yield from self._unrecorded_departure(number, vertex)

    def _was_here(self, number: int, vertex: Vertex) -> bool:
        """Whether what is recorded here was here before: it came out of a container, or was seen in the stock."""
        here = [f.stay is Stay.AT and f.site == vertex.site for f in self._former(number)]
        return bool(here) and (all if vertex.role == "carried" else any)(here)

    def _former(self, number: int) -> list[Vertex]:
        """The stays of the lot, and the ways, that a holding comes from."""
        former = [self.vertices[v] for v, _ in self.before[number] if v in self.vertices]
        return [f for f in former if f.kind is VertexKind.HOLDING]

    def _carried(self, number: int, vertex: Vertex) -> Iterator[Movement]:
        """Goods in a container that came here; where no departure was recorded, it left where it was before."""
        told = self._told_of(vertex)
        column = "returned" if "returned" in told else "received"
        elsewhere = all(f.stay is Stay.ON_THE_WAY or f.site not in (None, vertex.site) for f in self._former(number))
        came = self._movement(column, vertex.site, vertex, number, sure=vertex.sure and elsewhere)
        yield came if told else self._came(came, vertex)
        for source, flow in self.before[number]:
            origin = self.vertices.get(source)
            if origin is not None and origin.stay is Stay.AT and origin.site != vertex.site:
                sure = vertex.sure and vertex.site is not None and flow.grade is Grade.RECORDED
                yield self._movement("forwarded", origin.site, vertex, number, sure=sure)

    def _told_of(self, vertex: Vertex) -> set[str]:
        """How the event says that its container came: received or returned; neither where none tells of its arrival."""
        codes = self.view.index.events.codes([vertex.event_id or ""])
        opened = self.view.index.vertices_where("event", codes[codes != NONE], self.view.at)
        return {"received", "returned"}.intersection(self.view.index.words.names(self.view.column("role", opened)))

    def _came(self, movement: Movement, vertex: Vertex) -> Movement:
        """What came without a record of its coming: perhaps a return, where the lot may have been before."""
        places = (_ANYWHERE,) if vertex.site is None else (vertex.site, None)
        stays = (stay for place in places for stay in self.first_stays.get(place, ()))
        before = any(came < vertex.arrived.latest and number != movement.target for came, number in stays)
        return msgspec.structs.replace(movement, instead="returned") if before else movement

    @cached_property
    def first_stays(self) -> dict[str | None, list[tuple[int, int]]]:
        """Per site, and anywhere, the two stays, or ways there, that may have begun first: when, and the vertex."""
        found: dict[str | None, list[tuple[int, int]]] = defaultdict(list)
        for number, vertex in self.vertices.items():
            if vertex.kind is VertexKind.HOLDING:
                for place in (vertex.site, _ANYWHERE):
                    found[place] = sorted([*found[place], (vertex.arrived.earliest, number)])[:2]
        return found

    def _unrecorded_departure(self, number: int, vertex: Vertex) -> Iterator[Movement]:
        """Where an arrival is joined to no departure for sure, it may have left any site that had the lot."""
        joined = [flow for _, flow in self.before[number]]
        if any(flow.kind is FlowKind.JOIN and flow.grade is not Grade.RECORDED for flow in joined):
            yield Movement("forwarded", NONE, vertex.quantity, vertex.uom, sure=False, target=number)

    def _shipment(self, number: int, vertex: Vertex) -> Iterator[Movement]:
        origin, recorded = self._origin(number)
        if origin is not None:
            yield self._movement("forwarded", origin.site, vertex, number, sure=recorded and vertex.sure)
        if vertex.remains is None:
            yield from self._on_elsewhere(number, vertex)
            return
        left = self._under_way(number, vertex)
        yield self._movement("in_transit", vertex.site, left, number, sure=False)
        yield self._came(self._movement("received", vertex.site, left, number, sure=False), vertex)

    def _on_elsewhere(self, number: int, vertex: Vertex) -> Iterator[Movement]:
        """Where goods in a container go on from a way to a site, they may have come there and left unrecorded."""
        onward = {v: self.vertices[v] for v, _ in self.after[number] if v in self.vertices}
        others = [
            v
            for v, other in onward.items()
            if vertex.container is not None
            and other.kind is VertexKind.HOLDING
            and (other.stay is Stay.ON_THE_WAY or vertex.site is None or other.site != vertex.site)
        ]
        if others:
            yield self._came(self._movement("received", vertex.site, vertex, number, sure=False), vertex)
        yield from (self._movement("forwarded", vertex.site, vertex, v, sure=False) for v in others)

    def _origin(self, number: int) -> tuple[Vertex | None, bool]:
        """The stay that a shipment left, and whether surely; None where it was on the way before."""
        flows = sorted(self.before[number], key=lambda one: (one[1].quantity is None, one[1].grade))
        for former, flow in flows:
            origin = self.vertices.get(former)
            if origin is not None and origin.kind is VertexKind.HOLDING and origin.stay is Stay.AT:
                return origin, flow.grade is Grade.RECORDED
        return None, False

    def _under_way(self, number: int, vertex: Vertex) -> Vertex:
        """A shipment less what surely arrived of it."""
        if vertex.quantity is None or vertex.container is not None:
            return vertex
        arrived = _NOTHING
        for _, flow in self.after[number]:
            if flow.grade is Grade.RECORDED and flow.quantity is not None and comparable(flow.uom, vertex.uom):
                arrived += convert(flow.quantity, flow.uom, vertex.uom)
        return msgspec.structs.replace(vertex, quantity=max(_NOTHING, vertex.quantity - arrived))

    def _uses(self) -> Iterator[Movement]:
        """What went into each transformation, once, whatever stocks it may have come from."""
        used: dict[int, list[tuple[int, Flow]]] = defaultdict(list)
        for number in self.vertices:
            for target, flow in self.after[number]:
                if flow.kind is FlowKind.USE:
                    used[target].append((number, flow))
        for target, flows in used.items():
            yield self._use(target, sorted(flows, key=lambda one: (one[1].quantity is None, one[1].grade)))

    def _use(self, target: int, flows: list[tuple[int, Flow]]) -> Movement:
        number, flow = flows[0]
        site = self.vertices[number].site
        code = NONE if site is None else self.view.index.sites.code(site)
        sure = flow.grade is Grade.RECORDED and site is not None
        sources = tuple(source for source, _ in flows)
        return Movement("used", code, flow.quantity, flow.uom, sure, target, sources)
