"""All that is planted: the faults and two toys. In: which of them. Out: each with its sighting, from two processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import msgspec

from tests.mutants.fault import Fault, load_faults
from tests.mutants.hunt import Sighting, hunt_fault, hunt_toy
from tests.worlds.toys import without_containers, without_time

WORKERS = 2


class Toy(msgspec.Struct, frozen=True):
    """A walk that a first idea of provenance leads to."""

    fault: str
    wrong: str
    rule: str


TOYS = {
    Toy("toy: a walk without time", "movements are followed whatever their order", "15"): without_time,
    Toy("toy: a walk without containers", "an event on a container is one on the container alone", "5"): (
        without_containers
    ),
}

Planted = Fault | Toy
Row = tuple[Planted, Sighting | None]


def catalogue() -> list[Planted]:
    """Faults in the order of their table, then the toys."""
    return [*load_faults(), *TOYS]


def hunt(planted: Planted) -> Sighting | None:
    """The first world that shows a fault or a toy."""
    return hunt_fault(planted) if isinstance(planted, Fault) else hunt_toy(TOYS[planted])


def hunt_all(several: Iterable[Planted]) -> Iterator[Row]:
    """Each with its sighting, in order."""
    rows = list(several)
    # Processes that share nothing: what is planted in one is not in the other.
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as workers:
        yield from zip(rows, workers.map(hunt, rows), strict=True)
