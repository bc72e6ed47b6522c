"""The order of one instance's records where their times overlap (design rule 15).

In: records of one instance. Out: groups in order of time; a group of one is in its place in every reading that needs
the fewest unrecorded moves, a group of several remains in doubt: its places feed each other.

Records whose times do not overlap keep their order. Of the orders of those that do, one that needs no unrecorded move
goes before one that does; ids break ties only between orders that lead through the same places.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from engine.builder.records import Act, Record
from graph_schema.flow_graph import Stay

LARGEST_SEARCH = 10
"""Beyond so many overlapping records the orders are not searched: all of them remain in doubt."""

Position = tuple[str, str | None, str | None] | None
"""('at', site, None), ('way', destination, origin), ('gone', None, None), or None: nothing recorded yet."""

Group = tuple[Record, ...]


def arrange(records: Sequence[Record]) -> list[Group]:
    """Records in groups in order of time."""
    groups: list[Group] = []
    position: Position = None
    for cluster in _clusters(records):
        if len(cluster) == 1:
            position, _ = _step(position, cluster[0])
            groups.append((cluster[0],))
            continue
        ordered = _best_order(position, cluster)
        groups.extend([(record,) for record in ordered] if ordered else [tuple(cluster)])
        for record in ordered or cluster:
            position, _ = _step(position, record)
    return groups


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
    """True where no reading puts `other` before `one`: time says so, one container's order, or one event's own."""
    if one.time.surely_before(other.time):
        return True
    same_journey = one.container is not None and one.container == other.container
    if same_journey and (one.act is Act.LEG or other.act is Act.LEG or Act.UNPACK in (one.act, other.act)):
        return one.order < other.order
    if one.event.id == other.event.id:
        return _within_event(one) < _within_event(other)
    return False


def _within_event(record: Record) -> tuple[bool, int, int]:
    """A container moves what is in it first; what goes in and comes out of a transformation goes in first."""
    rework = record.order if record.act in (Act.USE, Act.MAKE) else 0
    return record.act is not Act.LEG, rework, int(record.act)


def _best_order(start: Position, cluster: list[Record]) -> list[Record] | None:
    """The order that needs the fewest unrecorded moves; None where several lead through different places."""
    if len(cluster) > LARGEST_SEARCH:
        return None
    count = len(cluster)
    before = [
        sum(1 << j for j in range(count) if j != i and must_precede(cluster[j], cluster[i])) for i in range(count)
    ]

    @cache
    def cheapest(done: int, position: Position) -> int:
        if done == (1 << count) - 1:
            return 0
        costs = [
            cost + cheapest(done | 1 << i, there)
            for i in range(count)
            if not done >> i & 1 and before[i] & ~done == 0
            for there, cost in [_step(position, cluster[i])]
        ]
        return min(costs, default=10**6)

    def orders(done: int, position: Position, told: list[int]) -> list[list[int]]:
        """At most a few of the cheapest orders, one for each way through different places."""
        if done == (1 << count) - 1:
            return [told]
        least = cheapest(done, position)
        ways: dict[tuple[Position, ...], list[int]] = {}
        for i in range(count):
            if done >> i & 1 or before[i] & ~done:
                continue
            there, cost = _step(position, cluster[i])
            if cost + cheapest(done | 1 << i, there) != least:
                continue
            for way in orders(done | 1 << i, there, [*told, i]):
                ways.setdefault(_places(start, [cluster[j] for j in way]), way)
                if len(ways) > 1:
                    return list(ways.values())
        return list(ways.values())

    found = orders(0, start, [])
    return [cluster[i] for i in found[0]] if len(found) == 1 else None


def _places(position: Position, records: list[Record]) -> tuple[Position, ...]:
    """The positions an order leads through, each once in a row, with what is packed, unpacked and used where."""
    places: list[Position] = []
    for record in records:
        position, _ = _step(position, record)
        if not places or places[-1] != position:
            places.append(position)
        if record.act in (Act.PACK, Act.UNPACK, Act.USE, Act.TOUCH):
            places.append((record.act.name, record.event.id, record.container))
    return tuple(places)


def _step(position: Position, record: Record) -> tuple[Position, int]:
    """Where a record leaves the instance, and how many unrecorded moves it needs from a position."""
    if record.act is Act.LEG:
        return _leg(position, record)
    place = record.place
    if record.act is Act.DEPART:
        cost = 0 if place is None else _cost_of_departing(position, place)
        origin = place or (position[1] if position and position[0] == "at" else None)
        return ("way", record.to, origin), cost
    if place is None:
        there = position
        cost = 3 if record.act is Act.MAKE and position is not None else 0
    else:
        there = ("at", place, None)
        cost = _cost_of_being(position, record, place)
    if record.act in (Act.USE, Act.END):
        there = ("gone", None, None)
    return there, cost


def _leg(position: Position, record: Record) -> tuple[Position, int]:
    """A container's leg moves what is in it, by record."""
    gone = 3 if position is not None and position[0] == "gone" else 0
    if record.stay is Stay.ON_THE_WAY:
        return ("way", record.place, None), gone
    return ("at", record.place, None), gone


def _cost_of_departing(position: Position, place: str) -> int:
    if position is None or position[:2] == ("at", place):
        return 0
    kind, where, origin = position
    if kind == "way":
        if origin == place:
            return 0
        return 1 if where in (place, None) else 2
    return 3 if kind == "gone" else 2


def _cost_of_being(position: Position, record: Record, place: str) -> int:
    if position is None:
        return 0
    kind, where, _ = position
    if kind == "gone" or record.act is Act.MAKE:
        return 3
    arrives = record.act is Act.ARRIVE
    if kind == "at":
        return 0 if where == place else (1 if arrives else 2)
    if where in (place, None):
        return 0 if arrives else 1
    return 1 if arrives else 2
