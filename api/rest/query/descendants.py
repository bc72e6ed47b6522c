"""Places with those within them (EPCIS 2.0 §6.5, `WD_readPoint`, `WD_bizLocation`). In: master data. Out: a query.

Within a place is what master data name as its children, and theirs; and within a GLN every extension of it.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from api.rest.query.event_query import EventQuery
from api.rest.query.told_event import Predicate
from engine.stores.ports import MasterPort
from graph_schema.identifiers import site_of_place, take_identifier

MOST = 100_000
"""Places that are looked up, at most."""


def with_descendants(query: EventQuery, masters: MasterPort, at: int) -> EventQuery:
    """A query whose places have those within them, as master data say at a position."""
    inside = (_in_places(field, _within(places, masters, at)) for field, places in query.within)
    return msgspec.structs.replace(query, predicates=(*query.predicates, *inside))


def _within(places: Iterable[str], masters: MasterPort, at: int) -> set[str]:
    """The keys of places and of all that master data put within them."""
    found: set[str] = set()
    waiting = set(places)
    while waiting and len(found) < MOST:
        found |= waiting
        known = masters.of(waiting, at)
        children = (child for told in known.values() for child in _children(told.get("children")))
        waiting = {take_identifier(child)[0].key for child in children} - found
    return found


def _in_places(field: str, wanted: set[str]) -> Predicate:
    """Lets through what is in one of these places, or in an extension of one."""
    return lambda told: (
        (place := getattr(told.event, field)) is not None and (place in wanted or site_of_place(place) in wanted)
    )


def _children(value: object) -> list[str]:
    found = value if isinstance(value, list) else [value]
    texts = [one.get("id") if isinstance(one, dict) else one for one in found]
    return [text for text in texts if isinstance(text, str)]
