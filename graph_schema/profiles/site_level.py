"""Locations told by their sites (`visibility.to_site`, ADR 0032). In: an event. Out: it without a place within a site.

The site of a GLN with extension is the GLN (design §2), in the sender's spelling. What is no GLN is left out: it may be
a place within a site as well. So may what is told beside a site, or in its spelling. Sources and destinations tell
where goods were, or will be, read; so they are told alike.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from typing import Any

import msgspec

from graph_schema.event import Event, Reference
from graph_schema.identifiers import Kind, kind_of_key, site_of_place, take_identifier
from graph_schema.profiles.site_spelling import is_plain, may_say_more, spelt

Json = dict[str, Any]
REFERENCES = ("sourceList", "destinationList")
"""The fields where references stand, which may be to locations."""
_PLACES = {"readPoint": "read_point", "bizLocation": "biz_location"}
_LISTS = {"sourceList": ("sources", "source"), "destinationList": ("destinations", "destination")}
_IDS = ("eventID", "id")
_GLN = 13
_REMEMBERED = 1 << 16


@lru_cache(maxsize=_REMEMBERED)
def site_told(place: str) -> str | None:
    """The key of a location's site, which may be itself; None where it tells none, as what is kept though no GLN."""
    gln = take_identifier(place)[0].gln or ""
    return site_of_place(place) if len(gln) == _GLN and gln.isascii() and gln.isdecimal() else None


def fields_below(event: Event, own: Collection[str], fields: Json | None = None) -> frozenset[str]:
    """The fields where an event says more of a location than its site, but for those at one's own sites.

    `fields` are those of its body where it was read, as one with escaped letters must be: they may hide names.
    """
    below, unsure = set[str](), set[str]()
    for field, place in _locations(event):
        site = site_told(place)
        if place not in own and site not in own:
            (unsure if site == place else below).add(field)
    for field in unsure - below:
        if fields is None and may_say_more(event.body, field):
            fields = event.fields()
        if fields is not None and _says_more(event, field, fields[field], own):
            below.add(field)
    return frozenset(below)


def _is_others(place: str, own: Collection[str]) -> bool:
    return place not in own and site_told(place) not in own


def _says_more(event: Event, field: str, told: Any, own: Collection[str]) -> bool:
    """Whether more than sites is told of others' locations in a field, of which all are sites."""
    if field in _PLACES:
        return len(told) > 1 or not is_plain(told["id"])
    attribute, name = _LISTS[field]
    pairs = zip(getattr(event, attribute), told, strict=True)
    return any(_is_location(one) and _is_others(one.id, own) and not is_plain(entry[name]) for one, entry in pairs)


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
    """An event, and its body's fields, with the sites of its locations in some fields, but for those at one's own.

    Wherever else it names such a place, in any spelling, it names the site; but its id is its id.
    """
    hidden = {place for field, place in _locations(event) if field in fields and _is_others(place, own)}
    changed, body = dict[str, Any](), event.fields()
    for field in fields:
        if field in _PLACES:
            name = _PLACES[field]
            changed[name], body[field] = _sited(getattr(event, name), body[field])
        else:
            attribute, name = _LISTS[field]
            changed[attribute], body[field] = _all_sited(getattr(event, attribute), body[field], name, hidden)
    told = {field: value for field, value in body.items() if value is not None or field not in fields}
    ids = {name: body[name] for name in _IDS if name in body}
    return msgspec.structs.replace(event, **changed), _respelt(told, _sites_of(hidden)) | ids


def _sited(place: str, told: dict[str, Any]) -> tuple[str | None, dict[str, Any] | None]:
    """A location as its site, and as the sender spells it, without what else is told of it."""
    site = site_told(place)
    return (None, None) if site is None else (site, {"id": spelt(told["id"], site)})


def _all_sited(
    references: Collection[Reference], told: list[dict[str, Any]], name: str, hidden: Collection[str]
) -> tuple[tuple[Reference, ...], list[dict[str, Any]]]:
    """References as those to sites, and as the sender spells them; without those of which no site is told."""
    shown = []
    for reference, one in zip(references, told, strict=True):
        if reference.id not in hidden:
            shown.append((reference, one))
        elif (site := site_told(reference.id)) is not None:
            shown.append((Reference(reference.type, site), one | {name: spelt(one[name], site)}))
    return tuple(reference for reference, _ in shown), [one for _, one in shown]


def _sites_of(hidden: Collection[str]) -> Callable[[str], str]:
    """What is written for a text: the site where it names a hidden place, nothing where that tells none."""

    def written(text: str) -> str:
        # No other text is such a key; to read them all as identifiers would take longer than all the rest.
        lower = text.casefold()
        may_be = "414" in text or "417" in text or "gln" in lower or "party" in lower
        key = take_identifier(text)[0].key if may_be else text
        if key not in hidden:
            return text
        site = site_told(key)
        return "" if site is None else spelt(text, site)

    return written


def _respelt(value: Any, written: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {name: _respelt(one, written) for name, one in value.items()}
    if isinstance(value, list):
        return [_respelt(one, written) for one in value]
    return written(value) if isinstance(value, str) else value
