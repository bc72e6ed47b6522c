"""What a recall scope answers: outlets, stock in ranges, shipments, lots.

Its parts are trees of what cannot change, which no cycle is in: so the collector need not look through them
(`gc=False`), however many scopes are kept.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from engine.answer.words import AnswerGap, Certainty, Exclusion, ItemKind, LedgerState
from graph_schema.interval import Interval


class QuantityRange(msgspec.Struct, frozen=True, gc=False):
    """At least `low`, at most `high` (None: not known) of a unit (None: pieces)."""

    low: Decimal
    high: Decimal | None
    uom: str | None


Quantities = tuple[QuantityRange, ...]
"""One range a unit; units of one dimension are one range in the unit seen first."""


class StockColumns(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The columns of stock of one item at one outlet; `engine.stock` states the identities between them."""

    made: Quantities = ()
    received: Quantities = ()
    returned: Quantities = ()
    used: Quantities = ()
    sold: Quantities = ()
    destroyed: Quantities = ()
    forwarded: Quantities = ()
    in_transit: Quantities = ()
    held: Quantities = ()
    unaccounted: Quantities = ()


class Product(msgspec.Struct, frozen=True, gc=False):
    """What an item is one of."""

    id: str
    """The key of its class; of an item without one the key that master data name."""
    name: str | None


class Item(msgspec.Struct, frozen=True, gc=False):
    """An item as an answer shows it."""

    id: str
    urn: str | None
    kind: ItemKind
    gtin: str | None
    lot: str | None
    serial: str | None
    product: Product | None
    system: str | None = None
    """The product system that a profile tells; none does yet."""


class Address(msgspec.Struct, frozen=True, gc=False):
    """A postal address of master data (CBV 2.0 §10)."""

    lines: tuple[str, ...] = ()
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class Contact(msgspec.Struct, frozen=True, gc=False):
    """Whom to call at an outlet, from master data."""

    name: str | None
    role: str | None
    phone: str | None
    email: str | None


class Party(msgspec.Struct, frozen=True, gc=False):
    """Who has a site."""

    id: str
    name: str | None


class Site(msgspec.Struct, frozen=True, gc=False):
    """A site as an answer shows it, with what master data says of it."""

    id: str
    urn: str | None
    gln: str | None
    name: str | None
    roles: tuple[str, ...]
    party: Party | None
    address: Address | None
    latitude: float | None
    longitude: float | None


class AffectedStock(msgspec.Struct, frozen=True, gc=False):
    """One item at one outlet: what was there, and of each column how much can have come from the seeds."""

    item: Item
    certainty: Certainty
    stock: StockColumns
    affected_at_most: StockColumns


class AffectedOutlet(msgspec.Struct, frozen=True, gc=False):
    """A site to call, with the stock affected there and why."""

    site: Site
    certainty: Certainty
    tier: int
    """Changes of site from the nearest seed."""
    stock: tuple[AffectedStock, ...]
    evidence: tuple[str, ...]
    contacts: tuple[Contact, ...]
    in_transit: bool
    """True where nothing but a shipment on its way there reaches it."""


class AffectedLot(msgspec.Struct, frozen=True, gc=False):
    """One item over all outlets: the sums of what was made, is held, is on the way, and left the chain."""

    item: Item
    certainty: Certainty
    depth: int
    outlets: int
    stock: StockColumns


class Shipment(msgspec.Struct, frozen=True, gc=False):
    """Affected goods on the way: not surely arrived. A `source` or `destination` of None: not recorded."""

    item: Item
    source: Site | None
    destination: Site | None
    certainty: Certainty
    departed: Interval
    departed_text: str | None
    """The same as the event told it; None where none tells this very time."""
    quantity: Quantities
    events: tuple[str, ...]


class RecallSummary(msgspec.Struct, frozen=True):
    """Counts of the scope by certainty, and sums of what can still be stopped."""

    outlets_certain: int
    outlets_possible: int
    items_certain: int
    items_possible: int
    in_transit: int
    held: Quantities
    """A logistic unit whose content is in the scope is not counted beside it."""
    gaps: int


class RecallScope(msgspec.Struct, frozen=True):
    """What must be recalled, from whom. The same question on the same ledger is the same scope and `hash`."""

    ledger: LedgerState
    hash: str
    complete: bool
    summary: RecallSummary
    outlets: tuple[AffectedOutlet, ...]
    lots: tuple[AffectedLot, ...]
    in_transit: tuple[Shipment, ...]
    excluded: tuple[Exclusion, ...]
    gaps: tuple[AnswerGap, ...]
    parameters: dict[str, object]
    """The question after defaults, as its hash covers it."""
    digests: dict[str, str]
    """Builder version and SHA-256 of the vocabularies and steps it was derived with."""
    backward_in_time: bool
