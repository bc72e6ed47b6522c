"""The keys of what a story names. In: names. Out: keys of items and places; and back.

A lot and a single thing have a GS1 key, or, where its name is a code that comes in runs in its product system, the key
of that code. A place, and a single thing whose name can be no serial number, have a URI of example.org.
"""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import quote, unquote

import msgspec

from api.demo.story import ON_THE_WAY, Amount, Story
from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers.element_format import check_element
from graph_schema.profiles import Profile, Scheme, profiles, read_keys
from graph_schema.profiles.codes import KEYS

ITEM = "https://example.org/item/"
SERIAL = "urn:epc:id:sgtin:6901234.066789."
LOT = "urn:epc:class:lgtin:6901234.056789."
SITE = "https://example.org/site/"


class Naming(msgspec.Struct, frozen=True):
    """What the items of one story are called."""

    lots: frozenset[str]
    """The names of lots; any other is one of a single thing."""
    schemes: tuple[Scheme, ...]
    """The code schemes that have runs."""
    units: dict[str, str]
    """The unit of measure of each item that is not counted in pieces."""

    def item(self, name: str) -> str:
        """The key of an item."""
        codes = read_keys(name, self.schemes)
        return codes[0] if codes else (LOT if name in self.lots else _single(name)) + quote(name)


def naming_of(story: Story, profile: Profile) -> Naming:
    """The names of a story: what only ever comes in ones is a single thing."""
    amounts: dict[str, set[Amount]] = defaultdict(set)
    for record in story.records:
        for goods in (record.takes, record.makes, record.move, record.use):
            for name, amount in goods.items():
                amounts[name].add(amount)
    lots = frozenset(name for name, some in amounts.items() if some != {1})
    units = {name: uom for uom, names in story.uom.items() for name in names}
    return Naming(lots, tuple(scheme for scheme in profiles().schemes(profile) if scheme.run is not None), units)


def _single(name: str) -> str:
    """What the key of a single thing begins with."""
    try:
        check_element("21", name)
    except InvalidIdentifier:
        return ITEM
    return SERIAL


def site(name: str) -> str:
    """The key of a place; of one that goods are on the way with, the carrier's."""
    return SITE + name.removeprefix(ON_THE_WAY)


def name_of(key: str) -> str:
    """The name of an item, by its key in an answer."""
    return unquote(key.rpartition(":" if key.startswith(KEYS) else "/")[2])
