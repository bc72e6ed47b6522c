"""The sheets Consignees and Outlets. In: a recall scope, its consignments. Out: whom to call, about what.

Consignees has a row an outlet, lot and shipment; Outlets a row an outlet, with room for the effectiveness
check (21 CFR 7.53: who was notified when and how, who answered, what was found and returned).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from api.consignments import Consignment
from api.labels import quantities, short_code, time_of, unit
from api.sheets.cells import CONTACT, ITEM, SITE, Row, contact_cells, item_cells, item_name, site_cells, site_name
from api.sheets.particulars import ItemParticulars, Particulars
from api.sheets.workbook import Sheet
from engine.answer import AffectedOutlet, AffectedStock, Quantities, RecallScope
from graph_schema.event import Event

SHIPMENT = (
    "SSCC",
    "Quantity",
    "Unit",
    "Kg equivalent",
    "Shipped",
    "Received",
    "Document type",
    "Document number",
    "Supplier",
)
EVIDENCE = "Evidence (event ids)"
WHY = ("Certainty", "Reason", "Affected held at most", EVIDENCE)
CHECK = ("Notified on", "Notified how", "Answered on", "Stock found", "Returned or destroyed", "Checked by")


def consignees(scope: RecallScope, consignments: Sequence[Consignment], told: Particulars) -> Sheet:
    """A row an outlet, lot and shipment; a lot that no shipment brought has one row."""
    by_place: dict[tuple[str, str], list[Consignment | None]] = defaultdict(list)
    for one in consignments:
        by_place[one.target, one.item].append(one)
    names = {outlet.site.id: site_name(outlet.site) for outlet in scope.outlets}
    rows = [
        _consignee(outlet, stock, one, names, told)
        for outlet in scope.outlets
        for stock in outlet.stock
        for one in by_place[outlet.site.id, stock.item.id] or [None]
    ]
    return Sheet("Consignees", (*SITE, *CONTACT, "Tier", *ITEM, *SHIPMENT, *WHY), tuple(rows))


def _consignee(
    outlet: AffectedOutlet,
    stock: AffectedStock,
    one: Consignment | None,
    names: Mapping[str, str | None],
    told: Particulars,
) -> Row:
    item = told.item(stock.item.id)
    return (
        *site_cells(outlet.site, told.site(outlet.site.id)),
        *contact_cells(outlet.contacts),
        outlet.tier,
        *item_cells(stock.item, item),
        *_shipment(one, names, item),
        stock.certainty.value,
        _reason(outlet, one),
        quantities(stock.affected_at_most.held) or None,
        " ".join(one.events if one else outlet.evidence),
    )


def _shipment(one: Consignment | None, names: Mapping[str, str | None], item: ItemParticulars) -> Row:
    if one is None:
        return (None,) * len(SHIPMENT)
    kind, number = one.document() or (None, None)
    return (
        " or ".join(map(short_code, one.units())) or None,
        one.quantity,
        None if one.quantity is None else unit(one.uom),
        item.in_kilos(one.quantity, one.uom),
        _time(one.shipped),
        _time(one.received),
        kind,
        number,
        None if one.source is None else names.get(one.source) or short_code(one.source),
    )


def _time(event: Event | None) -> str | None:
    return None if event is None else time_of(event)


def _reason(outlet: AffectedOutlet, one: Consignment | None) -> str:
    if outlet.in_transit:
        return "on the way there, no receipt recorded"
    if one is None:
        return "made, begun or found there"
    if one.received is None:
        return "shipped there, no receipt recorded"
    return "received" if one.shipped is not None else "received, no departure recorded"


def outlets(scope: RecallScope, told: Particulars) -> Sheet:
    """A row an outlet, none twice, with empty columns to fill as outlets are called."""
    columns = (*SITE, *CONTACT, "Tier", "Certainty", "Lots", "Held", "Affected held at most")
    rows = [
        (
            *site_cells(outlet.site, told.site(outlet.site.id)),
            *contact_cells(outlet.contacts),
            outlet.tier,
            outlet.certainty.value,
            ", ".join(item_name(stock.item) for stock in outlet.stock),
            _per_lot(outlet, {stock.item.id: stock.stock.held for stock in outlet.stock}),
            _per_lot(outlet, {stock.item.id: stock.affected_at_most.held for stock in outlet.stock}),
            *(None for _ in CHECK),
            " ".join(outlet.evidence),
        )
        for outlet in scope.outlets
    ]
    # Evidence stands last: a text longer than its column would cover the empty cells to fill.
    return Sheet("Outlets", (*columns, *CHECK, EVIDENCE), tuple(rows))


def _per_lot(outlet: AffectedOutlet, held: Mapping[str, Quantities]) -> str | None:
    told = [(item_name(stock.item), quantities(held[stock.item.id])) for stock in outlet.stock]
    return "; ".join(f"{name} {amount}" for name, amount in told if amount) or None
