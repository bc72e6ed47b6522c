"""Parts of the lines of instances that a seed asks for. In: lines, and from where on. Out: starts and presences.

A question about instances follows their own lines and leaves them only through transformations they went into or came
from, contact, and the wider chain (design, *Reading an answer*): never into the branches of former companions. So the
walk starts with the flows that leave the lines, and the holdings on the lines are in the answer without a walk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import msgspec
import numpy as np

from engine.answer import Direction
from engine.index import Starts
from engine.question import Window
from engine.questions.histories import Entered, Histories
from engine.questions.loads import Content
from engine.questions.view import Numbers
from engine.questions.windows import graded_edges, since, until
from graph_schema.flow_graph import FlowKind, Grade, Stay


class Presence(msgspec.Struct, frozen=True):
    """An item of the seed at a holding, and whether it surely was there."""

    item: int
    vertex: int
    certain: bool


From = Callable[[int], Mapping[int, bool]]
"""Per line: the holdings from which on (forward) or up to which (back) it is asked for, and whether surely."""


@dataclass(frozen=True, slots=True)
class LineParts:
    """What of some lines is asked for."""

    starts: Starts
    presences: list[Presence]


def whole_lines(histories: Histories) -> From:
    """Every holding of every line."""
    return lambda line: {holding: holding in histories.sure for holding in histories.holdings(line)}


def in_window(histories: Histories, sites: frozenset[int] | None, window: Window) -> From:
    """Lines from where they were at a site (None: anywhere) in a window."""
    return lambda line: _qualified(histories, line, sites, window)


def from_holdings(histories: Histories, holdings: frozenset[int]) -> From:
    """Lines from (or up to) those of their holdings."""
    return lambda line: {h: h in histories.sure for h in histories.holdings(line) & holdings}


def riding(histories: Histories, contents: Iterable[Content], sites: frozenset[int] | None, window: Window) -> From:
    """Lines from where they were packed, or were at a site in their container; those in it in the window."""
    rides: dict[int, list[Content]] = defaultdict(list)
    for content in contents:
        rides[content.line].append(content)

    def origin(line: int) -> Mapping[int, bool]:
        found: dict[int, bool] = {}
        for content in rides[line]:
            for holding, surely in _ridden(histories, content, sites, window).items():
                found[holding] = found.get(holding, False) or surely
        return found

    return origin


def _ridden(histories: Histories, content: Content, sites: frozenset[int] | None, window: Window) -> dict[int, bool]:
    first, last = since(window), min(until(window), content.unpacked.latest)
    if last < first or content.packed.earliest > until(window):
        return {}
    in_time = content.packed.latest <= until(window) and content.unpacked.earliest >= first
    surely = content.sure and in_time
    within = _inside(histories, content)
    if sites is None and content.since is None:
        return {h: surely and certain for h, certain in within.items()}
    if content.since is not None:
        first = max(first, content.since.earliest)
    there = _qualified(histories, content.line, sites, Window(first, last))
    return {h: surely and certain and within[h] for h, certain in there.items() if h in within}


def _inside(histories: Histories, content: Content) -> dict[int, bool]:
    """The holdings in which an instance was in its container, and whether surely: from packing to unpacking."""
    found: dict[int, bool] = {}
    earlier = histories.up_from([content.holding])
    for holding in histories.down_from(content.line, [content.holding]):
        arrived = histories.arrived(holding)
        if holding == content.holding or arrived.earliest <= content.unpacked.latest:
            # Where the order is open, what came before it was packed may have been left by then.
            after = holding not in earlier or arrived.earliest >= content.packed.latest
            begins = holding == content.holding and content.packed.earliest <= content.unpacked.earliest
            in_time = begins or (after and arrived.latest <= content.unpacked.earliest)
            found[holding] = in_time and holding in histories.sure
    return found


def line_parts(histories: Histories, origin: From, direction: Direction, moment: int) -> LineParts:
    """Starts and presences of the parts of all lines; what left its line before `moment` is left out."""
    part = _Part(histories, direction, moment)
    for line in histories.lines:
        part.add(line, origin(line))
    return LineParts(part.starts(), part.presences)


class _Part:
    """Gathers, line by line, what is asked for."""

    def __init__(self, histories: Histories, direction: Direction, moment: int) -> None:
        self.histories = histories
        self.back = direction is Direction.BACK
        self.moment = moment
        self.presences: list[Presence] = []
        self.shown: dict[int, bool] = {}
        self.joined: dict[tuple[int, int], bool] = {}
        """Edges between a line and a transformation, as (source, target), and whether surely."""

    def add(self, line: int, origin: Mapping[int, bool]) -> None:
        """Take the part of a line from (or up to) its origin."""
        holdings = self._reach(line, origin)
        certain = self._surely_reached(line, [h for h, surely in origin.items() if surely])
        item = self.histories.item[line]
        for holding in sorted(holdings):
            self.presences.append(Presence(item, holding, holding in certain))
            self.shown[holding] = self.shown.get(holding, False) or holding in certain
        if self.back:
            self._add_making(line, holdings, certain)
        else:
            self._add_entries(line, holdings, certain)

    def _surely_reached(self, line: int, origin: list[int]) -> frozenset[int]:
        """Where it surely was from its origin on (or up to it); where the order is open, by time alone."""
        if not origin:
            return frozenset()
        reached = self._reach(line, origin) & self.histories.sure
        turned = self.histories.down_from(line, origin) if self.back else self.histories.up_from(origin)
        open_order = (reached & turned).difference(origin)
        if not open_order:
            return reached
        told = [self.histories.arrived(holding) for holding in origin]
        if self.back:
            last = max(time.earliest for time in told)
            return reached - {h for h in open_order if self.histories.arrived(h).latest >= last}
        first = min(time.latest for time in told)
        return reached - {h for h in open_order if self.histories.arrived(h).earliest <= first}

    def _reach(self, line: int, origin: Mapping[int, bool] | list[int]) -> frozenset[int]:
        if not origin:
            return frozenset()
        if self.back:
            return self.histories.carried_from(origin)
        return self.histories.carried_to(line, origin)

    def _add_entries(self, line: int, holdings: frozenset[int], certain: frozenset[int]) -> None:
        for entry in self.histories.entered.get(line, ()):
            if entry.holding in holdings and entry.time.latest >= self.moment:
                surely = entry.holding in certain and _surely_entered(entry, self.moment)
                self._join(entry.holding, entry.vertex, surely)

    def _add_making(self, line: int, holdings: frozenset[int], certain: frozenset[int]) -> None:
        for made_by in self.histories.made_by.get(line, ()):
            for made in holdings.intersection(self.histories.starts.get(line, ())):
                self._join(made_by, made, made in certain)

    def _join(self, source: int, target: int, surely: bool) -> None:
        self.joined[source, target] = self.joined.get((source, target), False) or surely

    def starts(self) -> Starts:
        """Starts with every flow by which the lines are left."""
        view, shown = self.histories.view, sorted(self.shown)
        edges = view.edges_in(shown) if self.back else view.edges_out(shown)
        edges = edges[~view.in_tree(edges)]
        taken, surely = self._taken(edges)
        return graded_edges(edges[taken & surely], edges[taken & ~surely])

    def _taken(self, edges: Numbers) -> tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], ...]:
        view = self.histories.view
        names = ("source", "target", "kind", "departed_earliest", "departed_latest")
        rows = zip(*(view.edge(name, edges).tolist() for name in names), strict=True)
        found = [self._judge(*row) for row in rows]
        return np.array([f is not None for f in found], bool), np.array([bool(f) for f in found], bool)

    def _judge(self, source: int, target: int, kind: int, first: int, last: int) -> bool | None:
        """Whether a flow is one of the seed's: surely, possibly or (None) not."""
        if kind in (FlowKind.USE, FlowKind.MAKE, FlowKind.END):
            return self.joined.get((source, target))
        if self.back:
            return self.shown[target]
        return None if last < self.moment else self.shown[source] and first >= self.moment


