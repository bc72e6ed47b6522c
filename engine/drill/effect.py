"""How much of what a recall is after is located (ADR 0031). In: a recall scope. Out: an `Effect` a unit of measure.

Affected of an item is what came to any outlet of the scope, less what went on from one to the next, which is received
there; and less what became other goods, which stand for it. Of that is located what is surely held, surely under way to
a named place, or surely destroyed. What was sold, was used up, is lost or may be so is affected and not located.

An `Effect` is a bound: at least so much is located, at most so much affected. Its rate is true in every reading of the
records, and lower than the truth where these leave much open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property

import msgspec

from engine.answer import ItemKind, QuantityRange, RecallScope, Shipment, StockColumns
from engine.questions.amounts import Amounts
from engine.questions.movements import Movement
from engine.questions.view import View
from engine.recall import counted
from engine.stock import CAME, GONE
from graph_schema.flow_graph import FlowKind
from graph_schema.units import comparable, convert, exact_sums

_NOTHING = Decimal(0)
_ONE = Decimal(1)
_HERE = ("held", "destroyed")
"""Columns of what is located at an outlet, or was disposed of there."""


class Effect(msgspec.Struct, frozen=True):
    """What is located of what is affected, in a unit of measure (None: pieces)."""

    uom: str | None
    located: Decimal
    """At least."""
    affected: Decimal | None
    """At most; None: the records do not tell."""

    @property
    def rate(self) -> float | None:
        """The share that is surely located; None where nothing is affected, or nobody knows how much."""
        return float(self.located / self.affected) if self.affected else None


@exact_sums()
def effects_of(view: View, scope: RecallScope, aside: Collection[str] = ()) -> tuple[Effect, ...]:
    """What a recall would locate of each unit of measure; of the items `aside`, which are no goods, nothing counts."""
    counting = _Counting(view, scope)
    items = {lot.item.id: lot.item.kind for lot in counted(view, scope.lots) if lot.item.id not in aside}
    return added(effect for item, kind in items.items() for effect in counting.item(item, kind))


@exact_sums()
def added(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """Sums by unit; units of one dimension in the unit met first. What is not known makes a sum not known."""
    found: dict[str | None, Effect] = {}
    for one in effects:
        uom = next((unit for unit in found if comparable(one.uom, unit)), one.uom)
        so_far = found.get(uom, Effect(uom, _NOTHING, _NOTHING))
        affected = None if one.affected is None else convert(one.affected, one.uom, uom)
        located = so_far.located + convert(one.located, one.uom, uom)
        found[uom] = Effect(uom, located, _sum([so_far.affected, affected]))
    return tuple(found.values())


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum; None where one is not known."""
    total = _NOTHING
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


