"""Pages of a recall scope of many outlets in a long ledger. In: how many events. Out: a section of docs/benchmarks.md.

`make bench-pages EVENTS=1000000` generates and loads a chain, as `make bench-load` does, and a product that is sold at
OUTLETS outlets, serves them in a process of its own on the loopback, and asks for the recall of its ingredient: a
question never asked before, so that its first page has all of the walk and the amounts in it, and the page after it.
Loading a million events takes most of an hour; STORE=sqlite:FILE takes a store that has them (the product is loaded
into it where it is not there). It exits 1 where a claim does not hold.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.api import LEDGER, OUTLETS, SEED, add_product, loaded
from benchmarks.client import Client
from benchmarks.fan import ingredient
from benchmarks.measuring import Claim, Measured, machine, verdict
from tests.api.served import Served, served

EVENTS = 100_000
PAGE, TIMES = 100, 40
LONGEST_FIRST, LONGEST_NEXT = 0.3, 0.05
"""Seconds within which 95 of 100 pages are to come."""

SCOPE = """query ($seed: ID!, $depth: Int, $first: Int, $after: String) {
  recallScope(seeds: [{item: {id: $seed}}], options: {maxDepth: $depth}) {
    outlets(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } edges { node {
      tier certainty site { name gln } contacts { phone }
      stock(first: 5) { edges { node { item { lot } held { low high }
        affectedAtMost { held { high } } } } } } } } } }"""


class Questions:
    """Recalls of the ingredient, each of them another question: how deep the walk may go, deeper than it goes."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._depths = count(random.SystemRandom().randrange(10**6, 10**9))
        self._page: Any = None
        self._depth = 0

    def first(self) -> int:
        """The first page of one not asked before; how many outlets there are."""
        self._depth = next(self._depths)
        self._page = self._ask(None)
        return int(self._page["totalCount"])

    def second(self) -> int:
        """The page after that; how many outlets it has."""
        return len(self._ask(self._page["pageInfo"]["endCursor"])["edges"])

    def _ask(self, after: str | None) -> Any:
        given = {"seed": ingredient().key, "depth": self._depth, "first": PAGE, "after": after}
        return self._client.ask(SCOPE, **given)["recallScope"]["outlets"]


@dataclass(frozen=True, slots=True)
class Turned:
    """Pages that were turned."""

    measured: Measured
    processor: float
    """Seconds of the server's processors that one took in the mean, whatever else the machine did."""

    @property
    def slowest(self) -> float:
        """How long 95 of 100 take at most."""
        return statistics.quantiles(self.measured.seconds, n=20)[18]


def turned(server: Served) -> tuple[int, int, Turned, Turned]:
    """Events of the ledger, outlets of the scope; its first pages and the pages after each."""
    with closing(Client(server.port)) as client:
        questions = Questions(client)
        outlets = questions.first()
        first: list[tuple[float, float]] = []
        second: list[tuple[float, float]] = []
        # The garbage of the client is no time of the server's.
        gc.disable()
        for _ in range(TIMES):
            first.append(taken(server, questions.first))
            second.append(taken(server, questions.second))
        events = client.ask(LEDGER)["ledger"]["position"]
    return events, outlets, told("first", first), told("second", second)


def told(name: str, times: list[tuple[float, float]]) -> Turned:
    """What several pages took."""
    clock, processor = zip(*times, strict=True)
    return Turned(Measured(name, clock), statistics.mean(processor))


def taken(server: Served, ask: Callable[[], object]) -> tuple[float, float]:
    """Seconds that an answer takes by the clock, and of the server's processors."""
    before, begun = time.perf_counter(), processor_seconds(server)
    ask()
    return time.perf_counter() - before, processor_seconds(server) - begun


def processor_seconds(server: Served) -> float:
    """What a process has had of the processors (proc(5))."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def page(events: int, outlets: int, *turns: Turned) -> str:
    """The section of docs/benchmarks.md."""
    setting = (
        f"`make bench-pages EVENTS=…` prints this section: {events:,} events, those of `suyuan generate --seed {SEED}` "
        f"and a product that is sold at {OUTLETS:,} outlets,\nbehind `suyuan serve` on the loopback; {TIMES} recall "
        f"scopes of {outlets:,} outlets, none asked before, {PAGE} outlets a page. Times are in milliseconds."
    )
    head = ["## Pages", "", setting, f"Machine: {machine()}.", "", "| page | min | median | p95 | max | processor |"]
    rows = [
        f"| {turn.measured.name} | {' | '.join(f'{1000 * seconds:.0f}' for seconds in shown(turn))} |" for turn in turns
    ]
    return "\n".join([*head, "|---|---:|---:|---:|---:|---:|", *rows, "", *map(verdict, claims(outlets, *turns))])


def shown(turn: Turned) -> tuple[float, ...]:
    """The columns of the table."""
    measured = turn.measured
    return measured.fastest, measured.median, turn.slowest, measured.slowest, turn.processor


def claims(outlets: int, first: Turned, second: Turned) -> tuple[Claim, ...]:
    """What the measurements are to show."""
    return (
        Claim(f"The scope has at least {OUTLETS:,} outlets", outlets >= OUTLETS),
        Claim(f"95 of 100 first pages come within {1000 * LONGEST_FIRST:.0f} ms", first.slowest < LONGEST_FIRST),
        Claim(f"95 of 100 next pages come within {1000 * LONGEST_NEXT:.0f} ms", second.slowest < LONGEST_NEXT),
    )


def main() -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--events", type=int, default=EVENTS)
    asked.add_argument("--store", help="A store that has the events already; the product is loaded into it.")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.store:
            add_product(given.store, folder)
        with served(given.store or loaded(folder, given.events)) as server:
            events, outlets, first, second = turned(server)
    print(page(events, outlets, first, second))
    return 0 if all(claim.holds for claim in claims(outlets, first, second)) else 1


if __name__ == "__main__":
    sys.exit(main())
