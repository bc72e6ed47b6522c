"""Evidence, tiers and paths against a plain search over the flows of random thinned worlds."""

from __future__ import annotations

from collections import defaultdict
from heapq import heappop, heappush

import pytest

from engine.answer import Certainty, Direction
from engine.index import EVERY_GRADE, NONE, RECORDED_ONLY
from engine.path import path
from engine.question import Question, Seed
from engine.questions.chain import chain
from engine.questions.reach import Reach, begin_all
from engine.questions.rules import reach_under_rules
from engine.questions.view import View
from engine.recall import recall_scope
from graph_schema.flow_graph import FlowKind, Grade, Stay, VertexKind
from tests.questions.asked_world import AskedWorld, asked_world, seeds_of

WORLDS = [60_004, 60_101, 60_116, 60_124, 60_129, 60_133]


def _reach(asked: AskedWorld, seed: Seed) -> Reach:
    view = View(asked.index, asked.index.position)
    return reach_under_rules(view, asked.snapshot, Question((seed,)), Direction.FORWARD)


def _steps(reach: Reach, *, certain: bool) -> dict[int, int]:
    """Vertex → the fewest flows from where the seed starts, by recorded ones alone where certain; 0 where it was."""
    edges = reach.view.index.edges
    onward: dict[int, list[int]] = defaultdict(list)
    for edge in range(reach.view.index.edge_count):
        if edges["kind"][edge] != FlowKind.CONTACT and not (certain and edges["grade"][edge]):
            onward[int(edges["source"][edge])].append(int(edges["target"][edge]))
    begun = reach.starts.among(RECORDED_ONLY if certain else EVERY_GRADE, range(len(reach.begun)))
    reached = {int(vertex): 0 for vertex in begun.vertices}
    first = [int(edges["target"][edge]) for edge in begun.edges]
    here, level = list(reached), 0
    while here or first:
        level += 1
        fresh = [t for v in here for t in onward[v]] + first
        here, first = [v for v in dict.fromkeys(fresh) if v not in reached], []
        reached |= dict.fromkeys(here, level)
    own = (p for one in reach.begun for p in one.beginning.presences if p.certain or not certain)
    return reached | {p.vertex: 0 for p in own}


def _at(reach: Reach, steps: dict[int, int], site: str, *, certain: bool) -> dict[int, int]:
    """Those stays at a site, or, where it is not certain, ways there."""
    code, column = reach.view.index.sites.code(site), reach.view.column
    found = {}
    for vertex, count in steps.items():
        place, kind, stay = (int(column(name, [vertex])[0]) for name in ("site", "kind", "stay"))
        if place == code and kind == VertexKind.HOLDING and (stay == Stay.AT or not certain):
            found[vertex] = count
    return found


@pytest.mark.parametrize("number", WORLDS)
def test_evidence_is_a_shortest_chain(number: int) -> None:
    """To each outlet lead the events of as few flows as a plain search needs: by recorded ones where it is certain."""
    with asked_world(number) as asked:
        for seed in asked.known(seeds_of(asked.world, asked.events, asked.rng)):
            reach = _reach(asked, seed)
            steps = {certain: _steps(reach, certain=certain) for certain in (True, False)}
            for site in asked.trace(seed).sites:
                certain = site.certainty is Certainty.CERTAIN
                there = _at(reach, steps[certain], site.id, certain=certain)
                if there:
                    assert site.evidence in _shortest(reach, there, certain=certain), (seed, site.id)


def _shortest(reach: Reach, there: dict[int, int], *, certain: bool) -> list[tuple[str, ...]]:
    """The events of a chain to each of the nearest stays: the one that opened it, where the seed was there."""
    view, nearest = reach.view, min(there.values())
    found = []
    for vertex in (v for v, count in there.items() if count == nearest):
        edges = chain(reach, vertex, certain=certain) if nearest else []
        assert len(edges) == nearest
        first = int(view.index.edges["source"][edges[0]]) if edges else vertex
        opened, proofs = view.openings([first, vertex]), view.proofs(edges)
        told = [*opened[first], *(event for edge in edges for event in proofs[edge]), *opened[vertex]]
        found.append(tuple(dict.fromkeys(told)))
    return found


