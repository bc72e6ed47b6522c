"""The affected goods of a world, amount by amount.

In: a world, a seed, a chance. Out: of each item at each site, how much of each column was goods of the seed.

The physical ledger says which goods mix; which part of a mixture leaves it, nobody knows. Chance decides it here,
between all the affected goods first and all of them last: whatever comes out may have been so.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from random import Random

from api.generate.goods import Deed, Goods
from api.generate.physical import NOTHING, ONE, Body
from api.generate.truth import FOREVER, Seed, seed_bodies
from api.generate.world import World

Stock = dict[tuple[str, str], dict[str, Decimal]]
"""(item, site) → column → amount."""

_CAME = frozenset({"made", "received", "returned"})
_LOOKS = frozenset({"opened", "see", "hold"})
"""Deeds in which the goods do nothing."""


def affected_stock(world: World, seed: Seed, rng: Random) -> Stock:
    """How much of the stock of each item at each site was goods of the seed, as chance would have it."""
    goods = _Painted(world, seed, rng)
    for deed in world.goods.deeds:
        if deed.name not in _LOOKS:
            goods.do(deed)
    return goods.affected()


class _Painted(Goods):
    """Goods of which some are painted: how much of what is in each body, and of what each column counts."""

    def __init__(self, world: World, seed: Seed, rng: Random) -> None:
        super().__init__()
        self.since = -1 if seed.since is None else seed.since
        self.until = FOREVER if seed.until is None else seed.until
        self.begun = frozenset(body.number for body in seed_bodies(world.goods, world.wider, seed))
        self.rng = rng
        self.moment = -1
        self.paint: dict[int, Decimal] = defaultdict(Decimal)
        self.columns: Stock = defaultdict(lambda: defaultdict(Decimal))
        self.came: dict[str, Decimal] = defaultdict(Decimal)
        self.went: dict[str, Decimal] = defaultdict(Decimal)
        self.carried = NOTHING
        """How much of what is poured or drawn now is painted."""
        self.pouring = False

    def do(self, deed: Deed) -> None:
        """Do a deed, and count in each column it adds to what of it is painted."""
        moment = deed.arguments[-2]
        assert isinstance(moment, int)
        self._go_on(moment)
        before = {pair: dict(row) for pair, row in self.tally.items()}
        self.came.clear()
        self.went.clear()
        getattr(self, deed.name)(*deed.arguments)
        for pair, row in self.tally.items():
            for column, amount in row.items():
                if amount != before.get(pair, {}).get(column, NOTHING):
                    self.columns[pair][column] += (self.came if column in _CAME else self.went)[pair[0]]

    def affected(self) -> Stock:
        """What of each column was painted, with what is held and on the way at the end."""
        self._go_on(FOREVER)
        for body in self.bodies:
            site = body.site or body.bound_for
            if body.until is None and body.item and site:
                self.columns[body.item, site]["held" if body.site else "in_transit"] += self.paint[body.number]
        return self.columns

    def _go_on(self, moment: int) -> None:
        """Time goes on; what is in the seed's bodies when the window begins is painted."""
        if self.moment < self.since <= moment:
            for body in self.bodies:
                if body.number in self.begun:
                    self.paint[body.number] = body.amount
        self.moment = moment

    def _gained(self, body: Body, amount: Decimal) -> None:
        """Goods come into a body: painted if they become goods of the seed there, or were."""
        seed = body.number in self.begun and self.since <= self.moment <= self.until
        gained = amount if seed else self.carried
        self.paint[body.number] += gained
        self.came[body.item] += gained

    def _taken(self, body: Body, amount: Decimal) -> Decimal:
        """How much of what leaves a body is painted."""
        painted = self.paint[body.number]
        least, most = max(NOTHING, amount - (body.amount - painted)), min(amount, painted)
        return self.rng.choice((least, most, most))

    def _enter(self, item: str, site: str, moment: int) -> Body:
        body = super()._enter(item, site, moment)
        self._gained(body, ONE)
        return body

    def _fill(self, body: Body, amount: Decimal, record: int) -> None:
        super()._fill(body, amount, record)
        self._gained(body, amount)

    def _pour(self, source: Body, target: Body, amount: Decimal, moment: int, record: int) -> None:
        self.carried = self._taken(source, amount)
        self.pouring = True
        super()._pour(source, target, amount, moment, record)
        self.carried, self.pouring = NOTHING, False

    def _drain(self, body: Body, amount: Decimal, moment: int, record: int) -> None:
        taken = self.carried if self.pouring else self._taken(body, amount)
        super()._drain(body, amount, moment, record)
        self.paint[body.number] -= taken
        self.went[body.item] += taken

    def draw(self, item: str, amount: Decimal, site: str, process: str, moment: int, record: int) -> None:
        """What comes out of a process is painted where anything that went in was."""
        self.carried = amount if self.paint[self._vessel(process, site, moment).number] else NOTHING
        super().draw(item, amount, site, process, moment, record)
        self.carried = NOTHING

    def draw_one(self, item: str, site: str, process: str, moment: int, record: int) -> None:
        """Likewise."""
        self.carried = ONE if self.paint[self._vessel(process, site, moment).number] else NOTHING
        super().draw_one(item, site, process, moment, record)
        self.carried = NOTHING
