"""The truth of a world as lines of JSON.

In: a world. Out: one object a stock, and one a question with its answer. `docs/worlds.md` describes the
lines. Ids are canonical keys, times EPCIS times, amounts text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from api.generate.record import Json, time_of
from api.generate.truth import Reached, Seed
from api.generate.world import World

QUESTIONS = 24
"""Items, and items at sites, asked about in a season."""


def world_truth(world: World) -> Iterator[Json]:
    """All of a world's truth: every stock, and for every item, and item at a site, forward and back."""
    yield from stock_lines(world)
    for item in world.items:
        yield from trace_lines(world, Seed(item))
    for item, site in dict.fromkeys((b.item, b.site) for b in world.goods.bodies if b.item and b.site):
        yield from trace_lines(world, Seed(item, site))


def season_truth(world: World, number: int, seed: int) -> Iterator[Json]:
    """Every stock, and the answers about some items, items at sites, and items at sites since a time."""
    yield from stock_lines(world)
    rng = Random(f"{seed} {number} asked")  # noqa: S311 - a simulation, no secret
    bodies = [b for b in world.goods.bodies if b.item and b.site]
    for body in rng.sample(bodies, min(QUESTIONS, len(bodies))):
        since = rng.choice((None, _minute_between(rng, body.since, world.end)))
        yield from trace_lines(world, Seed(body.item))
        yield from trace_lines(world, Seed(body.item, body.site, since))


def stock_lines(world: World) -> Iterator[Json]:
    """One line an item and site: what was made, came, left, ended there, is on the way there, is held."""
    for (item, site), columns in sorted(world.stock().items()):
        yield {
            "stock": {
                "item": item,
                "site": site,
                "uom": world.unit_of.get(item),
                **{column: str(amount) for column, amount in columns.items()},
            }
        }


def trace_lines(world: World, seed: Seed) -> Iterator[Json]:
    """The answers forward and back about one seed."""
    yield {"forward": _question(seed), **_answer(world.forward(seed))}
    yield {"back": _question(seed), **_answer(world.back(seed))}


def _minute_between(rng: Random, first: int, last: int) -> int:
    return rng.randint(min(first, last), last)


def _question(seed: Seed) -> Json:
    said: Json = {"item": seed.item, "site": seed.site}
    said |= {n: time_of(m, "+00:00") for n, m in (("since", seed.since), ("until", seed.until)) if m is not None}
    return {name: value for name, value in said.items() if value is not None}


def _answer(reached: Reached) -> Json:
    return {
        "items": sorted(reached.items),
        "sites": sorted(reached.sites),
        "held": sorted([item, site] for item, site in reached.pairs),
    }


@dataclass(slots=True)
class SiteQuestion:
    """A question about a site in a window, to which every season that overlaps the window adds."""

    season: int
    seed: Seed
    forward: list[Reached] = field(default_factory=list)
    back: list[Reached] = field(default_factory=list)

    @classmethod
    def drawn(cls, season: int, seed: int, sites: tuple[str, ...], apart: int) -> SiteQuestion:
        """A question about some hours of a site while a season is the newest."""
        rng = Random(f"{seed} {season} site")  # noqa: S311 - a simulation, no secret
        since = season * apart + rng.randrange(apart)
        until = min(since + rng.randint(60, 6 * 60), (season + 1) * apart - 1)
        return cls(season, Seed(None, rng.choice(sites), since, until))

    @property
    def last(self) -> int:
        """The last minute of the window."""
        return self.seed.until or 0

    def take(self, world: World) -> None:
        """Add what a season knows."""
        self.forward.append(world.forward(self.seed))
        self.back.append(world.back(self.seed))

    def told(self) -> Iterator[Json]:
        """The answers of all seasons together."""
        yield {"forward": _question(self.seed), **_answer(_union(self.forward))}
        yield {"back": _question(self.seed), **_answer(_union(self.back))}


def _union(several: list[Reached]) -> Reached:
    return Reached(
        frozenset().union(*(r.items for r in several)),
        frozenset().union(*(r.sites for r in several)),
        frozenset().union(*(r.pairs for r in several)),
    )
