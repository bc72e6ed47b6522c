"""Contact of a lot (design rules 3 and 13). In: a `Lot`, its records of contact. Out: the lot with them.

Contact is an arrival of nothing, where the lot takes, and a leaving of nothing, where it gives: so that what was there
before and what comes after stay apart, and what is in doubt of any arrival or leaving is so of these. Where an event
moves the very goods that touch, its own holdings give and take.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from engine.builder.contact import Touch
from engine.builder.ids import holding_id
from engine.builder.load import Load
from engine.builder.lot import Arrival, Leaving, Lot, Touched, seen_arrivals
from engine.builder.records import Record, same_event
from engine.builder.touchings import EventKey, event_key
from graph_schema.flow_graph import FlowKind, Grade, Stay, Vertex, VertexKind

_NOTHING = Decimal(0)
_ONLY_SEEN = ("seen", "source")
"""Roles of holdings that an event shows, without having brought the goods there."""


def with_contacts(lot: Lot, records: Sequence[Record]) -> Lot:
    """The lot, and what it gave and took in these records."""
    arrivals, leavings = list(lot.arrivals), list[Leaving]()
    touched: list[Touched] = []
    given: dict[EventKey, tuple[Touch, ...]] = {}
    for record in records:
        gives, takes = (tuple(t for t in record.touches if t.gives is way) for way in (True, False))
        grade = Grade.RECORDED if record.sure else Grade.INFERRED
        own = [a.vertex.id for a in lot.arrivals if _brought(a, record)]
        left = [leaving for leaving in lot.leavings if same_event(leaving.record.event, record.event)]
        touched.extend(Touched(holding, touch, grade) for holding in own for touch in record.touches)
        touched.extend(Touched(leaving.target.id, touch, grade) for leaving in left for touch in takes)
        if gives and left:
            given[event_key(record.event)] = gives
        elif gives and not own:
            leavings.extend(_giving(record, touch) for touch in gives)
        if takes and not own and not left:
            arrivals.append(_touched(lot, record, arrivals))
            touched.extend(Touched(arrivals[-1].vertex.id, touch, grade) for touch in takes)
        if not left:
            within = [vertex for load in lot.loads for vertex in _within(load, record)]
            touched.extend(Touched(vertex.id, touch, Grade.INFERRED) for vertex in within for touch in record.touches)
    seen = seen_arrivals(lot.item, arrivals, leavings, ())
    return msgspec.structs.replace(
        lot, arrivals=(*arrivals, *seen), leavings=(*lot.leavings, *leavings), touched=tuple(touched), given=given
    )


def _brought(arrival: Arrival, record: Record) -> bool:
    return same_event(arrival.event, record.event) and arrival.vertex.role not in _ONLY_SEEN


def _touched(lot: Lot, record: Record, arrivals: Sequence[Arrival]) -> Arrival:
    """The holding that takes: of the stock at the place; where none is known there, it came from wherever it may be."""
    vertex = Vertex(
        holding_id("touched", record.event, lot.item), VertexKind.HOLDING, lot.item, record.place, Stay.AT, record.time,
        record.event.id, "touched", named=record.sure, sure=record.sure,
    )  # fmt: skip
    known = any(a.sure and a.site == record.place and a.time.maybe_before(record.time) for a in arrivals)
    joins = record.place is None or not known
    return Arrival(vertex, record.event, record.time, _NOTHING, record.sure, joins)


def _giving(record: Record, touch: Touch) -> Leaving:
    told = msgspec.structs.replace(record, sure=record.sure and touch.sure)
    return Leaving(told, FlowKind.CONTACT_BY_PROFILE, touch.junction, _NOTHING)


def _within(load: Load, record: Record) -> Iterator[Vertex]:
    """Where some of the lot may have been in a container meanwhile: where it came last before, or may have come."""
    before = [v for v in load.vertices if v.kind is VertexKind.HOLDING and v.arrived.maybe_before(record.time)]
    sure = [vertex for vertex in before if vertex.arrived.surely_before(record.time)]
    last = max(sure, key=lambda vertex: vertex.arrived, default=None)
    out = any(
        last is not None and u.record.time.surely_before(record.time) and not u.record.time.surely_before(last.arrived)
        for u in load.unpackings
    )
    for vertex in before:
        there = vertex.site == record.place or None in (vertex.site, record.place)
        if there and (vertex not in sure or (vertex is last and not out)):
            yield vertex
