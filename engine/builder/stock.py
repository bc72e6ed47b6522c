"""The stock of a lot at a site: one chain of holdings (design rule 3). In: arrivals, leavings. Out: flows, remains.

The holdings of a lot at a site are one stock, taken as mixed. They are a chain in order of arrival, each carried over
into the next; what leaves, leaves from the last holding that certainly arrived before it, and what may have arrived
before it feeds it `inferred`. Quantities decide only grades: a carry-over or a leaving is `recorded` while some is
left for sure, else `inferred`, and never cut.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate

from engine.builder.lot import Arrival, Leaving
from graph_schema.flow_graph import Flow, FlowKind, Grade
from graph_schema.interval import Interval

_NOTHING = Decimal(0)


class Stock:
    """The chain of one lot at one site, with what left it and what may have."""

    def __init__(
        self,
        arrivals: Sequence[Arrival],
        leavings: Sequence[Leaving],
        elsewhere: Sequence[tuple[Interval, Decimal | None]],
        untold: Sequence[tuple[Interval, Decimal | None]],
    ) -> None:
        """Goods may have left without a record here.

        `elsewhere` is what arrived at other sites and may have come from anywhere (9c); `untold` is what left, or was
        used, at an unknown place or under another name.
        """
        self.chain = sorted(arrivals, key=lambda a: (a.time.latest, a.time.earliest, a.event.id))
        self._latest = [arrival.time.latest for arrival in self.chain]
        came = (a.amount if a.sure and a.amount is not None else _NOTHING for a in self.chain)
        self._came = list(accumulate(came, initial=_NOTHING))
        self._unmeasured = any(a.sure and a.amount is None for a in self.chain)
        self._left_here = _Tally([(leaving.time, leaving.amount) for leaving in leavings])
        self._gone = _Tally([*((leaving.time, leaving.amount) for leaving in leavings), *untold])
        self._elsewhere = _Tally(elsewhere)

    def before(self, time: Interval) -> int:
        """How many of the chain certainly arrived before a time."""
        return bisect_left(self._latest, time.earliest)

    def maybe_before(self, time: Interval) -> Arrival | None:
        """The last of the chain that may have arrived before a time or at it."""
        return next((a for a in reversed(self.chain) if a.time.maybe_before(time)), None)

    def source_of(self, leaving: Leaving) -> tuple[Arrival | None, Grade]:
        """The holding a leaving is from, and whether some of it was left for sure; none: nothing was there."""
        count = self.before(leaving.time)
        if count == 0:
            return None, Grade.INFERRED
        gone, unknown, leavings = self._gone.before(leaving.time)
        gone -= leaving.amount or _NOTHING
        unknown -= leaving.amount is None
        left = leavings == 1 or (not unknown and self._came[count] > gone)
        sure = left and self.chain[count - 1].sure
        return self.chain[count - 1], Grade.RECORDED if sure else Grade.INFERRED

    def maybe_sources(self, leaving: Leaving) -> list[Arrival]:
        """What may have arrived before a leaving: of each run in the chain the last, which carries the others."""
        runs: list[Arrival] = []
        open_run = False
        for arrival in self.chain[self.before(leaving.time) :]:
            if arrival.time.maybe_before(leaving.time) and arrival.event.id != leaving.record.event.id:
                if open_run:
                    runs.pop()
                runs.append(arrival)
                open_run = True
            else:
                open_run = False
        return runs

    def carry_overs(self) -> list[Flow]:
        """From each holding of the chain into the next."""
        flows = []
        for at, (one, other) in enumerate(zip(self.chain, self.chain[1:], strict=False), start=1):
            grade = self._left(at, other.time)
            grade = grade if one.sure and other.sure else Grade.INFERRED
            departed = Interval(max(one.time.earliest, other.time.earliest), other.time.latest)
            flows.append(
                Flow(
                    one.vertex.id,
                    other.vertex.id,
                    FlowKind.CARRY_OVER,
                    grade,
                    (other.event.id,),
                    departed,
                    other.time,
                )
            )
        return flows

    def _left(self, count: int, time: Interval) -> Grade:
        gone, unknown, leavings = self._gone.before(time)
        away, away_unknown, arrivals = self._elsewhere.before(time)
        if not leavings and not arrivals:
            return Grade.RECORDED
        sure = not unknown and not away_unknown and self._came[count] > gone + away
        return Grade.RECORDED if sure else Grade.INFERRED

    def remains(self) -> Grade | None:
        """Whether some is left at the end of the records; what may have left another stock takes nothing surely."""
        always = Interval()
        grade = self._left(len(self.chain), always)
        gone, unknown, _ = self._left_here.before(always)
        if grade is Grade.INFERRED and not unknown and not self._unmeasured and gone >= self._came[-1]:
            return None
        return grade


class _Tally:
    """Sums over what may have happened before a time."""

    def __init__(self, amounts: Sequence[tuple[Interval, Decimal | None]]) -> None:
        ordered = sorted(amounts, key=lambda one: one[0].earliest)
        self._earliest = [time.earliest for time, _ in ordered]
        self._sums = list(accumulate((amount or _NOTHING for _, amount in ordered), initial=_NOTHING))
        self._unknown = list(accumulate((amount is None for _, amount in ordered), initial=0))

    def before(self, time: Interval) -> tuple[Decimal, int, int]:
        """Of what may have happened before a time: the sum, how many are of unknown amount, and how many there are."""
        count = bisect_right(self._earliest, time.latest)
        return self._sums[count], self._unknown[count], count
