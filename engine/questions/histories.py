"""The lines of instances (rule 4). In: rows of `lines`. Out: of each its holdings, what it entered and what made it.

A line is every holding from which one of its ends is reached by flows among instance holdings: a path in the prefix
tree, or a few side by side where records leave the order open. All lines asked for are read with one walk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec
import numpy as np
import numpy.typing as npt

from engine.index import NONE, RECORDED_ONLY, Filters, above, below
from engine.questions.view import Numbers, Truths, View
from graph_schema.flow_graph import FlowKind, Grade
from graph_schema.interval import Interval


class Entered(msgspec.Struct, frozen=True):
    """A line went into a transformation or an ending, from a holding."""

    holding: int
    vertex: int
    grade: Grade
    time: Interval


class Step(msgspec.Struct, frozen=True):
    """A flow of the tree, and the holding at its other end."""

    edge: int
    holding: int
    departed: Interval
    cleaned: bool
    """It is the same thing, cleaned: what was on it goes no further (rule 13)."""


Steps = dict[int, list[Step]]


class Histories:
    """The lines of some instances, with the tree above their ends."""

    def __init__(self, view: View, lines: npt.ArrayLike) -> None:
        self.view = view
        self.lines = [int(row) for row in np.unique(np.asarray(lines, np.int64))]
        self.item = dict(zip(self.lines, view.index.lines["item"][self.lines].tolist(), strict=True))
        self.starts = self._members("starts")
        self.ends = self._members("ends")
        self.made_by = self._members("makings")
        self.entered = self._entries()
        self.before, self.after = self._tree()
        self.carried_before, self.carried_after = _uncleaned(self.before), _uncleaned(self.after)
        """The flows of the tree by which what was on a thing went with it."""
        self.sure = frozenset(np.flatnonzero(surely_held_on(view, self.lines)).tolist())
        """Holdings that are certain on every line through them."""
        self._known: dict[tuple[int, ...], frozenset[int]] = {}

    def _members(self, table: str) -> dict[int, tuple[int, ...]]:
        found: dict[int, list[int]] = defaultdict(list)
        rows = getattr(self.view.index, table)
        members = rows.where("line", self.lines)
        for line, vertex in zip(rows["line"][members].tolist(), rows["vertex"][members].tolist(), strict=True):
            found[line].append(vertex)
        return {line: tuple(vertices) for line, vertices in found.items()}

    def _entries(self) -> dict[int, tuple[Entered, ...]]:
        found: dict[int, list[Entered]] = defaultdict(list)
        table = self.view.index.entries
        rows = table.where("line", self.lines)
        rows = rows[self.view.rows[table["vertex"][rows]] != NONE]
        columns = [table[name][rows].tolist() for name in ("line", "holding", "vertex", "grade")]
        times = [self.view.column(f"arrived_{end}", columns[2]).tolist() for end in ("earliest", "latest")]
        for line, holding, vertex, grade, first, last in zip(*columns, *times, strict=True):
            found[line].append(Entered(holding, vertex, Grade(grade), Interval(first, last)))
        return {line: tuple(entries) for line, entries in found.items()}

    def _tree(self) -> tuple[Steps, Steps]:
        """Per holding above an end: the flows of the tree into it, and out of it."""
        ends = sorted({v for vertices in self.ends.values() for v in vertices})
        reached = above(self.view.index, ends, Filters(at=self.view.at)).reached if ends else ends
        edges = self.view.edges_in(reached)
        edges = edges[self.view.in_tree(edges)]
        before: Steps = defaultdict(list)
        after: Steps = defaultdict(list)
        ends_of = [self.view.edge(name, edges).tolist() for name in ("source", "target")]
        times = [self.view.left(end, edges).tolist() for end in ("earliest", "latest")]
        cleaned = (self.view.edge("kind", edges) == FlowKind.CLEANED).tolist()
        for edge, source, target, first, last, clean in zip(edges.tolist(), *ends_of, *times, cleaned, strict=True):
            before[target].append(Step(edge, source, Interval(first, last), clean))
            after[source].append(Step(edge, target, Interval(first, last), clean))
        return before, after

    def holdings(self, line: int) -> frozenset[int]:
        """Every holding of a line."""
        return self.up_from(self.ends.get(line, ()))

    def up_from(self, holdings: Iterable[int]) -> frozenset[int]:
        """These holdings and those before them."""
        key = tuple(holdings)
        if key not in self._known:
            self._known[key] = _climb(key, self.before)
        return self._known[key]

    def down_from(self, line: int, holdings: Iterable[int]) -> frozenset[int]:
        """These holdings of a line and those after them on it."""
        return _climb(tuple(holdings), self.after, self.holdings(line))

    def carried_to(self, line: int, holdings: Iterable[int]) -> frozenset[int]:
        """These holdings of a line and those after them to which it carried what was on it."""
        return _climb(tuple(holdings), self.carried_after, self.holdings(line))

    def carried_from(self, holdings: Iterable[int]) -> frozenset[int]:
        """These holdings and those before them from which it carried what was on it."""
        return _climb(tuple(holdings), self.carried_before)

    def place(self, holding: int) -> tuple[int, int]:
        """Site code and stay of a holding."""
        return int(self.view.column("site", [holding])[0]), int(self.view.column("stay", [holding])[0])

    def arrived(self, holding: int) -> Interval:
        """When what is in a holding came."""
        ends = [int(self.view.column(f"arrived_{end}", [holding])[0]) for end in ("earliest", "latest")]
        return Interval(*ends)

    def may_remain(self, line: int, holding: int) -> bool:
        """Whether a line ends in a holding, and may be there still: nothing tells surely what it went into."""
        gone = any(entry.grade == Grade.RECORDED for entry in self.entered.get(line, ()))
        return not gone and holding in self.ends.get(line, ())

    def left(self, line: int, holding: int) -> list[Interval]:
        """When the instance left a holding of its line: any of these; empty where nothing tells of it.

        What it may have left for a place in doubt is where it may have been to the end.
        """
        onward = self.holdings(line)
        departed = [step.departed for step in self.after.get(holding, ()) if step.holding in onward]
        if departed and holding not in self.ends.get(line, ()):
            return departed
        return departed + [e.time for e in self.entered.get(line, ()) if e.holding == holding]


def _climb(
    holdings: tuple[int, ...], steps: Mapping[int, list[Step]], within: frozenset[int] | None = None
) -> frozenset[int]:
    seen, waiting = set(holdings), list(holdings)
    while waiting:
        for step in steps.get(waiting.pop(), ()):
            if step.holding not in seen and (within is None or step.holding in within):
                seen.add(step.holding)
                waiting.append(step.holding)
    return frozenset(seen)


def _uncleaned(steps: Steps) -> Steps:
    return {holding: [step for step in some if not step.cleaned] for holding, some in steps.items()}


def surely_held_on(view: View, lines: npt.ArrayLike) -> Truths:
    """Per vertex: recorded flows reach it from where one of the lines surely starts, so it is sure on all of them."""
    starts = view.index.starts
    vertices = np.unique(starts["vertex"][starts.where("line", lines)])
    vertices = vertices[view.column("sure", vertices).astype(bool)]
    if not len(vertices):
        return np.zeros(view.index.vertex_count, bool)
    return below(view.index, vertices, Filters(grades=RECORDED_ONLY, at=view.at)).levels >= 0


def ends_of(view: View, lines: npt.ArrayLike) -> tuple[Numbers, Numbers]:
    """(line, holding): where lines end."""
    ends = view.index.ends
    rows = ends.where("line", lines)
    return ends["line"][rows].astype(np.int64), ends["vertex"][rows].astype(np.int64)


def lines_through(view: View, holdings: npt.ArrayLike) -> Numbers:
    """Rows of `lines` that lead through one of these instance holdings."""
    if not np.size(holdings):
        return np.empty(0, np.int64)
    under = below(view.index, holdings, Filters(at=view.at)).reached
    return lines_ending(view, under)


def lines_ending(view: View, holdings: npt.ArrayLike) -> Numbers:
    """Rows of `lines` that end in one of these holdings."""
    table = view.index.ends
    rows = view.index.line_rows(table, "vertex", holdings, view.at)
    return np.unique(np.asarray(table["line"][rows], np.int64))


def lines_entering(view: View, vertices: npt.ArrayLike) -> Numbers:
    """Rows of `entries` of lines that went into one of these transformations or endings."""
    return view.index.line_rows(view.index.entries, "vertex", vertices, view.at)


def lines_of(view: View, items: npt.ArrayLike) -> Numbers:
    """Rows of `lines` of these item codes, true at the position."""
    return view.index.live(view.index.lines, view.index.lines.where("item", items), view.at)
