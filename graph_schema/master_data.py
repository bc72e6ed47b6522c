"""Attributes of master data (CBV 2.0 §10). In: attributes as they came. Out: what they say, by word.

An attribute is known by the last part of its name, so that a CBV word, a GS1 Web Vocabulary term and a bare name are
one: `urn:epcglobal:cbv:mda#city`, `https://gs1.org/voc/city`, `city`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

Attributes = Mapping[str, object]

_LAST = re.compile(r"[^#/:]+$")


def attribute(attributes: Attributes, *names: str) -> object | None:
    """The first of these attributes that is there, by the last part of its name."""
    for wanted in names:
        for name, value in attributes.items():
            if last_part(name) == wanted:
                return value
    return None


@lru_cache(maxsize=1 << 12)
def last_part(name: str) -> str | None:
    """The last part of an attribute's name: there are few names, and many sites."""
    found = _LAST.search(name)
    return None if found is None else found.group()


def text(attributes: Attributes, *names: str) -> str | None:
    """An attribute as text on one line."""
    return as_text(attribute(attributes, *names))


def as_text(found: object | None) -> str | None:
    """A value as text on one line; of several the first."""
    if isinstance(found, list):
        found = found[0] if found else None
    if isinstance(found, Mapping):
        found = found.get("@value", found.get("value"))
    return None if found is None else " ".join(str(found).split())


def site_name(attributes: Attributes) -> str | None:
    """A site's name."""
    return text(attributes, "name", "physicalLocationName", "organizationName")


def product_name(attributes: Attributes) -> str | None:
    """A product's name."""
    return text(attributes, "descriptionShort", "tradeItemDescription", "productName", "regulatedProductName", "name")


def party_of(attributes: Attributes) -> str | None:
    """The party that owns or has a site, as master data names it."""
    return text(attributes, "owning_party", "possessing_party", "informationProvider", "party")


def operator_of(attributes: Attributes) -> str | None:
    """The party that has a site, else owns it; who merely provides the data does not operate it."""
    return text(attributes, "possessing_party", "owning_party", "party")


def parties_of(attributes: Attributes) -> tuple[str, ...]:
    """Every party that has or owns a site, as master data name them."""
    named = (text(attributes, word) for word in ("possessing_party", "owning_party", "party"))
    return tuple(dict.fromkeys(party for party in named if party is not None))


def roles_of(attributes: Attributes) -> tuple[str, ...]:
    """What a site is, in the words of master data."""
    found = attribute(attributes, "role", "roles", "siteType", "ssu", "sst")
    return tuple(str(role) for role in (found if isinstance(found, list) else [found] if found else []))
