"""Servers that share a store deliver each event once, though they are killed and started again."""

from __future__ import annotations

import json
from pathlib import Path

import httpx2

from tests.api.receiver import Receiver, until
from tests.api.rest.conftest import JSON, document, event
from tests.api.rest.subscribed import SHIPPED
from tests.api.served import Served, served

ALLOW = ("--allow-webhooks", "127.0.0.1")


def capture(server: Served, *numbers: int) -> None:
    """Capture events, and wait until they are kept."""
    answer = httpx2.post(f"{server.url}/capture", content=document(*map(event, numbers)), headers=JSON)
    job = answer.headers["Location"]
    until(lambda: not httpx2.get(f"{server.url}{job}").json()["running"])


def subscribe(server: Served, dest: str) -> httpx2.Response:
    """Subscribe to what is shipped."""
    httpx2.post(f"{server.url}/queries", content=json.dumps({"name": "sent", "query": SHIPPED}), headers=JSON)
    asked = json.dumps({"dest": dest, "stream": True, "signatureToken": "secret"})
    return httpx2.post(f"{server.url}/queries/sent/subscriptions", content=asked, headers=JSON)


def test_servers_that_come_and_go_deliver_once(tmp_path: Path) -> None:
    """Two at a time, one killed while the receiver is down, another started: nothing twice, nothing left out."""
    store = f"sqlite:{tmp_path / 's.db'}"
    with Receiver() as receiver, served(store, *ALLOW) as first:
        one = subscribe(first, receiver.url).headers["Location"]
        with served(store, *ALLOW) as second:
            for number in range(1, 9):
                capture((first, second)[number % 2], number)
            receiver.wait(lambda it: len(it.taken) >= 8)
            receiver.stop()
            capture(second, 9)
            until(lambda: httpx2.get(f"{second.url}{one}").json()["failures"] > 0)
            second.process.kill()
            first.process.kill()
    with served(store, *ALLOW) as third:
        capture(third, 10, 11)
        assert httpx2.get(f"{third.url}{one}").json()["state"] == "failing"
        receiver.start()
        receiver.wait(lambda it: len(it.taken) >= 11)
        code, said = third.stop()
        receiver.stop()
    assert receiver.taken == list(range(1, 12))
    assert (code, "Traceback" in said, "secret" in said) == (130, False, False), said


def test_a_server_sends_to_nothing_that_it_was_not_told(tmp_path: Path) -> None:
    """Loopback is refused; so is a subscription that a server with another list made, when it is served."""
    store = f"sqlite:{tmp_path / 's.db'}"
    with Receiver() as receiver:
        with served(store) as server:
            refused = subscribe(server, receiver.url)
            assert (refused.status_code, refused.json()["type"]) == (
                400,
                "epcisException:SubscriptionControlsException",
            )
            secure = subscribe(server, receiver.url.replace("http:", "https:"))
            assert "may not be reached" in secure.json()["detail"]
        with served(store, "--allow-webhooks", f"127.0.0.1:{receiver.port}") as server:
            one = subscribe(server, receiver.url).headers["Location"]
        with served(store) as server:
            capture(server, 1)
            until(lambda: httpx2.get(f"{server.url}{one}").json()["failures"] > 0)
            assert "not encrypted" in httpx2.get(f"{server.url}{one}").json()["lastFailure"]
        assert receiver.got == []
