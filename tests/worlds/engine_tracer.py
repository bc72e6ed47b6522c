"""The engine as a tracer. In: events. Out: answers of `engine.trace` over a store in memory."""

from __future__ import annotations

from collections.abc import Sequence

from engine.answer import Certainty, Trace
from engine.answer import Direction as Way
from engine.capture import capture
from engine.index import ARRAYS, FlowIndex, Walker, open_index
from engine.ledger import Attestation, Capture
from engine.question import ItemSeed, Question, Seed, SiteSeed, Window
from engine.stores.ports import Snapshot
from engine.trace import trace
from graph_schema.errors import UnknownSeed
from graph_schema.event import Event
from tests.worlds.memory_store import MemoryStore
from tests.worlds.tracer import Answer, Ask, Found

BY_ANYONE = Capture("", "worlds", "world.ndjson", 0)
NOWHERE = Answer(Found(), Found())


class EngineTraces:
    """The answers of the engine about one set of events."""

    def __init__(self, index: FlowIndex, snapshot: Snapshot, walker: Walker = ARRAYS) -> None:
        self.index = index
        self.snapshot = snapshot
        self.walker = walker

    def trace(self, ask: Ask) -> Answer:
        """The engine's answer; empty where no record names the seed."""
        question = Question((seed_of(ask),), Way(ask.direction))
        try:
            told = trace(self.index, self.snapshot, question, self.walker)
        except UnknownSeed:
            return NOWHERE
        return Answer(_found(told, {Certainty.CERTAIN}), _found(told, set(Certainty)))


def engine(events: Sequence[Event], attestations: Sequence[Attestation] = ()) -> EngineTraces:
    """Capture events at once, attested so, and be ready to answer about them."""
    store = MemoryStore()
    capture(store, events, BY_ANYONE, attestations=attestations)
    with store.snapshot() as snapshot:
        return EngineTraces(open_index(None, snapshot), snapshot)


def seed_of(ask: Ask) -> Seed:
    """The seed of a question as the engine has it."""
    window = Window(ask.since, ask.until)
    if ask.seed.item is not None:
        return ItemSeed(ask.seed.item, ask.seed.site, window)
    assert ask.seed.site is not None
    return SiteSeed(ask.seed.site, window)


def _found(told: Trace, wanted: set[Certainty]) -> Found:
    return Found(
        frozenset(i.id for i in told.items if i.certainty in wanted),
        frozenset(s.id for s in told.sites if s.certainty in wanted),
        frozenset((item, site) for item, site, certainty in told.held if certainty in wanted),
        told.unknown_place in wanted,
    )
