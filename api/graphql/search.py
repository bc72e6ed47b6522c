"""Finding things by code or name. In: what a person types. Out: hits, best first.

A code in any spelling finds its thing; its beginning finds items; a part of a name, Chinese or Latin, finds what master
data call so; an event id finds its event.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import strawberry
from strawberry import ID

from api.graphql.asking import Asking
from api.graphql.told import told
from api.graphql.words import HitKind
from engine.seeds import parse_key, parse_site
from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers import Kind, kind_of_key
from graph_schema.master_data import product_name, site_name

_KINDS = {"site": HitKind.SITE, "party": HitKind.PARTY, "product": HitKind.PRODUCT, "lot": HitKind.ITEM}


@strawberry.type(description="Something that a search found.")
class SearchHit:
    """A hit."""

    id: ID = told("Its id.")
    kind: HitKind = told("What it is.")
    name: str | None = told("What master data call it.")


def search(asking: Asking, text: str, first: int) -> list[SearchHit]:
    """Hits, each once: by code, by event id, by name, by the beginning of a code."""
    wanted = text.strip()
    if not wanted:
        return []
    found: dict[tuple[str, HitKind], SearchHit] = {}
    for hit in islice(_hits(asking, wanted), 4 * first):
        found.setdefault((hit.id, hit.kind), hit)
    return list(found.values())[:first]


def _hits(asking: Asking, text: str) -> Iterator[SearchHit]:
    snapshot = asking.seen
    for key in _keys(text):
        yield from _known(asking, key)
    if snapshot.ledger.entries_of([text]):
        yield SearchHit(id=ID(text), kind=HitKind.EVENT, name=None)
    folded = text.casefold()
    for key, attributes in sorted(snapshot.masters.of().items()):
        kind = str(attributes["kind"])
        name = product_name(attributes) if kind in ("product", "lot") else site_name(attributes)
        if name and folded in name.casefold():
            yield SearchHit(id=ID(key), kind=_KINDS.get(kind, HitKind.ITEM), name=name)
    for key in _keys(text):
        for item in snapshot.lookup.items_like(key, 100):
            yield SearchHit(id=ID(item), kind=HitKind.ITEM, name=None)


def _keys(text: str) -> list[str]:
    """The keys that a code may be: as it is, and as a GLN."""
    found = []
    for parse in (parse_site, parse_key):
        try:
            found.append(parse(text))
        except InvalidIdentifier:
            continue
    return list(dict.fromkeys(found))


def _known(asking: Asking, key: str) -> Iterator[SearchHit]:
    """What a key names, where the ledger or master data know it."""
    snapshot = asking.seen
    master = snapshot.masters.of([key]).get(key)
    if master is not None or asking.knows_site(key):
        attributes = master or {}
        kind = _KINDS.get(str(attributes.get("kind", "site")), HitKind.SITE)
        name = product_name(attributes) if kind is HitKind.PRODUCT else site_name(attributes)
        yield SearchHit(id=ID(key), kind=kind, name=name)
    if is_item(key) and snapshot.lookup.items_like(key, 1) == [key]:
        yield SearchHit(id=ID(key), kind=HitKind.ITEM, name=None)


def is_item(key: str) -> bool:
    """Whether a key may be an item's: it is no site's or party's."""
    try:
        return kind_of_key(key) not in (Kind.site, Kind.party)
    except InvalidIdentifier:
        return True
