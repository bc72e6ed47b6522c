"""Whether time tells what is hidden from what is not there. In: the outbreak, a shop. Out: a page for benchmarks.md.

`make bench-hidden` serves the outbreak as its firms captured it, with a lot of the dairy that very many events name,
and asks as a shop: for what is hidden from it and for what is not there, by turns. Told is how often the hidden takes
longer: half of the time is no sign. It exits 1 where it is farther from half than chance.
"""

from __future__ import annotations

import http.client
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from api.loading import Loading
from api.session import open_session
from benchmarks.measuring import Claim, machine, verdict
from tests.api.rights.conftest import EVENTS, USERS, event_document, is_hidden, load_by_firm
from tests.api.served import HOST, served

SHOP = "beibei"
ROUNDS, MENTIONS = 300, 3_000
UNBOUNDED = ("--lookups-per-minute", "1000000")
MOST = 0.06
"""How far from half the share may be."""
HIDDEN, ABSENT = "https://id.gs1.org/01/09521103002001/10/BL-2", "https://id.gs1.org/01/09521103002001/10/BL-7"
SITES = ("https://id.gs1.org/414/9521103000014", "https://id.gs1.org/414/9521109000018")
NOWHERE = "urn:uuid:20170803-0007-4000-8000-000000000000"


LOOKUP = "query ($id: String!) { publicLookup(code: $id) { readings { recallStatus fields { value } } } }"


class Question(NamedTuple):
    """How something is asked for, with what is hidden and what is not there."""

    name: str
    path: Callable[[str], tuple[str, str, str | None]]
    """Method, path and body of an id."""
    hidden: str
    absent: str


class Timed(NamedTuple):
    """How long each took, in seconds."""

    name: str
    hidden: list[float]
    absent: list[float]

    @property
    def longer(self) -> float:
        """How often one takes longer that is hidden."""
        pairs = [(one > other) + (one == other) / 2 for one in self.hidden for other in self.absent]
        return statistics.fmean(pairs)


def graphql(query: str) -> Callable[[str], tuple[str, str, str | None]]:
    """A question with `$id`."""
    return lambda key: ("POST", "/graphql", json.dumps({"query": query, "variables": {"id": key}}))


def questions() -> list[Question]:
    """All ways to ask for one thing."""
    event = next(event["eventID"] for event in EVENTS if is_hidden(event, SHOP))
    trace = "query ($id: ID!) { trace(seeds: [{item: {id: $id}}], direction: BACK) { complete } }"
    return [
        Question("item", graphql("query ($id: ID!) { item(id: $id) { id } }"), HIDDEN, ABSENT),
        Question("node", graphql("query ($id: ID!) { node(id: $id) { id } }"), HIDDEN, ABSENT),
        Question("site", graphql("query ($id: ID!) { site(id: $id) { id } }"), *SITES),
        Question("event", graphql("query ($id: ID!) { event(id: $id) { id } }"), event, NOWHERE),
        Question("seed", graphql(trace), HIDDEN, ABSENT),
        Question("public lookup", graphql(LOOKUP), HIDDEN, ABSENT),
        Question("REST event", lambda key: ("GET", f"/events/{quote(key, safe='')}", None), event, NOWHERE),
        Question("REST item", lambda key: ("GET", f"/epcs/{quote(key, safe='')}", None), HIDDEN, ABSENT),
        Question("REST query", _matching, HIDDEN, ABSENT),
    ]  # fmt: skip


def _matching(key: str) -> tuple[str, str, None]:
    return "GET", f"/events?MATCH_anyEPCClass={quote(key, safe='')}", None


def loaded(folder: Path) -> str:
    """The outbreak, and a lot of the dairy that very many events name; its location."""
    location = f"sqlite:{folder / 's.db'}"
    load_by_firm(location)
    template = next(event for event in EVENTS if event.get("bizStep") == "inspecting")
    inspections = [
        template
        | {"eventID": f"urn:uuid:00000000-0000-4000-8000-{number:012d}"}
        | {"quantityList": [{"epcClass": "urn:epc:class:lgtin:9521103.000200.BL-2", "quantity": 1, "uom": "KGM"}]}
        for number in range(MENTIONS)
    ]
    with open_session(location, to_write=True) as session:
        Loading(session, "dairy").load_document(event_document(inspections), "inspections")
    return location


def timed(port: int, asked: Question) -> Timed:
    """Ask by turns, in no order that means anything."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    chance = random.Random(1)
    found: dict[str, list[float]] = {asked.hidden: [], asked.absent: []}
    for _ in range(ROUNDS):
        for key in chance.sample(list(found), k=2):
            method, path, body = asked.path(key)
            headers = {**USERS.headers(SHOP), "content-type": "application/json"}
            begun = time.perf_counter()
            connection.request(method, path, body, headers)
            connection.getresponse().read()
            found[key].append(time.perf_counter() - begun)
    connection.close()
    return Timed(asked.name, found[asked.hidden], found[asked.absent])


def page(results: list[Timed]) -> str:
    """The section."""
    rows = [f"| {one.name} | {_ms(one.hidden)} | {_ms(one.absent)} | {one.longer:.3f} |" for one in results]
    return "\n".join(
        [
            "## What is hidden and what is not there",
            "",
            f"{ROUNDS} times each, by turns, over HTTP; {MENTIONS:,} events name the hidden lot. {machine()}.",
            "",
            "| asked by | hidden, median | not there, median | how often the hidden takes longer |",
            "|---|--:|--:|--:|",
            *rows,
            "",
        ]
    )


def _ms(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1_000:.2f} ms"


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        users = USERS.write(Path(folder))
        with served(loaded(Path(folder)), "--users", str(users), *UNBOUNDED) as server:
            results = [timed(server.port, asked) for asked in questions()]
    holds = [
        Claim(
            f"Asked by {one.name}, time does not tell the hidden from what is not there", abs(one.longer - 0.5) <= MOST
        )
        for one in results
    ]
    print("\n".join([page(results), *map(verdict, holds)]))
    return 0 if all(claim.holds for claim in holds) else 1


if __name__ == "__main__":
    sys.exit(main())
