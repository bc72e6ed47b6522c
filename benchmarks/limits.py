"""What lost records can still hide or feign (design §7). In: simulated worlds and kinds of loss. Out: docs/limits.md.

`make limits` writes the tables of that page. The laws hold where of each movement one end may be lost and packing,
unpacking and making are told; here just these go.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random

from api.generate.record import Part, Record
from api.generate.scene import Size
from api.generate.truth import Seed
from api.generate.world import MEDIUM, SMALL, World, simulate
from benchmarks.measuring import machine
from graph_schema.event import Event
from graph_schema.identifiers import Kind, kind_of_key
from tests.worlds.engine_tracer import engine
from tests.worlds.laws import check_sandwich, truth_of
from tests.worlds.reading import read_events
from tests.worlds.thinning import NOTHING, PLACES, RECORD, Losses, lose, remaining, sites_named
from tests.worlds.tracer import Answer, Ask, Direction, Found

WORLDS = 100
LARGE = range(10_000, 10_006)
"""Seeds of worlds of 2,000 events, measured within the laws alone."""
SEEDS_A_KIND = 2
"""Seeds of each kind asked about in a world, forward and back."""

PAGE = Path(__file__).parents[1] / "docs" / "limits.md"
BEGIN, END = "<!-- measured -->", "<!-- end of what is measured -->"

LARGE_TITLE = "Worlds of 2,000 events"
KINDS = ("whole lots", "item at a site", "instances")

Rows = dict[str, dict[str, "Tally"]]
"""By name of what is lost, and kind of seed."""

Things = frozenset[tuple[str, str]]
"""Items and sites, told apart."""

GONE = frozenset({RECORD})


@dataclass(frozen=True, slots=True)
class Loss:
    """One row: what is lost, and how."""

    name: str
    lose: Callable[[World, Random], Losses]


@dataclass(slots=True)
class Tally:
    """Sums over the answers of one row and kind of seed. A thing is an item or a site of an answer."""

    answers: int = 0
    true: int = 0
    certain: int = 0
    missed: int = 0
    unnamed: int = 0
    """True sites told as *unknown place* alone, since no remaining record of the goods names them."""
    wrong: int = 0
    """Named certain and not true."""
    wide: int = 0
    """Named possible and not true."""
    missing: int = 0
    """Answers that miss a site."""
    wronging: int = 0
    """Answers that name a wrong site certain."""
    lacking: list[int] = field(default_factory=list)
    """Seeds of worlds with an answer that misses a thing or names a wrong one certain."""

    def cells(self) -> tuple[str, ...]:
        """The row's figures, each of 100."""
        return (
            str(self.answers),
            _percent(self.missed, self.true),
            _percent(self.unnamed, self.true),
            _percent(self.missing, self.answers),
            _percent(self.wrong, self.certain),
            _percent(self.wronging, self.answers),
            _percent(self.certain - self.wrong, self.true),
            _percent(self.wide, self.true),
        )


COLUMNS = (
    "answers",
    "missed",
    "as unknown place",
    "answers that miss a site",
    "wrongly certain",
    "answers with a site wrongly certain",
    "certain kept",
    "too wide",
)


def _percent(part: int, whole: int) -> str:
    if not part:
        return "0"
    share = 100 * part / whole
    return f"{share:.1f}" if share >= 0.1 else "< 0.1"


# -- kinds of loss ---------------------------------------------------------------------------------------------------


def _records(world: World, rng: Random, rate: float, wanted: Callable[[Record], bool]) -> Losses:
    """Whole records, each at a rate; an event and its declaration go together."""
    fates: dict[object, bool] = {}
    for record in filter(wanted, world.records):
        fates.setdefault(record.event["eventID"], rng.random() < rate)
    return {r.number: GONE for r in world.records if fates.get(r.event["eventID"], False)}


def _kind(kind: str, rate: float) -> Callable[[World, Random], Losses]:
    return lambda world, rng: _records(world, rng, rate, lambda record: record.kind == kind)


