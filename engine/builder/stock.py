"""The stock of a lot at a site: one chain of holdings (design rule 3). In: arrivals, leavings. Out: flows, remains.

The holdings of a lot at a site are one stock, taken as mixed. They are a chain in order of arrival, each carried over
into the next; what leaves, leaves from the last holding that certainly arrived before it, and what may have arrived
before it feeds it `inferred`. Quantities decide only grades: a carry-over or a leaving is `recorded` while some is
left for sure, else `inferred`, and never cut.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal

from engine.builder.least import Going, Least
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
        elsewhere: Sequence[Going],
        untold: Sequence[Going],
    ) -> None:
        """Goods may have left without a record here.

        `elsewhere` is what arrived at other sites and may have come from anywhere (9c); `untold` is what left, or was
        used, at an unknown place or under another name.
        """
        self.chain = sorted(arrivals, key=lambda a: (a.time.latest, a.time.earliest, a.event.id))
        self._latest = [arrival.time.latest for arrival in self.chain]
        self._leavings = leavings
        gone = [*((leaving.time, leaving.amount) for leaving in leavings), *untold]
        self._by_record = Least(self.chain, gone)
        self._even_if_elsewhere = Least(self.chain, [*gone, *elsewhere])

    def before(self, time: Interval) -> int:
        """How many of the chain certainly arrived before a time."""
        return bisect_left(self._latest, time.earliest)

    def maybe_before(self, time: Interval) -> Arrival | None:
        """The last of the chain that may have arrived before a time or at it."""
        return next((a for a in reversed(self.chain) if a.time.maybe_before(time)), None)

    def source_of(self, leaving: Leaving, *, alone: bool) -> tuple[Arrival | None, Grade]:
        """The holding a leaving is from, and whether some of it was left for sure; none: nothing was there.

        `alone`: nothing else can have been there, so that some was left, whatever may have come from here elsewhere.
        """
        count = self.before(leaving.time)
        if count == 0:
            return None, Grade.INFERRED
        least = self._by_record if alone else self._even_if_elsewhere
        sure = least.is_left(count, leaving.time, (leaving.time, leaving.amount))
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
        """From each holding of the chain into the next.

        One that a leaving opened since nothing surely was there before holds only perhaps what its time leaves open.
        """
        flows = []
        for at, (one, other) in enumerate(zip(self.chain, self.chain[1:], strict=False), start=1):
            grade = self._left(at, other.time)
            if other.vertex.role == "seen":
                grade = Grade.INFERRED
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
        return Grade.RECORDED if self._even_if_elsewhere.is_left(count, time) else Grade.INFERRED

    def remains(self) -> Grade | None:
        """Whether some is left at the end of the records."""
        grade = self._left(len(self.chain), Interval())
        return None if grade is Grade.INFERRED and self._at_most() == _NOTHING else grade

    def _at_most(self) -> Decimal | None:
        """The most that can be left at the end; None where that is open.

        What may have left before it came was then of other goods; only what surely left, under this name, counts.
        """
        if any(arrival.amount is None for arrival in self.chain):
            return None
        left = _NOTHING
        came = ((a.time.latest, True, a.amount or _NOTHING) for a in self.chain)
        went = ((d.time.earliest, False, d.amount or _NOTHING) for d in self._leavings if d.record.sure)
        for _, comes, amount in sorted((*came, *went)):
            left = left + amount if comes else max(left - amount, _NOTHING)
        return left
