"""The stock of one item at one site (design §6). In: movements. Out: `StockColumns`, and bounds of what is affected.

Every column is one range a unit; units of one dimension are counted in the unit that the item's records say first. With

    came = made + received + returned          gone = used + sold + destroyed + forwarded

these identities hold in every reading of the records, and as sums where every range is one number:

    came = gone + held + unaccounted
    in transit (shipped here, not surely arrived) is beside them: what arrived of it is in `received`

`held` is what must be left of what came, so that it is at least `came.low - gone.high` and at most `came.high -
gone.low`. `unaccounted` is what was lost, what left without a record of how, and, below zero, what left though nothing
records that it came. A low is what surely was, a high what at most may have been, none where an amount is not said.

`affected` bounds of each column how much can have come from the seeds: of what the walk reached, never more than was
there. It never narrows a column.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain
from operator import attrgetter

import msgspec

from engine.answer import Quantities, QuantityRange, StockColumns
from engine.questions.movements import BEGUN, Movement
from graph_schema.units import comparable, convert

CAME = ("made", "received", "returned")
GONE = ("used", "sold", "destroyed", "forwarded")
TOLD = (*CAME, *GONE, "in_transit")
_COLUMNS = (*TOLD, "held", "unaccounted")
_NOTHING = Decimal(0)


class Span(msgspec.Struct, frozen=True, gc=False):
    """At least `low`, at most `high` (None: not known)."""

    low: Decimal = _NOTHING
    high: Decimal | None = _NOTHING

    def __add__(self, other: Span) -> Span:
        high = None if self.high is None or other.high is None else self.high + other.high
        return Span(self.low + other.low, high)

    def at_most(self, bound: Decimal | None) -> Span:
        """No more than a bound (None: no bound)."""
        if bound is None:
            return self
        return Span(min(self.low, bound), bound if self.high is None else min(self.high, bound))


ZERO = Span()


def amount_of(movement: Movement) -> Hashable:
    """All that the stock of a site has from a movement there, its quantity to the letter."""
    quantity = None if movement.quantity is None else str(movement.quantity)
    return movement.column, quantity, movement.uom, movement.sure, movement.instead, movement.back


def columns_of(movements: Sequence[Movement], units: Sequence[str | None], *, certain: bool) -> StockColumns:
    """The stock that some movements at one site make; of a site that is only possible nothing is sure."""
    told = [m if certain else msgspec.structs.replace(m, sure=False) for m in movements]
    return _columns(told, units)


def affected_of(
    movements: Sequence[Movement],
    whole: StockColumns,
    is_affected: Callable[[Movement], bool],
    begun: Sequence[Movement] = (),
) -> StockColumns:
    """Of each column, how much can have come from the seeds: at most what was there.

    What is held or left is no more than what came affected, or was there where the answer begins (`begun`).
    """
    reached = [msgspec.structs.replace(m, sure=False, back=False) for m in movements if is_affected(m)]
    units = [q.uom for q in whole.held]
    found = _columns([*reached, *(_said_in(units, m) for m in begun)], units)
    return StockColumns(**{name: _within(getattr(found, name), getattr(whole, name)) for name in _COLUMNS})


def _said_in(units: Sequence[str | None], movement: Movement) -> Movement:
    """A movement, its amount not known where it is said in none of some units."""
    if any(comparable(movement.uom, unit) for unit in units):
        return movement
    return msgspec.structs.replace(movement, quantity=None)


def _within(found: Quantities, whole: Quantities) -> Quantities:
    """Each range no higher than the whole one of its unit; both have the same units."""
    return tuple([_capped(one, bound.high) for one, bound in zip(found, whole, strict=True)])


def _capped(one: QuantityRange, bound: Decimal | None) -> QuantityRange:
    if one.low == _NOTHING == one.high:
        return one
    low, high = max(one.low, _NOTHING), one.high
    if bound is not None:
        bound = max(bound, _NOTHING)
        high = bound if high is None else min(high, bound)
    return QuantityRange(min(low, high) if high is not None else low, high, one.uom)


def units_of(movements: Iterable[Movement]) -> list[str | None]:
    """One unit a dimension, the first said of an item at any site; pieces where nothing says a unit."""
    units: list[str | None] = []
    for uom in dict.fromkeys(movement.uom for movement in movements if movement.quantity is not None):
        if not any(comparable(uom, unit) for unit in units):
            units.append(uom)
    return units or [None]


def _columns(movements: Sequence[Movement], units: Sequence[str | None]) -> StockColumns:
    told = []
    for unit in units:
        spans = _balanced(_sums(movements, unit, mixed=len(units) > 1))
        told.append([QuantityRange(spans[name].low, spans[name].high, unit) for name in _COLUMNS])
    return StockColumns(**dict(zip(_COLUMNS, zip(*told, strict=True), strict=True)))


def _sums(movements: Iterable[Movement], unit: str | None, *, mixed: bool) -> dict[str, Span]:
    """Per column, and of all that came, came back and is gone, the sum of what is said in a unit.

    Where units do not compare, nothing is surely left of one.
    """
    sums = dict.fromkeys((*TOLD, "lost", "came", "back", "gone"), ZERO)
    for movement in movements:
        span = _span(movement, unit)
        if span is None:
            gone = mixed and movement.column in (*GONE, "lost")
            span = Span(_NOTHING, None) if gone else ZERO
        if movement.column in (*CAME, BEGUN):
            sums["back" if movement.back else "came"] += span
        elif movement.column in (*GONE, "lost") and not movement.back:
            sums["gone"] += span
        for column in _columns_perhaps(movement):
            sums[column] += span if movement.instead is None else Span(_NOTHING, span.high)
    return sums


def _columns_perhaps(movement: Movement) -> Iterator[str]:
    """The column of a movement, or the two that it may be in."""
    yield from (c for c in (movement.column, movement.instead) if c is not None and c != BEGUN)


def _span(movement: Movement, unit: str | None) -> Span | None:
    """One movement's amount in a unit; None where it is said in another that does not compare."""
    if movement.quantity is None:
        return Span(_NOTHING, None)
    if not comparable(movement.uom, unit):
        return None
    amount = convert(movement.quantity, movement.uom, unit)
    return Span(amount if movement.sure else _NOTHING, amount)


