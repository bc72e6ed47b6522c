"""A recall scope as bytes, what its rows have in common written once. In: a scope. Out: bytes, and the scope again.

Thousands of rows are of the same few items, have the same stock, and are proved by the same events: written out in
each row they are some five times as long, and take as much longer to write and to read.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

import msgspec

from engine.answer import AffectedOutlet, AffectedStock, Certainty, Item, RecallScope, StockColumns

T = TypeVar("T")


class _Row(msgspec.Struct, frozen=True, array_like=True):
    """Affected stock; all but `certainty` are numbers in the lists of a `_File`."""

    item: int
    certainty: Certainty
    stock: int
    affected_at_most: int


class _Told(msgspec.Struct, frozen=True, array_like=True):
    """An outlet without what stands apart: its stock, and the numbers of its evidence."""

    outlet: AffectedOutlet
    stock: list[_Row]
    evidence: list[int]


class _File(msgspec.Struct, frozen=True, array_like=True):
    """A scope without its outlets, and these."""

    scope: RecallScope
    outlets: list[_Told]
    items: list[Item]
    stocks: list[StockColumns]
    events: list[str]


class _Numbered(Generic[T]):
    """Things in the order in which they were numbered, each once; equal ones have an equal key."""

    def __init__(self) -> None:
        self.things: list[T] = []
        self._numbers: dict[Hashable, int] = {}

    def number(self, key: Hashable, thing: T) -> int:
        """Its number, from 0."""
        if key not in self._numbers:
            self._numbers[key] = len(self.things)
            self.things.append(thing)
        return self._numbers[key]


def written(scope: RecallScope) -> bytes:
    """A scope as bytes."""
    items, stocks, events = _Numbered[Item](), _Numbered[StockColumns](), _Numbered[str]()

    def row(of: AffectedStock) -> _Row:
        # The scope has each of these but once, so that it is known by where it is (`engine.recall`).
        columns = (stocks.number(id(one), one) for one in (of.stock, of.affected_at_most))
        return _Row(items.number(id(of.item), of.item), of.certainty, *columns)

    outlets = [
        _Told(
            msgspec.structs.replace(outlet, stock=(), evidence=()),
            list(map(row, outlet.stock)),
            [events.number(event, event) for event in outlet.evidence],
        )
        for outlet in scope.outlets
    ]
    bare = msgspec.structs.replace(scope, outlets=())
    return msgspec.msgpack.encode(_File(bare, outlets, items.things, stocks.things, events.things))


def read(told: bytes) -> RecallScope:
    """The scope of bytes; raises `msgspec.MsgspecError` or `IndexError` where they are not of one."""
    file = msgspec.msgpack.decode(told, type=_File)

    def row(of: _Row) -> AffectedStock:
        stock, most = file.stocks[of.stock], file.stocks[of.affected_at_most]
        return AffectedStock(file.items[of.item], of.certainty, stock, most)

    outlets = tuple(
        msgspec.structs.replace(
            one.outlet, stock=tuple(map(row, one.stock)), evidence=tuple(file.events[event] for event in one.evidence)
        )
        for one in file.outlets
    )
    return msgspec.structs.replace(file.scope, outlets=outlets)
