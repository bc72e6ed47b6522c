"""The smallest world that still breaks a law.

In: a world, its losses, a question, a verdict, and the items it is about. Out: the same, smaller: first what is near
these items, then without each record that it does not take. A record is left out together with
what its goods did: the deeds that remain are done again, so that the smaller world has a truth of its own.
Whatever then cannot be is left out too. Losses are given back where the law breaks without.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from api.generate.goods import Goods
from api.generate.physical import DeedError
from api.generate.record import Json, Part, Record
from api.generate.world import World
from tests.worlds.reading import read_events
from tests.worlds.thinning import Losses
from tests.worlds.tracer import Ask


@dataclass(frozen=True, slots=True)
class Case:
    """A world, what its records lost, and a question."""

    world: World
    losses: Losses
    ask: Ask


Breaks = Callable[[Case], bool]
"""True where a case still breaks the law."""


def shrink(case: Case, breaks: Breaks, about: Collection[str] = ()) -> Case:
    """Leave out records, then give back losses, as long as the law stays broken; `about`: the items it is broken on."""
    near = _near(case, breaks, about) if about else case
    return _with_losses_given_back(_without_records(near, breaks), breaks)


def _near(case: Case, breaks: Breaks, about: Collection[str]) -> Case:
    """The records that name these items, that name what these records name, and so on until the law breaks."""
    named = {event.id: {what.item for what in event.whats} for event in read_events(case.world.events)}
    items = set(about)
    while True:
        near = {r.number for r in case.world.records if named[str(r.event["eventID"])] & items}
        far = frozenset(r.number for r in case.world.records) - near
        more = set().union(*(named[str(r.event["eventID"])] for r in case.world.records if r.number in near))
        if not far or more <= items:
            return case
        smaller = without(case.world, far)
        candidate = replace(case, world=smaller) if smaller is not None else case
        if smaller is not None and breaks(candidate):
            return candidate
        items |= more


def without(world: World, dropped: frozenset[int]) -> World | None:
    """The world without these records and all that then cannot be; None where nothing is left.

    In a complete world everything sent is received, so what is no longer received is no longer sent either.
    """
    while True:
        kept = _standing(world.records, dropped)
        declared = {r.declares for r in kept if r.declares is not None}
        numbers = {r.number for r in kept if r.kind not in {"mistake", "phantom"} or r.number in declared}
        goods, failed = _again(world.goods, numbers, world.complete)
        failed |= _unreceived(goods, kept) if world.complete and not failed else set()
        if not failed:
            break
        dropped |= failed
    if not numbers:
        return None
    return replace(world, records=tuple(r for r in kept if r.number in numbers), goods=goods)


def _standing(records: Sequence[Record], dropped: frozenset[int]) -> tuple[Record, ...]:
    """The records that are not left out, nor declare one that is, nor name a corrective one that is."""
    gone = {r.event["eventID"] for r in records if r.number in dropped}
    return tuple(
        r
        for r in records
        if r.number not in dropped and r.declares not in dropped and gone.isdisjoint(_correctives(r.event))
    )


def _correctives(event: Json) -> list[str]:
    declared = event.get("errorDeclaration")
    return list(declared.get("correctiveEventIDs", ())) if isinstance(declared, dict) else []


def _unreceived(goods: Goods, records: Sequence[Record]) -> set[int]:
    """The records by which goods left that are still on the way."""
    told = {n for body in goods.bodies if body.item and body.site is None and body.until is None for n in body.records}
    return {r.number for r in records if r.part is Part.DEPARTURE and r.number in told}


def _again(goods: Goods, numbers: set[int], complete: bool) -> tuple[Goods, set[int]]:
    """Do the deeds of these records again; and the records that cannot be, after which the goods may be half done."""
    again = Goods()
    failed = set[int]()
    for deed in goods.deeds:
        number = int(deed.arguments[-1])
        if number not in numbers or number in failed:
            continue
        if complete and deed.name in {"pack", "pack_one"} and deed.arguments[-3] in again.sealed:
            failed.add(number)
            continue
        try:
            getattr(again, deed.name)(*deed.arguments)
        except DeedError:
            failed.add(number)
    return again, failed


def _without_records(case: Case, breaks: Breaks) -> Case:
    size = max(1, len(case.world.records) // 2)
    while size:
        case, shrunk = _pass(case, breaks, size)
        if not shrunk:
            size //= 2
    return case


def _pass(case: Case, breaks: Breaks, size: int) -> tuple[Case, bool]:
    shrunk = False
    numbers = [r.number for r in case.world.records]
    for start in range(0, len(numbers), size):
        smaller = without(case.world, frozenset(numbers[start : start + size]))
        if smaller is None or len(smaller.records) == len(case.world.records):
            continue
        candidate = replace(case, world=smaller)
        if breaks(candidate):
            case, shrunk = candidate, True
    return case, shrunk


def _with_losses_given_back(case: Case, breaks: Breaks) -> Case:
    present = {r.number for r in case.world.records}
    case = replace(case, losses={n: lost for n, lost in case.losses.items() if n in present})
    for number, lost in list(case.losses.items()):
        for name in sorted(lost):
            fewer = {**case.losses, number: case.losses[number] - {name}}
            candidate = replace(case, losses=fewer)
            if breaks(candidate):
                case = candidate
    return case
