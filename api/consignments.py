"""Consignments: what came to a site in one shipment. In: a trace's flows, events. Out: `Consignment`s.

A shipment is recorded by its departure, its arrival, or both. In the flow graph a departure leads to goods
on the way to a site, and an arrival from there to the site itself; both carry the time of the departure,
which joins them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import msgspec

from engine.answer import TracedFlow
from graph_schema.event import Event
from graph_schema.flow_graph import CONTACT_KINDS, FlowKind, Grade
from graph_schema.identifiers import Kind, kind_of_key

DOCUMENTS = ("desadv", "bol", "recadv", "inv", "po")
"""Types of business transaction (CBV 2.0 §7.3) by which people know a consignment, the most telling first."""

_STAYS = frozenset({FlowKind.CARRY_OVER, FlowKind.PACK, FlowKind.UNPACK, FlowKind.USE, FlowKind.MAKE, FlowKind.END})


class Consignment(msgspec.Struct, frozen=True):
    """Goods of one item that came, may have come, or are on the way, to a site."""

    item: str
    source: str | None
    target: str
    grade: Grade
    shipped: Event | None
    received: Event | None
    quantity: Decimal | None
    uom: str | None
    events: tuple[str, ...]

    def document(self) -> tuple[str, str] | None:
        """Type and number of the document that names it best."""
        named = [ref for event in (self.shipped, self.received) if event for ref in event.transactions]
        rank = {kind: place for place, kind in enumerate(DOCUMENTS)}
        named.sort(key=lambda ref: rank.get(ref.type or "", len(rank)))
        return (named[0].type or "", named[0].id) if named else None

    def units(self) -> tuple[str, ...]:
        """The logistic units that it was named by, where its records name these and not the item itself."""
        event = self.shipped or self.received
        named = () if event is None else tuple(what.item for what in event.whats)
        if self.item in named:
            return ()
        return tuple(dict.fromkeys(key for key in named if kind_of_key(key) == Kind.logistic_unit))


def build_consignments(flows: Iterable[TracedFlow], events: Mapping[str, Event]) -> list[Consignment]:
    """The consignments among flows, in order of site, item and departure."""
    groups: dict[tuple[str, str, object], list[TracedFlow]] = defaultdict(list)
    for flow in flows:
        if flow.target is not None and flow.kind not in _STAYS and flow.kind not in CONTACT_KINDS:
            for item in flow.items:
                groups[flow.target, item, flow.departed].append(flow)
    keys = sorted(groups, key=lambda key: (key[0], key[1], groups[key][0].departed))
    found = (_consignment(item, target, groups[target, item, departed], events) for target, item, departed in keys)
    return [one for one in found if one is not None]


def _consignment(
    item: str, target: str, flows: Sequence[TracedFlow], events: Mapping[str, Event]
) -> Consignment | None:
    departures = [flow for flow in flows if flow.source != flow.target]
    arrivals = [flow for flow in flows if flow.source == flow.target]
    told = [*arrivals, *departures]
    amount = next((flow for flow in told if flow.quantity is not None), None)
    ids = tuple(dict.fromkeys(event for flow in (*departures, *arrivals) for event in flow.events))
    if not ids:
        return None
    return Consignment(
        item=item,
        source=departures[0].source if departures else None,
        target=target,
        grade=max(min(f.grade for f in part) for part in (departures, arrivals) if part),
        shipped=_named(departures, events),
        received=_named(arrivals, events),
        quantity=amount.quantity if amount else None,
        uom=amount.uom if amount else None,
        events=ids,
    )


def _named(flows: Sequence[TracedFlow], events: Mapping[str, Event]) -> Event | None:
    """The event of the best proved flow."""
    for flow in sorted(flows, key=lambda flow: flow.grade):
        for event in flow.events:
            if event in events:
                return events[event]
    return None
