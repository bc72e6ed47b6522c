"""Subscriptions over REST, as EPCIS 2.0 §8.2.5 and §12 say: made, told, ended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.http.app import Served, app_of
from api.http.service import open_service
from api.principals import digest_of, new_key, read_users
from api.rest.subscriptions import MOST_OF_ONE
from tests.api.rest.conftest import BASE, Client, problem
from tests.api.rest.subscribed import LISTED, SHIPPED, client_in, subscribe, subscribed

DEST = "http://127.0.0.1:9/hook"
TOKEN = "13df38d8275b13f05704629e5f1cf3d45d6132d5"  # noqa: S105 - of the standard's example


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """A client of a server with a query."""
    with client_in(tmp_path) as made:
        yield made


def test_a_subscription_is_told_as_it_was_made(client: Client) -> None:
    """201 with its address; its token is told by nothing."""
    answer = subscribe(client, DEST, signatureToken=TOKEN, reportIfEmpty=True, schedule={"hour": "1", "minute": "5"})
    told = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/queries/sent/subscriptions/{told['subscriptionID']}"
    assert told | dict.fromkeys(("createdAt", "minRecordTime", "nextAttemptAt", "subscriptionID"), "") == {
        "subscriptionID": "",
        "queryName": "sent",
        "dest": DEST,
        "createdAt": "",
        "minRecordTime": "",
        "epcFormat": "Never_Translates",
        "mediaType": "application/json",
        "reportIfEmpty": True,
        "schedule": {"hour": "1", "minute": "5"},
        "position": 0,
        "state": "active",
        "failures": 0,
        "nextAttemptAt": "",
    }
    assert told["nextAttemptAt"].endswith("T01:05:00.000Z")
    for seen in (answer, client.get(answer.headers["Location"]), client.get("/queries/sent/subscriptions")):
        assert TOKEN not in seen.text
    assert client.get(answer.headers["Location"]).json() == told
    streamed = client.get(subscribed(client, DEST, initialRecordTime="2026-01-05T08:00:00+02:00")).json()
    assert (streamed["stream"], streamed["initialRecordTime"]) == (True, "2026-01-05T06:00:00.000Z")
    assert not {"schedule", "nextAttemptAt", "lastNotifiedAt"} & set(streamed)


def test_subscriptions_are_listed_a_page_at_a_time(client: Client) -> None:
    """Of a query, in the order in which they were made."""
    made = [subscribed(client, DEST).rpartition("/")[2] for _ in range(3)]
    answer = client.get("/queries/sent/subscriptions", perPage=2)
    last = client.http.get(answer.links["next"]["url"])
    assert [one["subscriptionID"] for one in answer.json() + last.json()] == made
    assert "next" not in last.links
    problem(client.get("/queries/sent/subscriptions", nextPageToken="x"), 400, "QueryParameterException")


def test_a_subscription_ends_when_it_or_its_query_is_removed(client: Client) -> None:
    """Then it is not there."""
    first, second = subscribed(client, DEST), subscribed(client, DEST)
    assert client.http.delete(first).status_code == 204
    for gone in (client.http.delete(first), client.get(first)):
        problem(gone, 404, "NoSuchNameException")
    assert client.http.delete("/queries/sent").status_code == 204
    client.post("/queries", json.dumps({"name": "sent", "query": SHIPPED}).encode())
    problem(client.get(second), 404, "NoSuchNameException")
    assert client.get("/queries/sent/subscriptions").json() == []


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"stream": None}, "SubscriptionControlsException", "stream"),
    ({"stream": False}, "SubscriptionControlsException", "stream"),
    ({"stream": True, "schedule": {"hour": "1"}}, "SubscriptionControlsException", "not both"),
    ({"schedule": {"hour": "24"}}, "SubscriptionControlsException", "schedule, hour"),
    ({"schedule": {}}, "SubscriptionControlsException", "schedule"),
    ({"schedule": {"hour": 1}}, "ValidationException", "schedule"),
    ({"signatureToken": ""}, "SubscriptionControlsException", "signatureToken"),
    ({"initialRecordTime": "yesterday"}, "QueryParameterException", "initialRecordTime"),
    ({"reportifempty": True}, "ValidationException", "reportifempty"),
    ({"dest": None}, "ValidationException", "dest"),
    ({"dest": "http://example.org/"}, "SubscriptionControlsException", "not encrypted"),
    ({"dest": "https://10.0.0.1/"}, "SubscriptionControlsException", "may not be reached"),
    ({"dest": "https://169.254.169.254/latest"}, "SubscriptionControlsException", "may not be reached"),
    ({"dest": "https://user@127.0.0.1/"}, "SubscriptionControlsException", "a user"),
]


@pytest.mark.parametrize(("fields", "name", "what"), WRONG, ids=str)
def test_a_subscription_that_is_wrong_is_not_made(client: Client, fields: dict[str, Any], name: str, what: str) -> None:
    """With what is wrong."""
    assert what in problem(subscribe(client, **{"dest": DEST} | fields), 400, name)
    assert client.get("/queries/sent/subscriptions").json() == []


def test_what_cannot_be_subscribed_to_is_refused(client: Client) -> None:
    """A query that is not there, or that orders or counts."""
    problem(subscribe(client, DEST, "none"), 404, "NoSuchNameException")
    problem(client.get("/queries/none/subscriptions"), 404, "NoSuchNameException")
    ordered = {"EQ_bizStep": ["shipping"], "orderBy": "eventTime", "eventCountLimit": 3}
    client.post("/queries", json.dumps({"name": "first", "query": ordered}).encode())
    assert "orderBy" in problem(subscribe(client, DEST, "first"), 400, "SubscriptionControlsException")


def test_a_body_of_another_type_is_refused(client: Client) -> None:
    """415; and 400 for what is no JSON."""
    path = "/queries/sent/subscriptions"
    problem(
        client.http.post(path, content=b"<x/>", headers={"Content-Type": "application/xml"}),
        415,
        "UnsupportedMediaTypeException",
    )
    deep = b'{"dest": ' + b"[" * 30_000
    for body in (b"{", b"[]", b'{"stream": true}', b'{"dest": "\xff"}', deep):
        problem(client.post(path, body), 400, "ValidationException")


def test_a_principal_has_so_many_subscriptions(client: Client) -> None:
    """One more is refused, until one is removed."""
    made = [subscribed(client, DEST) for _ in range(MOST_OF_ONE)]
    assert str(MOST_OF_ONE) in problem(subscribe(client, DEST), 400, "SubscriptionControlsException")
    client.http.delete(made[0])
    subscribed(client, DEST)


def test_options_tell_what_there_is(client: Client) -> None:
    """With the versions that are spoken."""
    one = subscribed(client, DEST)
    for path, more in (("/queries/sent/subscriptions", "POST"), (one, "DELETE")):
        answer = client.http.options(path)
        assert (answer.status_code, answer.headers["Allow"]) == (204, f"OPTIONS, GET, HEAD, {more}")
        assert all(name in answer.headers for name in ("GS1-EPCIS-Version", "GS1-EPCIS-Min", "GS1-EPCIS-Max"))


def test_only_its_owner_sees_or_removes_a_subscription(tmp_path: Path) -> None:
    """To another principal it is not there, nor can they end it with its query."""
    keys = {"dairy": new_key(), "farm": new_key()}
    users = tmp_path / "users.yaml"
    lines = [f"- {{name: {name}, role: analyst, key: {digest_of(key)}}}" for name, key in keys.items()]
    users.write_text("\n".join(["users:", *lines]))
    with open_service(f"sqlite:{tmp_path / 's.db'}", to_write=True, targets=LISTED) as service:
        app = app_of(service, Served(users=read_users(users)))
        with TestClient(app, base_url=BASE) as http:
            http.headers["Authorization"] = f"Bearer {keys['dairy']}"
            dairy = Client(service, http)
            dairy.post("/queries", json.dumps({"name": "sent", "query": SHIPPED}).encode())
            one = subscribed(dairy, DEST)
            http.headers["Authorization"] = f"Bearer {keys['farm']}"
            assert dairy.get("/queries/sent/subscriptions").json() == []
            for gone in (dairy.get(one), dairy.http.delete(one)):
                problem(gone, 404, "NoSuchNameException")
            problem(http.delete("/queries/sent"), 403, "SecurityException")
            del http.headers["Authorization"]
            assert dairy.get(one).status_code == 401
            http.headers["Authorization"] = f"Bearer {keys['dairy']}"
            assert dairy.get(one).status_code == 200
