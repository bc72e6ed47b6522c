"""What the records tell of a lot's amounts (rules 3, 5 to 7, 9). In: a lot. Out: a `Movement` each.

Packing and unpacking within a site move nothing: goods in a container at a site are held there, and leave with it. What
may have happened without a record of its own counts as a movement that is not sure: a shipment that no receipt closes
may have arrived, an arrival that no shipment closes may have left any site that had the lot, and what happened at an
unknown place may have happened at any of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from decimal import Decimal
from functools import cached_property
from itertools import chain
from operator import itemgetter

import msgspec

from engine.index import NONE
from engine.questions.lots import LotFlow, Lots, LotVertex
from engine.questions.view import View
from graph_schema.flow_graph import FlowKind, Grade, Stay, VertexKind
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
_ANYWHERE = NONE - 1
"""No site has this code: any place."""
_NOTHING = Decimal(0)


class Movement(msgspec.Struct, frozen=True, gc=False):
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


class BySite:
    """Movements, and those of some sites in the order of all."""

    def __init__(self, movements: list[Movement]) -> None:
        self.all = movements
        self._numbered: dict[int, list[tuple[int, Movement]]] = defaultdict(list)
        for number, movement in enumerate(movements):
            self._numbered[movement.site].append((number, movement))

    def at(self, sites: Collection[int]) -> list[Movement]:
        """Those at some sites, or that may have been: at a place that no record names."""
        several = [self._numbered[site] for site in {*sites, NONE} if site in self._numbered]
        found = several[0] if len(several) == 1 else sorted(chain.from_iterable(several), key=itemgetter(0))
        return [movement for _, movement in found]


class LotMovements:
    """The movements of lots and classes, at all sites."""

    def __init__(self, view: View, items: Collection[int]) -> None:
        self._lots = Lots(view, items)
        self._lots.read({kin for item in items for kin in self._lots.kin(item)})
        self._gone: dict[int, BySite] = {}

    def of(self, item: int) -> list[Movement]:
        """All of a lot; what left as a wider or narrower item may have been of it."""
        kin = self._lots.kin(item).items()
        return [*_Lot(self._lots, item).movements(), *(m for other, sites in kin for m in self._left_as(other, sites))]

    def _left_as(self, kin: int, sites: set[int]) -> list[Movement]:
        """What left under the name of a kin item some sites, or any where one of these is unknown."""
        if kin not in self._gone:
            gone = (m for m in _Lot(self._lots, kin).movements() if m.column in _GONE)
            self._gone[kin] = BySite([msgspec.structs.replace(movement, sure=False) for movement in gone])
        return self._gone[kin].all if NONE in sites else self._gone[kin].at(sites)


class _Lot:
    """A lot's vertices with the flows into and out of each."""

    def __init__(self, lots: Lots, item: int) -> None:
        self.lots = lots
        self.vertices = lots.vertices(item)
        self.before, self.after = lots.before, lots.after

    def movements(self) -> Iterator[Movement]:
        """Arrivals, shipments, endings and uses."""
        for number, vertex in self.vertices.items():
            if vertex.kind == VertexKind.ENDING:
                column = ENDINGS.get(vertex.role, "lost")
                yield self._movement(column, vertex.site, vertex, number, sure=vertex.sure)
            elif vertex.kind == VertexKind.HOLDING and vertex.stay == Stay.AT:
                yield from self._arrival(number, vertex)
            elif vertex.kind == VertexKind.HOLDING:
                yield from self._shipment(number, vertex)
        yield from self._uses()

    def _movement(self, column: str, site: int, vertex: LotVertex, number: int, *, sure: bool) -> Movement:
        return Movement(column, site, vertex.quantity, vertex.uom, sure and site != NONE, number)

    def _arrival(self, number: int, vertex: LotVertex) -> Iterator[Movement]:
        column = _ARRIVALS.get(vertex.role)
        if vertex.role in _WITHIN or (column is None and self._was_here(number, vertex)):
            return
        if vertex.role == "carried":
            yield from self._carried(number, vertex)
            return
        told = column is not None and vertex.site != NONE
        came = self._movement(column or "received", vertex.site, vertex, number, sure=told and vertex.sure)
        yield came if column is not None else self._came(came, vertex)
        yield from self._unrecorded_departure(number, vertex)

    def _was_here(self, number: int, vertex: LotVertex) -> bool:
        """Whether what is recorded here was here before: it came out of a container, or was seen in the stock."""
        here = [f.stay == Stay.AT and f.site == vertex.site for f in self._former(number)]
        return bool(here) and (all if vertex.role == "carried" else any)(here)

    def _former(self, number: int) -> list[LotVertex]:
        """The stays of the lot, and the ways, that a holding comes from."""
        former = [self.vertices[flow.far] for flow in self.before.get(number, ()) if flow.far in self.vertices]
        return [f for f in former if f.kind == VertexKind.HOLDING]

    def _carried(self, number: int, vertex: LotVertex) -> Iterator[Movement]:
        """Goods in a container that came here; where no departure was recorded, it left where it was before."""
        told = self.lots.told_of(vertex.event)
        column = "returned" if "returned" in told else "received"
        elsewhere = all(f.stay == Stay.ON_THE_WAY or f.site not in (NONE, vertex.site) for f in self._former(number))
        came = self._movement(column, vertex.site, vertex, number, sure=vertex.sure and elsewhere)
        yield came if told else self._came(came, vertex)
        for flow in self.before.get(number, ()):
            origin = self.vertices.get(flow.far)
            if origin is not None and origin.stay == Stay.AT and origin.site != vertex.site:
                sure = vertex.sure and vertex.site != NONE and flow.grade == Grade.RECORDED
                yield self._movement("forwarded", origin.site, vertex, number, sure=sure)

    def _came(self, movement: Movement, vertex: LotVertex) -> Movement:
        """What came without a record of its coming: perhaps a return, where the lot may have been before."""
        places = (_ANYWHERE,) if vertex.site == NONE else (vertex.site, NONE)
        stays = (stay for place in places for stay in self.first_stays.get(place, ()))
        before = any(came < vertex.latest and number != movement.target for came, number in stays)
        return msgspec.structs.replace(movement, instead="returned") if before else movement

    @cached_property
    def first_stays(self) -> dict[int, list[tuple[int, int]]]:
        """Per site, and anywhere, the two stays, or ways there, that may have begun first: when, and the vertex."""
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, vertex in self.vertices.items():
            if vertex.kind == VertexKind.HOLDING:
                for place in (vertex.site, _ANYWHERE):
                    found[place] = sorted([*found[place], (vertex.earliest, number)])[:2]
        return found

    def _unrecorded_departure(self, number: int, vertex: LotVertex) -> Iterator[Movement]:
        """Where an arrival is joined to no departure for sure, it may have left any site that had the lot."""
        joined = self.before.get(number, ())
        if any(flow.kind == FlowKind.JOIN and flow.grade != Grade.RECORDED for flow in joined):
            yield Movement("forwarded", NONE, vertex.quantity, vertex.uom, sure=False, target=number)

    def _shipment(self, number: int, vertex: LotVertex) -> Iterator[Movement]:
        origin, recorded = self._origin(number)
        if origin is not None:
            yield self._movement("forwarded", origin.site, vertex, number, sure=recorded and vertex.sure)
        if vertex.remains == NONE:
            yield from self._on_elsewhere(number, vertex)
            return
        left = self._under_way(number, vertex)
        yield self._movement("in_transit", vertex.site, left, number, sure=False)
        yield self._came(self._movement("received", vertex.site, left, number, sure=False), vertex)

    def _on_elsewhere(self, number: int, vertex: LotVertex) -> Iterator[Movement]:
        """Where goods in a container go on from a way to a site, they may have come there and left unrecorded."""
        onward = {f.far: self.vertices[f.far] for f in self.after.get(number, ()) if f.far in self.vertices}
        others = [
            v
            for v, other in onward.items()
            if vertex.in_container
            and other.kind == VertexKind.HOLDING
            and (other.stay == Stay.ON_THE_WAY or vertex.site == NONE or other.site != vertex.site)
        ]
        if others:
            yield self._came(self._movement("received", vertex.site, vertex, number, sure=False), vertex)
        yield from (self._movement("forwarded", vertex.site, vertex, v, sure=False) for v in others)

    def _origin(self, number: int) -> tuple[LotVertex | None, bool]:
        """The stay that a shipment left, and whether surely; None where it was on the way before."""
        for flow in sorted(self.before.get(number, ()), key=_told_best):
            origin = self.vertices.get(flow.far)
            if origin is not None and origin.kind == VertexKind.HOLDING and origin.stay == Stay.AT:
                return origin, flow.grade == Grade.RECORDED
        return None, False

    def _under_way(self, number: int, vertex: LotVertex) -> LotVertex:
        """A shipment less what surely arrived of it."""
        if vertex.quantity is None or vertex.in_container:
            return vertex
        arrived = _NOTHING
        for flow in self.after.get(number, ()):
            if flow.grade == Grade.RECORDED and flow.quantity is not None and comparable(flow.uom, vertex.uom):
                arrived += convert(flow.quantity, flow.uom, vertex.uom)
        return msgspec.structs.replace(vertex, quantity=max(_NOTHING, vertex.quantity - arrived))

    def _uses(self) -> Iterator[Movement]:
        """What went into each transformation, once, whatever stocks it may have come from."""
        used: dict[int, list[tuple[int, LotFlow]]] = defaultdict(list)
        for number in self.vertices:
            for flow in self.after.get(number, ()):
                if flow.kind == FlowKind.USE:
                    used[flow.far].append((number, flow))
        for target, flows in used.items():
            yield self._use(target, sorted(flows, key=lambda one: _told_best(one[1])))

    def _use(self, target: int, flows: list[tuple[int, LotFlow]]) -> Movement:
        number, flow = flows[0]
        site = self.vertices[number].site
        sure = flow.grade == Grade.RECORDED and site != NONE
        sources = tuple(source for source, _ in flows)
        return Movement("used", site, flow.quantity, flow.uom, sure, target, sources)


def _told_best(flow: LotFlow) -> tuple[bool, int]:
    """Those first whose amount is said, then by grade."""
    return flow.quantity is None, flow.grade
