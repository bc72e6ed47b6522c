"""The API under load. In: how many events, for how long. Out: a section of docs/benchmarks.md.

`make bench-api` generates and loads a chain, serves it in a process of its own on the loopback, and asks it as CLIENTS
people do, each once in EVERY seconds: traces forward and back, look-ups of items and sites, searches. A latency is
counted from when a request was due, so that one that waits for the one before it is not flattered. Then it turns a page
of the largest recall scope found. It exits 1 where a claim does not hold.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.generate.stream import write_stream
from api.loading import Loading
from api.session import open_session
from benchmarks.measuring import Claim, Measured, machine, measure, verdict
from tests.api.served import HOST, served

SEED, EVENTS = 7, 20_000
CLIENTS, EVERY, SECONDS = 50, 2.0, 60
PAGE = 5
SAMPLE = 100
"""Items whose recall scopes are tried for the largest."""

TRACE = """query ($id: ID!, $way: Direction!) { trace(seeds: [{item: {id: $id}}], direction: $way) {
  complete summary { items { certain possible } sites { certain possible } }
  sites(first: 20) { edges { node { certainty site { name gln } } } } } }"""
ITEM = "query ($id: ID!) { item(id: $id) { id kind lot product { name } } }"
SITE = "query ($id: ID!) { site(id: $id) { id gln name } }"
SEARCH = "query ($id: String!) { search(text: $id, first: 10) { id kind name } }"
SCOPE = """query ($id: ID!, $after: String) { recallScope(seeds: [{item: {id: $id}}]) {
  outlets(first: PAGE, after: $after) { totalCount pageInfo { hasNextPage endCursor } edges { node {
    tier certainty site { name gln } contacts { phone }
    stock(first: 5) { edges { node { item { lot } held { low high } } } } } } } } }""".replace("PAGE", str(PAGE))
KNOWN = "{ events(first: 10000) { edges { node { readPoint whats { item } } } } }"


class Client:
    """A connection that is kept."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=120)

    def ask(self, query: str, **variables: object) -> Any:
        """What is answered; `RuntimeError` where anything is wrong."""
        body = json.dumps({"query": query, "variables": variables})
        self._connection.request("POST", "/graphql", body, {"content-type": "application/json"})
        answer = self._connection.getresponse()
        told = json.loads(answer.read())
        if answer.status != 200 or "errors" in told:
            raise RuntimeError(f"{answer.status} {told}")
        return told["data"]

    def close(self) -> None:
        """End it."""
        self._connection.close()


@dataclass(slots=True)
class Load:
    """What was asked, and how long each took, in seconds, by kind."""

    known: tuple[list[str], list[str]]
    """Items and sites of the ledger."""
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"trace": [], "look-up": []})
    faults: list[str] = field(default_factory=list)

    def questions(self, chance: random.Random) -> Iterator[tuple[str, str, dict[str, str]]]:
        """Questions without end: a kind, a query, its variables."""
        items, sites = self.known
        while True:
            way = chance.choice(("FORWARD", "BACK"))
            yield "trace", TRACE, {"id": chance.choice(items), "way": way}
            yield "look-up", ITEM, {"id": chance.choice(items)}
            yield "trace", TRACE, {"id": chance.choice(items), "way": way}
            yield (
                "look-up",
                *chance.choice(((SITE, {"id": chance.choice(sites)}), (SEARCH, {"id": chance.choice(items)}))),
            )

    def run(self, port: int, number: int, until: float) -> None:
        """One client: a question every EVERY seconds from a moment of its own on."""
        chance = random.Random(number)
        due = time.perf_counter() + chance.uniform(0, EVERY)
        with closing(Client(port)) as client:
            for kind, query, variables in self.questions(chance):
                if due > until:
                    return
                time.sleep(max(0.0, due - time.perf_counter()))
                try:
                    client.ask(query, **variables)
                except (OSError, RuntimeError) as error:
                    self.faults.append(str(error))
                self.seconds[kind].append(time.perf_counter() - due)
                due += EVERY


