"""The order of one instance's records where their times overlap (design rule 15).

In: records of one instance. Out: groups in order of time; a group of one is in its place in every reading that needs
the fewest unrecorded moves, a group of several remains in doubt: its places feed each other.

Records whose times do not overlap keep their order. Of the orders of those that do, one that needs no unrecorded move
goes before one that does; ids break ties only between orders that lead through the same places.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.builder.believed import ways
from engine.builder.position import State, after_doubt, live
from engine.builder.precedence import must_precede
from engine.builder.records import Act, Packing, Record

Group = tuple[Record, ...]

_RANKS = {Packing.ADDS: 0, None: 1, Packing.TAKES: 2, Packing.EMPTIES: 3}
_LAST = {Act.UNPACK: 2, Act.END: 4}


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
        found = [] if open_anyway else ways(state, cluster, following)
        ordered = found[0] if len(found) == 1 else None
        groups.extend([(record,) for record in ordered] if ordered else [_as_one(cluster, found)])
        state = _after(state, ordered) if ordered else after_doubt(_after(state, cluster))
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
        (position, inside, around), _ = live(state, record)
        state = (None if _may_not_count(record) else position, inside, around)
    return state


def _packed_first(record: Record) -> tuple[int, int]:
    """In a group in doubt what is put into a container lives all of it; it is taken out, or ends with it, last."""
    rank = _LAST.get(record.act, _RANKS[record.packing])
    return rank, record.time.latest if rank > _RANKS[None] else 0


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
