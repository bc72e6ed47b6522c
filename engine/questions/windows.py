"""The windowed seed (design §6). In: holdings and a window. Out: the holdings and the flows it starts at.

Goods were there in a window where they came at or before its end and left, or stay, at or after its beginning.
Forward, a holding that arrived in the window starts whole; one that arrived earlier starts only at its flows that
departed in the window or later. Back, the mirror of it, every holding that arrived at or before the window's end and
was not left before its beginning starts whole, since all that flows into a holding arrived when it did.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.index import Starts
from engine.question import Window
from engine.questions.view import Numbers, Truths, View
from graph_schema.flow_graph import Grade
from graph_schema.interval import BEGINNING, END


@dataclass(frozen=True, slots=True)
class Stays:
    """Holdings of lots asked for in a window, and what the window makes of each."""

    holdings: Numbers
    there: Truths
    """Goods may have been there in the window."""
    surely_there: Truths
    """They were, in every reading."""


def since(window: Window) -> int:
    """The first moment of a window."""
    return BEGINNING if window.since is None else window.since


def until(window: Window) -> int:
    """The last moment of a window."""
    return END if window.until is None else window.until


def stays_in(view: View, holdings: Numbers, window: Window, sure: Truths) -> Stays:
    """What of these holdings of lots was there in a window; `sure`: where goods surely were, at some time."""
    first, last = view.column("arrived_earliest", holdings), view.column("arrived_latest", holdings)
    left = _left_after(view, holdings, since(window))
    came = first <= until(window)
    there = came & ((last >= since(window)) | left.maybe)
    surely = sure & (last <= until(window)) & ((first >= since(window)) | left.surely)
    return Stays(holdings, there, surely)


@dataclass(frozen=True, slots=True)
class _Left:
    maybe: Truths
    surely: Truths


def _left_after(view: View, holdings: Numbers, moment: int) -> _Left:
    """Per holding: something departs from it at or after a moment, or is still there."""
    remains = view.column("remains", holdings)
    edges = view.edges_out(holdings)
    late = edges[view.left("latest", edges) >= moment]
    surely_late = late[(view.left("earliest", late) >= moment) & (view.edge("grade", late) == Grade.RECORDED)]
    maybe = np.isin(holdings, view.edge("source", late)) | (remains >= 0)
    surely = np.isin(holdings, view.edge("source", surely_late)) | (remains == Grade.RECORDED)
    return _Left(maybe, surely)


def starts_forward(view: View, holdings: Numbers, window: Window, sure: Truths) -> Starts:
    """Starts of a forward walk from what was at these holdings in a window."""
    first, last = view.column("arrived_earliest", holdings), view.column("arrived_latest", holdings)
    came, surely_came = first <= until(window), sure & (last <= until(window))
    whole = came & (last >= since(window))
    surely_whole = surely_came & (first >= since(window))
    part = came & ~surely_whole
    edges = view.edges_out(holdings[part])
    edges = edges[view.left("latest", edges) >= since(window)]
    surely_left = view.left("earliest", edges) >= since(window)
    surely_left &= np.isin(view.edge("source", edges), holdings[surely_came])
    return Starts.union(
        [
            graded(holdings[surely_whole], holdings[whole & ~surely_whole]),
            graded_edges(edges[surely_left], edges[~surely_left]),
        ]
    )


def starts_back(view: View, stays: Stays, window: Window) -> Starts:
    """Starts of a back walk from what was there in a window; what touched the goods after it is left out."""
    edges = view.edges_in(stays.holdings[stays.there])
    touched_later = view.edge("target", edges[view.edge("arrived_latest", edges) > until(window)])
    part = np.isin(stays.holdings, touched_later)
    edges = edges[np.isin(view.edge("target", edges), stays.holdings[part])]
    edges = edges[view.edge("arrived_earliest", edges) <= until(window)]
    surely = view.edge("arrived_latest", edges) <= until(window)
    surely &= np.isin(view.edge("target", edges), stays.holdings[stays.surely_there])
    certain = stays.holdings[stays.surely_there & ~part]
    possible = stays.holdings[stays.there & ~stays.surely_there & ~part]
    return Starts.union([graded(certain, possible), graded_edges(edges[surely], edges[~surely])])


def graded(certain: Numbers, possible: Numbers) -> Starts:
    """Starts at vertices."""
    return Starts.union(
        [
            Starts.of(certain, grade=Grade.RECORDED),
            Starts.of(possible, grade=Grade.INFERRED),
        ]
    )


def graded_edges(certain: Numbers, possible: Numbers) -> Starts:
    """Starts with flows."""
    return Starts.union(
        [
            Starts.of(edges=certain, grade=Grade.RECORDED),
            Starts.of(edges=possible, grade=Grade.INFERRED),
        ]
    )


def doubtful(starts: Starts) -> Starts:
    """The same starts, none of them certain."""
    return replace(
        starts,
        vertex_grades=np.full(len(starts.vertices), Grade.INFERRED, np.uint8),
        edge_grades=np.full(len(starts.edges), Grade.INFERRED, np.uint8),
    )
