"""What is new to a query reaches its subscribers once, in order, whatever is down meanwhile (EPCIS 2.0 §8.2.5)."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.http.webhook import Webhooks
from api.principals import Users
from api.rest.subscribing.batches import States
from api.rest.subscribing.deliveries import Deliveries
from api.rest.subscribing.delivery import PASSED_OVER, Deliverer
from api.rest.subscribing.progress import Pace
from loaders.epcis import load_stream
from tests.api.receiver import Receiver, until
from tests.api.rest.conftest import Client, event
from tests.api.rest.subscribed import LISTED, QUICK, capture, client_in, delivering, over, subscribed


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """A client of a server with a query."""
    with client_in(tmp_path) as made:
        yield made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that takes all."""
    with Receiver() as listening:
        yield listening


def test_what_is_new_is_sent_as_a_query_document(client: Client, receiver: Receiver) -> None:
    """Named after query and subscription, with the standard's headers; what was there before is not in it."""
    capture(client, 2, 4)
    one = subscribed(client, receiver.url)
    with delivering(client):
        capture(client, 5, 6, 7, 8)
        receiver.wait(lambda it: it.taken == [6, 8])
    [got] = receiver.got
    assert got.document["type"] == "EPCISQueryDocument"
    assert (got.results["queryName"], got.results["subscriptionID"]) == ("sent", one.rpartition("/")[2])
    assert [got.headers[name] for name in ("Content-Type", "GS1-EPCIS-Version", "GS1-EPC-Format")] == [
        "application/json",
        "2.0.0",
        "Never_Translates",
    ]
    assert "GS1-Signature" not in got.headers
    told = client.get(one).json()
    assert (told["position"], told["state"]) == (6, "active")
    assert told["lastNotifiedAt"] >= told["createdAt"]


def test_a_document_can_be_loaded(client: Client, receiver: Receiver, tmp_path: Path) -> None:
    """As any other EPCIS document."""
    subscribed(client, receiver.url)
    with delivering(client):
        capture(client, 2)
        receiver.wait(lambda it: it.taken == [2])
    file = tmp_path / "got.json"
    file.write_bytes(receiver.got[0].body)
    with file.open("rb") as opened:
        [outcome] = load_stream(opened, "got.json")
    assert outcome.event.id == event(2)["eventID"]  # type: ignore[union-attr]


def test_identifiers_are_written_as_the_subscriber_asked(client: Client, receiver: Receiver) -> None:
    """By the header with which the subscription was made."""
    asked = json.dumps({"dest": receiver.url, "stream": True}).encode()
    client.post("/queries/sent/subscriptions", asked, GS1_EPC_Format="Always_GS1_Digital_Link")
    with delivering(client):
        capture(client, 2)
        receiver.wait(lambda it: it.taken == [2])
    assert receiver.got[0].headers["GS1-EPC-Format"] == "Always_GS1_Digital_Link"
    assert b"urn:epc" not in receiver.got[0].body


def test_a_signature_proves_who_sent(client: Client, receiver: Receiver) -> None:
    """Whoever knows the token makes it again from time and body."""
    subscribed(client, receiver.url, signatureToken="secret")
    with delivering(client):
        capture(client, 2)
        receiver.wait(lambda it: it.taken == [2])
    [got] = receiver.got
    time, mac = (part.partition("=")[2] for part in got.headers["GS1-Signature"].split(","))
    assert mac == hmac.new(b"secret", time.encode() + b"." + got.body, hashlib.sha256).hexdigest()
    assert b"secret" not in got.body


def test_old_events_are_never_sent_again(client: Client, receiver: Receiver) -> None:
    """Not with the first delivery, nor with any later one (Oliot, issue 65)."""
    capture(client, 2, 4, 6)
    subscribed(client, receiver.url)
    with delivering(client):
        for number in range(8, 16, 2):
            capture(client, number)
            receiver.wait(lambda it, number=number: number in it.taken)  # type: ignore[misc]
            capture(client, number + 1, number - 2)
    assert receiver.taken == [8, 10, 12, 14]


def test_what_was_recorded_since_a_time_is_sent_first(client: Client, receiver: Receiver) -> None:
    """With initialRecordTime in the past; what comes before one in the future never is."""
    capture(client, 2)
    between = datetime.now(UTC).isoformat()
    capture(client, 4)
    with Receiver() as later:
        subscribed(client, receiver.url, initialRecordTime=between)
        subscribed(client, later.url, initialRecordTime="2100-01-01T00:00:00Z")
        with delivering(client):
            capture(client, 6)
            receiver.wait(lambda it: it.taken == [4, 6])
        assert later.got == []


def test_what_came_while_a_receiver_was_down_arrives_once_and_in_order(client: Client, receiver: Receiver) -> None:
    """A subscription tells that it fails, and goes on by itself."""
    one = subscribed(client, receiver.url)
    with delivering(client):
        capture(client, 2)
        receiver.wait(lambda it: it.taken == [2])
        receiver.stop()
        for number in (4, 6, 8):
            capture(client, number)
        until(lambda: client.get(one).json()["failures"] >= 2)
        told = client.get(one).json()
        assert (told["state"], told["lastFailure"], told["position"]) == ("failing", "no connection", 1)
        assert "nextAttemptAt" in told
        receiver.start()
        capture(client, 10)
        receiver.wait(lambda it: 10 in it.taken)
        until(lambda: client.get(one).json()["position"] == 5)
    assert receiver.taken == [2, 4, 6, 8, 10]
    assert client.get(one).json()["state"] == "active"


