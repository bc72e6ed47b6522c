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

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from decimal import Decimal

import msgspec

from engine.answer import Quantities, QuantityRange, StockColumns
from engine.questions.movements import BEGUN, Movement
from graph_schema.units import comparable, convert

CAME = ("made", "received", "returned")
GONE = ("used", "sold", "destroyed", "forwarded")
TOLD = (*CAME, *GONE, "in_transit")
_COLUMNS = (*TOLD, "held", "unaccounted")
_ARRIVED = frozenset({*CAME, BEGUN})
_LEFT = frozenset({*GONE, "lost"})
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
    spans: dict[str, list[Span]] = {name: [] for name in (*TOLD, "lost", "came", "back", "gone")}
    for movement in movements:
        column, span = movement.column, _span(movement, unit)
        if span is None:
            span = Span(_NOTHING, None) if mixed and column in _LEFT else ZERO
        if column in _ARRIVED:
            spans["back" if movement.back else "came"].append(span)
        elif column in _LEFT and not movement.back:
            spans["gone"].append(span)
        if movement.instead is not None:
            span = Span(_NOTHING, span.high)
            spans[movement.instead].append(span)
        if column != BEGUN:
            spans[column].append(span)
    return {name: _sum(told) for name, told in spans.items()}


def _sum(spans: Sequence[Span]) -> Span:
    if not spans:
        return ZERO
    highs = [span.high for span in spans if span.high is not None]
    high = sum(highs, _NOTHING) if len(highs) == len(spans) else None
    return Span(sum((span.low for span in spans), _NOTHING), high)


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
    # Many outlets have one and the same stock (`recall_scope`): it is looked at once.
    stocks = list(several)
    times = Counter(map(id, stocks))
    once = {id(stock): stock for stock in stocks}
    counted = [(stock, times[number]) for number, stock in once.items()]
    return StockColumns(**{name: _sum_of((getattr(stock, name), n) for stock, n in counted) for name in _COLUMNS})


def sum_of(several: Iterable[Quantities]) -> Quantities:
    """The sum of ranges, a range a dimension."""
    return _sum_of((quantities, 1) for quantities in several)


def _sum_of(several: Iterable[tuple[Quantities, int]]) -> Quantities:
    """The sum of ranges, each so many times."""
    lows: dict[str | None, Decimal] = {}
    highs: dict[str | None, Decimal | None] = {}
    told_in: dict[str | None, str | None] = {}
    for one, times in ((one, times) for quantities, times in several for one in quantities):
        if one.uom not in told_in:
            told_in[one.uom] = next((unit for unit in lows if comparable(one.uom, unit)), one.uom)
        unit = told_in[one.uom]
        so_far = highs.get(unit, _NOTHING)
        lows[unit] = lows.get(unit, _NOTHING) + convert(one.low, one.uom, unit) * times
        highs[unit] = None if so_far is None or one.high is None else so_far + convert(one.high, one.uom, unit) * times
    return tuple(QuantityRange(low, highs[unit], unit) for unit, low in lows.items())
