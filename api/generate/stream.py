"""A supply chain of any length, in bounded memory.

In: how many events, a seed. Out: events, and beside them the truth. The chain is made of *seasons*: worlds of
about 2,000 events that share sites and overlap in time, each with goods of its own, all of which have left
the chain when it is over. Their records are merged in order of time. The truth of a season is told when it is
over, or at the end of the stream of as much as has been told of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import BinaryIO

import msgspec

from api.generate import ending, moving
from api.generate.answers import SiteQuestion, season_truth, world_truth
from api.generate.goods import again
from api.generate.record import Json, Record
from api.generate.scene import Scene, Size
from api.generate.world import MEDIUM, World, happen, world_of

SEASON: Size = MEDIUM
LAST_WEEKS = 320
"""Records kept for clearing out at the end of a season."""
APART = 5 * 24 * 60
"""Minutes from the begin of one season to the begin of the next."""

Tell = Callable[[Json], None]
"""Takes one line of truth."""


def stream_world(events: int, seed: int, tell: Tell | None = None) -> Iterator[Json]:
    """At most so many EPCIS events in order of time (one less where the last would stand without its declaration).

    `tell` is given the truth, as `docs/worlds.md` describes it, while the events are drawn.
    """
    return _Stream(events, seed, tell or _tell_nobody).run()


def season(number: int, seed: int) -> World:
    """One season: a world that begins at its own time, and whose goods have all left the chain at its end."""
    start = number * APART
    rng = Random(f"{seed} {number}")  # noqa: S311 - a simulation, no secret
    scene = Scene(rng, SEASON, complete=False, prefix=f"E{number}", start=start)
    happen(scene, SEASON.events - LAST_WEEKS)
    moving.arrive_all(scene)
    ending.clear_out(scene)
    return world_of(seed, scene, start)


@dataclass(slots=True)
class _Season:
    world: World
    number: int
    told: int = 0
    """How many of its records are out."""

    def unit(self) -> tuple[Record, ...]:
        """The next records that stand together: one, or a mistake and its declaration; none at the end."""
        records = self.world.records
        pair = self.told + 1 < len(records) and {r.kind for r in records[self.told : self.told + 2]} == _PAIR
        return records[self.told : self.told + (2 if pair else 1)]

    def so_far(self) -> World:
        """The world of the records that are out."""
        if self.told == len(self.world.records):
            return self.world
        records = self.world.records[: self.told]
        end = records[-1].moment if records else self.world.start
        return replace(self.world, records=records, goods=again(self.world.goods.deeds, range(self.told)), end=end)


_PAIR = {"mistake", "declare"}


class _Stream:
    def __init__(self, events: int, seed: int, tell: Tell) -> None:
        self.left = events
        self.seed = seed
        self.tell = tell
        self.numbers = count()
        self.running: list[tuple[int, int, _Season]] = []
        """Heap of (minute of the next record, season number, season)."""
        self.questions: list[SiteQuestion] = []

    def run(self) -> Iterator[Json]:
        """Events until there are enough."""
        self._begin_next()
        while True:
            moment, number, running = heappop(self.running)
            while moment >= (self._newest() + 1) * APART:
                self._begin_next()
            unit = running.unit()
            if len(unit) > self.left:
                heappush(self.running, (moment, number, running))
                break
            yield from (record.event for record in unit)
            self.left -= len(unit)
            running.told += len(unit)
            self._go_on(running)
        self._finish()

    def _newest(self) -> int:
        return self.questions[-1].season

    def _begin_next(self) -> None:
        number = next(self.numbers)
        world = season(number, self.seed)
        self.questions.append(SiteQuestion.drawn(number, self.seed, world.sites, APART))
        self._push(_Season(world, number))

    def _push(self, running: _Season) -> None:
        heappush(self.running, (running.unit()[0].moment, running.number, running))

    def _go_on(self, running: _Season) -> None:
        if running.unit():
            self._push(running)
        else:
            self._close(running)

    def _close(self, over: _Season) -> None:
        """Tell the truth of a season that is over, and of questions that no season still bears on."""
        world = over.so_far()
        self._tell_all(season_truth(world, over.number, self.seed))
        for question in self.questions:
            question.take(world)
        begun = [running.world.start for _, _, running in self.running]
        done = [q for q in self.questions[:-1] if all(start > q.last for start in begun)]
        for question in done:
            self.questions.remove(question)
            self._tell_all(question.told())

    def _finish(self) -> None:
        while self.running:
            self._close(heappop(self.running)[2])
        for question in self.questions:
            self._tell_all(question.told())

    def _tell_all(self, lines: Iterable[Json]) -> None:
        for line in lines:
            self.tell(line)


def write_stream(events: int, seed: int, event_file: BinaryIO, truth_file: BinaryIO) -> Iterator[int]:
    """Write events as NDJSON, and the truth beside them; yields the number of events written, after each."""
    encode = msgspec.json.Encoder().encode

    def tell(line: Json) -> None:
        truth_file.write(encode(line) + b"\n")

    for written, event in enumerate(stream_world(events, seed, tell), start=1):
        event_file.write(encode(event) + b"\n")
        yield written


def write_truth(world: World, truth_file: BinaryIO) -> None:
    """Write all the truth of one world as NDJSON."""
    truth_file.writelines(msgspec.json.encode(line) + b"\n" for line in world_truth(world))


def _tell_nobody(_: Json) -> None:
    """The truth is not asked for."""
