"""The walks of a question, certain and possible (design §6). In: a question. Out: a `Reach` a direction.

Certain is what recorded flows alone reach from certain starts; possible is what all flows reach from all starts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.answer import Certainty, Direction
from engine.index import (
    EVERY_GRADE,
    HAZARD_KINDS,
    NONE,
    RECORDED_ONLY,
    Filters,
    Starts,
    Walk,
    kind_mask,
    passing,
)
from engine.index import Direction as Way
from engine.question import ContactMode, Options, Seed
from engine.questions.beginning import Asker, Beginning, begin
from engine.questions.view import View
from engine.questions.windows import since, until
from engine.stores.ports import Snapshot
from graph_schema.flow_graph import CONTACT_KINDS, FlowKind

_LAYERS = {
    ContactMode.NONE: HAZARD_KINDS,
    ContactMode.BY_PROFILE: HAZARD_KINDS | kind_mask([FlowKind.CONTACT_BY_PROFILE]),
    ContactMode.ALL: HAZARD_KINDS | kind_mask(CONTACT_KINDS),
}


@dataclass(frozen=True, slots=True, eq=False)
class Begun:
    """One beginning, and the position in the question of the seed it is of."""

    seed: int
    beginning: Beginning
    rule: int = NONE
    """Which mixing rule added it; NONE: it is the seed itself."""


@dataclass(frozen=True, eq=False)
class Reach:
    """What a question reaches in one direction."""

    view: View
    direction: Direction
    begun: list[Begun]
    """In order; the number of a start's seed is its place here."""
    starts: Starts
    filters: Filters
    possible: Walk
    certain: Walk
    bits: npt.NDArray[np.uint64] | None
    """Per vertex of `possible.reached`, which of `begun` reach it; None where there is but one."""

    @property
    def complete(self) -> bool:
        """False where a bound cut a walk: there may be more, or more may be certain."""
        return self.possible.complete and self.certain.complete

    @cached_property
    def followed(self) -> npt.NDArray[np.int64]:
        """Every edge that the walk followed, and those on the lines of the seeds' own instances, in order of level."""
        view, walk = self.view, self.possible
        own = {p.vertex for b in self.begun for p in b.beginning.presences}
        vertices = np.union1d(walk.reached.astype(np.int64), np.array(sorted(own), np.int64))
        edges = view.edges_out(vertices)
        edges = edges[np.isin(view.edge("target", edges), vertices) & self.passing(edges)]
        begun = self.starts.edges.astype(np.int64)
        edges = np.union1d(edges, begun[self.passing(begun)])
        level = np.maximum(walk.levels[view.edge("source", edges)], walk.levels[view.edge("target", edges)])
        return np.asarray(edges[np.lexsort((edges, level))])

    def passing(self, edges: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Per edge: the walk may follow it."""
        return passing(self.view.index, self.filters, edges)

    def begun_at(self, vertices: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64] | None:
        """Per vertex reached, which of `begun` reach it; None where there is but one."""
        if self.bits is None:
            return None
        place = np.empty(len(self.possible.levels), np.int64)
        place[self.possible.reached] = np.arange(len(self.possible.reached))
        return np.asarray(self.bits[place[vertices]])

    def left_out(self, vertices: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Per vertex: a what-if rule leaves it out."""
        numbers = np.asarray(vertices, np.int64)
        mask = self.filters.left_out_vertices
        return np.zeros(len(numbers), bool) if mask is None else np.asarray(mask[numbers])


def filters_of(options: Options, at: int) -> Filters:
    """What a walk with these options may follow, what-if rules apart."""
    return Filters(
        grades=RECORDED_ONLY if options.certainty is Certainty.CERTAIN else EVERY_GRADE,
        kinds=_LAYERS[options.contact],
        since=since(options.window),
        until=until(options.window),
        at=at,
        max_depth=options.max_depth,
    )


def begin_all(view: View, snapshot: Snapshot, seeds: tuple[Seed, ...], direction: Direction) -> list[Begun]:
    """Where every seed starts; raises `UnknownSeed`."""
    asker = Asker(view, snapshot, direction)
    return [Begun(at, beginning) for at, seed in enumerate(seeds) for beginning in begin(asker, seed)]


def reach_from(view: View, direction: Direction, begun: list[Begun], filters: Filters) -> Reach:
    """Walk from some beginnings."""
    way = Way.BACK if direction is Direction.BACK else Way.FORWARD
    starts = Starts.union([_numbered(b.beginning.starts, number) for number, b in enumerate(begun)])
    walk = view.walker.walk
    possible = walk(view.index, starts, filters, way)
    recorded = replace(filters, grades=RECORDED_ONLY)
    certain = possible if filters.grades == RECORDED_ONLY else walk(view.index, starts, recorded, way)
    bits = None
    if len(begun) > 1:
        bits = view.walker.seeds(view.index, starts, possible, filters, seed_count=len(begun))
    return Reach(view, direction, begun, starts, filters, possible, certain, bits)


def _numbered(starts: Starts, number: int) -> Starts:
    """The same starts as those of the seed of a number."""
    return replace(
        starts,
        vertex_seeds=np.full(len(starts.vertices), number, np.int32),
        edge_seeds=np.full(len(starts.edges), number, np.int32),
    )
