"""Whoever subscribes is sent what they may see, and nothing that counts what they may not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.http.app import Served, app_of
from api.http.service import open_service
from api.http.webhook import Webhooks
from api.principals import Users, digest_of, new_key, read_users
from api.rest.subscribing.deliveries import Deliveries
from tests.api.receiver import Receiver
from tests.api.rest.conftest import BASE, Client, event, problem
from tests.api.rest.subscribed import LISTED, QUICK, over, subscribed

KEYS = {name: new_key() for name in ("dairy", "farm", "regulator", "shopper")}
USERS = f"""
users:
- {{name: dairy, role: enterprise, sites: ["9521101000016"], key: {digest_of(KEYS["dairy"])}}}
- {{name: farm, role: enterprise, sites: ["9521102000015"], key: {digest_of(KEYS["farm"])}}}
- {{name: regulator, role: regulator, key: {digest_of(KEYS["regulator"])}}}
- {{name: shopper, role: consumer, key: {digest_of(KEYS["shopper"])}}}
"""
DAIRY, FARM = "urn:epc:id:sgln:9521101.00001.0", "urn:epc:id:sgln:9521102.00001.0"


@pytest.fixture
def users(tmp_path: Path) -> Users:
    """Two enterprises, one who sees all, and one who sees nothing."""
    (tmp_path / "users.yaml").write_text(USERS)
    return read_users(tmp_path / "users.yaml")


@pytest.fixture
def client(tmp_path: Path, users: Users) -> Iterator[Client]:
    """A client of their server."""
    with open_service(f"sqlite:{tmp_path / 's.db'}", to_write=True, targets=LISTED) as service:
        app = app_of(service, Served(users=users))
        with TestClient(app, base_url=BASE) as http:
            yield Client(service, http)


def sign_in(client: Client, name: str) -> None:
    """From here on this one asks."""
    client.http.headers["Authorization"] = f"Bearer {KEYS[name]}"


def test_each_is_sent_what_they_see(client: Client, users: Users) -> None:
    """An enterprise its own events; who sees all, all: of one ledger, in order, by the same position."""
    with Receiver() as of_dairy, Receiver() as of_regulator:
        for name, receiver in (("dairy", of_dairy), ("regulator", of_regulator)):
            sign_in(client, name)
            client.post("/queries", json.dumps({"name": f"all of {name}", "query": {}}).encode())
            subscribed(client, receiver.url, f"all of {name}")
        with Deliveries(*over(client, users), Webhooks(LISTED), QUICK):
            for number, (name, place) in enumerate([("farm", FARM), ("dairy", DAIRY)] * 3):
                sign_in(client, name)
                client.capture(event(number, readPoint={"id": place}, bizLocation={"id": place}))
            of_dairy.wait(lambda it: len(it.taken) == 3)
            of_regulator.wait(lambda it: len(it.taken) == 6)
    assert (of_dairy.taken, of_regulator.taken) == ([1, 3, 5], [0, 1, 2, 3, 4, 5])
    assert not any(FARM.encode() in got.body for got in of_dairy.got)


def test_an_enterprise_is_not_told_how_much_is_hidden(client: Client) -> None:
    """No position: it counts what others captured. Who sees all is told."""
    told = {}
    for name in ("dairy", "regulator"):
        sign_in(client, name)
        client.post("/queries", json.dumps({"name": name, "query": {}}).encode())
        told[name] = client.get(subscribed(client, "http://127.0.0.1:9/", name)).json()
    assert ["position" in told[name] for name in ("dairy", "regulator")] == [False, True]
    assert all(told[name]["minRecordTime"] == told[name]["createdAt"] for name in told)


def test_nobody_subscribes_to_a_query_that_they_do_not_see(client: Client) -> None:
    """An enterprise or a consumer: to another's query."""
    sign_in(client, "farm")
    client.post("/queries", b'{"name": "all", "query": {}}')
    asked = json.dumps({"dest": "http://127.0.0.1:9/", "stream": True}).encode()
    for name in ("dairy", "shopper"):
        sign_in(client, name)
        problem(client.post("/queries/all/subscriptions", asked), 404, "NoSuchNameException")
        problem(client.get("/queries/all/subscriptions"), 404, "NoSuchNameException")
