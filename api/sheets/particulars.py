"""What a recall file tells of items and outlets besides the scope. In: a scope, a state. Out: `Particulars`.

Master data (CBV 2.0 §10) tell brand, pack size and weight of a product, and registration, chain and special population
of a site; they, else the instance/lot master data of the event that began an item (CBV 2.0 §9), until when it is best.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation

import msgspec

from api.labels import keys_of, unit
from engine.answer import Item, RecallScope, Site
from engine.stores.ports import Snapshot
from graph_schema.event import Action, Event, EventType, Role
from graph_schema.identifiers import wider_key
from graph_schema.master_data import Attributes, attribute, text
from graph_schema.units import comparable, convert, exact_sums

KILO = "KGM"
BEST_BEFORE = ("bestBeforeDate", "sellByDate", "itemExpirationDate", "expirationDate")
BRAND = ("brandName", "brand")
PACK_SIZE = ("netContentDescription", "netContent", "packSize")
WEIGHT = ("netWeight",)
REGISTRATION = ("fei", "feiNumber", "fdaRegistrationNumber", "registrationNumber")
CHAIN = ("chain", "chainName", "banner")
SPECIAL = ("specialPopulation", "vulnerablePopulation")
SPECIAL_ROLES = ("school", "hospital", "kindergarten", "nursery", "day care", "nursing", "clinic")
"""Words of a role that tell of people who need special care (USDA FSIS Directive 8080.1)."""


class ItemParticulars(msgspec.Struct, frozen=True):
    """What is told of an item besides its codes; None: not told."""

    brand: str | None = None
    pack_size: str | None = None
    best_before: str | None = None
    kilos: Decimal | None = None
    """What a piece of it weighs."""

    def in_kilos(self, quantity: Decimal | None, uom: str | None) -> Decimal | None:
        """A quantity as kilograms, where it is a mass or what a piece weighs is told."""
        if quantity is None:
            return None
        if comparable(uom, KILO):
            return convert(quantity, uom, KILO)
        if self.kilos is None or not comparable(uom, None):
            return None
        with exact_sums():
            return convert(quantity, uom, None) * self.kilos


class SiteParticulars(msgspec.Struct, frozen=True):
    """What is told of a site besides its address; None: not told."""

    registration: str | None = None
    chain: str | None = None
    special: str | None = None
    """Which people who need special care are there, or that there are."""


class Particulars(msgspec.Struct, frozen=True):
    """Those of all items and sites of a scope."""

    items: Mapping[str, ItemParticulars] = {}
    sites: Mapping[str, SiteParticulars] = {}

    def item(self, key: str) -> ItemParticulars:
        """Those of an item; all None where nothing is told."""
        return self.items.get(key, ItemParticulars())

    def site(self, key: str) -> SiteParticulars:
        """Those of a site."""
        return self.sites.get(key, SiteParticulars())


def read_particulars(scope: RecallScope, snapshot: Snapshot) -> Particulars:
    """What master data and events say of the items and outlets of a scope, as of its position."""
    at = scope.ledger.position
    items = {lot.item.id: lot.item for lot in scope.lots}
    sites = {outlet.site.id: outlet.site for outlet in scope.outlets}
    parties = {site.party.id for site in sites.values() if site.party is not None}
    masters = snapshot.masters.of(sorted(keys_of(set(items), set(sites)) | parties), at)
    return Particulars(
        {key: _of_item(item, masters, snapshot, at) for key, item in items.items()},
        {key: _of_site(site, masters) for key, site in sites.items()},
    )


def _of_item(item: Item, masters: Mapping[str, Attributes], snapshot: Snapshot, at: int) -> ItemParticulars:
    wider = [masters[key] for key in _widening(item.id) if key in masters]
    best_before = _first(wider, BEST_BEFORE)
    return ItemParticulars(
        _first(wider, BRAND),
        next((told for one in wider if (told := _measure(one, PACK_SIZE))), None),
        best_before or _first((one.ilmd for one in _beginnings(item.id, snapshot, at)), BEST_BEFORE),
        next((kilos for one in wider if (kilos := _kilos(one)) is not None), None),
    )


def _of_site(site: Site, masters: Mapping[str, Attributes]) -> SiteParticulars:
    told = [masters[key] for key in (site.id, site.party.id if site.party else "") if key in masters]
    roles = [role for role in site.roles if any(word in role.lower() for word in SPECIAL_ROLES)]
    special = _first(told[:1] if site.id in masters else (), SPECIAL)
    return SiteParticulars(_first(told, REGISTRATION), _first(told, CHAIN), special or ", ".join(roles) or None)


def _widening(key: str) -> Iterable[str]:
    """An item's key and what it tells to be wider, from narrow to wide."""
    wider: str | None = key
    while wider:
        yield wider
        wider = wider_key(wider)


def _first(several: Iterable[Attributes], names: tuple[str, ...]) -> str | None:
    return next((told for attributes in several if (told := text(attributes, *names))), None)


def _beginnings(item: str, snapshot: Snapshot, at: int) -> Iterable[Event]:
    """The events that commissioned or made an item, whole."""
    named = [entry.event for entry in snapshot.lookup.entries_naming([item]) if entry.seq <= at]
    ids = [event.id for event in named if any(w.item == item and _begins(event, w.role) for w in event.whats)]
    return [entry.event for entry in snapshot.ledger.entries_of(ids)]


def _begins(event: Event, role: Role) -> bool:
    if event.type is EventType.TRANSFORMATION:
        return role is Role.OUTPUT
    return event.action is Action.ADD and role is Role.NAMED


def _measure(attributes: Attributes, names: tuple[str, ...], said: Callable[[str], str] = unit) -> str | None:
    """A measure as text: one as it stands, a value with its unit as people write it."""
    found = attribute(attributes, *names)
    if isinstance(found, Mapping) and (uom := found.get("unitCode")) is not None:
        return f"{text(attributes, *names)} {said(str(uom))}"
    return text(attributes, *names)


def _kilos(attributes: Attributes) -> Decimal | None:
    """What a piece weighs; None where no unit of mass is told with it."""
    number, _, uom = (_measure(attributes, WEIGHT, str) or "").partition(" ")
    if not comparable(uom, KILO):
        return None
    try:
        weight = Decimal(number)
    except InvalidOperation:
        return None
    return convert(weight, uom, KILO) if weight.is_finite() else None