def loaded(folder: Path, events: int) -> str:
    """A store that holds a generated chain; its location."""
    source, store = folder / "world.ndjson", f"sqlite:{folder / 'suyuan.db'}"
    with source.open("wb") as lines, Path("/dev/null").open("wb") as truth:
        for _ in write_stream(events, SEED, lines, truth):
            pass
    with open_session(store, to_write=True) as session:
        Loading(session, "benchmark").load([source])
        session.refresh_index()
    return store


def known(port: int) -> tuple[list[str], list[str]]:
    """Items and sites of the ledger."""
    with closing(Client(port)) as client:
        events = [edge["node"] for edge in client.ask(KNOWN)["events"]["edges"]]
    items = sorted({what["item"] for event in events for what in event["whats"]})
    return items, sorted({event["readPoint"] for event in events if event["readPoint"]})


def under_load(port: int, seconds: int) -> Load:
    """What CLIENTS clients met."""
    load = Load(known(port))
    until = time.perf_counter() + seconds
    threads = [threading.Thread(target=load.run, args=(port, number, until)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return load


def pages(port: int, items: list[str]) -> tuple[int, Measured, Measured]:
    """Outlets of the largest recall scope of some items; its first and its second page."""
    with closing(Client(port)) as client:
        some = random.Random(SEED).sample(items, min(SAMPLE, len(items)))
        scopes = {item: client.ask(SCOPE, id=item)["recallScope"]["outlets"] for item in some}
        item = max(scopes, key=lambda one: scopes[one]["totalCount"])
        after = scopes[item]["pageInfo"]["endCursor"]
        first = measure(f"first {PAGE} outlets", lambda: client.ask(SCOPE, id=item), times=20)
        second = measure("the next", lambda: client.ask(SCOPE, id=item, after=after), times=20)
    return int(scopes[item]["totalCount"]), first, second


def page(events: int, seconds: int, load: Load, turned: tuple[int, Measured, Measured]) -> str:
    """The section of docs/benchmarks.md."""
    setting = (
        f"`make bench-api` prints this section: {events:,} events of `suyuan generate --seed {SEED}` behind "
        f"`suyuan serve`\non the loopback; {CLIENTS} clients, each a request every {EVERY:.0f} s for {seconds} s, "
        f"{len(load.faults)} errors. Times are in milliseconds, from when a request was due."
    )
    head = ["## API", "", setting, f"Machine: {machine()}.", ""]
    table = ["| requests | count | p50 | p99 | max |", "|---|---:|---:|---:|---:|"]
    rows = [latencies(kind, taken) for kind, taken in load.seconds.items()]
    outlets, *turns = turned
    turning = ["", f"A recall scope of {outlets} outlets, asked by one client:", ""]
    turning += ["| page | min | median | max |", "|---|---:|---:|---:|"]
    pages_turned = [f"| {turn.name} | {_ms(turn.fastest, turn.median, turn.slowest)} |" for turn in turns]
    return "\n".join([*head, *table, *rows, *turning, *pages_turned, "", *map(verdict, claims(load, *turns))])


def latencies(kind: str, taken: list[float]) -> str:
    """A line of the table: how many requests of a kind, and how long they took."""
    cut = statistics.quantiles(taken, n=100)
    return f"| {kind} | {len(taken):,} | {_ms(cut[49], cut[98], max(taken))} |"


def _ms(*seconds: float) -> str:
    return " | ".join(f"{1000 * one:.0f}" for one in seconds)


def claims(load: Load, first: Measured, second: Measured) -> tuple[Claim, ...]:
    """What the measurements are to show."""
    return (
        Claim("Every request is answered", not load.faults),
        Claim("The next page takes at most 1.5 times as long as the first", second.fastest < 1.5 * first.fastest),
    )


def main() -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--events", type=int, default=EVENTS)
    asked.add_argument("--seconds", type=int, default=SECONDS)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name, served(loaded(Path(name), given.events)) as server:
        load = under_load(server.port, given.seconds)
        turned = pages(server.port, load.known[0])
    print(page(given.events, given.seconds, load, turned))
    for fault in load.faults[:5]:
        print(fault, file=sys.stderr)
    return 0 if all(claim.holds for claim in claims(load, *turned[1:])) else 1


if __name__ == "__main__":
    sys.exit(main())