def _surely_entered(entry: Entered, moment: int) -> bool:
    return entry.grade == Grade.RECORDED and entry.time.earliest >= moment


def _qualified(histories: Histories, line: int, sites: frozenset[int] | None, window: Window) -> dict[int, bool]:
    """The holdings of a line at a site in which the instance was in a window, and whether surely."""
    found: dict[int, bool] = {}
    for holding in histories.holdings(line):
        place = _place(histories, holding, sites)
        if place is not None:
            there = _there(histories, line, holding, window)
            if there is not None:
                found[holding] = there and place
    return found


def _place(histories: Histories, holding: int, sites: frozenset[int] | None) -> bool | None:
    """Whether a holding is at a site: surely, possibly (at an unknown place, or on the way there), or (None) not."""
    if sites is None:
        return True
    named, stay = histories.place(holding)
    if named in sites:
        return stay == Stay.AT
    return False if named < 0 else None


def _there(histories: Histories, line: int, holding: int, window: Window) -> bool | None:
    """Whether the instance was at one of its holdings in a window: surely, possibly, or (None) surely not."""
    arrived = histories.arrived(holding)
    left = histories.left(line, holding)
    stays_on = not left or histories.may_remain(line, holding)
    if arrived.earliest > until(window):
        return None
    if arrived.latest < since(window) and not stays_on and all(t.latest < since(window) for t in left):
        return None
    surely = arrived.earliest >= since(window) or all(t.earliest >= since(window) for t in left)
    return surely and arrived.latest <= until(window) and holding in histories.sure
