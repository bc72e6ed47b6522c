"""`minRecordTime` of a subscription, as the OpenAPI document of EPCIS 2.0 has it (`GS1-Query-Min-Record-Time`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from tests.api.receiver import Receiver, until
from tests.api.rest.conftest import Client
from tests.api.rest.subscribed import capture, client_in, delivering, subscribed

DEST = "http://127.0.0.1:9/hook"
LONG_AGO, FAR_OFF = "2020-01-05T06:00:00.000Z", "2100-01-01T00:00:00.000Z"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """A client of a server with a query."""
    with client_in(tmp_path) as made:
        yield made


def min_record_time(client: Client, one: str) -> str:
    """What is told of a subscription."""
    return str(client.get(one).json()["minRecordTime"])


def test_it_is_the_initial_record_time_at_first(client: Client) -> None:
    """Where none is given, the time at which the subscription was made, as the standard says."""
    usual = client.get(subscribed(client, DEST)).json()
    assert usual["minRecordTime"] == usual["createdAt"]
    assert min_record_time(client, subscribed(client, DEST, initialRecordTime=LONG_AGO)) == LONG_AGO
    [first, second] = client.get("/queries/sent/subscriptions").json()
    assert (first["minRecordTime"], second["minRecordTime"]) == (first["createdAt"], LONG_AGO)


def test_it_is_when_the_query_was_executed_last_once_all_of_that_was_taken(client: Client) -> None:
    """Not while documents of that execution are still to come, nor where one was not taken."""
    with Receiver() as receiver:
        one = subscribed(client, receiver.url, initialRecordTime=LONG_AGO)
        store = client.service.located.store
        with store.transaction() as writing:
            kept = writing.subscriptions.get(one.rpartition("/")[2])
            assert kept is not None
            writing.subscriptions.put(msgspec.structs.replace(kept, batch=2))
        capture(client, *range(2, 16, 2))
        statuses, told = iter([200, 500, 200, 200]), []

        def status() -> int:
            told.append(min_record_time(client, one))
            return next(statuses)

        receiver.status = status
        with delivering(client):
            until(lambda: min_record_time(client, one) > LONG_AGO)
        assert [got.numbers for got in receiver.got] == [[2, 4], [6, 8, 10, 12], [6, 8, 10, 12], [14]]
    assert told == [LONG_AGO] * 4
    assert min_record_time(client, one) <= receiver.got[-1].document["creationDate"]


def test_a_query_time_at_which_nothing_is_new_is_an_execution(client: Client) -> None:
    """Nothing is sent, and still it is known that nothing recorded before is to come."""
    with Receiver() as receiver:
        one = subscribed(client, receiver.url, initialRecordTime=LONG_AGO, schedule={"second": "[0-59]"})
        with delivering(client):
            until(lambda: min_record_time(client, one) > LONG_AGO)
        assert receiver.got == []
        assert LONG_AGO < min_record_time(client, one) <= datetime.now(UTC).isoformat()


def test_it_is_never_before_the_initial_record_time(client: Client) -> None:
    """What is recorded before that is not sent, however often the query is executed."""
    with Receiver() as receiver:
        every_second = {"second": "[0-59]"}
        one = subscribed(client, receiver.url, initialRecordTime=FAR_OFF, schedule=every_second, reportIfEmpty=True)
        with delivering(client):
            until(lambda: "lastNotifiedAt" in client.get(one).json())
    assert min_record_time(client, one) == FAR_OFF
