"""Walks that a first idea of provenance leads to, each wrong in its own way, to show that the judge sees it.

In: events. Out: a tracer each. `without_time` follows every movement whatever its time; `without_containers` knows
time, but an event on a pallet is to it an event on the pallet alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from graph_schema.event import Action, Event, EventType, Role
from graph_schema.identifiers import site_of_place
from tests.worlds.tracer import Answer, Ask, Found

Node = tuple[str, str]
"""(item, site)."""

ALWAYS = 2**62


@dataclass(frozen=True, slots=True)
class Step:
    """Goods go from one node to another."""

    departed: int
    arrived: int
    source: Node
    target: Node


@dataclass
class Steps:
    """What a set of events says, read once in order of time."""

    contained: bool
    steps: list[Step] = field(default_factory=list)
    seen: dict[Node, int] = field(default_factory=dict)
    inside: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    sent: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    last: dict[str, str] = field(default_factory=dict)

    def read(self, event: Event) -> None:
        """Take one event in."""
        place = event.biz_location or event.read_point
        if place is None:
            return
        site, moment = site_of_place(place), event.time.earliest
        if event.type is EventType.TRANSFORMATION:
            self._transform(event, site, moment)
        elif event.type in (EventType.AGGREGATION, EventType.ASSOCIATION):
            self._pack(event)
        for item in self._all(w.item for w in event.whats):
            self._be(item, site, moment, event)

    def _be(self, item: str, site: str, moment: int, event: Event) -> None:
        papers = [t.id for t in event.transactions]
        if event.biz_step == "shipping":
            self.sent.update({(paper, item): (moment, site) for paper in papers})
        for paper in papers if event.biz_step == "receiving" else ():
            departed, source = self.sent.get((paper, item), (moment, site))
            self.steps.append(Step(departed, moment, (item, source), (item, site)))
        self.seen.setdefault((item, site), moment)

    def _transform(self, event: Event, site: str, moment: int) -> None:
        for used in event.items(Role.INPUT):
            self.steps.extend(
                Step(moment, moment, (used.item, site), (made.item, site)) for made in event.items(Role.OUTPUT)
            )

    def _pack(self, event: Event) -> None:
        parents, children = event.items(Role.PARENT), {w.item for w in event.items(Role.CHILD)}
        for parent in parents if self.contained else ():
            if event.action is Action.ADD:
                self.inside[parent.item] |= children
            elif event.action is Action.DELETE:
                self.inside[parent.item] -= children or self.inside[parent.item]

    def _all(self, items: Iterable[str]) -> set[str]:
        found, waiting = set[str](), list(items)
        while waiting:
            item = waiting.pop()
            if item not in found:
                found.add(item)
                waiting.extend(self.inside[item])
        return found


@dataclass(frozen=True)
class Walk:
    """A tracer's answers: what the steps reach is certain, and nothing else is possible."""

    steps: Steps
    timed: bool

    def trace(self, ask: Ask) -> Answer:
        """All nodes that steps lead to from the seed's."""
        since = ask.since if self.timed and ask.since is not None else -ALWAYS
        until = ask.until if self.timed and ask.until is not None else ALWAYS
        forward = ask.direction == "forward"
        reached = {n: since if forward else until for n in self.steps.seen if _is_of(n, ask)}
        self._spread(reached, forward=forward)
        found = Found(frozenset(i for i, _ in reached), frozenset(s for _, s in reached), frozenset(reached))
        return Answer(found, found)

    def _spread(self, reached: dict[Node, int], *, forward: bool) -> None:
        ordered = sorted(self.steps.steps, key=lambda s: s.departed if forward else -s.arrived)
        grown = -1
        while grown != len(reached):
            grown = len(reached)
            for step in ordered:
                source, target = (step.source, step.target) if forward else (step.target, step.source)
                if source in reached and (not self.timed or _in_order(step, reached[source], forward=forward)):
                    reached.setdefault(target, step.arrived if forward else step.departed)


def _in_order(step: Step, moment: int, *, forward: bool) -> bool:
    return step.departed >= moment if forward else step.arrived <= moment


def _is_of(node: Node, ask: Ask) -> bool:
    return ask.seed.item in (None, node[0]) and ask.seed.site in (None, node[1])


def without_time(events: Sequence[Event]) -> Walk:
    """A walk over movements and processes that asks nothing of their order."""
    return _walk(events, contained=True, timed=False)


def without_containers(events: Sequence[Event]) -> Walk:
    """A walk in order of time over what events name, blind to what is in a container."""
    return _walk(events, contained=False, timed=True)


def _walk(events: Sequence[Event], *, contained: bool, timed: bool) -> Walk:
    steps = Steps(contained)
    for event in sorted(events, key=lambda e: e.time):
        if event.error is None:
            steps.read(event)
    return Walk(steps, timed)