def _declarations(world: World, rng: Random) -> Losses:
    """Every declaration of an error and every void shipping; what they name remains."""
    del rng
    return {record.number: GONE for record in world.records if record.declares is not None}


def _movements(rate: float) -> Callable[[World, Random], Losses]:
    """Every record of a movement, departures and arrivals."""

    def gone(world: World, rng: Random) -> Losses:
        trips = sorted({r.trip for r in world.records if r.trip is not None and r.kind in ("ship", "receive")})
        lost = {trip for trip in trips if rng.random() < rate}
        return {record.number: GONE for record in world.records if record.trip in lost}

    return gone


def _astray(world: World, rng: Random) -> Losses:
    """Every receipt of goods that came elsewhere than they were sent."""
    return _records(world, rng, 1.0, _came_elsewhere)


def _came_elsewhere(record: Record) -> bool:
    event = record.event
    came = sites_named({place: event[place] for place in PLACES if place in event})
    sent = sites_named({"destinationList": event.get("destinationList")})
    return record.kind == "receive" and record.part is Part.ARRIVAL and came.isdisjoint(sent)


def _several(rate: float) -> Callable[[World, Random], Losses]:
    """Movements, packing, unpacking and processes at a rate each, over a third of the fields and of one end."""
    kinds = [_movements(rate), *(_kind(kind, rate) for kind in ("pack", "unpack", "transform"))]

    def gone(world: World, rng: Random) -> Losses:
        return {**lose(world, rng), **{n: what for kind in kinds for n, what in kind(world, rng).items()}}

    return gone


def _at(name: str, lose_at: Callable[[float], Callable[[World, Random], Losses]], *rates: int) -> Iterator[Loss]:
    """A row a rate in percent; what is lost at a lower rate is lost at a higher one too."""
    yield from (Loss(name.format(rate), lose_at(rate / 100)) for rate in rates)


LOSSES = (
    Loss("nothing", lambda _world, _rng: {}),
    Loss("a third of the fields, and of one end of movements", lose),
    *_at("{} % of the movements, both ends", _movements, 5, 10, 20),
    Loss("receipts of goods that came elsewhere than sent", _astray),
    *_at("{} % of packing", partial(_kind, "pack"), 10, 20),
    *_at("{} % of unpacking", partial(_kind, "unpack"), 10, 20),
    *_at("{} % of transformations", partial(_kind, "transform"), 10, 20),
    Loss("error declarations and void shipping", _declarations),
    Loss("the right time: clocks of sites up to two hours wrong", partial(lose, rates=replace(NOTHING, clock=True))),
    *_at("several at once, {} % each", _several, 5, 10, 20),
)
WITHIN_THE_LAWS = LOSSES[:2]
"""Losses with which the laws promise that nothing is missed and nothing is wrongly certain."""


# -- questions -------------------------------------------------------------------------------------------------------


def asks(world: World, rng: Random) -> list[tuple[str, Ask]]:
    """Questions about what there was in a world, by kind of seed, both ways."""
    lots = [Seed(item) for item in world.items if kind_of_key(item) is Kind.lot]
    instances = [Seed(item) for item in world.items if kind_of_key(item) is Kind.instance]
    stays = [b for b in world.goods.bodies if b.item and b.site]
    halfway = world.end // 2
    places = [Seed(b.item, b.site, rng.choice((None, min(b.since, halfway)))) for b in stays]
    directions: tuple[Direction, ...] = ("forward", "back")
    return [
        (kind, Ask(seed, direction))
        for kind, seeds in zip(KINDS, (lots, places, instances), strict=True)
        for seed in rng.sample(seeds, min(SEEDS_A_KIND, len(seeds)))
        for direction in directions
    ]


def _known(events: Iterable[Event]) -> frozenset[str]:
    return frozenset(what.item for event in events for what in event.whats)


# -- figures ---------------------------------------------------------------------------------------------------------


