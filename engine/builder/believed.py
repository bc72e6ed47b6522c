"""The orders of overlapping records that are to be believed (design rule 15, ADR 17).

In: the state before a cluster of records, the cluster, and the record after it. Out: at most two orders, each through
different places: one is believed, two leave the order open; none: not searched.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from engine.builder.position import ONE_LOSS, State, live
from engine.builder.precedence import must_precede
from engine.builder.records import Act, Record

Cost = tuple[int, int]
"""What an order costs, without what is forgiven and with it."""

NEVER: Cost = (10**6, 10**6)

LARGEST_SEARCH = 16
"""Beyond so many overlapping records the orders are not searched: all of them remain in doubt."""

LONGEST_SEARCH = 20_000
"""A search that has seen so many states is given up: all of its records remain in doubt."""


def ways(start: State, cluster: list[Record], following: list[Record]) -> list[list[Record]]:
    """The orders that are to be believed; where its container may have gone without it, only if it makes no odds."""
    ways = _believed(start, cluster, following)
    sure = [record for record in cluster if record.sure]
    if len(ways) != 1 or len(sure) == len(cluster):
        return ways
    without = _believed(start, sure, following)
    same = len(without) == 1 and [r for r in ways[0] if r.sure] == without[0]
    return ways if same else []


def _believed(start: State, cluster: list[Record], following: list[Record]) -> list[list[Record]]:
    """The orders that are to be believed, one for each way through different places, at most two; none: not searched.

    Orders in which nothing was lost go before all others. Failing these, of each movement one end may have been lost,
    and of each record its place, any number of times; what needs more than that is believed only where it must be.
    `following` is the record after the cluster, if any: an order must make sense of it too.
    """
    if len(cluster) > LARGEST_SEARCH:
        return []
    recorded = _Search(start, cluster, following, forgive=0).cheapest_ways(at_most=0)
    return recorded or _Search(start, cluster, following, forgive=ONE_LOSS).cheapest_ways()


class _Search:
    """The cheapest orders of a cluster: a search over which records are told already, and where that leaves it."""

    def __init__(self, start: State, cluster: list[Record], following: list[Record], *, forgive: int) -> None:
        self.start = start
        self.forgive = forgive
        self.following = following
        self.cluster = cluster
        self.all = (1 << len(cluster)) - 1
        self.before = [
            sum(1 << j for j, other in enumerate(cluster) if other is not record and must_precede(other, record))
            for record in cluster
        ]
        self.known: dict[tuple[int, State], Cost] = {}

    def _next(self, told: int, state: State) -> Iterator[tuple[int, State, Cost]]:
        """Each record that may be next, where it leads, and what the cheapest order that goes on with it costs."""
        for at, record in enumerate(self.cluster):
            if not told >> at & 1 and not self.before[at] & ~told:
                there, cost = live(state, record)
                yield at, there, self._more(cost, self._cheapest(told | 1 << at, there))

    def _more(self, cost: int, rest: Cost = (0, 0)) -> Cost:
        return (0 if cost <= self.forgive else cost) + rest[0], cost + rest[1]

    def _cheapest(self, told: int, state: State) -> Cost:
        if told == self.all:
            return next((self._more(live(state, record)[1]) for record in self.following), (0, 0))
        found = self.known.get((told, state))
        if len(self.known) > LONGEST_SEARCH:
            return 0, 0
        if found is None:
            found = self.known[told, state] = min((cost for _, _, cost in self._next(told, state)), default=NEVER)
        return found

    def cheapest_ways(self, at_most: int | None = None) -> list[list[Record]]:
        """The cheapest orders that lead through different places, at most two: more would say no more.

        None where the cheapest costs more than `at_most`, or the search is given up.
        """
        if at_most is not None and self._cheapest(0, self.start)[0] > at_most:
            return []
        ways: dict[tuple[object, ...], list[Record]] = {}
        waiting: list[tuple[int, State, tuple[int, ...]]] = [(0, self.start, ())]
        seen: set[tuple[int, State, tuple[object, ...]]] = set()
        while waiting and len(ways) < 2:
            told, state, order = waiting.pop()
            records = [self.cluster[at] for at in order]
            places = _places(self.start, records)
            if told == self.all:
                ways.setdefault(places, records)
            if told == self.all or (told, state, places) in seen:
                continue
            seen.add((told, state, places))
            least, _ = self._cheapest(told, state)
            if len(self.known) > LONGEST_SEARCH or len(seen) > LONGEST_SEARCH:
                return []
            # Of orders through the same places, the one that needs the fewest losses is told.
            found = [following for following in self._next(told, state) if following[2][0] == least]
            found.sort(key=itemgetter(2))
            waiting.extend((told | 1 << at, there, (*order, at)) for at, there, _ in reversed(found))
        return list(ways.values())


def _places(state: State, records: list[Record]) -> tuple[object, ...]:
    """What an order leads through: places, each once in a row, what is packed, unpacked and used at each; into what."""
    places: list[tuple[object, set[tuple[str, str | None]]]] = []
    for record in records:
        state, _ = live(state, record)
        position = state[0] and state[0][:3]
        if not places or places[-1][0] != position:
            places.append((position, set()))
        if record.packing is not None or record.act in (Act.PACK, Act.UNPACK, Act.USE, Act.TOUCH):
            places[-1][1].add((record.event.id, record.container))
    return *((position, frozenset(done)) for position, done in places), state[2], _passed_on(records)


def _passed_on(records: list[Record]) -> tuple[object, ...]:
    """What was on it of what it had touched whenever it touched something else, and is at last (rule 13)."""
    on_it: frozenset[str] = frozenset()
    given: set[tuple[str, frozenset[str]]] = set()
    for record in records:
        if any(not touch.gives for touch in record.touches):
            on_it |= {record.event.id}
        if any(touch.gives for touch in record.touches):
            given.add((record.event.id, on_it))
        if record.act is Act.CLEAN:
            on_it = frozenset({record.event.id})
    return frozenset(given), on_it