@pytest.mark.parametrize("status", [301, 302, 400, 404, 410, 500, 503])
def test_only_success_takes_a_delivery(client: Client, receiver: Receiver, status: int) -> None:
    """Any other answer is a failure, told by its number; the same delivery comes again."""
    subscribed(client, receiver.url)
    answers = iter([status, 204])
    receiver.status = lambda: next(answers)
    capture(client, 2, 3)
    with delivering(client):
        receiver.wait(lambda it: it.taken == [2])
    first, second = receiver.got
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"] != '""'
    assert first.results == second.results


def test_a_receiver_that_takes_less_at_once_is_sent_less(client: Client, receiver: Receiver) -> None:
    """After 413 each document is half as long, until it fits."""
    one = subscribed(client, receiver.url)
    receiver.status = lambda: 413 if len(receiver.got) < 2 else 200
    capture(client, *range(2, 18, 2))
    with delivering(client):
        receiver.wait(lambda it: len(it.taken) == 8)
    assert [len(got.numbers) for got in receiver.got] == [8, 4, 2, 4, 2]
    assert receiver.taken == [*range(2, 18, 2)]
    assert client.get(one).json()["failures"] == 0


def test_a_slow_receiver_keeps_no_other_waiting(client: Client, receiver: Receiver) -> None:
    """Each is served by itself."""
    with Receiver(lambda: wait(receiver)) as slow:
        subscribed(client, slow.url)
        subscribed(client, receiver.url)
        capture(client, 2)
        with delivering(client):
            slow.wait(lambda it: it.taken == [2])
    assert receiver.taken == [2]


def wait(other: Receiver) -> int:
    """Answer once another has taken what there is."""
    other.wait(lambda it: it.taken == [2])
    return 200


def test_what_goes_on_after_a_restart_is_what_was_not_taken(client: Client, receiver: Receiver) -> None:
    """Nothing is sent again, and nothing of what came meanwhile is left out."""
    subscribed(client, receiver.url)
    for number in (2, 4, 6):
        with delivering(client):
            capture(client, number)
            receiver.wait(lambda it, number=number: number in it.taken)  # type: ignore[misc]
        capture(client, number + 10)
    with delivering(client):
        receiver.wait(lambda it: 16 in it.taken)
    assert receiver.taken == [2, 12, 4, 14, 6, 16]


def test_two_processes_deliver_once(client: Client, receiver: Receiver) -> None:
    """Whichever is first holds the subscription while it sends."""
    for _ in range(3):
        subscribed(client, receiver.url)
    with delivering(client), delivering(client), delivering(client):
        for number in range(2, 22, 2):
            capture(client, number)
        receiver.wait(lambda it: len(it.taken) >= 30)
    found = sorted((got.results["subscriptionID"], number) for got in receiver.got for number in got.numbers)
    assert len(found) == len(set(found)) == 30
    for _, some in itertools.groupby(receiver.got, key=lambda got: got.results["subscriptionID"]):
        numbers = [number for got in some for number in got.numbers]
        assert numbers == sorted(numbers)


def test_another_goes_on_where_one_died(client: Client, receiver: Receiver) -> None:
    """Once the lease has run out; what may have arrived is the same delivery again, and what came later another."""
    one = subscribed(client, receiver.url)
    capture(client, 2)
    died = Deliverer(*over(client), Webhooks(LISTED), QUICK)
    prepared = died._prepare(one.rpartition("/")[2])
    assert prepared is not None
    asyncio.run(died._send(*prepared))
    capture(client, 4)
    with delivering(client):
        receiver.wait(lambda it: 4 in it.taken)
    assert [got.numbers for got in receiver.got] == [[2], [2], [4]]
    keys = [got.headers["Idempotency-Key"] for got in receiver.got]
    assert keys[0] == keys[1] != keys[2]


def test_a_subscription_that_was_removed_while_it_was_served_stays_removed(client: Client, receiver: Receiver) -> None:
    """What becomes of the delivery is not written down."""
    one = subscribed(client, receiver.url)
    receiver.status = lambda: client.http.delete(one).status_code
    capture(client, 2)
    with delivering(client):
        receiver.wait(lambda it: it.taken == [2])
    assert client.get(one).status_code == 404


def test_who_is_no_longer_a_user_is_sent_nothing(client: Client, receiver: Receiver) -> None:
    """Their subscriptions rest."""
    subscribed(client, receiver.url)
    capture(client, 2)
    store, sees = over(client, Users({}))
    asked: list[str] = []

    def seen(owner: str) -> States | None:
        asked.append(owner)
        return sees(owner)

    with Deliveries(store, seen, Webhooks(LISTED), QUICK):
        until(lambda: len(asked) >= 3)
    assert (receiver.got, set(asked)) == ([], {"local"})


