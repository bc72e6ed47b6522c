"""Locations told by their sites (`visibility.to_site`, ADR 0032). In: an event. Out: it without a place within a site.

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
"""The fields where references stand, which may be to locations."""
_PLACES = {"readPoint": "read_point", "bizLocation": "biz_location"}
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
    """The fields where an event names a location that is no site, but for those at one's own sites."""
    return frozenset(field for field, place in _locations(event) if _is_below(place, own))


def _is_below(place: str, own: Collection[str]) -> bool:
    site = site_told(place)
    return site != place and place not in own and site not in own


def _locations(event: Event) -> Iterator[tuple[str, str]]:
    if event.read_point is not None:
        yield "readPoint", event.read_point
    if event.biz_location is not None:
        yield "bizLocation", event.biz_location
    for field, references in (("sourceList", event.sources), ("destinationList", event.destinations)):
        for reference in references:
            if reference.type == "location" or kind_of_key(reference.id) is Kind.site:
                yield field, reference.id


def by_sites(event: Event, fields: Collection[str], own: Collection[str]) -> tuple[Event, dict[str, Any]]:
    """An event, and its body's fields, with the sites of its locations in some fields, but for those at one's own.

    Wherever else it names such a place, in any spelling, it names the site.
    """
    hidden = {place for field, place in _locations(event) if field in fields and _is_below(place, own)}
    changed, body = dict[str, Any](), event.fields()
    for field in fields:
        if field in _PLACES:
            name = _PLACES[field]
            changed[name], body[field] = _sited(getattr(event, name), body[field])
        else:
            attribute, name = _LISTS[field]
            changed[attribute], body[field] = _all_sited(getattr(event, attribute), body[field], name, hidden)
    told = {field: value for field, value in body.items() if value is not None or field not in fields}
    return msgspec.structs.replace(event, **changed), _respelt(told, _sites_of(hidden))


def _sited(place: str, told: dict[str, Any]) -> tuple[str | None, dict[str, Any] | None]:
    """A location as its site, and as the sender spells it, without what else is told of it."""
    site = site_told(place)
    return (None, None) if site is None else (site, {"id": _spelt(told["id"], site)})


def _all_sited(
    references: Collection[Reference], told: list[dict[str, Any]], name: str, hidden: Collection[str]
) -> tuple[tuple[Reference, ...], list[dict[str, Any]]]:
    """References as those to sites, and as the sender spells them; without those of which no site is told."""
    shown = []
    for reference, one in zip(references, told, strict=True):
        site = site_told(reference.id) if reference.id in hidden else reference.id
        if site is not None:
            spelt = one if site == reference.id else one | {name: _spelt(one[name], site)}
            shown.append((Reference(reference.type, site), spelt))
    return tuple(reference for reference, _ in shown), [one for _, one in shown]


def _spelt(text: str, site: str) -> str:
    """A site as the sender spelt the place: the extension of its EPC URN is 0 (TDS §6.3.3), else the key."""
    if not text.casefold().startswith(_URN):
        return site
    company, location, *_ = text[len(_URN) :].split(".")
    return f"{_URN}{company}.{location}.0"


def _sites_of(hidden: Collection[str]) -> Callable[[str], str]:
    """What is written for a text: the site where it names a hidden place, nothing where that tells none."""

    def written(text: str) -> str:
        # No other text is such a key; to read them all as identifiers would take longer than all the rest.
        may_be = text in hidden or "414" in text or "sgln" in text.casefold()
        key = take_identifier(text)[0].key if may_be else text
        return _spelt(text, site_told(key) or "") if key in hidden else text

    return written


def _respelt(value: Any, written: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {name: _respelt(one, written) for name, one in value.items()}
    if isinstance(value, list):
        return [_respelt(one, written) for one in value]
    return written(value) if isinstance(value, str) else value
