"""Reading an answer (design §3 and §6). In: a `Reach`. Out: items, sites and where each item was, as columns of codes.

Sites are those of the holdings reached. Items are read where the walk enters them: the lot of a lot's holding, and of
instances every line through a holding that the walk entered (back: the lines that went into what it came from).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from engine.answer import Direction
from engine.index import NONE, Filters, lineage
from engine.questions.histories import ends_of, lines_entering, lines_through, surely_held_on
from engine.questions.reach import Reach
from engine.questions.sightings import UNSURE, Sightings, Words, words_of
from engine.questions.view import Numbers, Truths
from graph_schema.flow_graph import FlowKind, Grade, Stay, VertexKind


@dataclass(frozen=True, slots=True, eq=False)
class Whereabouts:
    """Where items were, one row an item and a site; NONE is a place that no record names."""

    items: Numbers
    sites: Numbers
    certain: Truths

    @classmethod
    def of(cls, items: Numbers, sites: Numbers, certain: Truths) -> Whereabouts:
        """Each pair once, certain where one of its rows is."""
        # Codes stay below 2**31, so that a pair is one number.
        pairs, place = np.unique((items << 32) + sites + 1, return_inverse=True)
        surely = np.zeros(len(pairs), bool)
        surely[place[certain]] = True
        return cls(pairs >> 32, (pairs & (2**32 - 1)) - 1, surely)


class Reading:
    """What a reach means. Items and sites are read at once, where each item was when it is asked for."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.own = _own(reach)
        self.lots = _lots(reach)
        self.lines = _lines(reach)
        self.items = Sightings.union([self.own, self.lots, self.lines.items])
        """Codes are of items; a row a seed's presence, a lot's holding reached, or a line and where it was entered."""
        self.sites = self._sites()
        """Codes are of sites."""

    def _sites(self) -> Sightings:
        held = Sightings.union([self.own, self.lots, self.lines.holdings])
        site, stay = (self.reach.view.column(name, held.vertices) for name in ("site", "stay"))
        there = held.of(site).at_most_possible(stay != Stay.AT)
        return there.where(site != NONE)

    @cached_property
    def whereabouts(self) -> Whereabouts:
        """Where each item was."""
        column = self.reach.view.column
        both = Sightings.union([self.own, self.lots])
        items, vertices, certain = (
            np.concatenate(pair)
            for pair in zip((both.codes, both.vertices, both.certain), self.lines.pairs(), strict=True)
        )
        site, stay = column("site", vertices), column("stay", vertices)
        return Whereabouts.of(items, site, certain & ((stay == Stay.AT) | (site == NONE)))


def _seen(reach: Reach, codes: Numbers, vertices: Numbers, certain: Truths) -> Sightings:
    """Things at vertices that the walk reached."""
    depth = reach.possible.levels[vertices].astype(np.int64)
    rank = np.where(certain, reach.certain.levels[vertices], UNSURE + depth)
    return Sightings(codes, vertices, certain, depth, rank, np.zeros(len(codes), bool), reach.begun_at(vertices))


def _own(reach: Reach) -> Sightings:
    """The seeds' own items where they were."""
    rows = [(p.item, p.vertex, p.certain, n) for n, b in enumerate(reach.begun) for p in b.beginning.presences]
    columns = np.array(rows, np.int64).reshape(-1, 4)
    item, vertex, certain, begun = columns[~reach.left_out(columns[:, 1])].T
    surely, nowhere_else = certain.astype(bool), np.zeros(len(item), bool)
    rank = np.where(surely, 0, UNSURE)
    words = None if reach.bits is None else words_of(begun, len(reach.begun))
    return Sightings(item, vertex, surely, np.zeros(len(item), np.int64), rank, nowhere_else, words)


def _lots(reach: Reach) -> Sightings:
    """The lot of every lot's holding reached."""
    reached = reach.possible.reached.astype(np.int64)
    held = reach.view.of_lots(reached[reach.view.column("kind", reached) == VertexKind.HOLDING])
    return _seen(reach, reach.view.column("item", held), held, reach.certain.levels[held] >= 0)


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """The lines that a walk entered: a row of `items` for each line and holding where it was entered."""

    items: Sightings
    holdings: Sightings
    """Every holding of the lines that is in the answer, by the number of the entrance (`entrances`)."""
    entrances: Numbers
    """Per row of `items`: the number of its entrance."""

    def pairs(self) -> tuple[Numbers, Numbers, Truths]:
        """(item, vertex, certain): the holdings where each item was."""
        order = np.argsort(self.holdings.codes, kind="stable")
        codes = self.holdings.codes[order]
        first, after = (np.searchsorted(codes, self.entrances, side) for side in ("left", "right"))
        lengths = after - first
        rows = np.repeat(first - np.cumsum(lengths) + lengths, lengths) + np.arange(int(lengths.sum()))
        held = order[rows]
        return np.repeat(self.items.codes, lengths), self.holdings.vertices[held], self.holdings.certain[held]


