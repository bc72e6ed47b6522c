"""What of a stock is left in every reading (design rule 3). In: its arrivals, what may have gone. Out: `Least`.

What goes before goods come took none of them. So what is left is told from arrival to arrival, each coming as early as
it may, all that may have gone going as late as it may; what went in an unknown amount may have been all. Where it is
open which of several came first, all of one may have gone before the others came.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate

import msgspec

from engine.builder.lot import Arrival
from graph_schema.interval import Interval

Going = tuple[Interval, Decimal | None]
"""When something may have gone, and how much: None, an unknown amount."""

_NOTHING = Decimal(0)


class _Sum(msgspec.Struct, frozen=True):
    """Of some goings: how much is known of, how many are of unknown amount, how many there are."""

    amount: Decimal
    unknown: int
    count: int

    def __sub__(self, other: _Sum) -> _Sum:
        return _Sum(self.amount - other.amount, self.unknown - other.unknown, self.count - other.count)


class _After(msgspec.Struct, frozen=True):
    """What is left for sure just after an arrival, if only `gone` has gone so far."""

    amount: Decimal
    unmeasured: bool
    """Some of an unknown amount is there too, as long as nothing goes."""
    gone: _Sum

    def less(self, more: _Sum) -> tuple[Decimal, bool]:
        """What is left of it once more has gone."""
        if not more.count:
            return self.amount, self.unmeasured
        return (_NOTHING if more.unknown else max(self.amount - more.amount, _NOTHING)), False


class Least:
    """The least that can be left of a chain of arrivals."""

    def __init__(self, chain: Sequence[Arrival], goings: Sequence[Going]) -> None:
        """`chain` is in order of latest arrival."""
        self._begun = _Sums([(time.earliest, amount) for time, amount in goings])
        self._over = over = _Sums([(time.latest, amount) for time, amount in goings])
        came = accumulate((arrival.time.earliest for arrival in reversed(chain)), min)
        self._after: list[_After] = []
        last = _After(_NOTHING, unmeasured=False, gone=_Sum(_NOTHING, 0, 0))
        for arrival, moment in zip(chain, reversed(list(came)), strict=True):
            gone = over.before(moment)
            amount, unmeasured = last.less(gone - last.gone)
            if arrival.sure:
                amount += arrival.amount or _NOTHING
                unmeasured = unmeasured or arrival.amount is None
            last = _After(amount, unmeasured, gone)
            self._after.append(last)
        self._all_gone = self._gone_before_others(chain)

    def _gone_before_others(self, chain: Sequence[Arrival]) -> list[bool]:
        """Of each arrival: whether all that was there may have gone before those came that it may have come before."""
        latest = [arrival.time.latest for arrival in chain]
        found: list[bool] = []
        for at, arrival in enumerate(chain):
            earlier = bisect_left(latest, arrival.time.earliest)
            found.append(earlier < at and self._may_be_gone(arrival, earlier))
        return found

    def _may_be_gone(self, arrival: Arrival, earlier: int) -> bool:
        """Whether all of an arrival, and of as many before it, may have gone by the time when it has surely come."""
        gone = self._over.before(arrival.time.earliest)
        amount, unmeasured = _NOTHING, False
        if earlier:
            before = self._after[earlier - 1]
            amount, unmeasured = before.less(gone - before.gone)
        came = arrival.amount if arrival.sure else _NOTHING
        there = _After(amount + (came or _NOTHING), unmeasured or came is None, gone)
        amount, unmeasured = there.less(self._begun.until(arrival.time.latest) - gone)
        return amount <= _NOTHING and not unmeasured

    def is_left(self, count: int, time: Interval, but: Going | None = None) -> bool:
        """Whether some of the first `count` arrivals is left at a time in every reading; `but` has not gone yet."""
        if self._all_gone[count - 1]:
            return False
        after = self._after[count - 1]
        gone = self._begun.until(time.latest) - after.gone
        if but is not None:
            gone -= _Sum(but[1] or _NOTHING, int(but[1] is None), 1)
        amount, unmeasured = after.less(gone)
        return amount > _NOTHING or unmeasured


class _Sums:
    """Sums over goings in order of a moment of each."""

    def __init__(self, amounts: Sequence[tuple[int, Decimal | None]]) -> None:
        ordered = sorted(amounts, key=lambda one: one[0])
        self._moments = [moment for moment, _ in ordered]
        self._sums = list(accumulate((amount or _NOTHING for _, amount in ordered), initial=_NOTHING))
        self._unknown = list(accumulate((amount is None for _, amount in ordered), initial=0))

    def before(self, moment: int) -> _Sum:
        """Those before a moment."""
        return self._sum(bisect_left(self._moments, moment))

    def until(self, moment: int) -> _Sum:
        """Those before a moment or at it."""
        return self._sum(bisect_right(self._moments, moment))

    def _sum(self, count: int) -> _Sum:
        return _Sum(self._sums[count], self._unknown[count], count)
