"""The chain of an answer, ready to draw. In: a trace's flows. Out: places of items, and steps between them.

A place is an item at a site. A step is goods coming to another site, an item made into another, goods leaving the
chain, or one thing touching another. What stays where it is (carry-over, packing and unpacking, the wait on a ramp)
is no step.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import product

import msgspec

from engine.answer import Touch, TracedFlow
from graph_schema.flow_graph import FlowKind, Grade
from graph_schema.interval import Interval


class Place(msgspec.Struct, frozen=True, order=True):
    """An item at a site ('' where no record names it); an item of '' is goods that left the chain there."""

    item: str
    site: str


class Step(msgspec.Struct, frozen=True):
    """From one place to the next: why, how well proved, when, how much, and the events that prove it."""

    source: Place
    target: Place
    kind: FlowKind
    grade: Grade
    when: Interval
    quantity: Decimal | None
    """How much came to the target."""
    uom: str | None
    used: tuple[Decimal, str | None] | None
    """How much of the source went into a transformation, where it is one."""
    events: tuple[str, ...]


class Chain(msgspec.Struct, frozen=True):
    """Steps by the place they leave and by the place they come to, each in order of time."""

    leaving: dict[Place, list[Step]]
    coming: dict[Place, list[Step]]

    def places(self) -> set[Place]:
        """Every place a step leaves or comes to."""
        return set(self.leaving) | set(self.coming)


def build_chain(flows: Iterable[TracedFlow]) -> Chain:
    """The chain of an answer's flows."""
    leaving: dict[Place, list[Step]] = defaultdict(list)
    coming: dict[Place, list[Step]] = defaultdict(list)
    for step in sorted(_joined(_steps(list(flows))), key=lambda s: (s.when.earliest, s.target, s.source)):
        leaving[step.source].append(step)
        coming[step.target].append(step)
    return Chain(dict(leaving), dict(coming))


def _steps(flows: list[TracedFlow]) -> Iterator[Step]:
    uses = [flow for flow in flows if flow.kind == FlowKind.USE]
    inputs: dict[str, list[TracedFlow]] = defaultdict(list)
    for flow in uses:
        for event in flow.events:
            inputs[event].append(flow)
    for flow in flows:
        if flow.kind == FlowKind.MAKE:
            yield from _made(flow, inputs)
        elif flow.kind == FlowKind.END:
            gone = Place("", flow.target or "")
            yield from (_step(flow, Place(item, flow.source or ""), gone) for item in flow.items)
        elif flow.touch is None and flow.source != flow.target:
            yield from _moved(flow)
    yield from _touched(flows)


def _moved(flow: TracedFlow) -> Iterator[Step]:
    for item in flow.items:
        yield _step(flow, Place(item, flow.source or ""), Place(item, flow.target or ""))


def _made(flow: TracedFlow, inputs: dict[str, list[TracedFlow]]) -> Iterator[Step]:
    """One step from each input of a transformation to the output; they share an event."""
    for use in {id(use): use for event in flow.events for use in inputs[event]}.values():
        weakest = max(flow.grade, use.grade)
        for source in use.items:
            for target in flow.items:
                step = _step(flow, Place(source, use.source or ""), Place(target, flow.target or ""))
                used = None if use.quantity is None else (use.quantity, use.uom)
                yield msgspec.structs.replace(step, grade=weakest, used=used)


def _touched(flows: Iterable[TracedFlow]) -> Iterator[Step]:
    """One step from each thing that gives to each that takes, straight or through a junction, as weak as either end."""
    contacts = [(flow, flow.touch) for flow in flows if flow.touch is not None]
    giving: dict[int | None, list[tuple[TracedFlow, Touch]]] = defaultdict(list)
    for flow, touch in contacts:
        if touch.junction is not None and touch.givers:
            giving[touch.junction].append((flow, touch))
    for flow, touch in contacts:
        for given, gives in giving[touch.junction] if touch.junction is not None else [(flow, touch)]:
            for giver, taker in product(gives.givers, touch.takers):
                step = _step(flow, Place(giver, given.source or ""), Place(taker, flow.target or ""))
                yield msgspec.structs.replace(step, grade=max(given.grade, flow.grade))


def _step(flow: TracedFlow, source: Place, target: Place) -> Step:
    when = flow.departed if flow.departed != Interval() else flow.arrived
    return Step(source, target, flow.kind, flow.grade, when, flow.quantity, flow.uom, None, flow.events)


def _joined(steps: Iterable[Step]) -> list[Step]:
    """One step for all that says the same: same places, same time; the strongest proof counts."""
    found: dict[tuple[Place, Place, Interval], Step] = {}
    for step in steps:
        key = (step.source, step.target, step.when)
        known = found.get(key)
        found[key] = step if known is None else _stronger(known, step)
    return list(found.values())


def _stronger(one: Step, other: Step) -> Step:
    best, rest = (one, other) if one.grade <= other.grade else (other, one)
    if best.quantity is None and rest.quantity is not None:
        return msgspec.structs.replace(best, quantity=rest.quantity, uom=rest.uom)
    return best
