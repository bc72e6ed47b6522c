"""Items and sites as answers show them. In: keys. Out: `Item`, `Site`, contacts, with names from master data."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, takewhile

from engine.answer import Contact, Item, ItemKind, Party, Product, Site
from engine.questions.masters import contacts_of, told_site
from engine.questions.names import Spellings
from engine.stores.ports import Snapshot
from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers import Identifier, Kind, parse_identifier, take_identifier, wider_key
from graph_schema.master_data import Attributes, party_of, product_name, site_name


class Directory:
    """What is known of the items and sites of an answer, as of a position."""

    def __init__(
        self, snapshot: Snapshot, spellings: Spellings, at: int, items: Iterable[str], sites: Iterable[str]
    ) -> None:
        self.spellings = spellings
        self._items: dict[tuple[str, ItemKind], Item] = {}
        self._sites: dict[str, Site] = {}
        widened = {key for item in items for key in widening(item)}
        self.masters = snapshot.masters.of(sorted({*widened, *sites}), at)
        parties = {party for key in sites for party in self._party_keys(key)}
        self.masters |= snapshot.masters.of(sorted(parties), at)

    def _of(self, key: str) -> Attributes:
        return self.masters.get(key, {})

    def _party_keys(self, site: str) -> list[str]:
        named = party_of(self._of(site))
        return [] if named is None else [take_identifier(named)[0].key]

    def _party(self, site: str) -> Attributes:
        return next((self._of(key) for key in self._party_keys(site)), {})

    def item(self, key: str, kind: ItemKind) -> Item:
        """An item, with what it is one of."""
        if (key, kind) not in self._items:
            told = _identifier(key)
            urn, product = self.spellings.urn(key), self._product(key)
            self._items[key, kind] = Item(key, urn, kind, told.gtin, told.lot, told.serial, product)
        return self._items[key, kind]

    def _product(self, key: str) -> Product | None:
        """The class of an item, named as master data of it, its lot or its class do; none where nothing tells it."""
        wider = widening(key)
        named = [(one, name) for one in wider if (name := product_name(self._of(one)))]
        if _identifier(wider[-1]).kind is Kind.class_:
            return Product(wider[-1], named[0][1] if named else None)
        return Product(*named[0]) if named else None

    def site(self, key: str) -> Site:
        """A site, with its address and party."""
        if key not in self._sites:
            urn, gln = self.spellings.urn(key), _identifier(key).gln
            self._sites[key] = told_site(key, urn, gln, self._of(key), self._party_of(key))
        return self._sites[key]

    def _party_of(self, site: str) -> Party | None:
        return next((Party(key, site_name(self._of(key))) for key in self._party_keys(site)), None)

    def contacts(self, site: str) -> tuple[Contact, ...]:
        """Whom to call at a site."""
        return contacts_of(self._of(site), self._party(site))


def widening(key: str) -> list[str]:
    """A key and what it tells to be wider, from narrow to wide."""
    steps = chain.from_iterable(((key,), _wider(key)))
    return list(takewhile(bool, steps))


def _wider(key: str) -> Iterable[str]:
    while key:
        try:
            key = wider_key(key) or ""
        except InvalidIdentifier:
            key = ""
        yield key


def _identifier(key: str) -> Identifier:
    try:
        return parse_identifier(key)
    except InvalidIdentifier:
        return Identifier(key, None, Kind.other, "uri")