def _lines(reach: Reach) -> _Lines:
    """The items of lines entered, and the holdings where they were from (or until) then."""
    entered = _entered_back(reach) if reach.direction is Direction.BACK else _entered_forward(reach)
    # Many lines enter at one holding: what leads there is read once.
    entrances, place = np.unique((entered.holdings << 1) + entered.certain, return_inverse=True)
    owner, vertices = lineage(reach.view.index, entrances >> 1, Filters(at=reach.view.at))
    reached = reach.possible.levels[vertices] >= 0
    owner, vertices = owner[reached], vertices[reached]
    certain = (entrances[owner] & 1 == 1) & (reach.certain.levels[vertices] >= 0) & entered.sure[vertices]
    held = _seen(reach, owner, vertices, certain)
    best, _, _ = held.folded(len(entrances))
    row = np.full(len(entrances), NONE, np.int64)
    row[best.codes] = np.arange(len(best))
    seen = row[place] != NONE
    items = best.where(row[place[seen]]).of(reach.view.index.lines["item"][entered.lines[seen]].astype(np.int64))
    if entered.begun is not None:
        items = replace(items, begun=entered.begun[seen])
    return _Lines(items, held, place[seen])


@dataclass(frozen=True, slots=True, eq=False)
class _Entered:
    """Lines, and holdings up to which they are in the answer; one row a line and a holding."""

    lines: Numbers
    holdings: Numbers
    certain: Truths
    """Whether the line surely was in the answer there."""
    sure: Truths
    """Per vertex: it is certain on the lines through it."""
    begun: Words | None = None
    """Which beginnings reach what the line went into; None: those that reach its holdings."""


def _entered_forward(reach: Reach) -> _Entered:
    """Lines through holdings that the walk reached, to their ends: it goes down every branch from where it enters."""
    lines = lines_through(reach.view, reach.view.of_instances(reach.possible.reached.astype(np.int64)))
    owners, ends = ends_of(reach.view, lines)
    return _Entered(owners, ends, np.ones(len(ends), bool), surely_held_on(reach.view, lines))


def _entered_back(reach: Reach) -> _Entered:
    """Lines that went into a transformation or ending reached, or through a holding left for what was reached."""
    columns = zip(_by_entry(reach), _by_flow(reach), strict=True)
    lines, holdings, recorded, into = (np.concatenate(pair) for pair in columns)
    reached = reach.possible.levels[holdings] >= 0
    lines, holdings, recorded, into = lines[reached], holdings[reached], recorded[reached], into[reached]
    sure = surely_held_on(reach.view, np.unique(lines))
    certain = recorded & (reach.certain.levels[holdings] >= 0) & sure[holdings]
    return _Entered(lines, holdings, certain, sure, reach.begun_at(into))


def _by_entry(reach: Reach) -> tuple[Numbers, Numbers, Truths, Numbers]:
    """(line, holding, recorded, into what) of lines that went into what was reached."""
    entries = reach.view.index.entries
    rows = lines_entering(reach.view, reach.possible.reached)
    certain = reach.certain.levels[entries["vertex"][rows]] >= 0
    recorded = (entries["grade"][rows] == Grade.RECORDED) & certain
    lines, holdings, into = (entries[name][rows].astype(np.int64) for name in ("line", "holding", "vertex"))
    return lines, holdings, recorded, into


def _by_flow(reach: Reach) -> tuple[Numbers, Numbers, Truths, Numbers]:
    """(line, holding, recorded, the holding) of all lines through one left for what was reached, but by an entry."""
    view = reach.view
    edges = view.edges_out(view.of_instances(reach.possible.reached.astype(np.int64)))
    edges = edges[~view.in_tree(edges) & ~np.isin(view.edge("kind", edges), (FlowKind.USE, FlowKind.END))]
    to_reached = reach.possible.levels[view.edge("target", edges)] >= 0
    edges = edges[(to_reached | np.isin(edges, reach.starts.edges)) & reach.passing(edges)]
    left = view.edge("source", edges)
    recorded = np.unique(left[view.edge("grade", edges) == Grade.RECORDED])
    owners, ends = ends_of(view, lines_through(view, np.unique(left)))
    owner, vertices = lineage(view.index, ends, Filters(at=view.at))
    through = np.isin(vertices, left)
    held = vertices[through]
    return owners[owner[through]], held, np.isin(held, recorded), held
