"""The API under load. In: how many events, for how long. Out: a section of docs/benchmarks.md.

`make bench-api` generates and loads a chain, and a product that is sold at OUTLETS outlets, serves them in a process of
its own on the loopback, and asks it as CLIENTS clients do, each once in EVERY seconds: captures of ten events, traces
that reach every outlet, traces of anything forward and back, look-ups, in turn. A latency is counted from when a
request was due, so that one that waits for the one before it is not flattered; a capture has ended when its events are
kept and its job says so. It exits 1 where a claim does not hold.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from api.generate.stream import write_stream
from api.loading import Loading
from api.session import open_session
from benchmarks.client import Client
from benchmarks.fan import TEN, fan_out, ingredient, ten_events
from benchmarks.measuring import Claim, machine, verdict
from tests.api.served import served

SEED, EVENTS, OUTLETS = 7, 20_000, 1_000
CLIENTS, EVERY, SECONDS = 50, 2.0, 300
CAPTURE, REACHING, TRACE, LOOK_UP = (
    "capture of 10 events",
    f"trace that reaches {OUTLETS:,} outlets",
    "trace",
    "look-up",
)
LONGEST = {CAPTURE: 0.25, REACHING: 0.5}
"""Seconds within which 99 of 100 are to be answered."""

TRACED = """query ($id: ID!, $way: Direction!) { trace(seeds: [{item: {id: $id}}], direction: $way) {
  complete summary { items { certain possible } sites { certain possible } }
  sites(first: 20) { edges { node { certainty site { name gln } } } } } }"""
ITEM = "query ($id: ID!) { item(id: $id) { id kind lot product { name } } }"
SITE = "query ($id: ID!) { site(id: $id) { id gln name } }"
SEARCH = "query ($id: String!) { search(text: $id, first: 10) { id kind name } }"
KNOWN = "{ events(first: 10000) { edges { node { readPoint whats { item } } } } }"
LEDGER = "{ ledger { position } }"


@dataclass(slots=True)
class Load:
    """What was asked, and how long each took, in seconds, by kind."""

    items: list[str]
    sites: list[str]
    seconds: dict[str, list[float]] = field(
        default_factory=lambda: {k: [] for k in (CAPTURE, REACHING, TRACE, LOOK_UP)}
    )
    faults: list[str] = field(default_factory=list)
    accepted: list[int] = field(default_factory=list)
    """Of each capture, how many of its events were."""
    appended: int = 0
    """By how much the ledger grew."""

    def requests(self, client: Client, number: int) -> Iterator[tuple[str, Callable[[], object]]]:
        """Requests of one client without end: a kind, and what is done."""
        chance = random.Random(number)
        for turn in count():
            events = ten_events(turn * CLIENTS + number, OUTLETS)
            item, site, way = chance.choice(self.items), chance.choice(self.sites), chance.choice(("FORWARD", "BACK"))
            yield CAPTURE, partial(self._capture, client, events)
            yield REACHING, partial(client.ask, TRACED, id=ingredient().key, way="FORWARD")
            yield TRACE, partial(client.ask, TRACED, id=item, way=way)
            query, known = chance.choice(((ITEM, item), (SITE, site), (SEARCH, item)))
            yield LOOK_UP, partial(client.ask, query, id=known)

    def _capture(self, client: Client, events: list[dict[str, Any]]) -> None:
        self.accepted.append(client.capture(events))

    def run(self, port: int, number: int, until: float) -> None:
        """One client: a request every EVERY seconds from a moment of its own on; clients begin with different ones."""
        due = time.perf_counter() + random.Random(-number).uniform(0, EVERY)
        with closing(Client(port)) as client:
            requests = self.requests(client, number)
            for _ in range(number % len(self.seconds)):
                next(requests)
            for kind, request in requests:
                if due > until:
                    return
                time.sleep(max(0.0, due - time.perf_counter()))
                try:
                    request()
                except (OSError, RuntimeError) as error:
                    self.faults.append(str(error))
                self.seconds[kind].append(time.perf_counter() - due)
                due += EVERY


def loaded(folder: Path, events: int) -> str:
    """A store that holds a generated chain, and the product that is sold everywhere; its location."""
    chain, store = folder / "world.ndjson", f"sqlite:{folder / 'suyuan.db'}"
    with chain.open("wb") as lines, Path("/dev/null").open("wb") as truth:
        for _ in write_stream(events, SEED, lines, truth):
            pass
    with open_session(store, to_write=True) as session:
        Loading(session, "benchmark").load([chain])
    add_product(store, folder)
    return store


def add_product(store: str, folder: Path) -> None:
    """Load the product that is sold everywhere, but where it is there already."""
    product = folder / "fan.ndjson"
    product.write_bytes(b"".join(msgspec.json.encode(event) + b"\n" for event in fan_out(OUTLETS)))
    with open_session(store, to_write=True) as session:
        Loading(session, "benchmark").load([product])
        session.refresh_index()


def under_load(port: int, seconds: int) -> Load:
    """What CLIENTS clients met."""
    events = [edge["node"] for edge in asked_once(port, KNOWN)["events"]["edges"]]
    items = sorted({what["item"] for event in events for what in event["whats"]})
    load = Load(items, sorted({event["readPoint"] for event in events if event["readPoint"]}))
    before = asked_once(port, LEDGER)["ledger"]["position"]
    until = time.perf_counter() + seconds
    threads = [threading.Thread(target=load.run, args=(port, number, until)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.appended = asked_once(port, LEDGER)["ledger"]["position"] - before
    return load


def asked_once(port: int, query: str) -> Any:
    """What GraphQL answers to a client of its own."""
    with closing(Client(port)) as client:
        return client.ask(query)


def page(events: int, seconds: int, load: Load) -> str:
    """The section of docs/benchmarks.md."""
    setting = (
        f"`make bench-api` prints this section: {events:,} events of `suyuan generate --seed {SEED}`, and a product "
        f"that is sold at {OUTLETS:,} outlets,\nbehind `suyuan serve` on the loopback; {CLIENTS} clients, each a "
        f"request every {EVERY:.0f} s for {seconds} s, {len(load.faults)} errors; {sum(load.accepted):,} events "
        f"accepted, {load.appended:,} appended.\nTimes are in milliseconds, from when a request was due; "
        f"a capture's until its events are kept and its job says so."
    )
    head = ["## API", "", setting, f"Machine: {machine()}.", ""]
    table = ["| requests | count | p50 | p99 | max |", "|---|---:|---:|---:|---:|"]
    rows = [latencies(kind, taken) for kind, taken in load.seconds.items()]
    return "\n".join([*head, *table, *rows, "", *map(verdict, claims(load))])


def latencies(kind: str, taken: list[float]) -> str:
    """A line of the table: how many requests of a kind, and how long they took."""
    shown = (f"{1000 * one:.0f}" for one in (statistics.median(taken), slowest_of(taken), max(taken)))
    return f"| {kind} | {len(taken):,} | {' | '.join(shown)} |"


def slowest_of(taken: list[float]) -> float:
    """How long 99 of 100 take at most."""
    return statistics.quantiles(taken, n=100)[98]


def claims(load: Load) -> tuple[Claim, ...]:
    """What the measurements are to show."""
    counted = sum(load.accepted) == load.appended == TEN * len(load.seconds[CAPTURE])
    return (
        Claim("Every request is answered", not load.faults),
        Claim("The ledger grew by what was accepted, which is all that was sent", counted),
        *(
            Claim(
                f"99 of 100 times a {kind} takes less than {1000 * most:.0f} ms", slowest_of(load.seconds[kind]) < most
            )
            for kind, most in LONGEST.items()
        ),
    )


def main() -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--events", type=int, default=EVENTS)
    asked.add_argument("--seconds", type=int, default=SECONDS)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name, served(loaded(Path(name), given.events)) as server:
        load = under_load(server.port, given.seconds)
    print(page(given.events, given.seconds, load))
    for fault in load.faults[:5]:
        print(fault, file=sys.stderr)
    return 0 if all(claim.holds for claim in claims(load)) else 1


if __name__ == "__main__":
    sys.exit(main())
