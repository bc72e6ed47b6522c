"""Reading an answer (design §3 and §6). In: a `Reach`. Out: items, sites and where each item was, as codes.

Sites are those of the holdings reached. Items are read where the walk enters them: the lot of a lot's holding, and of
instances every line through a holding that the walk entered (back: the lines that went into what it came from).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.answer import Direction
from engine.index import NONE, Walk
from engine.questions.histories import Histories, lines_entering, lines_through
from engine.questions.reach import Reach
from engine.questions.view import Numbers
from graph_schema.flow_graph import FlowKind, Grade, Stay, VertexKind


@dataclass(slots=True)
class Found:
    """How a thing is in the answer: whether surely, how deep, and at which vertex (of the certain walk if certain)."""

    certain: bool
    depth: int
    vertex: int
    begun: set[int] = field(default_factory=set)
    """Which beginnings reach it."""
    in_transit: bool = False
    """A site that nothing but a shipment on its way reaches."""

    def is_better_than(self, other: Found) -> bool:
        """Surer, or as sure and nearer."""
        return (self.certain, -self.depth) > (other.certain, -other.depth)

    def join(self, other: Found) -> None:
        """Be both: the surer, the nearer."""
        if other.is_better_than(self):
            self.vertex = other.vertex
        self.certain = self.certain or other.certain
        self.depth = min(self.depth, other.depth)
        self.begun |= other.begun
        self.in_transit = self.in_transit and other.in_transit


@dataclass(slots=True)
class Reading:
    """Items and sites by code, pairs of them, and whether goods were at a place that no record names."""

    items: dict[int, Found] = field(default_factory=dict)
    sites: dict[int, Found] = field(default_factory=dict)
    pairs: dict[tuple[int, int], bool] = field(default_factory=dict)
    unknown_place: dict[int, bool] = field(default_factory=dict)
    """Items that were at a place no record names, and whether surely."""

    def add(self, item: int, site: int, stay: int, found: Found) -> None:
        """An item at (or on the way to) a site."""
        _join(self.items, item, found)
        if site == NONE:
            self.unknown_place[item] = self.unknown_place.get(item, False) or found.certain
            return
        there = found if stay == Stay.AT else _possible(found)
        _join(self.sites, site, there)
        self.pairs[item, site] = self.pairs.get((item, site), False) or there.certain


def _possible(found: Found) -> Found:
    return Found(False, found.depth, found.vertex, found.begun, in_transit=True)


def _join(things: dict[int, Found], code: int, found: Found) -> None:
    former = things.get(code)
    if former is None:
        things[code] = Found(found.certain, found.depth, found.vertex, set(found.begun), found.in_transit)
    else:
        former.join(found)


def read(reach: Reach) -> Reading:
    """What a reach means."""
    reading = Reading()
    _read_seeds(reach, reading)
    _read_lots(reach, reading)
    if reach.direction is Direction.BACK:
        _read_lines(reach, reading, _entered_back(reach))
    else:
        _read_lines(reach, reading, _entered_forward(reach))
    return reading


def _read_seeds(reach: Reach, reading: Reading) -> None:
    """The seeds' own items and sites, and where their instances were."""
    for number, begun in enumerate(reach.begun):
        presences = begun.beginning.presences
        vertices = [p.vertex for p in presences]
        kept = ~reach.left_out(vertices)
        places = zip(presences, *_places(reach, vertices), kept.tolist(), strict=True)
        for presence, site, stay, taken in places:
            if taken:
                reading.add(presence.item, site, stay, Found(presence.certain, 0, presence.vertex, {number}))


def _places(reach: Reach, vertices: list[int]) -> tuple[list[int], list[int]]:
    view = reach.view
    return view.column("site", vertices).tolist(), view.column("stay", vertices).tolist()


def _read_lots(reach: Reach, reading: Reading) -> None:
    """The lot of every lot's holding reached, by item, site and stay: the nearest of each, the certain first."""
    for walk, certain in ((reach.certain, True), (reach.possible, False)):
        held = _holdings(reach, walk)
        held = reach.view.of_lots(held)
        item, site, stay = (reach.view.column(name, held) for name in ("item", "site", "stay"))
        # One number a combination: codes stay below 2**31, sites below 2**30.
        _, first, group = np.unique((item << 32) + ((site + 1) << 1) + stay, return_index=True, return_inverse=True)
        begun = _begun_of(reach, held, group, len(first))
        vertices = held[first]
        columns = (item[first], site[first], stay[first], vertices, walk.levels[vertices])
        for row, seeds in zip(zip(*(c.tolist() for c in columns), strict=True), begun, strict=True):
            code, place, way, vertex, level = row
            reading.add(code, place, way, Found(certain, level, vertex, seeds))


def _holdings(reach: Reach, walk: Walk) -> Numbers:
    """Holdings that a walk reached, in order of level."""
    reached = walk.reached.astype(np.int64)
    return np.asarray(reached[reach.view.column("kind", reached) == VertexKind.HOLDING])


def _begun_of(reach: Reach, vertices: Numbers, group: Numbers, count: int) -> list[set[int]]:
    """Per group of vertices, which beginnings reach one of them."""
    if reach.bits is None:
        return [{0} for _ in range(count)]
    place = np.full(len(reach.possible.levels), -1, np.int64)
    place[reach.possible.reached] = np.arange(len(reach.possible.reached))
    bits = np.zeros((count, reach.bits.shape[1]), np.uint64)
    np.bitwise_or.at(bits, group, reach.bits[place[vertices]])
    return [_numbers(row) for row in bits]


