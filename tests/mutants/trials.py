"""Worlds that hold what the trials of `tests.worlds` leave out, so that more faults show. In: a seed. Out: cases.

hurried: complete, but of many times the day alone is left, while all happens within one or two. blanket: complete, and
one document covers consignments that follow one another. unopened: complete, but of some containers no record tells
that they were emptied.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from random import Random

from api.generate.record import Json, Part, Record
from api.generate.scene import Size
from api.generate.world import SMALL, World
from tests.worlds.asking import ask_about
from tests.worlds.laws import check_exact, check_sandwich
from tests.worlds.shrink import Case
from tests.worlds.thinning import NOTHING, RECORD, Rates
from tests.worlds.trial import TRIALS, Trial

HASTY = replace(SMALL, tiers=(2,), pace=10)
CROWDED = replace(SMALL, events=110, tiers=(3,), units=2)
VAGUE = Rates(place=0, partner=0, quantity=0, precision=0.3, record=0)
LEFT_PACKED = 0.4
"""How likely a record of unpacking is lost."""


class Hurried(Trial):
    """A trial of worlds of two sites in which a day holds dozens of events."""

    def world(self, seed: int, size: Size = HASTY) -> World:
        """The hasty world of a seed."""
        return super().world(seed, size)


class Blanket(Trial):
    """A trial of worlds in which consignments that follow one another share a despatch advice."""

    def world(self, seed: int, size: Size = CROWDED) -> World:
        """The crowded world of a seed, with fewer documents."""
        world = super().world(seed, size)
        return replace(world, records=tuple(under_blanket_documents(world.records)))


class Unopened(Trial):
    """A trial of worlds with few containers and few sites that lack records of unpacking, and nothing else."""

    def world(self, seed: int, size: Size = CROWDED) -> World:
        """The crowded world of a seed."""
        return super().world(seed, size)

    def cases(self, world: World, questions: int = 12) -> list[Case]:
        """A world's questions, and some of its records of unpacking lost."""
        rng = Random(world.seed)
        unpackings = [record for record in world.records if record.kind == "unpack"]
        gone = {record.number: frozenset({RECORD}) for record in unpackings if rng.random() < LEFT_PACKED}
        return [Case(world, gone, ask) for ask in ask_about(world, rng, questions)]


def under_blanket_documents(records: Iterable[Record]) -> list[Record]:
    """The same records, with the document of a consignment that has arrived used again for one that leaves later."""
    told = list(records)
    over = _over(told)
    document: dict[str | None, str] = {}
    free: list[tuple[int, str]] = []
    for record in told:
        if record.part is Part.DEPARTURE and record.trip not in document:
            done = next(((end, name) for end, name in free if end < record.moment), None)
            name = done[1] if done else despatch_of(record.event)
            free = [one for one in free if one != done]
            free.append((over[record.trip], name))
            document[record.trip] = name
    return [_renamed(record, document.get(record.trip)) for record in told]


def _over(records: Iterable[Record]) -> dict[str | None, int]:
    """When the last record of each consignment was written."""
    last: dict[str | None, int] = defaultdict(int)
    for record in records:
        last[record.trip] = max(last[record.trip], record.moment)
    return last


def despatch_of(event: Json) -> str:
    """The despatch advice that an event names."""
    transactions = event["bizTransactionList"]
    assert isinstance(transactions, list)
    return next(str(t["bizTransaction"]) for t in transactions if t["type"].endswith("desadv"))


def _renamed(record: Record, document: str | None) -> Record:
    if document is None or "bizTransactionList" not in record.event:
        return record
    transactions = record.event["bizTransactionList"]
    assert isinstance(transactions, list)
    named = [{**t, "bizTransaction": document} if t["type"].endswith("desadv") else t for t in transactions]
    return replace(record, event={**record.event, "bizTransactionList": named})


EVERY_TRIAL = {
    **TRIALS,
    "hurried": Hurried("hurried", check_sandwich, VAGUE, complete=True),
    "blanket": Blanket("blanket", check_exact, NOTHING, complete=True),
    "unopened": Unopened("unopened", check_sandwich, NOTHING, complete=True),
}
