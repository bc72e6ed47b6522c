"""Affected goods on the way (rule 6). In: what was reached. Out: `Shipment`s to stop or to ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec.structs import replace

from engine.answer import Certainty, QuantityRange, Shipment, Site, TracedItem
from engine.index import NONE
from engine.questions.amounts import Amounts
from engine.questions.directory import Directory
from engine.questions.findings import Told
from engine.questions.movements import Movement
from engine.questions.times import told_times
from engine.questions.view import View
from engine.stores.ports import Snapshot
from graph_schema.flow_graph import Grade, Stay
from graph_schema.interval import Interval


def shipments_of(
    told: Told, amounts: Amounts, items: Mapping[str, TracedItem], directory: Directory, snapshot: Snapshot
) -> tuple[Shipment, ...]:
    """Goods of the answer that set out and did not surely arrive, in order of departure."""
    found = [
        _shipment(told, movement, items[item], directory)
        for item, movements in amounts.movements.items()
        for movement in movements
        if movement.column == "in_transit" and _is_reached(told, movement.target)
    ]
    times = told_times(snapshot, {event for shipment in found for event in shipment.events})
    written = (replace(one, departed_text=times.text(one.departed, one.events)) for one in found)
    return tuple(sorted(written, key=lambda shipment: (shipment.departed, shipment.item.id)))


def _own(told: Told, vertex: int) -> Iterator[bool]:
    """Whether the seeds' own goods surely were there, for each of them that was."""
    return (p.certain for b in told.reach.begun for p in b.beginning.presences if p.vertex == vertex)


def _is_reached(told: Told, vertex: int) -> bool:
    return bool(told.reach.possible.levels[vertex] >= 0) or any(True for _ in _own(told, vertex))


def _shipment(told: Told, movement: Movement, item: TracedItem, directory: Directory) -> Shipment:
    view, vertex = told.reach.view, movement.target
    certain = bool(told.reach.certain.levels[vertex] >= 0) or any(_own(told, vertex))
    amount = movement.quantity
    low = amount if amount is not None and _surely_under_way(view, vertex) else Decimal(0)
    first, last = (int(view.column(f"arrived_{end}", [vertex])[0]) for end in ("earliest", "latest"))
    return Shipment(
        item=directory.item(item.id, item.kind),
        source=_site(directory, view, _left(view, vertex)),
        destination=_site(directory, view, movement.site),
        certainty=Certainty.CERTAIN if certain else Certainty.POSSIBLE,
        departed=Interval(first, last),
        departed_text=None,
        quantity=(QuantityRange(low, amount, movement.uom),),
        events=view.openings([vertex])[vertex],
    )


def _surely_under_way(view: View, vertex: int) -> bool:
    instances = bool(view.column("instances", [vertex])[0])
    return instances or view.column("remains", [vertex])[0] == Grade.RECORDED


def _left(view: View, vertex: int) -> int:
    """Code of the site that a shipment left."""
    edges = view.edges_in([vertex])
    former = view.edge("source", edges)
    stayed = former[(view.column("stay", former) == Stay.AT) & (view.column("site", former) != NONE)]
    return int(view.column("site", stayed)[0]) if len(stayed) else NONE


def _site(directory: Directory, view: View, code: int) -> Site | None:
    key = view.site_name(code)
    return None if key is None else directory.site(key)