def _numbers(row: np.ndarray[tuple[int], np.dtype[np.uint64]]) -> set[int]:
    return {column * 64 + bit for column, word in enumerate(row.tolist()) for bit in range(64) if word >> bit & 1}


@dataclass(frozen=True, slots=True)
class Entrances:
    """Where lines are entered: per line the holdings, and the surest grade at each."""

    histories: Histories
    at: Mapping[int, Mapping[int, bool]]


def _entered_forward(reach: Reach) -> Entrances:
    """Lines through holdings that the walk reached: it goes down every branch from where it enters."""
    reached = reach.view.of_instances(reach.possible.reached.astype(np.int64))
    histories = Histories(reach.view, lines_through(reach.view, reached))
    among = frozenset(reached.tolist())
    at: dict[int, dict[int, bool]] = {}
    known: dict[tuple[int, ...], dict[int, bool]] = {}
    for line in histories.lines:
        ends = histories.ends[line]
        if ends not in known:
            known[ends] = {v: _surely(reach, histories, v) for v in histories.up_from(ends) & among}
        at[line] = known[ends]
    return Entrances(histories, at)


def _surely(reach: Reach, histories: Histories, vertex: int) -> bool:
    """Reached by recorded flows, and certain on the lines through it."""
    return bool(reach.certain.levels[vertex] >= 0) and vertex in histories.sure


def _entered_back(reach: Reach) -> Entrances:
    """Lines that went into a transformation or ending reached, or through a holding left for what was reached."""
    found: dict[int, dict[int, bool]] = defaultdict(dict)
    for line, holding, recorded in [*_by_entry(reach), *_by_flow(reach)]:
        if reach.possible.levels[holding] >= 0:
            certain = recorded and bool(reach.certain.levels[holding] >= 0)
            found[line][holding] = found[line].get(holding, False) or certain
    histories = Histories(reach.view, list(found))
    for holdings in found.values():
        for holding in holdings:
            holdings[holding] = holdings[holding] and holding in histories.sure
    return Entrances(histories, found)


def _by_entry(reach: Reach) -> Iterable[tuple[int, int, bool]]:
    """(line, holding, recorded) of lines that went into what was reached."""
    entries = reach.view.index.entries
    rows = lines_entering(reach.view, reach.possible.reached)
    certain = reach.certain.levels[entries["vertex"][rows]] >= 0
    recorded = (entries["grade"][rows] == Grade.RECORDED) & certain
    columns = (entries["line"][rows], entries["holding"][rows], recorded)
    return zip(*(c.tolist() for c in columns), strict=True)


def _by_flow(reach: Reach) -> Iterable[tuple[int, int, bool]]:
    """(line, holding, recorded) of all lines through a holding left for what was reached, transformations apart."""
    view = reach.view
    reached = view.of_instances(reach.possible.reached.astype(np.int64))
    edges = view.edges_out(reached)
    edges = edges[~view.in_tree(edges) & ~np.isin(view.edge("kind", edges), (FlowKind.USE, FlowKind.END))]
    to_reached = reach.possible.levels[view.edge("target", edges)] >= 0
    edges = edges[(to_reached | np.isin(edges, reach.starts.edges)) & reach.passing(edges)]
    grades = view.edge("grade", edges).tolist()
    for source, grade in zip(view.edge("source", edges).tolist(), grades, strict=True):
        for line in lines_through(view, [source]).tolist():
            yield line, source, grade == Grade.RECORDED


def _read_lines(reach: Reach, reading: Reading, entrances: Entrances) -> None:
    """The items of lines entered, and the sites where they were from (or until) then."""
    histories = entrances.histories
    shown: dict[tuple[tuple[int, bool], ...], list[tuple[int, int, Found]]] = {}
    for line in histories.lines:
        at = entrances.at[line]
        key = tuple(sorted(at.items()))
        if key not in shown:
            shown[key] = _shown(reach, histories, at)
        for site, stay, found in shown[key]:
            reading.add(histories.item[line], site, stay, found)


def _shown(reach: Reach, histories: Histories, at: Mapping[int, bool]) -> list[tuple[int, int, Found]]:
    """Site, stay and how it was found, of each holding that lines entered at these holdings were in."""
    certain = frozenset(at)
    if reach.direction is Direction.BACK:
        holdings = sorted(v for v in histories.up_from(sorted(at)) if reach.possible.levels[v] >= 0)
        surely = histories.up_from(sorted(v for v, sure in at.items() if sure))
        certain = frozenset(v for v in surely if _surely(reach, histories, v))
    else:
        holdings = sorted(at)
        certain = frozenset(v for v, sure in at.items() if sure)
    begun = _begun_of(reach, np.array(holdings, np.int64), np.arange(len(holdings)), len(holdings))
    sites, stays = _places(reach, holdings)
    found = [Found(v in certain, _level(reach, v, v in certain), v, begun[n]) for n, v in enumerate(holdings)]
    return list(zip(sites, stays, found, strict=True))


def _level(reach: Reach, vertex: int, certain: bool) -> int:
    return int((reach.certain if certain else reach.possible).levels[vertex])
