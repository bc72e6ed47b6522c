"""The order of one instance's records where their times overlap (design rule 15).

In: records of one instance. Out: groups in order of time; a group of one is in its place in every reading that needs
the fewest unrecorded moves, a group of several remains in doubt: its places feed each other.

Records whose times do not overlap keep their order. Of the orders of those that do, one that needs no unrecorded move
goes before one that does; ids break ties only between orders that lead through the same places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.builder.journey import of_container
from engine.builder.records import Act, Packing, Record, same_event
from graph_schema.flow_graph import Stay

ONE_END = 1
"""What a movement costs of which one end, the departure or the arrival, was not recorded; more: both ends."""

LARGEST_SEARCH = 16
"""Beyond so many overlapping records the orders are not searched: all of them remain in doubt."""

LONGEST_SEARCH = 20_000
"""A search that has seen so many states is given up: all of its records remain in doubt."""

_NONE: frozenset[str] = frozenset()

Position = tuple[str, str | None, str | None, frozenset[str]] | None
"""('at', site, of an unknown one where it came from), ('way', destination, origin), ('gone', None, None), or None:
nothing recorded yet; each with the consignments that the record which led there names."""

SOMEWHERE: Position = ("at", None, None, _NONE)
"""Not on the way, and no record names the place."""

_HANDLED = frozenset({Act.PACK, Act.UNPACK, Act.USE, Act.TOUCH, Act.END})
"""Acts on what is not on the way."""

State = tuple[Position, frozenset[str], str | None]
"""Where it is, what may be in it, and what it is in."""

Group = tuple[Record, ...]


def arrange(records: Sequence[Record]) -> list[Group]:
    """Records in groups in order of time."""
    groups: list[Group] = []
    state: State = (None, frozenset(), None)
    clusters = _clusters(records)
    for at, cluster in enumerate(clusters):
        if len(cluster) == 1:
            groups.append((cluster[0],))
            state = _after(state, cluster)
            continue
        following = [record for later in clusters[at + 1 : at + 2] for record in later[:1] if record.act is not Act.LEG]
        open_anyway = any(map(_may_not_count, cluster)) or _left_open(cluster)
        ways = [] if open_anyway else _ways(state, cluster, following)
        ordered = ways[0] if len(ways) == 1 else None
        groups.extend([(record,) for record in ordered] if ordered else [_as_one(cluster, ways)])
        state = _after(state, ordered or cluster)
    return groups


def _may_not_count(record: Record) -> bool:
    """Whether the record itself is in doubt (rule 14), not just a leg that its container may have gone without it."""
    return not record.sure and record.act is not Act.LEG


def _left_open(cluster: Sequence[Record]) -> bool:
    """Whether the journey of its container leaves open in which order that went through places."""
    legs = {(leg.container, leg.group, leg.event.id) for leg in cluster if leg.act is Act.LEG and leg.group is not None}
    return len({(container, group) for container, group, _ in legs}) < len(legs)


def _after(state: State, records: Sequence[Record]) -> State:
    """Where records leave the instance; nothing is known of its place after one that may not count."""
    for record in records:
        (position, inside, around), _ = _live(state, record)
        state = (None if _may_not_count(record) else position, inside, around)
    return state


def _packed_first(record: Record) -> int:
    """In a group in doubt what is put into a container lives all of it; it is taken out, or ends with it, last."""
    if record.packing is Packing.ADDS:
        return 0
    if record.act is Act.END:
        return 3
    return 2 if record.packing is not None else 1


def _as_one(cluster: list[Record], ways: list[list[Record]]) -> Group:
    """A group in doubt, told in an order that is possible at least: what must precede, precedes."""
    places = [{id(record): at for at, record in enumerate(way)} for way in ways]

    def precedes(one: Record, other: Record) -> bool:
        if must_precede(one, other):
            return True
        # The same thing taken and put in again: in the order of every way.
        again = bool(one.children & other.children) and bool(places)
        return again and all(place[id(one)] < place[id(other)] for place in places)

    waiting = sorted(cluster, key=_packed_first)
    told: list[Record] = []
    while waiting:
        free = (r for r in waiting if not any(precedes(other, r) for other in waiting if other is not r))
        following = next(free, waiting[0])
        waiting.remove(following)
        told.append(following)
    return tuple(told)


def _rank(record: Record) -> tuple[int, int, int, int, str, int]:
    time = record.time
    return time.earliest, time.latest, int(record.act), record.order, record.event.id, int(record.stay)


def _clusters(records: Sequence[Record]) -> list[list[Record]]:
    """Maximal runs of records whose times overlap, each sorted."""
    clusters: list[list[Record]] = []
    latest = 0
    for record in sorted(records, key=_rank):
        if clusters and record.time.earliest <= latest:
            clusters[-1].append(record)
            latest = max(latest, record.time.latest)
        else:
            clusters.append([record])
            latest = record.time.latest
    return clusters


def must_precede(one: Record, other: Record) -> bool:
    """True where no reading puts `other` before `one`: time says so, a consignment, a container, or one event's own."""
    if one.time.surely_before(other.time):
        return True
    if one.act is Act.DEPART and other.act is Act.ARRIVE and one.consignments & other.consignments:
        return one.time.maybe_before(other.time)
    if _in_one_journey(one, other) and {Act.LEG, Act.UNPACK} & {one.act, other.act}:
        return one.order < other.order
    if same_event(one.event, other.event):
        return _within_event(one) < _within_event(other)
    return False


