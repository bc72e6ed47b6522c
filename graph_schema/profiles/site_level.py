"""Locations told by their sites (`visibility.to_site`, ADR 0032). In: an event. Out: the same, of no place within a site.

The site of a GLN with extension is the GLN (design §2), in the sender's spelling. What is no GLN is left out: it may be
a place within a site as well. Sources and destinations tell where goods were, or will be, read; so they are told alike.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from typing import Any

import msgspec

from graph_schema.event import Event, Reference
from graph_schema.identifiers import Kind, kind_of_key, site_of_place, take_identifier

REFERENCES = ("sourceList", "destinationList")
"""The fields where references stand that may be to locations."""
_FIELDS = {"readPoint": "read_point", "bizLocation": "biz_location"}
_LISTS = {"sourceList": ("sources", "source"), "destinationList": ("destinations", "destination")}
_GLN = 13
_URN = "urn:epc:id:sgln:"
_REMEMBERED = 1 << 16


@lru_cache(maxsize=_REMEMBERED)
def site_told(place: str) -> str | None:
    """The key of a location's site, which may be itself; None where it tells none, as what is kept though no GLN."""
    gln = take_identifier(place)[0].gln or ""
    return site_of_place(place) if len(gln) == _GLN and gln.isascii() and gln.isdecimal() else None


def fields_below(event: Event, own: Collection[str]) -> frozenset[str]:
    """The fields where an event names a place that is no site, and lies in none of one's own."""
    return frozenset(field for field, place in _locations(event) if site_told(place) != place and not _is(place, own))


def _is(place: str, own: Collection[str]) -> bool:
    return bool(own) and (place in own or site_of_place(place) in own)


def _locations(event: Event) -> Iterator[tuple[str, str]]:
    if event.read_point is not None:
        yield "readPoint", event.read_point
    if event.biz_location is not None:
        yield "bizLocation", event.biz_location
    for field, references in (("sourceList", event.sources), ("destinationList", event.destinations)):
        for reference in references:
            if _is_location(reference):
                yield field, reference.id


def _is_location(reference: Reference) -> bool:
    return reference.type == "location" or kind_of_key(reference.id) is Kind.site


def by_sites(event: Event, fields: Collection[str], own: Collection[str]) -> tuple[Event, dict[str, Any]]:
    """An event, and its body's fields, with the sites of its locations in some fields, but of one's own places.

    Wherever else it names such a place, in any spelling, it names the site.
    """
    hidden = {place for field, place in _locations(event) if field in fields and not _is(place, own)}
    body, changed = event.fields(), dict[str, Any]()
    for field in (name for name in fields if name in _FIELDS):
        place = getattr(event, _FIELDS[field])
        changed[_FIELDS[field]] = site = site_told(place)
        if site is None:
            del body[field]
        elif site != place:
            body[field] = {"id": _spelt(body[field]["id"], site)}
    for field in (name for name in fields if name in _LISTS):
        attribute, name = _LISTS[field]
        pairs = [
            _sited(reference, told, name) if reference.id in hidden else (reference, told)
            for reference, told in zip(getattr(event, attribute), body[field], strict=True)
        ]
        changed[attribute] = tuple(reference for reference, _ in filter(None, pairs))
        body[field] = [told for _, told in filter(None, pairs)]
    return msgspec.structs.replace(event, **changed), _replaced(body, _replacing(hidden))


def _sited(reference: Reference, told: dict[str, Any], name: str) -> tuple[Reference, dict[str, Any]] | None:
    """A reference to the site; None where it tells none."""
    site = site_told(reference.id)
    return None if site is None else (Reference(reference.type, site), told | {name: _spelt(told[name], site)})


def _spelt(text: str, site: str) -> str:
    """A site as the sender spelt the place: the extension of its EPC URN is 0 (TDS §6.3.3), else the key."""
    if not text.casefold().startswith(_URN):
        return site
    company, location, *_ = text[len(_URN) :].split(".")
    return f"{_URN}{company}.{location}.0"


def _replacing(hidden: Collection[str]) -> Callable[[str], str]:
    def replaced(text: str) -> str:
        # No other text is a GLN; to read them all as identifiers would take longer than all the rest.
        may_be = text in hidden or "414" in text or "sgln" in text.casefold()
        key = take_identifier(text)[0].key if may_be else text
        return _spelt(text, site_told(key) or "") if key in hidden else text

    return replaced


def _replaced(value: Any, replaced: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {name: _replaced(one, replaced) for name, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, replaced) for one in value]
    return replaced(value) if isinstance(value, str) else value
