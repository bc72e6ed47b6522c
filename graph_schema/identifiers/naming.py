"""From checked elements to the identifier they name (design §2). In: (AI, value) pairs. Out: `Identifier`.

Every spelling comes through here, so that one thing has one key. What does not tell things apart is left out:
a consumer product variant, the lot beside a serial number, a GLN extension of 0, a service relation instance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers.kind import Identifier, Kind
from graph_schema.identifiers.percent import encode_for_link

CANONICAL = "https://id.gs1.org"
"""Domain of the canonical GS1 Digital Link URI (Digital Link URI Syntax §4.11)."""

Elements = Sequence[tuple[str, str]]
Values = Mapping[str, str]


def link_of(*path: str) -> str:
    """The canonical Digital Link of AIs and values in turn."""
    return "/".join((CANONICAL, *map(encode_for_link, path)))


def name_elements(elements: Elements, urn: str | None = None) -> Identifier:
    """The identifier that checked elements name: that of the first primary key among them."""
    for ai, value in elements:
        if ai in _NAMINGS:
            return _NAMINGS[ai](value, dict(elements), urn)
    raise InvalidIdentifier(
        "no GS1 key among " + ", ".join(f"({ai})" for ai, _ in elements),
        rule="GS1 General Specifications §3.2",
        remedy="Name the item, place or party itself, as by (00), (01), (414), (417) or (8003).",
    )


def _trade_item(gtin: str, values: Values, urn: str | None) -> Identifier:
    lot = values.get("10")
    if (serial := values.get("21")) is not None:
        key = link_of("01", gtin, "21", serial)
        return Identifier(key, urn, Kind.instance, "sgtin", gtin, lot, serial)
    if (serial := values.get("235")) is not None:
        key = link_of("01", gtin, "235", serial)
        return Identifier(key, urn, Kind.instance, "upui", gtin, lot, serial)
    if lot is not None:
        return Identifier(link_of("01", gtin, "10", lot), urn, Kind.lot, "lgtin", gtin, lot)
    return Identifier(link_of("01", gtin), urn, Kind.class_, "gtin", gtin)


def _piece(value: str, values: Values, urn: str | None) -> Identifier:
    gtin, lot, serial = value[:14], values.get("10"), values.get("21")
    if serial is not None:
        key, kind = link_of("8006", value, "21", serial), Kind.instance
    elif lot is not None:
        key, kind = link_of("8006", value, "10", lot), Kind.lot
    else:
        key, kind = link_of("8006", value), Kind.class_
    return Identifier(key, urn, kind, "itip", gtin, lot, serial)


def _site(gln: str, values: Values, urn: str | None) -> Identifier:
    extension = values.get("254")
    if extension is None or extension == "0":
        return Identifier(link_of("414", gln), urn, Kind.site, "sgln", gln=gln)
    key = link_of("414", gln, "254", extension)
    return Identifier(key, urn, Kind.site, "sgln", gln=gln, extension=extension)


def _party(gln: str, _: Values, urn: str | None) -> Identifier:
    return Identifier(link_of("417", gln), urn, Kind.party, "pgln", gln=gln)


def _payment_slip(gln: str, values: Values, urn: str | None) -> Identifier:
    if (reference := values.get("8020")) is None:
        raise InvalidIdentifier(
            f"(415) {gln} stands without a payment slip reference (8020)",
            rule="GS1 General Specifications §4.14.2",
            remedy="Name a party by (417), a site by (414).",
        )
    return Identifier(link_of("415", gln, "8020", reference), urn, Kind.document, "refno", gln=gln)


def _component(value: str, values: Values, urn: str | None) -> Identifier:
    if (serial := values.get("8011")) is not None:
        key = link_of("8010", value, "8011", serial)
        return Identifier(key, urn, Kind.instance, "cpi", serial=serial)
    return Identifier(link_of("8010", value), urn, Kind.class_, "cpi")


_Naming = Callable[[str, Values, str | None], Identifier]


def _whole(ai: str, scheme: str, kind: Kind) -> _Naming:
    """A key without parts."""
    return lambda value, _, urn: Identifier(link_of(ai, value), urn, kind, scheme)


def _numbered(ai: str, scheme: str, digits: int, class_: Kind, instance: Kind) -> _Naming:
    """A key whose serial number follows its digits in the same value."""

    def name(value: str, _: Values, urn: str | None) -> Identifier:
        serial = value[digits:] or None
        kind = class_ if serial is None else instance
        return Identifier(link_of(ai, value), urn, kind, scheme, serial=serial)

    return name


_NAMINGS: dict[str, _Naming] = {
    "00": _whole("00", "sscc", Kind.logistic_unit),
    "01": _trade_item,
    "253": _numbered("253", "gdti", 13, Kind.document, Kind.document),
    "255": _numbered("255", "sgcn", 13, Kind.class_, Kind.instance),
    # Groupings of logistic units: goods move as they move (CBV 2.0 §8.2.1).
    "401": _whole("401", "ginc", Kind.logistic_unit),
    "402": _whole("402", "gsin", Kind.logistic_unit),
    "414": _site,
    "415": _payment_slip,
    "417": _party,
    "8003": _numbered("8003", "grai", 14, Kind.class_, Kind.instance),
    "8004": _whole("8004", "giai", Kind.instance),
    "8006": _piece,
    "8010": _component,
    "8013": _whole("8013", "gmn", Kind.class_),
    "8017": _whole("8017", "gsrnp", Kind.party),
    "8018": _whole("8018", "gsrn", Kind.party),
}
PRIMARY = frozenset(_NAMINGS)
"""The AIs of primary keys (Digital Link URI Syntax §4.3)."""