def _in_one_journey(one: Record, other: Record) -> bool:
    """Whether a container's journey tells which came first: not for moments whose order it leaves open itself."""
    if one.container is None or one.container != other.container:
        return False
    return one.group is None or one.group != other.group or same_event(one.event, other.event)


def _within_event(record: Record) -> tuple[bool, int, int]:
    """A container moves what is in it first; what goes in and comes out of a transformation goes in first."""
    rework = record.order if record.act in (Act.USE, Act.MAKE) else 0
    return record.act is not Act.LEG, rework, int(record.act)


def _ways(start: State, cluster: list[Record], following: list[Record]) -> list[list[Record]]:
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
    any number of times; what needs more than that is believed only where it must be. `following` is the record after
    the cluster, if any: an order must make sense of it too.
    """
    if len(cluster) > LARGEST_SEARCH:
        return []
    recorded = _Search(start, cluster, following, forgive=0).cheapest_ways(at_most=0)
    return recorded or _Search(start, cluster, following, forgive=ONE_END).cheapest_ways()


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
        self.known: dict[tuple[int, State], int] = {}

    def _next(self, told: int, state: State) -> Iterator[tuple[int, State, int]]:
        for at, record in enumerate(self.cluster):
            if not told >> at & 1 and not self.before[at] & ~told:
                there, cost = _live(state, record)
                yield at, there, self._counted(cost)

    def _counted(self, cost: int) -> int:
        return 0 if cost <= self.forgive else cost

    def _cheapest(self, told: int, state: State) -> int:
        if told == self.all:
            return sum(self._counted(_live(state, record)[1]) for record in self.following)
        found = self.known.get((told, state))
        if len(self.known) > LONGEST_SEARCH:
            return 0
        if found is None:
            costs = [cost + self._cheapest(told | 1 << at, there) for at, there, cost in self._next(told, state)]
            found = self.known[told, state] = min(costs, default=10**6)
        return found

    def cheapest_ways(self, at_most: int | None = None) -> list[list[Record]]:
        """The cheapest orders that lead through different places, at most two: more would say no more.

        None where the cheapest costs more than `at_most`, or the search is given up.
        """
        if at_most is not None and self._cheapest(0, self.start) > at_most:
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
            least = self._cheapest(told, state)
            if len(self.known) > LONGEST_SEARCH or len(seen) > LONGEST_SEARCH:
                return []
            following = [
                (told | 1 << at, there, (*order, at))
                for at, there, cost in self._next(told, state)
                if cost + self._cheapest(told | 1 << at, there) == least
            ]
            waiting.extend(reversed(following))
        return list(ways.values())


def _places(state: State, records: list[Record]) -> tuple[object, ...]:
    """What an order leads through: places, each once in a row, what is packed, unpacked and used at each; into what."""
    places: list[tuple[object, set[tuple[str, str | None]]]] = []
    for record in records:
        state, _ = _live(state, record)
        position = state[0] and state[0][:3]
        if not places or places[-1][0] != position:
            places.append((position, set()))
        if record.packing is not None or record.act in (Act.PACK, Act.UNPACK, Act.USE, Act.TOUCH):
            places[-1][1].add((record.event.id, record.container))
    return *((position, frozenset(done)) for position, done in places), state[2]


def _live(state: State, record: Record) -> tuple[State, int]:
    """Where a record leaves the instance, and how many records must have been lost for it to happen there."""
    position, inside, around = state
    if of_container(record) and around != record.container:
        return state, 0
    there, cost = _step(position, record)
    around, more = _ride(around, record)
    cost += more
    if record.packing is Packing.ADDS:
        cost += 2 * bool(record.whole & inside)
        inside |= record.children
    elif record.packing is Packing.TAKES:
        cost += 2 * (not record.children <= inside)
        inside -= record.whole
    elif record.packing is Packing.EMPTIES:
        cost += 2 * (not inside)
        inside = frozenset()
    return (there, inside, around), cost


def _ride(around: str | None, record: Record) -> tuple[str | None, int]:
    """What it is in after a record; what a container does to it costs where it is not in that container."""
    if record.act is Act.PACK:
        return record.container, 0
    if record.act is Act.LEG:
        return around, 0 if around == record.container else 2
    if record.act is Act.UNPACK:
        return None, 0 if around == record.container else 2
    alone = record.act in (Act.DEPART, Act.USE, Act.END) and record.container != around
    if alone and not any(what.item == around for what in record.event.whats):
        return None, 0
    return around, 0


def _step(position: Position, record: Record) -> tuple[Position, int]:
    """Where a record leaves the instance, and how many unrecorded moves it needs from a position."""
    if record.act is Act.LEG:
        return _leg(position, record)
    place = record.place
    if record.act is Act.DEPART:
        origin = place or (position[1] if position and position[0] == "at" else None)
        return ("way", record.to, origin, record.consignments), _cost_of_departing(position, record)
    if place is None:
        there, cost = _somewhere(position, record)
    else:
        there = ("at", place, None, _came_with(position, record))
        cost = _cost_of_being(position, record, place)
    if record.act in (Act.USE, Act.END) and not record.partly:
        there = ("gone", None, None, _NONE)
    return there, cost


def _came_with(position: Position, record: Record) -> frozenset[str]:
    """The consignments with which it came to where a record finds it, as far as records name them."""
    if record.act is Act.ARRIVE:
        return record.consignments
    return position[3] if position is not None and position[0] == "at" else _NONE


def _comes_otherwise(position: Position, record: Record) -> bool:
    """Whether no record shows that an arrival is of the consignment with which it came or was sent to where it is.

    Then it may have moved in between.
    """
    if position is None or record.act is not Act.ARRIVE or position[3] & record.consignments:
        return False
    kind, _, _, known = position
    return kind == "at" or known != record.consignments


def _leg(position: Position, record: Record) -> tuple[Position, int]:
    """A container's leg moves what is in it, by record; one that sets out does so from where it is."""
    gone = 3 if position is not None and position[0] == "gone" else 0
    if record.stay is Stay.ON_THE_WAY:
        origin = position[1] if position is not None and position[0] == "at" else None
        return ("way", record.place, origin, _NONE), gone
    return ("at", record.place, None, _NONE), gone


