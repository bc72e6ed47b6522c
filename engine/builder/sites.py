"""Which GLN extensions are sites (design §2, ADR 16). In: events, look-ups. Out: the events, told by their sites.

A GLN extension is a place within the site of the GLN. It is a site of its own once an event ships between it and
another extension of that GLN, or an event names it that master data give an address of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from engine.ledger import LedgerEntry
from engine.stores.ports import LookupPort, MasterPort, Naming
from graph_schema.event import Event, Reference
from graph_schema.identifiers import Kind, kind_of_key, site_of_place
from graph_schema.steps import Effect, step_of

PLACE = "extension:place"
"""Marks, among namings, an extension that some event names."""
SITE = "extension:site"
"""Marks one that is a site."""

_EXTENSION = "/254/"
"""The application identifier of a GLN extension (GS1 General Specifications §3.5), in a canonical key."""
_ADDRESS = frozenset({"streetAddressOne", "postalCode", "city", "latitude"})
_SUB_SITE = frozenset({"site", "sst", "ssa", "ssd"})
"""CBV 2.0 §9.2: what master data say of a place within a site."""


def extensions_of(event: Event) -> set[str]:
    """The GLN extensions that an event names as places."""
    named = (event.read_point, event.biz_location, *(r.id for r in (*event.sources, *event.destinations)))
    return {key for key in named if key is not None and is_extension(key)}


def is_extension(key: str) -> bool:
    """Whether a key is a GLN with an extension."""
    return _EXTENSION in key and site_of_place(key) != key


def place_namings(entries: Iterable[LedgerEntry], masters: MasterPort) -> list[Naming]:
    """The extensions that new entries name, and which of them they, or master data, show to be sites."""
    told: dict[tuple[str, str], Naming] = {}
    for entry in entries:
        for key in extensions_of(entry.event):
            told.setdefault((key, PLACE), Naming(key, PLACE, entry.seq))
        for key in _shipped_between(entry.event):
            told.setdefault((key, SITE), Naming(key, SITE, entry.seq))
    named = {key: naming.seq for (key, mark), naming in told.items() if mark == PLACE}
    found = addressed(named, masters)
    return [*told.values(), *(Naming(key, SITE, named[key]) for key in found if (key, SITE) not in told)]


def addressed(extensions: Collection[str], masters: MasterPort) -> list[str]:
    """Those extensions that master data give an address of their own, and do not call a part of a site."""
    known = masters.of(sorted(extensions)) if extensions else {}
    return sorted(key for key, attributes in known.items() if _has_address(attributes))


def _has_address(attributes: Mapping[str, object]) -> bool:
    words = {name.rpartition("#")[2].rpartition(":")[2] for name in attributes}
    return bool(words & _ADDRESS) and not words & _SUB_SITE


def _shipped_between(event: Event) -> Iterator[str]:
    """The two extensions of one GLN between which an event ships."""
    effect = step_of(event.type, event.action, event.biz_step, event.disposition).effect
    if effect not in (Effect.DEPARTS, Effect.ARRIVES):
        return
    here = place_of(event, effect)
    there = named_site(event.destinations if effect is Effect.DEPARTS else event.sources)
    if here is None or there is None or here == there or not (is_extension(here) and is_extension(there)):
        return
    if site_of_place(here) == site_of_place(there):
        yield from (here, there)


def newly_sites(namings: Iterable[Naming], lookup: LookupPort) -> set[str]:
    """Of the extensions that these namings make sites, those that were named as places before, and as nothing more."""
    made = {naming.narrower for naming in namings if naming.wider == SITE}
    known = {(naming.narrower, naming.wider) for naming in lookup.wider(sorted(made))} if made else set()
    return {key for key in made if (key, PLACE) in known and (key, SITE) not in known}


class Sites:
    """Tells events by their sites; what the look-up says of an extension is asked once."""

    def __init__(self, lookup: LookupPort) -> None:
        self._lookup = lookup
        self._site_of: dict[str, str] = {}

    def tell(self, entries: list[LedgerEntry]) -> list[LedgerEntry]:
        """The entries, their events told by sites."""
        unknown = {key for entry in entries for key in extensions_of(entry.event)} - self._site_of.keys()
        if unknown:
            sites = {n.narrower for n in self._lookup.wider(sorted(unknown)) if n.wider == SITE}
            self._site_of |= {key: key if key in sites else site_of_place(key) for key in unknown}
        return [self._told(entry) for entry in entries]

    def _told(self, entry: LedgerEntry) -> LedgerEntry:
        event = entry.event
        if not extensions_of(event):
            return entry
        told = msgspec.structs.replace(
            event,
            read_point=self._site(event.read_point),
            biz_location=self._site(event.biz_location),
            sources=self._sites(event.sources),
            destinations=self._sites(event.destinations),
        )
        return msgspec.structs.replace(entry, event=told)

    def _site(self, place: str | None) -> str | None:
        return None if place is None else self._site_of.get(place, place)

    def _sites(self, references: tuple[Reference, ...]) -> tuple[Reference, ...]:
        return tuple(Reference(r.type, self._site_of.get(r.id, r.id)) for r in references)


def named_site(references: tuple[Reference, ...]) -> str | None:
    """The site a source or destination list names: a location, else whatever in it is a site's key."""
    for reference in references:
        if reference.type == "location":
            return reference.id
    for reference in references:
        if kind_of_key(reference.id) is Kind.site:
            return reference.id
    return None


def place_of(event: Event, effect: Effect) -> str | None:
    """Where it happened (rule 2): the first place said, in the order that the effect asks for."""
    leaves = effect in (Effect.DEPARTS, Effect.UNDOES)
    here, there = event.read_point, event.biz_location
    for place in (here, there) if leaves else (there, here):
        if place is not None:
            return place
    if leaves:
        return named_site(event.sources)
    if effect is Effect.ARRIVES:
        return named_site(event.destinations)
    return None


def place_said(event: Event) -> str | None:
    """Where an event says that it happened, by what its step does."""
    return place_of(event, step_of(event.type, event.action, event.biz_step, event.disposition).effect)
