"""The laws as a judge states them (design §7).

In: a world, what remains of its records, a question and the answer. Out: `Breach`es, empty where the answer
is right. sandwich certain ⊆ truth ⊆ certain ∪ possible, at the grains item, site, and item at site exact
certain = truth, where the records are complete and timed

*Unknown place* in the answer stands for a place that no remaining record of the goods there names. Wider
items that records name for narrower goods (a class sold at a till, the lot of pieces) are neither owed nor
wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.generate.physical import Body
from api.generate.record import Record
from api.generate.truth import Reached
from api.generate.world import World
from tests.worlds.thinning import sites_named
from tests.worlds.tracer import Answer, Ask, Found

Pair = tuple[str, str]

SOLD_BY_CLASS = "sell by class"
"""Kind of the records that tell of a class, not of the lot whose goods were sold."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing that an answer gets wrong, and how."""

    law: str
    """`wrongly certain`, `missed` or `not certain`."""
    grain: str
    """`item`, `site` or `pair`."""
    what: str | Pair


Law = Callable[[World, Sequence[Record], Ask, Answer], list[Breach]]


def truth_of(world: World, ask: Ask) -> Reached:
    """What the physical ledger answers."""
    return world.forward(ask.seed) if ask.direction == "forward" else world.back(ask.seed)


def check_sandwich(world: World, records: Sequence[Record], ask: Ask, answer: Answer) -> list[Breach]:
    """Certain ⊆ truth ⊆ certain ∪ possible."""
    truth = truth_of(world, ask)
    owed, true = _owed(world, truth), _found(truth)
    certain, possible = _without_neutral(world, answer.certain), answer.possible
    unnamed = _unnamed(world, truth, ask, records) if possible.unknown else Found()
    return [
        *_breaches("wrongly certain", _minus(certain, true)),
        *_breaches("missed", _minus(_minus(owed, possible), unnamed)),
    ]


def check_exact(world: World, records: Sequence[Record], ask: Ask, answer: Answer) -> list[Breach]:
    """Certain = truth."""
    owed = _owed(world, truth_of(world, ask))
    return [
        *check_sandwich(world, records, ask, answer),
        *_breaches("not certain", _minus(owed, answer.certain)),
    ]


def _found(truth: Reached) -> Found:
    return Found(truth.items, truth.sites, truth.pairs)


def _owed(world: World, truth: Reached) -> Found:
    return _without_neutral(world, _found(truth))


def _without_neutral(world: World, found: Found) -> Found:
    return Found(
        found.items - world.neutral,
        found.sites,
        frozenset(pair for pair in found.pairs if pair[0] not in world.neutral),
    )


def _minus(one: Found, other: Found) -> Found:
    return Found(one.items - other.items, one.sites - other.sites, one.pairs - other.pairs)


def _unnamed(world: World, truth: Reached, ask: Ask, records: Sequence[Record]) -> Found:
    """Sites and pairs of goods of the answer that no remaining record of these goods puts at the site."""
    telling = _Telling(world, records, ask)
    pairs: dict[Pair, bool] = {}
    for number, moment in truth.bodies:
        body = world.goods.bodies[number]
        if body.site is not None:
            pair = body.item, body.site
            pairs[pair] = pairs.get(pair, False) or telling.names(body, body.site, moment)
    unnamed = frozenset(pair for pair, told in pairs.items() if not told)
    named_sites = {site for (_, site), told in pairs.items() if told}
    return Found(frozenset(), frozenset(site for _, site in unnamed) - named_sites, unnamed)


class _Telling:
    """Which remaining records tell of goods while they were goods of the answer, and which sites they name."""

    def __init__(self, world: World, records: Sequence[Record], ask: Ask) -> None:
        self.forward = ask.direction == "forward"
        self.moments = {r.number: r.moment for r in records if r.kind != SOLD_BY_CLASS}
        self.named = {r.number: sites_named(r.event) for r in records}
        self.trips = {r.number: r.trip for r in records if r.trip is not None}
        self.named_by_trip: dict[Pair, set[str]] = defaultdict(set)
        """Item and trip → the sites that the records of the item's movement name; never another item's place."""
        for body in world.goods.bodies:
            for number in body.records:
                if number in self.trips:
                    self.named_by_trip[body.item, self.trips[number]] |= self.named[number]

    def names(self, body: Body, site: str, moment: int) -> bool:
        """True where one that tells of the body, or the other end of the movement it tells of, names the site."""
        return any(
            site in self.named[number] or site in self._named_at_both_ends(body.item, number)
            for number in body.records
            if number in self.moments and self._bears(self.moments[number], moment)
        )

    def _named_at_both_ends(self, item: str, number: int) -> set[str]:
        trip = self.trips.get(number)
        return set() if trip is None else self.named_by_trip[item, trip]

    def _bears(self, told: int, moment: int) -> bool:
        return told >= moment if self.forward else told <= moment


def _breaches(law: str, found: Found) -> list[Breach]:
    return [
        *(Breach(law, "item", item) for item in sorted(found.items)),
        *(Breach(law, "site", site) for site in sorted(found.sites)),
        *(Breach(law, "pair", pair) for pair in sorted(found.pairs)),
    ]
