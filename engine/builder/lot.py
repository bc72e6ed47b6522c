"""A lot's arrivals and leavings (design rules 1, 2, 3, 5). In: its records and its containers' journeys. Out: `Lot`.

Every arrival at a site opens a holding; every departure, packing, use and ending is a leaving from the stock of the
site. What is recorded as being somewhere without an arrival there is there all the same: a holding *seen*. What
happens at an unknown place is in a holding of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from engine.builder.contact import Touch
from engine.builder.event_vertices import ending_vertex, transformation_vertex
from engine.builder.ids import holding_id
from engine.builder.load import Held, Load, Unpacking, build_load
from engine.builder.records import Act, Record, same_event
from engine.builder.riding import Journeys
from engine.builder.touchings import EventKey
from graph_schema.event import Event, EventType
from graph_schema.flow_graph import FlowKind, Grade, Stay, Vertex, VertexKind
from graph_schema.interval import BEGINNING, Interval
from graph_schema.units import comparable, convert


class Feed(msgspec.Struct, frozen=True):
    """A vertex that an arrival surely comes from: what made it, or the container it was in."""

    source: bytes
    kind: FlowKind
    grade: Grade
    departed: Interval
    via: str | None = None


class Arrival(msgspec.Struct, frozen=True):
    """Goods that came to a site (None: an unknown place). `time` orders; `amount` is in the lot's unit."""

    vertex: Vertex
    event: Event
    time: Interval
    amount: Decimal | None
    sure: bool
    joins: bool = False
    """Whether it is joined to departures (rule 9)."""
    record: Record | None = None
    feeds: tuple[Feed, ...] = ()

    @property
    def site(self) -> str | None:
        """Where the goods came to."""
        return self.vertex.site


class Leaving(msgspec.Struct, frozen=True):
    """Goods that left the stock of a site (None: an unknown place) for a vertex."""

    record: Record
    kind: FlowKind
    target: Vertex
    amount: Decimal | None

    @property
    def site(self) -> str | None:
        """Where the goods left."""
        return self.record.place

    @property
    def time(self) -> Interval:
        """When they left."""
        return self.record.time


class Touched(msgspec.Struct, frozen=True):
    """A holding that gave or took by contact (rule 13)."""

    holding: bytes
    touch: Touch
    grade: Grade


class Lot(msgspec.Struct, frozen=True):
    """All that moves a lot, before it is known what comes from where."""

    item: str
    arrivals: tuple[Arrival, ...]
    leavings: tuple[Leaving, ...]
    loads: tuple[Load, ...]
    uom: str | None
    sightings: tuple[Record, ...] = ()
    """Where it was recorded to be among what had arrived there before."""
    touched: tuple[Touched, ...] = ()
    """What it gave and took by contact, where it is known from what holding."""
    given: dict[EventKey, tuple[Touch, ...]] = {}
    """What it gave in events by which some of it left: from wherever that left."""


def gather_lot(item: str, records: Sequence[Record], journeys: Journeys) -> Lot:
    """Sort a lot's records into arrivals and leavings; open holdings for what was seen without an arrival."""
    unit = _Unit(records)
    loads = [
        build_load(
            item,
            container,
            [r for r in records if r.container == container],
            journeys[container],
            unit.amount,
            unit.uom,
        )
        for container in sorted({r.container for r in records if r.container and r.act in (Act.PACK, Act.UNPACK)})
        if container in journeys
    ]
    loose = _not_in_a_load(records, loads, unit)
    arrivals = [_arrival(item, r, unit) for r in loose if r.act in (Act.MAKE, Act.ARRIVE)]
    arrivals.extend(_unpacked(item, unpacking) for load in loads for unpacking in load.unpackings)
    packed = {_packing_of(packing): vertex for load in loads for packing, vertex in load.packings}
    leavings = [_leaving(item, r, unit, packed) for r in loose if r.act in (Act.DEPART, Act.USE, Act.END, Act.PACK)]
    presences = [r for r in loose if r.act in (Act.STAY, Act.TOUCH)]
    seen = seen_arrivals(item, arrivals, leavings, presences)
    arrivals.extend(seen)
    arrivals.extend(_sources(item, arrivals))
    sightings = tuple(r for r in presences if not any(same_event(r.event, a.event) for a in seen))
    return Lot(item, tuple(arrivals), tuple(leavings), tuple(loads), unit.uom, sightings)


class _Unit:
    """The unit a lot is counted in: that of its first quantity."""

    def __init__(self, records: Iterable[Record]) -> None:
        said = sorted((r.time, r.event.id, r.uom or "") for r in records if r.quantity is not None)
        self.uom: str | None = (said[0][2] or None) if said else None

    def amount(self, record: Record) -> Decimal | None:
        """The quantity in the lot's unit; None where it is not said or does not compare."""
        return amount_in(self.uom, record)


def amount_in(uom: str | None, record: Record) -> Decimal | None:
    """A record's quantity in a unit; None where it says none, or one that does not compare."""
    if record.quantity is None or not comparable(record.uom, uom):
        return None
    return convert(record.quantity, record.uom, uom)


def _not_in_a_load(records: Sequence[Record], loads: Sequence[Load], unit: _Unit) -> list[Record]:
    """Records without those of goods that a container, named in the same event, held: it counts them once (rule 5)."""
    within: dict[str, Held] = {}
    for load in loads:
        for event_id, held in load.held_at.items():
            within[event_id] = held.and_more(within.get(event_id))
    kept: list[Record] = []
    for record in records:
        inside = within.get(record.event.id)
        if record.act is Act.UNPACK:
            continue
        if inside is None or record.act in (Act.MAKE, Act.USE, Act.PACK):
            kept.append(record)
        else:
            kept.extend(_beside(record, inside, unit.amount(record), unit.uom))
    return kept