def test_a_schedule_is_kept(client: Client, receiver: Receiver) -> None:
    """All that is new is sent at the next query time; nothing where nothing is, unless that is asked for."""
    every_second = {"second": "[0-59]"}
    subscribed(client, receiver.url, schedule=every_second)
    with Receiver() as empty:
        subscribed(client, empty.url, schedule=every_second, reportIfEmpty=True)
        with delivering(client):
            empty.wait(lambda it: len(it.got) >= 2)
            capture(client, 2, 4)
            receiver.wait(lambda it: it.taken == [2, 4])
            empty.wait(lambda it: it.taken == [2, 4] and it.got[-1].numbers == [])
    assert [got.numbers for got in receiver.got] == [[2, 4]]
    assert [got.numbers for got in empty.got if got.numbers] == [[2, 4]]
    assert len({got.headers["Idempotency-Key"] for got in empty.got}) == len(empty.got)


def test_all_that_is_new_at_a_query_time_is_sent_then(client: Client, receiver: Receiver) -> None:
    """In as many documents as it needs, longer ones as they are taken, also where one is not taken at first."""
    once_a_year = {"month": "1", "dayOfMonth": "1", "hour": "0", "minute": "0"}
    name = subscribed(client, receiver.url, schedule=once_a_year).rpartition("/")[2]
    capture(client, *range(2, 16, 2))
    statuses = iter([200, 500, 200, 200, 200])
    receiver.status = lambda: next(statuses)
    with client.service.located.store.transaction() as writing:
        kept = writing.subscriptions.get(name)
        assert kept is not None
        writing.subscriptions.put(msgspec.structs.replace(kept, due=1, batch=2))
    with delivering(client):
        receiver.wait(lambda it: len(it.taken) == 7)
    assert [got.numbers for got in receiver.got] == [[2, 4], [6, 8, 10, 12], [6, 8, 10, 12], [14]]
    assert receiver.got[1].headers["Idempotency-Key"] == receiver.got[2].headers["Idempotency-Key"]


def test_a_schedule_waits(client: Client, receiver: Receiver) -> None:
    """Until its query time, which is far off here; a query time that was missed is made up for once."""
    one = subscribed(client, receiver.url, schedule={"month": "1", "dayOfMonth": "1", "hour": "0", "minute": "0"})
    capture(client, 2)
    with delivering(client), Receiver() as stream:
        subscribed(client, stream.url, initialRecordTime="2026-01-01T00:00:00Z")
        stream.wait(lambda it: it.taken == [2])
    assert receiver.got == []
    with client.service.located.store.transaction() as writing:
        kept = writing.subscriptions.get(one.rpartition("/")[2])
        assert kept is not None
        writing.subscriptions.put(msgspec.structs.replace(kept, due=1))
    with delivering(client):
        receiver.wait(lambda it: it.taken == [2])
    assert client.get(one).json()["nextAttemptAt"].endswith("-01-01T00:00:00.000Z")


def test_positions_that_hold_nothing_are_passed_over(client: Client) -> None:
    """Written down now and then, so that a restart need not look at them again, and nothing is sent."""
    with Receiver() as receiver:
        one = subscribed(client, receiver.url)
        others = (
            event(0, eventID=f"urn:n:{n}", epcList=[f"urn:n:i{n}"], bizStep="packing") for n in range(PASSED_OVER)
        )
        client.capture(*others)
        with delivering(client):
            until(lambda: client.get(one).json()["position"] == PASSED_OVER)
        assert receiver.got == []
    told = client.get(one).json()
    assert told["minRecordTime"] == told["createdAt"], "it would tell an enterprise how much is hidden from it"


Step = tuple[str, int]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("capture"), st.integers(1, 3)),
        st.tuples(st.just("answer"), st.sampled_from([200, 204, 302, 413, 500])),
        st.tuples(st.just("restart"), st.just(0)),
    ),
    max_size=25,
)


@settings(max_examples=12, deadline=None)
@given(STEPS)
def test_whatever_happens_each_event_is_taken_once_and_in_order(steps: list[Step]) -> None:
    """However captures, answers and restarts follow each other."""
    at_once = Pace(first_retry=0, longest_retry=0)
    numbers = itertools.count(1)
    captured: list[int] = []
    with TemporaryDirectory() as folder, client_in(Path(folder)) as client, Receiver() as receiver:
        name = subscribed(client, receiver.url).rpartition("/")[2]
        new: Callable[[], Deliverer] = lambda: Deliverer(*over(client), Webhooks(LISTED), at_once)  # noqa: E731
        deliverer = new()
        for step, count in [*steps, ("answer", 200), ("answer", 200), ("answer", 200)]:
            if step == "capture":
                some = list(itertools.islice(numbers, count))
                captured += [number for number in some if number % 2 == 0]
                capture(client, *some)
            elif step == "restart":
                deliverer = new()
            else:
                receiver.status = lambda count=count: count  # type: ignore[misc]
                while asyncio.run(deliverer.deliver(name)):
                    pass
        assert receiver.taken == captured