def tally(losses: Sequence[Loss], worlds: range, size: Size = SMALL) -> Rows:
    """Each row's sums by kind of seed: the same questions of the same worlds, whose records may also mislead."""
    rows = {loss.name: {kind: Tally() for kind in KINDS} for loss in losses}
    for seed in worlds:
        world = simulate(seed, size)
        asked = asks(world, Random(seed))
        for loss in losses:
            _put(world, loss.lose(world, Random(seed)), asked, rows[loss.name])
    return rows


def _put(world: World, losses: Losses, asked: list[tuple[str, Ask]], sums: dict[str, Tally]) -> None:
    """Ask about a thinned world; nobody asks about an item that no remaining record names."""
    records = remaining(world.records, losses)
    events = read_events(record.event for record in records)
    known, traces = _known(events), engine(events)
    for kind, ask in asked:
        if ask.seed.item in known:
            _count(sums[kind], world, records, ask, traces.trace(ask))


def _count(sums: Tally, world: World, records: list[Record], ask: Ask, answer: Answer) -> None:
    truth = truth_of(world, ask)
    true = _things(world, Found(truth.items, truth.sites))
    certain, possible = _things(world, answer.certain), _things(world, answer.possible)
    breaches = [b for b in check_sandwich(world, records, ask, answer) if b.grain != "pair"]
    missed = [b for b in breaches if b.law == "missed"]
    wrong = [b for b in breaches if b.law == "wrongly certain"]
    sums.answers += 1
    sums.true += len(true)
    sums.certain += len(certain)
    sums.missed += len(missed)
    sums.unnamed += len(true - possible) - len(missed)
    sums.wrong += len(wrong)
    sums.wide += len(possible - true - certain)
    sums.missing += any(b.grain == "site" for b in missed)
    sums.wronging += any(b.grain == "site" for b in wrong)
    if breaches:
        sums.lacking.append(world.seed)


def _things(world: World, found: Found) -> Things:
    items = (("item", item) for item in found.items - world.neutral)
    return frozenset([*items, *(("site", site) for site in found.sites)])


# -- page ------------------------------------------------------------------------------------------------------------


def tables(rows: Rows) -> str:
    """A table a kind of seed, as Markdown."""
    return "\n\n".join(_table(kind.capitalize(), {n: row[kind] for n, row in rows.items()}) for kind in KINDS)


def large_table(rows: Rows) -> str:
    """One table of worlds of 2,000 events, as Markdown."""
    return _table(LARGE_TITLE, {f"{name}: {kind}": row[kind] for name, row in rows.items() for kind in KINDS})


def _table(title: str, rows: dict[str, Tally]) -> str:
    head = [f"### {title}", "", f"| lost | {' | '.join(COLUMNS)} |", "|---|" + "---:|" * len(COLUMNS)]
    return "\n".join([*head, *(f"| {name} | {' | '.join(sums.cells())} |" for name, sums in rows.items())])


def write_page(worlds: int) -> None:
    """Write the tables, and what they were measured on, between the marks of docs/limits.md."""
    text = PAGE.read_text("utf-8")
    head, tail = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text(f"{head}{BEGIN}\n{measured(worlds)}\n{END}{tail}", "utf-8")


def measured(worlds: int) -> str:
    """Every table, as Markdown."""
    large = large_table(tally(WITHIN_THE_LAWS, LARGE, MEDIUM))
    setting = f"{worlds} worlds a row, {len(LARGE)} of 2,000 events; {machine()}."
    return "\n\n".join((setting, tables(tally(LOSSES, range(worlds))), large))


def main() -> None:
    """Write the tables of docs/limits.md, or print one row with the worlds behind it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.limits")
    parser.add_argument("--worlds", type=int, default=WORLDS, help="how many a row")
    parser.add_argument("--row", help="print only rows with this in their name, and the seeds of worlds that lack")
    asked = parser.parse_args()
    if asked.row is None:
        write_page(asked.worlds)
        return
    rows = tally([loss for loss in LOSSES if asked.row in loss.name], range(asked.worlds))
    print(tables(rows))
    print("\n".join(f"{name}, {kind}: {sums.lacking}" for name, row in rows.items() for kind, sums in row.items()))


if __name__ == "__main__":
    main()
