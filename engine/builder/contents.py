"""What a container holds of a lot, and where (design rule 5). In: holdings, one by one. Out: what comes out of them.

Goods in a container stand where it does. `here` is where they were last, surely or perhaps; where that is in doubt,
they come surely from the last place that is not, and perhaps from each since.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from graph_schema.flow_graph import Grade, Vertex
from graph_schema.interval import Interval


class Source(msgspec.Struct, frozen=True):
    """A holding that goods in a container come out of, how surely, and when they left it."""

    vertex: bytes
    grade: Grade
    departed: Interval


class Contents:
    """A lot in a container: how much, where, and whether surely."""

    def __init__(self) -> None:
        self.open: list[Vertex] = []
        """Where it has been since the container was last surely empty of it."""
        self.group: int | None = None
        """The group of the moment that it is told through."""
        self.clear()

    def clear(self) -> None:
        """Nothing of the lot is inside."""
        self.here: Vertex | None = None
        self.surely_there: Vertex | None = None
        """The last of the holdings that is not in doubt: what follows surely comes from it."""
        self.left: Interval | None = None
        """When it left that one for a place in doubt, if it did."""
        self.beside: list[Vertex] = []
        """Where it may have been on the way: places in doubt, or named as an arrival's source and by nothing else."""
        self.amount: Decimal | None = Decimal(0)
        self.sure = True
        """Whether something of the lot is still inside in every reading."""
        self.stood: list[Vertex] = []
        """Where it has been, one after another, through the moments of a group, whose order is open."""
        self.put_in = False
        """Whether a record that counts in every reading put it in."""
        self.open.clear()

    def add(self, more: Decimal | None) -> None:
        """Some more of it, None: nobody knows how much."""
        self.amount = None if more is None or self.amount is None else self.amount + more

    def take(self, taken: Decimal | None, *, surely: bool) -> None:
        """Some of it is out; what is left without a quantity is there perhaps."""
        if not surely:
            self.sure = False
        elif taken is None or self.amount is None:
            self.amount, self.sure = None, False
        elif taken >= self.amount:
            self.clear()
        else:
            self.amount -= taken

    def go_through(self, group: int | None) -> None:
        """A moment of a group, or of none, follows: it may be still wherever the group before led to."""
        if group != self.group:
            self.beside.extend(self.stood[:-1])
            self.stood, self.group = [], group

    def ends(self) -> list[Vertex]:
        """Where it may be at the end of the records, surely or perhaps at the first."""
        last = [self.here] if self.here is not None else []
        return list(dict.fromkeys([*last, *self.stood, *self.beside]))

    def stand(self, vertex: Vertex) -> None:
        """It is in a holding."""
        if self.group is not None:
            self.stood.append(vertex)
        self.here = vertex
        if vertex.sure:
            self.surely_there, self.left = vertex, None
        self.open.append(vertex)

    def sources(self, grade: Grade, time: Interval) -> tuple[Source, ...]:
        """What is inside is from the last holding that is sure, and perhaps from those in doubt since.

        `time` is when it left the last of them; when it left those before is open.
        """
        if self.here is None:
            return ()
        perhaps = [Source(one.id, Grade.INFERRED, departure_since(one, time)) for one in self.beside]
        if self.here.sure or self.surely_there is None:
            return (Source(self.here.id, grade if self.here.sure else Grade.INFERRED, time), *perhaps)
        sure = Source(self.surely_there.id, grade, self.left_surely_there(time))
        return (sure, Source(self.here.id, Grade.INFERRED, time), *perhaps)

    def left_surely_there(self, time: Interval) -> Interval:
        """When it left the place where it last surely was: as it set out for the first place in doubt, or later."""
        return time if self.left is None else time.hull(self.left)


def departure_since(vertex: Vertex, time: Interval) -> Interval:
    """When goods left a holding that they may have left at any time from their arrival there on."""
    return Interval(vertex.arrived.earliest, max(vertex.arrived.latest, time.latest))