class _Counting:
    """One scope, item by item."""

    def __init__(self, view: View, scope: RecallScope) -> None:
        self._view = view
        self._stock: dict[str, dict[str, StockColumns]] = defaultdict(dict)
        for outlet in scope.outlets:
            for row in outlet.stock:
                self._stock[row.item.id][outlet.site.id] = row.stock
        self._shipments: dict[str, list[Shipment]] = defaultdict(list)
        for shipment in scope.in_transit:
            self._shipments[shipment.item.id].append(shipment)
        self._items = [lot.item.id for lot in scope.lots]
        self._yielding: dict[int, bool] = {}

    def item(self, item: str, kind: ItemKind) -> Iterator[Effect]:
        """An item in each of its units."""
        stocks = self._stock[item]
        units = [held.uom for stock in [*stocks.values()][:1] for held in stock.held]
        for number, uom in enumerate(units):
            rows = {site: _Row(stock, number) for site, stock in stocks.items()}
            came = self._affected(item, rows, uom)
            if came is not None and kind is ItemKind.INSTANCE:
                came = min(came, _ONE)
            affected = None if came is None else max(came - self._became(item, rows, uom), _NOTHING)
            yield Effect(uom, self._located(item, rows, uom), affected)

    def _affected(self, item: str, rows: Mapping[str, _Row], uom: str | None) -> Decimal | None:
        """What came to any outlet, or left it though nothing came, less what went on from there.

        What is under way to an outlet is in what that one may have received; elsewhere it is added.
        """
        lost = {site: self._moved(item, [site], uom, "lost") for site in rows}
        here = [row.most_there(lost[site]) for site, row in rows.items()]
        onward = [-row.low("forwarded") for row in rows.values()]
        away = (one for one in self._shipments[item] if one.destination is None or one.destination.id not in rows)
        return _sum([*here, *onward, *(None if q.high is None else _in(q, q.high, uom) for q in _quantities(away))])

    def _located(self, item: str, rows: Mapping[str, _Row], uom: str | None) -> Decimal:
        here = sum((row.low(column) for row in rows.values() for column in _HERE), _NOTHING)
        named = (one for one in self._shipments[item] if one.destination is not None)
        return here + sum((_in(q, q.low, uom) for q in _quantities(named)), _NOTHING)

    def _became(self, item: str, rows: Mapping[str, _Row], uom: str | None) -> Decimal:
        """What surely went into transformations that made something: that is in the scope, and counts there."""
        into = self._moved(item, rows, uom, "used", made_of=True) or _NOTHING
        return min(into, sum((row.low("used") for row in rows.values()), _NOTHING))

    def _moved(
        self, item: str, sites: Collection[str], uom: str | None, column: str, *, made_of: bool = False
    ) -> Decimal | None:
        """What moved in a column at some sites; of what other goods were made of, what surely did."""
        codes = set(self._view.index.sites.codes(sorted(sites)).tolist())
        moved = [m for m in self._amounts.movements[item] if m.column == column and m.site in codes]
        if made_of:
            moved = [m for m in moved if m.sure and m.quantity is not None and self._yields(m)]
        return _sum(_said(m, uom) for m in moved)

    @cached_property
    def _amounts(self) -> Amounts:
        return Amounts(self._view, self._items)

    def _yields(self, used: Movement) -> bool:
        """Whether something was made of what was used, in that event or another of the same process (rule 12)."""
        if used.target not in self._yielding:
            waiting, seen, made = [used.target], {used.target}, False
            while waiting and not made:
                edges = self._view.edges_out(waiting)
                kinds = self._view.edge("kind", edges)
                made = bool((kinds == FlowKind.MAKE).any())
                shared = self._view.edge("target", edges[kinds == FlowKind.SHARE]).tolist()
                waiting = [vertex for vertex in dict.fromkeys(shared) if vertex not in seen]
                seen.update(waiting)
            self._yielding[used.target] = made
        return self._yielding[used.target]


class _Row:
    """The stock of an item at an outlet, in one of its units."""

    def __init__(self, stock: StockColumns, unit: int) -> None:
        self._stock = stock
        self._unit = unit

    def low(self, column: str) -> Decimal:
        return self._range(column).low

    def most_there(self, lost: Decimal | None) -> Decimal | None:
        """What at most came, or at most left if that is more."""
        came = _sum(self._range(column).high for column in CAME)
        gone = _sum([lost, *(self._range(column).high for column in GONE)])
        return None if came is None or gone is None else max(came, gone)

    def _range(self, column: str) -> QuantityRange:
        found: Sequence[QuantityRange] = getattr(self._stock, column)
        return found[self._unit]


def _quantities(shipments: Iterable[Shipment]) -> Iterator[QuantityRange]:
    return (quantity for shipment in shipments for quantity in shipment.quantity)


def _in(quantity: QuantityRange, amount: Decimal, uom: str | None) -> Decimal:
    """An amount in a unit; nothing where it is said in one that does not compare."""
    return convert(amount, quantity.uom, uom) if comparable(quantity.uom, uom) else _NOTHING


def _said(movement: Movement, uom: str | None) -> Decimal | None:
    if movement.quantity is None:
        return None
    return convert(movement.quantity, movement.uom, uom) if comparable(movement.uom, uom) else _NOTHING
