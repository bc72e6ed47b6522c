"""A random world to be asked, and seeds of every kind about it. In: a seed number. Out: `AskedWorld`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from api.generate.codes import is_logistic_unit
from api.generate.record import micros_of
from api.generate.world import World
from engine.answer import Certainty, Direction, Trace
from engine.capture import capture
from engine.index import ARRAYS, FlowIndex, Walker, open_index
from engine.question import (
    DEFAULTS,
    EventSeed,
    ItemSeed,
    LoadSeed,
    Options,
    PatternSeed,
    Question,
    Seed,
    SiteSeed,
    TransformationSeed,
    Window,
)
from engine.stores.ports import Snapshot
from engine.trace import trace
from graph_schema.errors import UnknownSeed
from graph_schema.event import Event, EventType
from tests.worlds.engine_tracer import BY_ANYONE
from tests.worlds.memory_store import MemoryStore
from tests.worlds.reading import read_events
from tests.worlds.thinning import lose, remaining
from tests.worlds.trial import THINNED

_HALF_A_MINUTE = 30_000_000
Found = dict[tuple[str, ...], bool]
"""Item, site, or item and site → whether it is certain."""


@dataclass(frozen=True, slots=True)
class AskedWorld:
    """A thinned world, its events, an index over them, and who walks."""

    world: World
    events: Sequence[Event]
    index: FlowIndex
    snapshot: Snapshot
    rng: Random = field(repr=False)
    walker: Walker = ARRAYS

    def trace(self, *seeds: Seed, direction: Direction = Direction.FORWARD, options: Options = DEFAULTS) -> Trace:
        """A trace of some seeds."""
        return trace(self.index, self.snapshot, Question(seeds, direction, options), self.walker)

    def sites(self) -> list[str]:
        """Sites that the records name, as where goods were or went."""
        return sorted(set(self.world.sites) & set(self.index.sites.names(range(len(self.index.sites)))))

    def known(self, seeds: Sequence[Seed]) -> list[Seed]:
        """Those seeds that the records know."""
        return [seed for seed in seeds if self._knows(seed)]

    def _knows(self, seed: Seed) -> bool:
        try:
            self.trace(seed)
        except UnknownSeed:
            return False
        return True


@contextmanager
def asked_world(number: int) -> Iterator[AskedWorld]:
    """The thinned world of a number, ready to be asked."""
    world, rng = THINNED.world(number), Random(number)
    events = read_events(r.event for r in remaining(world.records, lose(world, rng, THINNED.rates)))
    store = MemoryStore()
    capture(store, events, BY_ANYONE)
    with store.snapshot() as snapshot:
        yield AskedWorld(world, events, open_index(None, snapshot), snapshot, rng)


def seeds_of(world: World, events: Sequence[Event], rng: Random) -> list[Seed]:
    """A seed of every kind that the world has."""
    bodies = [b for b in world.goods.bodies if b.item and b.site]
    body, other, third = (rng.choice(bodies) for _ in range(3))
    loads = [item for item in world.items if is_logistic_unit(item)]
    runs = [event for event in events if event.type is EventType.TRANSFORMATION]
    product = world.wider.get(other.item, (other.item,))[-1]
    return [
        ItemSeed(body.item),
        ItemSeed(other.item, other.site, window_in(world, rng)),
        ItemSeed(third.item, None, window_in(world, rng)),
        SiteSeed(str(third.site), window_in(world, rng), rng.choice((None, product))),
        PatternSeed(product, rng.choice(("L", "L1", None)), at=rng.choice((None, other.site)), window=Window()),
        EventSeed(rng.choice(events).id),
        *(LoadSeed(item, window_in(world, rng)) for item in loads[:1]),
        *(TransformationSeed(run.transformation_id or run.id) for run in runs[-1:]),
    ]


def window_in(world: World, rng: Random) -> Window:
    """A window, perhaps open, of which no bound is the minute of an event."""
    first, last = sorted(micros_of(rng.randint(0, world.end)) + _HALF_A_MINUTE for _ in range(2))
    return Window(rng.choice((None, first)), rng.choice((None, last)))


def wider(window: Window, rng: Random) -> Window:
    """A window around one."""
    since = None if window.since is None else rng.choice((None, window.since - rng.randint(0, 10**11)))
    until = None if window.until is None else rng.choice((None, window.until + rng.randint(0, 10**11)))
    return Window(since, until)


def found(answer: Trace) -> Found:
    """All of an answer."""
    told: Found = {}
    rows = [
        *(((thing.id,), thing.certainty) for thing in (*answer.items, *answer.sites)),
        *(((item, site), certainty) for item, site, certainty in answer.held),
    ]
    for thing, certainty in rows:
        told[thing] = told.get(thing, False) or certainty is Certainty.CERTAIN
    return told


def together(several: Sequence[Found]) -> Found:
    """What several answers tell together, certain where one of them is."""
    told: Found = {}
    for one in several:
        for thing, certain in one.items():
            told[thing] = told.get(thing, False) or certain
    return told


def lost(more: Found, less: Found) -> Found:
    """What of one answer another has not, or not so surely."""
    return {thing: certain for thing, certain in less.items() if thing not in more or certain > more[thing]}
