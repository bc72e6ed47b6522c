"""The sheets Lots, Mass balance and In transit. In: a recall scope. Out: what was made, moved, sold, held."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from api.labels import day_or_time, quantities, unit
from api.sheets.cells import ITEM, STOCK, Row, amount, item_cells, item_name, site_name, stock_cells, units_of
from api.sheets.particulars import Particulars
from api.sheets.workbook import Cell, Sheet
from engine.answer import AffectedOutlet, AffectedStock, Quantities, RecallScope, StockColumns

BALANCE = ("Outlet", "Outlet key", "Item", "Item key", "Unit", *STOCK, "Unaccounted %", "Flag", "Affected held at most")


def lots(scope: RecallScope, told: Particulars) -> Sheet:
    """A row an item: over all outlets, the sums."""
    columns = (*ITEM, "Kind", "Certainty", "Depth", "Outlets", *STOCK)
    rows = [
        (
            *item_cells(lot.item, told.item(lot.item.id)),
            lot.item.kind.value,
            lot.certainty.value,
            lot.depth,
            lot.outlets,
            *(quantities(getattr(lot.stock, name)) or None for name in StockColumns.__struct_fields__),
        )
        for lot in scope.lots
    ]
    return Sheet("Lots", columns, tuple(rows))


def mass_balance(scope: RecallScope) -> Sheet:
    """A row an outlet, item and unit: a number where it is known exactly, else a range in words."""
    rows = [row for outlet in scope.outlets for stock in outlet.stock for row in _balance_rows(outlet, stock)]
    return Sheet("Mass balance", BALANCE, tuple(rows))


def _balance_rows(outlet: AffectedOutlet, stock: AffectedStock) -> Iterable[Row]:
    for uom in units_of(stock):
        yield (
            site_name(outlet.site),
            outlet.site.id,
            item_name(stock.item),
            stock.item.id,
            unit(uom),
            *stock_cells(stock.stock, uom),
            *_unaccounted(stock.stock, uom),
            amount(stock.affected_at_most.held, uom),
        )


def _unaccounted(stock: StockColumns, uom: str | None) -> tuple[Cell, Cell]:
    """What is unaccounted for as a share of what came, and a flag where it is, or may be, something."""
    missing = [one for one in stock.unaccounted if one.uom == uom]
    if not missing or missing[0].high == 0:
        return None, None
    came = sum((_low(ranges, uom) for ranges in (stock.made, stock.received, stock.returned)), Decimal(0))
    share = round(100 * missing[0].low / came, 1) if came else None
    return share, "missing" if missing[0].low > 0 else "may be missing"


def _low(ranges: Quantities, uom: str | None) -> Decimal:
    return sum((one.low for one in ranges if one.uom == uom), Decimal(0))


def in_transit(scope: RecallScope, told: Particulars) -> Sheet:
    """The stop list: affected goods that have not surely arrived."""
    columns = (*ITEM, "From", "To", "Left (UTC)", "Quantity", "Certainty", "Evidence (event ids)")
    rows = [
        (
            *item_cells(one.item, told.item(one.item.id)),
            site_name(one.source),
            site_name(one.destination),
            day_or_time(one.departed) or None,
            quantities(one.quantity) or None,
            one.certainty.value,
            " ".join(one.events),
        )
        for one in scope.in_transit
    ]
    return Sheet("In transit", columns, tuple(rows))
