"""Cells that several sheets share. In: sites, contacts, items, ranges. Out: plain cells under given heads."""

from __future__ import annotations

from collections.abc import Sequence

from api.labels import number, short_code
from api.sheets.particulars import ItemParticulars, SiteParticulars
from api.sheets.workbook import Cell
from engine.answer import AffectedStock, Contact, Item, Quantities, Site, StockColumns
from graph_schema.interval import datetime_of

Row = tuple[Cell, ...]

SITE = (
    "Outlet",
    "GLN",
    "Outlet key",
    "Roles",
    "Street",
    "City",
    "State",
    "Post code",
    "Country",
    "Latitude",
    "Longitude",
    "FEI",
    "Chain",
    "Special population",
)
CONTACT = ("Contact", "Contact role", "Phone", "E-mail")
ITEM = ("Product", "Brand", "Pack size", "GTIN", "Lot", "Best before", "Serial", "Item key", "Item URN")
STOCK = tuple(field.replace("_", " ").capitalize() for field in StockColumns.__struct_fields__)


def site_name(site: Site | None) -> str | None:
    """A site's name, else its code; nothing for a place that no record names."""
    return None if site is None else site.name or short_code(site.id)


def site_cells(site: Site, told: SiteParticulars) -> Row:
    """A site under `SITE`."""
    where = site.address
    roles = ", ".join(site.roles)
    head = (site_name(site), site.gln, site.id, roles or None)
    address: Row = (None,) * 5
    if where is not None:
        address = (", ".join(where.lines) or None, where.city, where.state, where.postal_code, where.country)
    return (*head, *address, site.latitude, site.longitude, told.registration, told.chain, told.special)


def contact_cells(contacts: Sequence[Contact]) -> Row:
    """All contacts of a site under `CONTACT`, one after the other in each cell."""
    columns = zip(*((one.name, one.role, one.phone, one.email) for one in contacts), strict=True)
    cells = tuple("; ".join(word for word in column if word) or None for column in columns)
    return cells or (None,) * len(CONTACT)


def item_name(item: Item) -> str:
    """An item's lot or serial number, else its code."""
    return item.serial or item.lot or short_code(item.id)


def item_cells(item: Item, told: ItemParticulars) -> Row:
    """An item under `ITEM`."""
    product = None if item.product is None else item.product.name
    codes = (item.gtin, item.lot, told.best_before, item.serial, item.id, item.urn)
    return (product, told.brand, told.pack_size, *codes)


def amount(ranges: Quantities, uom: str | None) -> Cell:
    """The range of one unit: a number where it is exact, else words; nothing where there is none."""
    for one in ranges:
        if one.uom == uom:
            if one.high == one.low:
                return one.low
            return f"at least {number(one.low)}" if one.high is None else f"{number(one.low)} to {number(one.high)}"
    return None


def units_of(stock: AffectedStock) -> list[str | None]:
    """The units that any column of a stock is in, in order of first use."""
    columns = (getattr(stock.stock, name) for name in StockColumns.__struct_fields__)
    return list(dict.fromkeys(one.uom for ranges in columns for one in ranges))


def stock_cells(stock: StockColumns, uom: str | None) -> Row:
    """The columns of stock in one unit, under `STOCK`."""
    return tuple(amount(getattr(stock, name), uom) for name in StockColumns.__struct_fields__)


def time_cell(micros: int | None) -> str | None:
    """A time of ours, in UTC."""
    moment = None if micros is None else datetime_of(micros)
    return None if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")
