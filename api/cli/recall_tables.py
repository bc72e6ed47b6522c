"""A recall scope as people read it in a terminal: whom to call, what is where, what is not in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from api.cli.answer_tables import ROWS, certainty, counted, plain_table, print_more, print_state, print_table, unfolded
from api.cli.column_widths import GAP
from api.cli.console import title
from api.labels import UNKNOWN_PLACE, called, day_or_time, quantities, short_code
from api.recall_law import SystemLaw, law_lines
from engine.answer import (
    AffectedOutlet,
    AffectedStock,
    AnswerGap,
    Contact,
    Exclusion,
    Item,
    Quantities,
    RecallScope,
    Shipment,
    Site,
)

Names = Mapping[str, str]
"""What the items and outlets of a scope are called, by key."""


def print_recall(console: Console, scope: RecallScope, law: SystemLaw | None) -> None:
    """A recall scope: one sentence, the law, outlets, stock, lots, goods on the way, what is excluded, gaps."""
    console.print(Text(_sentence(scope), style="bold"))
    print_state(console, scope.ledger, scope.complete, scope.backward_in_time)
    console.print(Text(f"Scope {scope.hash[:16]}…: the same question on the same ledger gives the same.", style="dim"))
    print_law(console, law)
    _print_outlets(console, scope.outlets)
    _print_stock(console, scope.outlets)
    _print_in_transit(console, scope.in_transit)
    names = {lot.item.id: item_name(lot.item) for lot in scope.lots}
    names |= {outlet.site.id: site_name(outlet.site) for outlet in scope.outlets}
    _print_excluded(console, scope.excluded, names)
    _print_gaps(console, scope.gaps, names)


def print_law(console: Console, law: SystemLaw | None) -> None:
    """What the law asks of a recall, a line each; how to ask for it where no product system is told."""
    if law is None:
        said = "Of which product system this is, is not told: --system NAME gives its classes and limits of time."
        console.print(Text(said, style="dim"))
        return
    console.print(title("What the law asks of a recall"))
    for head, text in law_lines(law):
        console.print(Padding(Text.assemble((f"{head}: ", "dim"), text), (0, 0, 0, GAP), expand=False))


def _sentence(scope: RecallScope) -> str:
    told = scope.summary
    outlets = f"{counted(told.outlets_certain, 'outlet')} certain, {told.outlets_possible:,} possible"
    items = f"{counted(told.items_certain, 'item')} certain, {told.items_possible:,} possible"
    held = quantities(told.held) or "nothing known"
    return f"To recall: {outlets}; {items}. Still held: {held}."


def _print_outlets(console: Console, outlets: Sequence[AffectedOutlet]) -> None:
    console.print(title("Whom to call"))
    shown = outlets[:ROWS]
    lines = [contact_lines(contact) for outlet in shown for contact in outlet.contacts]
    table = plain_table("Outlet", "Certainty", "Tier", "Place", "Contact", whole=unfolded("Contact", lines))
    for outlet in shown:
        how = certainty(outlet.certainty)
        if outlet.in_transit:
            how.append(" (on the way there)")
        contacts = "\n".join(contact_lines(contact) for contact in outlet.contacts)
        table.add_row(site_name(outlet.site), how, str(outlet.tier), place_line(outlet.site), contacts)
    print_table(console, table)
    print_more(console, len(outlets))


def _print_stock(console: Console, outlets: Sequence[AffectedOutlet]) -> None:
    console.print(title("What came, what went, what is still there"))
    table = plain_table("Outlet", "Lot", "Came", "Went on", "Sold or used", "Held", "Affected at most")
    rows = [(outlet, stock) for outlet in outlets for stock in outlet.stock]
    former = None
    for outlet, stock in rows[:ROWS]:
        outlet_name = "" if outlet is former else site_name(outlet.site)
        table.add_row(outlet_name, item_name(stock.item), *_stock_cells(stock))
        former = outlet
    print_table(console, table)
    print_more(console, len(rows))


def _stock_cells(stock: AffectedStock) -> tuple[str, str, str, str, str]:
    columns = stock.stock
    came = _named(made=columns.made, received=columns.received, returned=columns.returned)
    went = _named(forwarded=columns.forwarded, **{"on the way": columns.in_transit})
    gone = _named(used=columns.used, sold=columns.sold, destroyed=columns.destroyed)
    held = quantities(columns.held) or "nothing"
    if unaccounted := quantities(columns.unaccounted):
        held = f"{held}; unaccounted for {unaccounted}"
    return came, went, gone, held, quantities(stock.affected_at_most.held) or "nothing"


def _named(**amounts: Quantities) -> str:
    told = {name: quantities(amount) for name, amount in amounts.items()}
    return "; ".join(f"{name} {amount}" for name, amount in told.items() if amount)


def _print_in_transit(console: Console, shipments: Sequence[Shipment]) -> None:
    if not shipments:
        return
    console.print(title("On the way: stop these"))
    table = plain_table("Lot", "From", "To", "Left", "How much", "Certainty")
    for one in shipments[:ROWS]:
        ends = (site_name(one.source), site_name(one.destination))
        amount = quantities(one.quantity)
        table.add_row(item_name(one.item), *ends, day_or_time(one.departed), amount, certainty(one.certainty))
    print_table(console, table)
    print_more(console, len(shipments))


def _print_excluded(console: Console, excluded: Sequence[Exclusion], names: Names) -> None:
    if not excluded:
        return
    console.print(title("Not in the scope, and why"))
    table = plain_table("Item", "Site", "Reason", "Why")
    for one in excluded[:ROWS]:
        table.add_row(_called(one.item, names), _called(one.site, names), one.reason, called(one.text, names))
    print_table(console, table)
    print_more(console, len(excluded))


def _print_gaps(console: Console, gaps: Sequence[AnswerGap], names: Names) -> None:
    if not gaps:
        console.print(Text("\nNo gap in the records makes this scope a lower bound.", style="dim"))
        return
    console.print(title("Gaps: the scope is a lower bound where these exist"))
    table = plain_table("Gap", "Item", "Site", "What is missing")
    for gap in gaps[:ROWS]:
        table.add_row(gap.kind, _called(gap.item, names), _called(gap.site, names), called(gap.text, names))
    print_table(console, table)
    print_more(console, len(gaps))


def _called(key: str | None, names: Names) -> str:
    """What is in the scope as it is called elsewhere in it; anything else by its code."""
    return "" if key is None else names.get(key) or short_code(key)


def site_name(site: Site | None) -> str:
    """A site's name, else its code."""
    return UNKNOWN_PLACE if site is None else site.name or short_code(site.id)


def item_name(item: Item) -> str:
    """An item's lot or serial number, else its code."""
    return item.serial or item.lot or short_code(item.id)


def place_line(site: Site) -> str:
    """Where a site is: street, city, country."""
    where = site.address
    parts = (*where.lines, where.city, where.state, where.country) if where else ()
    return ", ".join(part for part in parts if part)


def contact_lines(contact: Contact) -> str:
    """Whom to call and how, a line each."""
    who = " ".join(part for part in (contact.name, f"({contact.role})" if contact.role else None) if part)
    return "\n".join(part for part in (who, contact.phone, contact.email) if part)
