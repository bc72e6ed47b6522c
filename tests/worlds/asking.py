"""Which questions a world is asked. In: a world and a random generator. Out: `Ask`s of every kind of seed.

Seeds are items, classes and lots of pieces, items at a site, *item at site since T*, and *site in a window*.
A bound of a window is never the minute of an event.
"""

from __future__ import annotations

from random import Random

from api.generate.truth import Seed
from api.generate.world import World
from tests.worlds.tracer import Ask


def ask_about(world: World, rng: Random, most: int = 12) -> list[Ask]:
    """At most so many questions, each kind of seed among them where the world has it."""
    seeds = [*_items(world, rng, most // 3), *_items_at_sites(world, rng, most // 3), *_sites(world, rng, 2)]
    asks = [Ask(seed, direction) for seed in seeds for direction in ("forward", "back")]
    return rng.sample(asks, min(most, len(asks)))


def _items(world: World, rng: Random, most: int) -> list[Seed]:
    known = [*world.items, *sorted(world.neutral & _wider_of_goods(world))]
    return [Seed(item) for item in rng.sample(known, min(most, len(known)))]


def _wider_of_goods(world: World) -> set[str]:
    return {wider for item in world.items for wider in world.wider.get(item, ())}


def _items_at_sites(world: World, rng: Random, most: int) -> list[Seed]:
    bodies = [b for b in world.goods.bodies if b.item and b.site]
    chosen = rng.sample(bodies, min(most, len(bodies)))
    return [Seed(b.item, b.site, *_window(world, rng)) for b in chosen]


def _sites(world: World, rng: Random, most: int) -> list[Seed]:
    return [Seed(None, site, *_window(world, rng)) for site in rng.sample(list(world.sites), most)]


def _window(world: World, rng: Random) -> tuple[int | None, int | None]:
    since = rng.choice((None, _free_minute(world, rng)))
    until = rng.choice((None, None, _free_minute(world, rng)))
    if since is not None and until is not None and until < since:
        return until, since
    return since, until


def _free_minute(world: World, rng: Random) -> int:
    taken = {r.moment for r in world.records}
    minute = rng.randint(0, world.end)
    while minute in taken:
        minute += 1
    return minute
