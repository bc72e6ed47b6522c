"""Laws that a fault may break (design §7). In: a world put to a trial, and a tracer. Out: the laws that are broken.

Of answers: those of the trial. Of the graph: `one graph`, the same, sequence numbers aside, for events all at once and
for any order and batches; `onward`, only an `inconsistent` flow, or the one back in a running process, goes back in
time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from engine.capture import capture
from engine.ledger import Capture
from graph_schema.event import Event
from graph_schema.flow_graph import CONTACT_KINDS, Flow, FlowKind, Grade
from graph_schema.interval import Interval
from tests.builder.graphs import Rows, stored
from tests.mutants.trials import EVERY_TRIAL
from tests.worlds.memory_store import MemoryStore
from tests.worlds.reading import read_events
from tests.worlds.shrink import Case
from tests.worlds.tracer import Tracer
from tests.worlds.trial import failures, records_of

ONE_GRAPH = "one graph"
ONWARD = "onward"
OF_ANSWERS = {
    "wrongly certain": "certain ⊆ truth",
    "missed": "truth ⊆ possible",
    "not certain": "truth ⊆ certain",
}
"""What the judge of answers calls a breach, and the law that it breaks."""

BY_ANYONE = Capture("", "mutants", "world.ndjson", 0)

Laws = frozenset[str]


@dataclass(frozen=True, slots=True)
class Put:
    """The world of a seed, put to a trial."""

    trial: str
    seed: int


@cache
def cases_of(put: Put) -> list[Case]:
    """The questions of a world, all with the same losses."""
    trial = EVERY_TRIAL[put.trial]
    return trial.cases(trial.world(put.seed))


def broken_by_answers(put: Put, tracer: Tracer) -> Laws:
    """The laws that a tracer's answers about a world break."""
    found = failures(EVERY_TRIAL[put.trial], cases_of(put), tracer)
    return frozenset(OF_ANSWERS[breach.law] for failure in found for breach in failure.breaches)


def broken_by_graph(put: Put) -> Laws:
    """The laws that the engine's graph of a world breaks; the seed chooses the other order and the batches."""
    events = read_events(record.event for case in cases_of(put)[:1] for record in records_of(case))
    graph = _graph(events, len(events))
    broken = {ONWARD} if _goes_back_in_time(graph) else set()
    rng = Random(put.seed)
    shuffled = rng.sample(events, len(events))
    if _graph(shuffled, rng.randint(3, 12)) != graph:
        broken.add(ONE_GRAPH)
    return frozenset(broken)


def _graph(events: Sequence[Event], batch: int) -> Rows:
    store = MemoryStore()
    for start in range(0, len(events), batch):
        capture(store, events[start : start + batch], BY_ANYONE)
    with store.snapshot() as snapshot:
        return stored(snapshot)


def _goes_back_in_time(graph: Rows) -> bool:
    arrived = {vertex.id: vertex.arrived for vertex in graph.vertices}
    return any(_is_backward(flow, arrived) for flow in graph.flows if not _may_go_back(flow))


def _may_go_back(flow: Flow) -> bool:
    running = flow.kind is FlowKind.SHARE and flow.grade is Grade.INFERRED
    return running or flow.grade is Grade.INCONSISTENT or flow.kind in CONTACT_KINDS


def _is_backward(flow: Flow, arrived: dict[bytes, Interval]) -> bool:
    return flow.arrived.surely_before(flow.departed) or arrived[flow.target].surely_before(arrived[flow.source])