@pytest.mark.parametrize("number", WORLDS)
def test_a_tier_is_the_fewest_changes_of_site(number: int) -> None:
    """An outlet's tier is what the way with the fewest changes of site has, whichever way that is."""
    with asked_world(number) as asked:
        for seed in asked.known(seeds_of(asked.world, asked.events, asked.rng)):
            scope = recall_scope(asked.index, asked.snapshot, Question((seed,)))
            fewest = _fewest_changes(_reach(asked, seed))
            told = {o.site.id: o.tier for o in scope.outlets}
            assert told == {site: fewest.get(asked.index.sites.code(site), 0) for site in told}, seed
            assert [o.tier for o in scope.outlets] == sorted(told.values())


def _fewest_changes(reach: Reach) -> dict[int, int]:
    """Site → changes of site, by a search over vertices, each with the site that the goods were last at."""
    column, edges = reach.view.column, reach.followed
    onward: dict[int, list[int]] = defaultdict(list)
    for edge in edges.tolist():
        onward[int(reach.view.edge("source", [edge])[0])].append(int(reach.view.edge("target", [edge])[0]))
    own = {p.vertex for begun in reach.begun for p in begun.beginning.presences}
    levels = reach.possible.levels
    started = own | {int(v) for v in reach.possible.reached if levels[v] == 0} | set(onward) & _near(reach)
    later = {target for targets in onward.values() for target in targets}
    waiting = [(0, vertex, int(column("site", [vertex])[0])) for vertex in started - later or started]
    done: set[tuple[int, int]] = set()
    found: dict[int, int] = {}
    while waiting:
        tier, vertex, custody = heappop(waiting)
        if (vertex, custody) in done:
            continue
        done.add((vertex, custody))
        site, stay, kind = (int(column(name, [vertex])[0]) for name in ("site", "stay", "kind"))
        if site != NONE and kind == VertexKind.HOLDING:
            here = tier if stay == Stay.AT else tier + (custody not in (NONE, site))
            found[site] = min(found.get(site, here), here)
        for target in onward[vertex]:
            place, stay, kind = (int(column(name, [target])[0]) for name in ("site", "stay", "kind"))
            goes = custody if place == NONE or stay != Stay.AT or kind == VertexKind.POOL else place
            heappush(waiting, (tier + (NONE not in (goes, custody) and goes != custody), target, goes))
    return found


def _near(reach: Reach) -> set[int]:
    return {int(v) for v in reach.view.edge("source", reach.starts.edges)}


@pytest.mark.parametrize("number", WORLDS)
def test_a_path_is_as_short_as_can_be(number: int) -> None:
    """Between two things lies a chain of as few flows as a plain search needs, each from where one led to."""
    with asked_world(number) as asked:
        seeds = asked.known(seeds_of(asked.world, asked.events, asked.rng))
        for one, other in zip(seeds, seeds[1:] + seeds[:1], strict=True):
            told = path(asked.index, asked.snapshot, one, other)
            wanted = _fewest_flows(asked, one, other)
            assert told.complete
            if wanted is not None:
                count, certainty = wanted
                assert told.flows is not None
                assert told.certainty is certainty
                assert not count or len(told.flows) == count, (one, other)
                assert certainty is Certainty.POSSIBLE or all(f.grade is Grade.RECORDED for f in told.flows)
                assert all(a.target == b.source for a, b in zip(told.flows, told.flows[1:], strict=False))


def _fewest_flows(asked: AskedWorld, one: Seed, other: Seed) -> tuple[int, Certainty] | None:
    """How many flows a plain search forward needs, to where the other surely is rather than to a way there."""
    reach = _reach(asked, one)
    begun = begin_all(reach.view, asked.snapshot, (other,), Direction.FORWARD)
    goals = {int(v) for b in begun for v in b.beginning.starts.vertices}
    goals |= {p.vertex for b in begun for p in b.beginning.presences}
    there = {v for v in goals if int(reach.view.column("stay", [v])[0]) == Stay.AT}
    for among in (there, goals):
        for certain in (True, False):
            found = [count for v, count in _steps(reach, certain=certain).items() if v in among]
            if found:
                return min(found), Certainty.CERTAIN if certain else Certainty.POSSIBLE
    return None
