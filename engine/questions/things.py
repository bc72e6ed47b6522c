"""What an item or a site stands for (rule 11). In: a canonical key. Out: it and all that is narrower.

A lot or class stands for everything narrower: what events declare to be of it, and what its own code tells. A site
stands for the places within it, whose GLN has an extension.
"""

from __future__ import annotations

import numpy as np

from engine.builder.touchings import touching_events
from engine.index import NONE
from engine.questions.view import View
from engine.stores.ports import Snapshot
from graph_schema.errors import UnknownSeed
from graph_schema.identifiers import site_of_place

_EXTENSION = "/254/"


def narrower_items(snapshot: Snapshot, item: str, at: int) -> list[str]:
    """An item and everything narrower, in order of key; raises `UnknownSeed` for one never named by then."""
    found = {item}
    waiting = [item]
    while waiting:
        step = {n.narrower for n in snapshot.lookup.narrower(waiting) if n.seq <= at}
        waiting = sorted(step - found)
        found |= step
    if len(found) == 1 and not is_named(snapshot, item, at):
        raise UnknownSeed(
            f"no event up to position {at} names {item}",
            where="seed",
            remedy="Look for it with another spelling, or load the events that name it.",
        )
    return sorted(found)


def is_named(snapshot: Snapshot, item: str, at: int) -> bool:
    """True where an entry up to a position names the item, or its profile says that it touched it."""
    named = (entry.seq for entry in snapshot.lookup.entries_naming([item]))
    touched = (naming.seq for naming in touching_events(snapshot.lookup, [item]))
    return any(seq <= at for seqs in (named, touched) for seq in seqs)


def item_codes(view: View, items: list[str]) -> list[int]:
    """The codes of items that the index has."""
    codes = view.index.items.codes(items)
    return [int(code) for code in codes if code != NONE]


def site_codes(view: View, site: str) -> list[int]:
    """The codes of a site and of the extensions of its GLN that are sites; none where nothing is recorded there."""
    site = site_of(view, site)
    rows = view.rows[view.rows != NONE]
    known = np.unique(view.index.vertices["site"][rows])
    known = known[known != NONE]
    names = view.index.sites.names(known)
    found = {
        int(code) for code, name in zip(known, names, strict=True) if name == site or name.startswith(site + _EXTENSION)
    }
    if len(view.holdings("site", [told := view.index.sites.code(site)])):
        found.add(told)
    return sorted(code for code in found if view.index.has_site(code, view.at))


def site_of(view: View, place: str) -> str:
    """The site that a place is, by what is known at the view's position, or lies in (design §2)."""
    return place if len(view.holdings("site", view.index.sites.codes([place]).tolist())) else site_of_place(place)


def unknown_site(site: str) -> UnknownSeed:
    """The error for a site of which neither events nor master data tell."""
    return UnknownSeed(
        f"nothing was ever recorded at {site}",
        where="site",
        remedy="Name a site at which, or on the way to which, goods are recorded.",
    )
