"""The law of the numbers of a recall scope (design §6), as a judge states it.

In: a world, a seed, the scope answered. Out: what is wrong, empty where all is right. Of every item at every outlet:

range    what truly was is within the range of its column; no lost goods are told, nor any that came from nowhere
exact    where the records are complete and timed, both ends of every certain range are what truly was
affected no more can have been goods of the seed than `affectedAtMost` tells, and it tells no more than was there
row      on complete records there is a row wherever goods of the answer truly moved
sum      over the outlets of the scope likewise, of the sums of a lot

Wider items that records name for narrower goods have no goods of their own and are passed over. A container comes from
outside the world when it is first used: one more may have come than the ledger knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from api.generate.physical import COLUMNS
from api.generate.truth import Seed
from api.generate.world import World
from engine.answer import AffectedStock, Certainty, QuantityRange, RecallScope, StockColumns
from graph_schema.units import convert
from tests.worlds.painted import affected_stock

CAME = ("made", "received", "returned")
CHANCES = 3
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Wrong:
    """One number that breaks the law."""

    law: str
    item: str
    site: str
    column: str
    told: QuantityRange | None
    true: Decimal


def judge_stock(world: World, seed: Seed, scope: RecallScope, *, exact: bool) -> list[Wrong]:
    """Every number of a scope that is wrong."""
    return list(_Judge(world, seed, scope, exact=exact).wrongs())


class _Judge:
    def __init__(self, world: World, seed: Seed, scope: RecallScope, *, exact: bool) -> None:
        self.world = world
        self.exact = exact
        self.scope = scope
        self.truth = world.stock()
        self.pairs = world.forward(seed).pairs
        self.painted = [affected_stock(world, seed, Random(chance)) for chance in range(CHANCES)]
        self.rows = {(row.item.id, o.site.id): row for o in scope.outlets for row in o.stock}

    def wrongs(self) -> Iterator[Wrong]:
        """Rows, then sums."""
        for (item, site), row in self.rows.items():
            if item not in self.world.neutral:
                yield from self._of_columns(item, site, row)
                yield from self._of_affected(item, site, row)
        yield from self._missing()
        for lot in self.scope.lots:
            if lot.item.id not in self.world.neutral and not _is_container(lot.item.id):
                yield from self._of_sums(lot.item.id, lot.stock)

    def _true(self, item: str, site: str, column: str) -> Decimal:
        return self.truth.get((item, site), {}).get(column, _NOTHING)

    def _of_columns(self, item: str, site: str, row: AffectedStock) -> Iterator[Wrong]:
        from_outside = Decimal(_is_container(item))
        for column in (*COLUMNS, "unaccounted"):
            told, true = self._told(item, row.stock, column), self._true(item, site, column)
            extra = from_outside if column == "received" else _NOTHING
            low = -from_outside if column == "unaccounted" else true
            if not _within(told, low, true + extra):
                yield Wrong("range", item, site, column, told, true)
            elif self.exact and not from_outside and row.certainty is Certainty.CERTAIN and not _is_just(told, true):
                yield Wrong("exact", item, site, column, told, true)

    def _of_affected(self, item: str, site: str, row: AffectedStock) -> Iterator[Wrong]:
        for column in COLUMNS:
            most, whole = self._told(item, row.affected_at_most, column), self._told(item, row.stock, column)
            true = max(painted.get((item, site), {}).get(column, _NOTHING) for painted in self.painted)
            if most.low != 0 or (most.high is not None and most.high < true):
                yield Wrong("affected", item, site, column, most, true)
            if whole.high is not None and (most.high is None or most.high > whole.high):
                yield Wrong("affected", item, site, column, most, whole.high)

    def _missing(self) -> Iterator[Wrong]:
        """On complete records every place of goods of the answer is known."""
        for item, site in sorted(self.pairs) if self.exact else ():
            moved = sum(self.truth.get((item, site), {}).values(), _NOTHING)
            if moved and item not in self.world.neutral and (item, site) not in self.rows:
                yield Wrong("row", item, site, "", None, moved)

    def _of_sums(self, item: str, stock: StockColumns) -> Iterator[Wrong]:
        sites = [site for of, site in self.rows if of == item]
        if not sites:
            return
        for column in COLUMNS:
            told, true = self._told(item, stock, column), sum((self._true(item, s, column) for s in sites), _NOTHING)
            if not _within(told, true, true):
                yield Wrong("sum", item, "", column, told, true)

    def _told(self, item: str, stock: StockColumns, column: str) -> QuantityRange:
        """The range of a column in the unit of the world's goods; these have one each."""
        (one,) = getattr(stock, column)
        unit = self.world.unit_of.get(item)
        if one.uom is None or unit is None:
            return QuantityRange(one.low, one.high, unit)
        high = None if one.high is None else convert(one.high, one.uom, unit)
        return QuantityRange(convert(one.low, one.uom, unit), high, unit)


def _within(told: QuantityRange, least: Decimal, most: Decimal) -> bool:
    return told.low <= most and (told.high is None or least <= told.high)


def _is_just(told: QuantityRange, true: Decimal) -> bool:
    return told.low == true == told.high


def _is_container(item: str) -> bool:
    return "/00/" in item or "/8003/" in item
