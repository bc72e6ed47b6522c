"""What the markets of a profile must hold (ADR 0025). In: a `Profile`, what all share. Out: every `Fault`."""

from __future__ import annotations

from collections.abc import Iterator

from graph_schema.profiles.common import Common
from graph_schema.profiles.marked import Fault, Path
from graph_schema.profiles.market import Demand, DemandKind, Market
from graph_schema.profiles.profile import Profile
from graph_schema.profiles.references import names_once, references, unknown_word
from graph_schema.vocabulary import Kind, words_of


def market_faults(profile: Profile, common: Common) -> Iterator[Fault]:
    """Each market takes goods of the profile, and each of its demands can be met by its events."""
    items = [item.id for item in profile.items]
    yield from names_once(("markets",), (market.id for market in profile.markets))
    for number, market in enumerate(profile.markets):
        path: Path = ("markets", number)
        yield from references((*path, "of"), market.of, items, "item")
        yield from names_once((*path, "demands"), (demand.id for demand in market.demands))
        for at, demand in enumerate(market.demands):
            yield from _demand((*path, "demands", at), demand, market, profile, common)


def _demand(path: Path, demand: Demand, market: Market, profile: Profile, common: Common) -> Iterator[Fault]:
    events = [event.id for event in profile.events]
    yield from references((*path, "any_of"), demand.any_of, events, "event")
    yield from references((*path, "of"), demand.of, market.of, "item that the market takes")
    if not demand.any_of or (demand.kind is DemandKind.DATE) is (demand.element is None):
        yield Fault(path, f"`{demand.id}` cannot be met", "a demand has `any_of`; one of a date has an `element` too")
    if demand.element is not None and demand.element not in common.kde:
        yield unknown_word((*path, "element"), demand.element, "key data element")


def access_faults(common: Common) -> Iterator[Fault]:
    """What holds of every market is of CBV, or a key data element."""
    yield from references(("access", "barring"), common.access.barring, words_of(Kind.DISPOSITION), "disposition")
    yield from references(("access", "proofs"), common.access.proofs, common.kde, "key data element")
