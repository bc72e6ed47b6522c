"""How much of what a recall is after is located (ADR 0031). In: a recall scope. Out: an `Effect` a unit of measure.

Affected of an item is what came to any outlet of the scope, less what went on from one to the next, which is received
there; and less what became other goods, which stand for it. Of that is located what is surely held, surely under way to
a named place, or surely destroyed. What was sold, was used up, is lost or may be so is affected and not located.

An `Effect` is a bound: at least so much is located, at most so much affected. Its rate is true in every reading of the
records, and lower than the truth where these leave much open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from functools import cached_property

import msgspec

from engine.answer import AffectedStock, Certainty, ItemKind, RecallScope, Shipment
from engine.index import NONE
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
_LEFT = frozenset({*GONE, "lost"})


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
    """Sums by unit, in order of it; of one dimension in the unit met first. What is not known makes a sum not known."""
    found: dict[str | None, Effect] = {}
    for one in effects:
        uom = next((unit for unit in found if comparable(one.uom, unit)), one.uom)
        so_far = found.get(uom, Effect(uom, _NOTHING, _NOTHING))
        affected = None if one.affected is None else convert(one.affected, one.uom, uom)
        located = so_far.located + convert(one.located, one.uom, uom)
        found[uom] = Effect(uom, located, _sum([so_far.affected, affected]))
    return tuple(sorted(found.values(), key=lambda one: one.uom or ""))


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
        self._rows: dict[str, dict[int, AffectedStock]] = defaultdict(dict)
        codes = view.index.sites.codes([outlet.site.id for outlet in scope.outlets]).tolist()
        for site, outlet in zip(codes, scope.outlets, strict=True):
            for row in outlet.stock:
                self._rows[row.item.id][site] = row
        self._shipments: dict[str, list[Shipment]] = defaultdict(list)
        for shipment in scope.in_transit:
            self._shipments[shipment.item.id].append(shipment)
        self._items = [lot.item.id for lot in scope.lots]
        self._yielding: dict[int, bool] = {}

    def item(self, item: str, kind: ItemKind) -> Iterator[Effect]:
        """An item in each of its units."""
        rows = self._rows[item]
        units = [held.uom for row in [*rows.values()][:1] for held in row.stock.held]
        for number, uom in enumerate(units):
            there, located = self._there(item, uom), self._located(item, uom, number)
            if kind is ItemKind.INSTANCE:  # it is one, wherever it may be
                there, located = None if there is None else min(there, _ONE), min(located, _ONE)
            affected = None if there is None else max(there - self._became(item, uom, number), _NOTHING)
            yield Effect(uom, located, affected)

    def _there(self, item: str, uom: str | None) -> Decimal | None:
        """What at most came to an outlet, or left it if that is more, less what surely went on to where it came anew.

        What came to a place that no record names came there once; what left such a place may have left any outlet.
        """
        rows = self._rows[item]
        came, gone, onward = _Sums(uom), _Sums(uom), _Sums(uom)
        for moved in self._amounts.movements[item]:
            if moved.back or (moved.site != NONE and moved.site not in rows):
                continue
            if moved.column in CAME:
                came.add(moved)
            elif moved.column in _LEFT:
                gone.add(moved)
                if moved.column == "forwarded" and moved.sure and rows[moved.site].certainty is Certainty.CERTAIN:
                    onward.add(moved)
        most = [_most(came.at(site), _sum([gone.at(site), gone.at(NONE)])) for site in rows]
        went = _sum(onward.at(site) or _NOTHING for site in rows) or _NOTHING
        return _sum([*most, came.at(NONE), -went])

    def _located(self, item: str, uom: str | None, unit: int) -> Decimal:
        here = [getattr(row.stock, column)[unit].low for row in self._rows[item].values() for column in _HERE]
        sure = (one for one in self._shipments[item] if one.certainty is Certainty.CERTAIN)
        named = (one for one in sure if one.destination is not None)
        way = (convert(q.low, q.uom, uom) for one in named for q in one.quantity if comparable(q.uom, uom))
        return sum((*here, *way), _NOTHING)

    def _became(self, item: str, uom: str | None, unit: int) -> Decimal:
        """What surely went into transformations that made something: that is in the scope, and counts there."""
        rows, into = self._rows[item], _Sums(uom)
        for moved in self._amounts.movements[item]:
            if moved.column == "used" and moved.sure and moved.site in rows and self._yields(moved):
                into.add(moved)
        went = sum((into.at(site) or _NOTHING for site in rows), _NOTHING)
        return min(went, sum((row.stock.used[unit].low for row in rows.values()), _NOTHING))

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


class _Sums:
    """Amounts by site in a unit, of movements; None where one is not said."""

    def __init__(self, uom: str | None) -> None:
        self._uom = uom
        self._sums: dict[int, Decimal | None] = {}

    def add(self, moved: Movement) -> None:
        """Take in a movement; nothing of one in a unit that does not compare."""
        amount = None
        if moved.quantity is not None:
            is_alike = comparable(moved.uom, self._uom)
            amount = convert(moved.quantity, moved.uom, self._uom) if is_alike else _NOTHING
        self._sums[moved.site] = _sum([self.at(moved.site), amount])

    def at(self, site: int) -> Decimal | None:
        """The sum at a site."""
        return self._sums.get(site, _NOTHING)


def _most(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else max(one, other)
