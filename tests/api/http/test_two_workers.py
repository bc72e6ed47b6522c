"""Two servers over one store: an answer is turned page by page while both capture, and one of them starts anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from api.generate import codes
from api.generate.record import Json, location, time_of
from benchmarks.client import Client
from tests.api.served import Served, served
from tests.neo4j_server.fixture import AnyServer
from tests.stores.databases import location_of

pytestmark = pytest.mark.slow

EACH = 1_000
"""Items of one event, and events of one document."""
TANK = codes.lot(1, "TANK")
LIST = """query ($seed: ID!, $first: Int, $after: String) {
  trace(seeds: [{item: {id: $seed}}], direction: FORWARD) { items(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { depth certainty item { id } } } } } }"""
POSITION = "{ ledger { position } }"


@dataclass
class Worker:
    """A server over the store, which can be started anew."""

    store: str
    running: Any
    server: Served

    @classmethod
    def of(cls, store: str) -> Worker:
        """One that runs."""
        running = served(store)
        return cls(store, running, running.__enter__())

    def again(self) -> None:
        """Ended, and started anew elsewhere."""
        code, said = self.server.stop()
        assert (code, "Traceback" in said) == (130, False), said
        self.end()
        self.running = served(self.store)
        self.server = self.running.__enter__()

    def end(self) -> None:
        """End it."""
        self.running.__exit__(None, None, None)


@contextmanager
def two_over(store: str) -> Iterator[tuple[Worker, Worker]]:
    """Two over one store."""
    first, second = Worker.of(store), Worker.of(store)
    yield first, second
    first.end()
    second.end()


def made(items: int) -> Iterator[Json]:
    """A tank goes into so many pieces, a thousand an event."""
    for number in range(items // EACH):
        pieces = [codes.instance(2, f"P{number * EACH + piece}").urn for piece in range(EACH)]
        used = [{"epcClass": TANK.urn, "quantity": 1}]
        yield {**told(number), "type": "TransformationEvent", "inputQuantityList": used, "outputEPCList": pieces}


def arriving(document: int, items: int) -> list[Json]:
    """A thousand of the events that come meanwhile: of the tank's own pieces, and more that is made of it."""
    found: list[Json] = []
    for number in range(document * EACH, (document + 1) * EACH):
        moment = told(100 + number)
        if number % 10:
            piece = codes.instance(2, f"P{number % items}").urn
            found.append({**moment, "type": "ObjectEvent", "action": "OBSERVE", "epcList": [piece]})
        else:
            more = {"outputEPCList": [codes.instance(2, f"LATE{number}").urn]}
            found.append(
                {
                    **moment,
                    "type": "TransformationEvent",
                    "inputQuantityList": [{"epcClass": TANK.urn, "quantity": 1}],
                    **more,
                }
            )
    return found


def told(minute: int) -> Json:
    """When and where."""
    site = location(codes.site(1).urn)
    return {
        "eventTime": time_of(minute, "+08:00"),
        "eventTimeZoneOffset": "+08:00",
        "bizStep": "inspecting",
        "readPoint": site,
        "bizLocation": site,
    }


def asked(worker: Worker, query: str, **given: object) -> Any:
    """What a worker answers."""
    with closing(Client(worker.server.port)) as client:
        return client.ask(query, **given)


def captured(worker: Worker, events: list[Json]) -> int:
    """Events captured through a worker."""
    with closing(Client(worker.server.port)) as client:
        return client.capture(events)


def page_of(worker: Worker, first: int, after: str | None = None) -> Any:
    """A page of what the tank is in."""
    return asked(worker, LIST, seed=TANK.key, first=first, after=after)["trace"]["items"]


def test_pages_from_two_workers_are_one_page_while_events_arrive_and_one_starts_anew(tmp_path: Path) -> None:
    """Ten thousand items, while ten thousand events come in through the worker that does not turn the page."""
    with two_over(f"sqlite:{tmp_path / 'shared.db'}") as (one, other):
        turn_pages(one, other, items=10_000, page=500)


def test_so_they_are_over_neo4j(empty_neo4j: AnyServer) -> None:
    """Two thousand items, while two thousand events come in."""
    with two_over(location_of(empty_neo4j)) as (one, other):
        turn_pages(one, other, items=2_000, page=250)


def turn_pages(one: Worker, other: Worker, items: int, page: int) -> None:
    """Turn an answer of so many items page by page, while as many events come; `one` starts anew half way."""
    assert captured(one, list(made(items))) == items // EACH
    whole = page_of(one, items)
    assert whole["totalCount"] == items + 1, "the pieces and the tank"
    before = asked(one, POSITION)["ledger"]["position"]

    turns = cycle((one, other))
    shown = page_of(next(turns), page)
    rows, documents, pages = shown["edges"], 0, 1
    while shown["pageInfo"]["hasNextPage"]:
        turning = next(turns)
        if pages % 2 and documents < items // EACH:
            assert captured(other if turning is one else one, arriving(documents, items)) == EACH
            documents += 1
        if pages == items // page // 2:
            one.again()
        shown = page_of(turning, page, shown["pageInfo"]["endCursor"])
        rows, pages = rows + shown["edges"], pages + 1

    assert rows[:items] == whole["edges"]
    assert (len(rows), pages, documents) == (items + 1, items // page + 1, items // EACH)
    assert asked(other, POSITION)["ledger"]["position"] == before + items
    assert page_of(one, 1)["totalCount"] > items + 1, "what came meanwhile is in a question asked now"