def _somewhere(position: Position, record: Record) -> tuple[Position, int]:
    """Where a record without a place finds the instance: where it was, but an arrival or a handling ends the way."""
    if position is None:
        # What arrives left somewhere, and no record says so.
        arrives = record.act is Act.ARRIVE
        return ("at", None, record.source if arrives else None, _came_with(position, record)), ONE_END * arrives
    kind = position[0]
    if kind == "gone" or record.act is Act.MAKE:
        return position, 3
    if record.act is Act.ARRIVE:
        return ("at", None, record.source, record.consignments), int(kind == "at")
    handled = record.packing is not None or record.act in _HANDLED
    return (SOMEWHERE, 1) if handled and kind == "way" else (position, 0)


def _cost_of_departing(position: Position, record: Record) -> int:
    place = record.place
    if position is None:
        return 0
    kind, where, origin, _ = position
    if kind == "gone":
        return 3
    if kind == "way":
        if origin == place:
            return 0
        return 1 if None in (where, place) or where == place else 2
    if place is None:
        # Nothing is shipped to where it is: it was elsewhere in between.
        return 2 * (where is not None and where == record.to)
    return 0 if _may_be(position, place) else 2


def _may_be(position: tuple[str, str | None, str | None, frozenset[str]], place: str) -> bool:
    """Whether what is at a site may be at this one: an unknown site is not the one it came from."""
    _, where, source, _ = position
    return where == place or (where is None and source != place)


def _cost_of_being(position: Position, record: Record, place: str) -> int:
    if position is None:
        return ONE_END * (record.act is Act.ARRIVE)
    kind, where, _, _ = position
    if kind == "gone" or record.act is Act.MAKE:
        return 3
    arrives = record.act is Act.ARRIVE
    moved = int(_comes_otherwise(position, record))
    if kind == "at":
        return moved if _may_be(position, place) else (1 if arrives else 2)
    if where in (place, None):
        return moved if arrives else 1
    return 1 if arrives else 2
