"""Sites and products as master data tells them (CBV 2.0 §10). In: attributes. Out: sites with addresses, contacts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.answer import Address, Contact, Party, Site
from graph_schema.master_data import Attributes, attribute, roles_of, site_name, text

_LINES = ("streetAddressOne", "streetAddressTwo", "streetAddressThree", "streetAddress")
_HALF_CIRCLE = 180


def told_site(key: str, urn: str | None, gln: str | None, attributes: Attributes, party: Party | None) -> Site:
    """A site with its party and all that master data says of it."""
    if not attributes:
        return Site(key, urn, gln, None, (), party, None, None, None)
    return Site(
        id=key,
        urn=urn,
        gln=gln,
        name=site_name(attributes),
        roles=roles_of(attributes),
        party=party,
        address=_address(attributes),
        latitude=_degrees(attributes, "latitude"),
        longitude=_degrees(attributes, "longitude"),
    )


def _address(attributes: Attributes) -> Address | None:
    nested = attribute(attributes, "address")
    told = nested if isinstance(nested, Mapping) else attributes
    lines = tuple(line for line in (text(told, name) for name in _LINES) if line)
    address = Address(
        lines,
        text(told, "city", "addressLocality"),
        text(told, "state", "addressRegion"),
        text(told, "postalCode"),
        text(told, "countryCode", "addressCountry"),
    )
    return None if address == Address() else address


def _degrees(attributes: Attributes, name: str) -> float | None:
    """A latitude or longitude; None for what is no angle on the globe, as NaN is none."""
    try:
        degrees = float(text(attributes, name) or "")
    except ValueError:
        return None
    return degrees if abs(degrees) <= _HALF_CIRCLE else None


def contacts_of(*several: Attributes) -> tuple[Contact, ...]:
    """Whom to call: the contact points of a site, and those of its party."""
    told = filter(None, several)
    return tuple(dict.fromkeys(contact for attributes in told for contact in _contacts(attributes)))


def _contacts(attributes: Attributes) -> Iterator[Contact]:
    points = attribute(attributes, "contactPoint", "contact")
    for point in points if isinstance(points, list) else [points]:
        if isinstance(point, Mapping):
            yield Contact(
                text(point, "name", "contactTitle"),
                text(point, "responsibility", "role", "contactType"),
                text(point, "telephone", "phone"),
                text(point, "email"),
            )
    direct = Contact(text(attributes, "contactName"), None, text(attributes, "telephone"), text(attributes, "email"))
    if direct != Contact(None, None, None, None):
        yield direct