def _beside(record: Record, held: Held, amount: Decimal | None, uom: str | None) -> list[Record]:
    """What a record tells of goods beside those in the container: more than it held surely, another amount maybe."""
    if amount is None or held.amount is None:
        return [msgspec.structs.replace(record, sure=False)]
    if amount > held.amount:
        return [msgspec.structs.replace(record, quantity=amount - held.amount, uom=uom)]
    return [] if amount == held.amount else [msgspec.structs.replace(record, sure=False)]


def _arrival(item: str, record: Record, unit: _Unit) -> Arrival:
    made = record.act is Act.MAKE and record.event.type is EventType.TRANSFORMATION
    grade = Grade.RECORDED if record.sure else Grade.INFERRED
    feeds = (Feed(transformation_vertex(record.event).id, FlowKind.MAKE, grade, record.time),) if made else ()
    vertex = _vertex(item, record, record.role, record.time)
    return Arrival(
        vertex,
        record.event,
        record.time,
        unit.amount(record),
        record.sure,
        record.act is Act.ARRIVE,
        record,
        feeds,
    )


def _unpacked(item: str, unpacking: Unpacking) -> Arrival:
    record = unpacking.record
    vertex = _vertex(item, record, "unpacked", record.time, record.container or "")
    vertex = msgspec.structs.replace(vertex, quantity=unpacking.quantity, uom=unpacking.uom)
    feeds = tuple(
        Feed(source.vertex, FlowKind.UNPACK, source.grade, source.departed, record.container)
        for source in unpacking.sources
    )
    joins = not unpacking.accounted
    return Arrival(vertex, record.event, record.time, unpacking.amount, record.sure, joins, record, feeds)


def _packing_of(record: Record) -> tuple[str | None, str, bytes]:
    """What tells a packing from others."""
    return record.container, record.event.id, record.event.body_hash


def _leaving(item: str, record: Record, unit: _Unit, packed: dict[tuple[str | None, str, bytes], Vertex]) -> Leaving:
    amount = unit.amount(record)
    if record.act is Act.USE:
        return Leaving(record, FlowKind.USE, transformation_vertex(record.event), amount)
    if record.act is Act.END:
        return Leaving(record, FlowKind.END, ending_vertex(record, item), amount)
    if record.act is Act.PACK:
        target = packed.get(_packing_of(record))
        if target is not None:
            return Leaving(record, FlowKind.PACK, target, amount)
    identity = holding_id("shipped", record.event, item)
    target = Vertex(
        identity, VertexKind.HOLDING, item, record.to, Stay.ON_THE_WAY, record.time, record.event.id, "shipped",
        quantity=record.quantity, uom=record.uom, named=record.sure, sure=record.sure,
    )  # fmt: skip
    return Leaving(record, FlowKind.MOVE, target, amount)


def _vertex(item: str, record: Record, role: str, arrived: Interval, *more: str) -> Vertex:
    return Vertex(
        holding_id(role, record.event, item, *more), VertexKind.HOLDING, item, record.place, Stay.AT, arrived,
        record.event.id, role, quantity=record.quantity, uom=record.uom, named=record.sure, sure=record.sure,
    )  # fmt: skip


def seen_arrivals(
    item: str, arrivals: Sequence[Arrival], leavings: Sequence[Leaving], presences: Sequence[Record]
) -> list[Arrival]:
    """Holdings of what was recorded at a place with no arrival there before (rule 1)."""
    opened: list[Arrival] = []
    told = [(leaving.record, True) for leaving in leavings] + [(record, False) for record in presences]
    for record, leaves in sorted(told, key=lambda one: (one[0].time.latest, one[0].time.earliest, one[0].event.id)):
        there = [a for a in (*arrivals, *opened) if a.site == record.place and a.event.id != record.event.id]
        if record.place is None:
            known = bool(arrivals or leavings) and not leaves
        elif leaves:
            known = any(a.sure and a.time.surely_before(record.time) for a in there)
        else:
            known = any(a.sure and a.time.maybe_before(record.time) for a in there)
        if not known:
            opened.append(seen_holding(item, record))
    return opened


def seen_holding(item: str, record: Record, role: str = "seen") -> Arrival:
    """A holding that a record proves without telling how the goods came there; since when is open."""
    unmeasured = msgspec.structs.replace(record, quantity=None, uom=None)
    vertex = _vertex(item, unmeasured, role, Interval(BEGINNING, record.time.latest), record.place or "")
    return Arrival(vertex, record.event, record.time, None, record.sure, joins=True)


def _sources(item: str, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Holdings at places that arrivals name as their source and no other record of the lot knows (rule 9c)."""
    opened: dict[str, Arrival] = {}
    for arrival in sorted(arrivals, key=lambda a: (a.time.latest, a.time.earliest, a.event.id)):
        record = arrival.record
        source = record.source if record is not None else None
        if record is None or source is None or source == arrival.site or source in opened:
            continue
        if any(a.site == source and a.time.maybe_before(arrival.time) for a in arrivals):
            continue
        there = msgspec.structs.replace(record, place=source, quantity=None, uom=None)
        since = Interval(BEGINNING, arrival.time.latest)
        vertex = _vertex(item, there, "source", since)
        opened[source] = Arrival(vertex, arrival.event, since, None, arrival.sure, joins=True)
    return list(opened.values())
