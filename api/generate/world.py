"""A simulated supply chain.

In: a seed and a size. Out: its records in order of time, and the truth of its goods. The same seed and size
give the same world, to the letter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from random import Random

from api.generate import ending, making, moving, packing, recording
from api.generate.goods import Goods
from api.generate.record import Json, Record, told_amount
from api.generate.scene import Scene, Size
from api.generate.truth import Reached, Seed, reach_back, reach_forward

SMALL = Size(events=60, tiers=(5,), products=3, units=3, pace=420)
MEDIUM = Size(events=2000, tiers=(4, 4, 3, 7), products=9, units=60, pace=30)

Happening = Callable[[Scene], bool]

LIKELY: dict[Happening, float] = {
    making.commission_lot: 2.0,
    making.commission_pieces: 0.8,
    making.transform: 2.0,
    making.run_process: 1.0,
    packing.pack: 2.5,
    packing.pack_cases: 0.3,
    packing.unpack: 2.5,
    packing.attach: 0.4,
    packing.detach: 0.3,
    moving.ship: 4.0,
    moving.ship_more: 0.2,
    moving.arrive: 6.0,
    moving.ship_in_vain: 0.2,
    moving.void: 0.6,
    ending.sell: 0.9,
    ending.destroy: 0.4,
    ending.sell_by_class: 0.3,
    recording.observe: 0.7,
    recording.transact: 0.2,
    recording.mistake: 0.3,
    recording.corrected: 0.2,
}
"""How likely each happening is against the others, where there is a chance for it."""

GROWING = (making.commission_lot, making.commission_pieces)
"""What a world that holds much already does less."""


@dataclass(frozen=True)
class World:
    """What happened, as recorded, and what is true of it."""

    seed: int
    complete: bool
    records: tuple[Record, ...]
    goods: Goods
    wider: dict[str, tuple[str, ...]]
    """Item → its lot and class, where it has them."""
    neutral: frozenset[str]
    """Wider items that records may name for narrower goods: neither owed by an answer nor wrong in it."""
    sites: tuple[str, ...]
    """Keys."""
    end: int
    """The last minute."""
    start: int = 0
    """The first minute."""
    unit_of: dict[str, str | None] = field(default_factory=dict)
    """Lot → unit of measure (UN/ECE Rec 20); None: pieces."""

    @property
    def events(self) -> list[Json]:
        """The EPCIS events in order of time."""
        return [r.event for r in self.records]

    @cached_property
    def items(self) -> tuple[str, ...]:
        """Keys of the lots and individuals that physically were, in the order in which they came to be."""
        return tuple(dict.fromkeys(b.item for b in self.goods.bodies if b.item))

    def forward(self, seed: Seed) -> Reached:
        """All that goods of the seed became, and where."""
        return reach_forward(self.goods, self.wider, seed)

    def back(self, seed: Seed) -> Reached:
        """All that goods of the seed came from, and where that was."""
        return reach_back(self.goods, self.wider, seed)

    def stock(self) -> dict[tuple[str, str], dict[str, Decimal]]:
        """(item, site) → column → amount, as `Goods.stock`, in the unit in which records tell it."""
        return {key: self._told(key[0], columns) for key, columns in self.goods.stock().items()}

    def _told(self, item: str, columns: dict[str, Decimal]) -> dict[str, Decimal]:
        if item not in self.unit_of:  # one thing is one piece
            return columns
        return {column: told_amount(amount, self.unit_of[item]) for column, amount in columns.items()}


def simulate(seed: int, size: Size = SMALL, *, complete: bool = False) -> World:
    """Let a world happen. `complete`: all is recorded in full and received; else records may mislead."""
    scene = Scene(Random(seed), size, complete=complete)  # noqa: S311 - a simulation, no secret
    target = scene.rng.randint(size.events // 4, size.events - 6) if len(size.tiers) == 1 else size.events - 40
    happen(scene, target)
    if complete or scene.chance(0.5):
        moving.arrive_all(scene)
    return world_of(seed, scene)


def happen(scene: Scene, records: int) -> None:
    """Let things happen until there are about so many records."""
    while len(scene.records) + len(scene.trips) + len(scene.phantoms) < records:
        _choose(scene)(scene)
    moving.void_all(scene)


def world_of(seed: int, scene: Scene, start: int = 0) -> World:
    """A scene whose time is over, as a value."""
    return World(
        seed,
        scene.complete,
        tuple(scene.records),
        scene.goods,
        scene.wider,
        frozenset(scene.neutral),
        tuple(s.key for s in scene.sites),
        scene.clock,
        start,
        scene.unit_of,
    )


def _choose(scene: Scene) -> Happening:
    happenings = list(LIKELY)
    crowded = len(scene.goods.individuals) + sum(map(len, scene.goods.loose.values())) > 12 * len(scene.sites)
    weights = [w * (0.15 if crowded and h in GROWING else 1) for h, w in LIKELY.items()]
    return scene.rng.choices(happenings, weights)[0]