def _balanced(sums: dict[str, Span]) -> dict[str, Span]:
    """The columns with what is held and what is not accounted for."""
    came, back, gone, lost = (sums.pop(name) for name in ("came", "back", "gone", "lost"))
    told = {name: _bounded(sums, name, came + back, gone) if name in GONE else span for name, span in sums.items()}
    held = _held(came, gone)
    return {**told, "held": held, "unaccounted": _unaccounted(came, gone, held, lost)}


def _bounded(sums: dict[str, Span], name: str, came: Span, gone: Span) -> Span:
    """What left in one way is at most what came and did not surely leave in another, unless more surely did."""
    if came.high is None:
        return sums[name]
    elsewhere = gone.low - sums[name].low
    return sums[name].at_most(max(sums[name].low, came.high - elsewhere))


def _held(came: Span, gone: Span) -> Span:
    low = _NOTHING if gone.high is None else max(_NOTHING, came.low - gone.high)
    high = None if came.high is None else max(_NOTHING, came.high - gone.low)
    return Span(low, high)


def _unaccounted(came: Span, gone: Span, held: Span, lost: Span) -> Span:
    """What was lost, what may have left without a record, and (below zero) what left without having come."""
    if came.high is None:
        return Span(lost.low, None)
    missing = min(_NOTHING, came.high - gone.low)
    open_ = None if held.high is None else held.high - held.low
    high = None if open_ is None or lost.high is None else open_ + lost.high
    return Span(lost.low + missing, None if high is None else max(high + missing, lost.low + missing))


def total(several: Iterable[StockColumns]) -> StockColumns:
    """The sum of several stocks, column by column; units of one dimension in the unit met first."""
    stocks = list(several)
    return StockColumns(**{name: sum_of(map(attrgetter(name), stocks)) for name in _COLUMNS})


def sum_of(several: Iterable[Quantities]) -> Quantities:
    """The sum of ranges, a range a dimension."""
    lows: dict[str | None, Decimal] = {}
    highs: dict[str | None, Decimal | None] = {}
    told_in: dict[str | None, str | None] = {}
    for one in chain.from_iterable(several):
        if one.uom not in told_in:
            told_in[one.uom] = next((unit for unit in lows if comparable(one.uom, unit)), one.uom)
        unit = told_in[one.uom]
        so_far = highs.get(unit, _NOTHING)
        lows[unit] = lows.get(unit, _NOTHING) + convert(one.low, one.uom, unit)
        highs[unit] = None if so_far is None or one.high is None else so_far + convert(one.high, one.uom, unit)
    return tuple(QuantityRange(low, highs[unit], unit) for unit, low in lows.items())
