"""The shortest chain of flows from one thing to another (design §6). In: two seeds, options. Out: `PathResult`.

The chain runs forward from the one to the other; where there is none, back from it. A chain of recorded flows alone is
taken before a shorter one that needs others. Where the one was at the other itself, so that no step joins them, the
chain is how it came there from where it began.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.answer import Certainty, Direction, PathResult
from engine.index import ARRAYS, Filters, FlowIndex, Walker, below
from engine.question import DEFAULTS, Options, Question, Seed
from engine.questions.flows import told_flows
from engine.questions.position import ledger_state, position_asked
from engine.questions.reach import Begun, Reach, begin_all, reach_from
from engine.questions.rules import reach_under_rules
from engine.questions.times import told_times
from engine.questions.view import Numbers, View
from engine.stores.ports import Snapshot
from graph_schema.flow_graph import Stay


def path(
    index: FlowIndex,
    snapshot: Snapshot,
    source: Seed,
    target: Seed,
    options: Options = DEFAULTS,
    walker: Walker = ARRAYS,
) -> PathResult:
    """The shortest chain from one thing to another; raises `UnknownSeed`."""
    view = View(index, position_asked(index, snapshot, options), walker)
    complete, found = True, None
    for direction in (Direction.FORWARD, Direction.BACK):
        goals = _vertices(begin_all(view, snapshot, (target,), direction))
        reach = reach_under_rules(view, snapshot, Question((source,), direction, options), direction)
        there = goals[_is_there(view, goals)]
        found = _joined(reach, there) or _joined(reach, goals)
        if found is not None and not found.edges:
            found = _walked(_from_where_it_began(reach), there) or found
        complete = complete and reach.complete
        if found is not None:
            break
    ledger = ledger_state(snapshot, view.at)
    if found is None:
        return PathResult(ledger, complete, None, None)
    flows = told_flows(view, found.edges)
    times = told_times(snapshot, {event for flow in flows for event in flow.events})
    return PathResult(ledger, True, flows, found.certainty, times)


@dataclass(frozen=True, slots=True)
class _Chain:
    edges: list[int]
    certainty: Certainty


def _vertices(begun: list[Begun]) -> Numbers:
    """Where the seed of some beginnings is."""
    starts = [b.beginning.starts.vertices.astype(np.int64) for b in begun]
    own = [p.vertex for b in begun for p in b.beginning.presences]
    return np.unique(np.concatenate([*starts, np.array(own, np.int64)]))


def _is_there(view: View, vertices: Numbers) -> npt.NDArray[np.bool_]:
    """Per vertex: not only on the way to where it is asked for."""
    return np.asarray(view.column("stay", vertices) == Stay.AT)


def _joined(reach: Reach, goals: Numbers) -> _Chain | None:
    return _on_own_line(reach, goals) or _walked(reach, goals)


def _walked(reach: Reach, goals: Numbers) -> _Chain | None:
    """The chain of a walk: by recorded flows alone where there is one."""
    for walked, certainty in ((reach.certain, Certainty.CERTAIN), (reach.possible, Certainty.POSSIBLE)):
        if _was_there(reach, goals, certainty):
            return _Chain([], certainty)
        reached = goals[walked.levels[goals] >= 0]
        if len(reached):
            nearest = int(reached[np.argmin(walked.levels[reached])])
            return _Chain(walked.path(reach.view.index, nearest), certainty)
    return None


def _was_there(reach: Reach, goals: Numbers, certainty: Certainty) -> bool:
    """Whether a seed itself, without a walk, is at a goal."""
    told = [p for b in reach.begun for p in b.beginning.presences if p.certain or certainty is Certainty.POSSIBLE]
    return bool(np.isin(goals, [presence.vertex for presence in told]).any())


def _from_where_it_began(reach: Reach) -> Reach:
    """The same walk from those starts alone that no flow of it comes into."""
    edges = reach.followed
    entered = reach.view.edge("source" if reach.direction is Direction.BACK else "target", edges)
    return reach_from(reach.view, reach.direction, [_not_at(begun, entered) for begun in reach.begun], reach.filters)


def _not_at(begun: Begun, vertices: Numbers) -> Begun:
    starts = begun.beginning.starts
    kept = ~np.isin(starts.vertices, vertices)
    fewer = replace(
        starts,
        vertices=starts.vertices[kept],
        vertex_grades=starts.vertex_grades[kept],
        vertex_seeds=starts.vertex_seeds[kept],
    )
    return replace(begun, beginning=replace(begun.beginning, starts=fewer))


def _on_own_line(reach: Reach, goals: Numbers) -> _Chain | None:
    """Where the line of the seed's own instance leads to the goal: the chain along it, in order of time."""
    view = reach.view
    presences = {p.vertex: p.certain for b in reach.begun for p in b.beginning.presences}
    shared = np.intersect1d(goals, np.array(sorted(presences), np.int64))
    shared = view.of_instances(shared)
    if not len(shared):
        return None
    own = np.array(sorted(presences), np.int64)
    edges = view.edges_in(own)
    later = view.edge("target", edges[view.in_tree(edges)])
    down = below(view.index, own[~np.isin(own, later)], Filters(at=view.at))
    nearest = int(shared[np.argmin(down.levels[shared])])
    certainty = Certainty.CERTAIN if presences[nearest] else Certainty.POSSIBLE
    return _Chain(down.path(view.index, nearest), certainty)
