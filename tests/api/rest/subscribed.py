"""Subscribers to the queries of a server in this process. In: a folder. Out: a client; deliveries."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from httpx2 import Response

from api.capture_document import CaptureLimits
from api.http.targets import Targets
from api.http.webhook import Webhooks
from api.principals import Users
from api.rest.subscribing.deliveries import Deliveries
from api.rest.subscribing.delivery import Sees
from api.rest.subscribing.progress import Pace
from engine.stores.ports import Store
from tests.api.rest.conftest import Client, event, served

QUICK = Pace(between_looks=0.02, lease=3.0, first_retry=0.02, longest_retry=0.1, stop=1.0)
LISTED = Targets(["127.0.0.1"])
SHIPPED = {"EQ_bizStep": ["shipping"]}


@contextmanager
def client_in(folder: Path) -> Iterator[Client]:
    """A client of a server over the store in a folder, which may send to loopback; there is a query `sent`."""
    with served(folder, CaptureLimits(), LISTED) as client:
        client.post("/queries", json.dumps({"name": "sent", "query": SHIPPED}).encode())
        yield client


def over(client: Client, users: Users | None = None) -> tuple[Store, Sees]:
    """The store of a client's server, and what each owner sees of it."""
    return client.service.located.store, partial(client.service.seen_by_name, users)


def delivering(client: Client, pace: Pace = QUICK) -> Deliveries:
    """What delivers for the server of a client."""
    return Deliveries(*over(client), Webhooks(LISTED, longest_answer=1.0), pace)


def subscribe(
    client: Client, dest: str, query: str = "sent", headers: Mapping[str, str] | None = None, **fields: Any
) -> Response:
    """Ask for a subscription, to a stream unless said otherwise."""
    asked = {"dest": dest, **({} if "schedule" in fields else {"stream": True}), **fields}
    return client.post(f"/queries/{query}/subscriptions", json.dumps(asked).encode(), **(headers or {}))


def subscribed(client: Client, dest: str, query: str = "sent", **fields: Any) -> str:
    """The address of a subscription that was made."""
    answer = subscribe(client, dest, query, **fields)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def capture(client: Client, *numbers: int) -> None:
    """Capture an event that is shipping for each even number, and one that is not for each odd one."""
    client.capture(*(event(n, bizStep="shipping" if n % 2 == 0 else "packing") for n in numbers))
