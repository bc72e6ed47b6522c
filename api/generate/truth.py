"""What is true of a simulated world, from its physical ledger alone.

In: bodies and transfers. Out: what was reached. Forward, goods are as it were painted at the seed and carry
the paint with them; back, it is asked which goods hold some that came into the seed. An item counts as
reached when some of its goods hold goods of the seed, a site when such goods were there. The seed's own item
and site are in, where goods of it were there in the window.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from api.generate.codes import is_logistic_unit
from api.generate.goods import Goods
from api.generate.physical import Body

FOREVER = 2**62


@dataclass(frozen=True, slots=True)
class Seed:
    """An item, an item at a site, or a site, in a window of minutes; both bounds are included."""

    item: str | None = None
    site: str | None = None
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """What goods of the seed became or came from, and where those were, as canonical keys."""

    items: frozenset[str]
    sites: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    """(item, site)."""
    bodies: tuple[tuple[int, int], ...] = ()
    """Each body reached, by number, and the minute from which (back: up to which) it held goods of the answer."""


def reach_forward(goods: Goods, wider: Mapping[str, tuple[str, ...]], seed: Seed) -> Reached:
    """All that goods of the seed became, and where they went from the window's begin on."""
    painted = {b.number: max(b.since, _since(seed)) for b in seed_bodies(goods, wider, seed)}
    for moment, source, target in goods.transfers:
        if source in painted and painted[source] <= moment:
            painted[target] = min(moment, painted.get(target, FOREVER))
    return _reached(goods.bodies, painted)


def reach_back(goods: Goods, wider: Mapping[str, tuple[str, ...]], seed: Seed) -> Reached:
    """All that goods of the seed came from, and where that was, up to the window's end."""
    wanted = {b.number: min(_end(b), _until(seed)) for b in seed_bodies(goods, wider, seed)}
    for moment, source, target in reversed(goods.transfers):
        if target in wanted and moment <= wanted[target]:
            wanted[source] = max(moment, wanted.get(source, -1))
    return _reached(goods.bodies, wanted)


def _since(seed: Seed) -> int:
    return -1 if seed.since is None else seed.since


def _until(seed: Seed) -> int:
    return FOREVER if seed.until is None else seed.until


def _end(body: Body) -> int:
    return FOREVER if body.until is None else body.until


def seed_bodies(goods: Goods, wider: Mapping[str, tuple[str, ...]], seed: Seed) -> Iterator[Body]:
    """The seed's bodies at its site in its window; of a logistic unit also what was in it."""
    since, until = _since(seed), _until(seed)
    for body in goods.bodies:
        if seed.site is not None and body.site != seed.site:
            continue
        if body.item and body.since <= until and _end(body) >= since and _is_of(body, wider, seed.item):
            yield body


def _is_of(body: Body, wider: Mapping[str, tuple[str, ...]], item: str | None) -> bool:
    """Whether a body's goods are goods of an item, or a load of it."""
    if item is None or item == body.item:
        return True
    if is_logistic_unit(item):
        return item in body.containers
    return item in wider.get(body.item, ())


def _reached(bodies: list[Body], moments: Mapping[int, int]) -> Reached:
    named = [bodies[n] for n in sorted(moments) if bodies[n].item]
    pairs = frozenset((b.item, b.site) for b in named if b.site is not None)
    return Reached(
        frozenset(b.item for b in named),
        frozenset(site for _, site in pairs),
        pairs,
        tuple((b.number, moments[b.number]) for b in named),
    )
