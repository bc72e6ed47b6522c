"""Deliveries over every store: two processes over one state, a receiver that is down meanwhile."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from api.http.webhook import Webhooks
from api.rest.subscribing.deliveries import Deliveries
from api.rest.subscribing.delivery import Sees
from engine.named_query import NamedQuery
from engine.stores.neo4j import open_store as open_database
from engine.stores.ports import Store
from engine.stores.sqlite import open_store as open_file
from engine.subscription import Subscription
from tests.api.receiver import Receiver, until
from tests.api.rest.subscribed import LISTED, QUICK
from tests.neo4j_server.fixture import AnyServer
from tests.stores.databases import address_of, emptied
from tests.stores.examples import CAPTURE, event


def numbers_of(receiver: Receiver) -> list[int]:
    """The numbers of the events that it took, in order."""
    bodies = [json.loads(one.body) for one in receiver.got if one.status == 200]
    told = [one for body in bodies for one in body["epcisBody"]["queryResults"]["resultsBody"]["eventList"]]
    return [int(one["eventID"].removeprefix("urn:uuid:"), 16) for one in told]


def seeing_all(store: Store) -> Sees:
    """Each owner sees all."""
    return lambda _: store.snapshot


def append(store: Store, *numbers: int) -> None:
    """Events, without what is derived from them."""
    with store.transaction() as writing:
        writing.ledger.append([event(number) for number in numbers], CAPTURE)


def is_served_once(place: Callable[[], Store]) -> None:
    """Whatever comes and goes, each event is taken once and in order; at last nobody holds the subscription."""
    with ExitStack() as opened, Receiver() as receiver:
        first, second = (opened.enter_context(closing(place())) for _ in range(2))
        one = Subscription("s", "all", "dairy", 1, receiver.url, 0, 0, 2, "Never_Translates")
        with first.transaction() as writing:
            writing.queries.add(NamedQuery("all", b"{}", 1, "dairy"))
            writing.subscriptions.put(one)
        for store in (first, second):
            opened.enter_context(Deliveries(store, seeing_all(store), Webhooks(LISTED), QUICK))
        append(first, 1, 2, 3)
        receiver.wait(lambda it: len(it.got) >= 2)
        receiver.stop()
        threads = [threading.Thread(target=append, args=(store, n)) for n, store in ((4, first), (5, second))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        until(lambda: _kept(first).failures > 0)
        receiver.start()
        until(lambda: _kept(first).position == 5 and _kept(first).lease is None)
    found = numbers_of(receiver)
    assert (found[:3], sorted(found[3:])) == ([1, 2, 3], [4, 5])


def _kept(store: Store) -> Subscription:
    with store.snapshot() as reading:
        found = reading.subscriptions.get("s")
    assert found is not None
    return found


def test_each_event_is_delivered_once_from_a_file(tmp_path: Path) -> None:
    """Two processes share it."""
    is_served_once(lambda: open_file(str(tmp_path / "s.db")))


def test_each_event_is_delivered_once_from_a_database(neo4j_server: AnyServer) -> None:
    """Two processes share it."""
    address = address_of(neo4j_server)
    open_database(address).close()
    emptied(address)
    is_served_once(lambda: open_database(address))
