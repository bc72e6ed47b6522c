"""Capturing over REST, as EPCIS 2.0 §8.1 and §12 say."""

from __future__ import annotations

import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from api.capture_document import CaptureLimits
from api.captures import Captures
from engine.job import Job
from graph_schema.errors import StoreError
from tests.api.rest.conftest import Client, Serving, document, event, problem

BAD = {"eventTime": "yesterday"}


def test_a_document_is_taken_and_its_job_tells_the_end(client: Client) -> None:
    """202 with a Location; the job has ended, without errors, and its events are in the ledger."""
    answer = client.post("/capture", document(event(1), event(2)))
    assert (answer.status_code, answer.content) == (202, b"")
    job = client.ended(answer)
    assert answer.headers["Location"] == f"/capture/{job['captureID']}"
    assert (job["success"], job["running"], job["errors"]) == (True, False, [])
    assert job["captureErrorBehaviour"] == "rollback"
    assert job["createdAt"] <= job["finishedAt"]
    assert (job["accepted"], job["duplicates"], job["rejected"]) == (2, 0, 0)
    with client.service.reading() as state:
        assert {entry.capture.job for entry in state.snapshot.ledger.entries()} == {job["captureID"]}


def test_by_default_one_refused_event_refuses_all(client: Client) -> None:
    """`rollback`, as the standard says where no header does; the error names the event, the place and the rule."""
    answer = client.post("/capture", document(event(1), event(2, **BAD)))
    job = client.ended(answer)
    assert (job["success"], job["accepted"], job["rejected"]) == (False, 0, 1)
    error = job["errors"][0]
    assert (error["type"], error["status"]) == ("epcisException:ValidationException", 400)
    assert error["eventID"] == event(2)["eventID"]
    assert "/eventTime" in error["where"]
    with client.service.reading() as state:
        assert state.snapshot.ledger.head().position == 0


def test_proceed_keeps_what_can_be_kept(client: Client) -> None:
    """With `GS1-Capture-Error-Behaviour: proceed` the rest is captured, and the job says that errors occurred."""
    answer = client.post("/capture", document(event(1), event(2, **BAD)), GS1_Capture_Error_Behaviour="proceed")
    job = client.ended(answer)
    assert (job["success"], job["accepted"], job["rejected"]) == (False, 1, 1)
    assert job["captureErrorBehaviour"] == "proceed"
    other = client.post("/capture", document(event(1)), GS1_Capture_Error_Behaviour="maybe")
    assert "neither rollback nor proceed" in problem(other, 400, "ValidationException")


def test_a_query_document_is_captured_too(client: Client) -> None:
    """Events may come as another repository answered them."""
    body = {"queryResults": {"queryName": "all", "resultsBody": {"eventList": [event(1)]}}}
    assert client.capture(type="EPCISQueryDocument", epcisBody=body)["accepted"] == 1


def test_the_same_document_twice_is_captured_once(client: Client) -> None:
    """The second job succeeds with duplicates alone."""
    client.capture(event(1))
    job = client.capture(event(1))
    assert (job["accepted"], job["duplicates"]) == (0, 1)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff\xfe{", b'{"type":"EPCISDocument"}', b'{"type":"Other","epcisBody":{}}']
)
def test_what_is_no_document_is_refused_at_once(client: Client, body: bytes) -> None:
    """400 before there is a job."""
    problem(client.post("/capture", body), 400, "ValidationException")
    assert client.get("/capture").json() == []


def test_the_limits_told_are_the_limits_that_hold(serving: Serving) -> None:
    """Exactly so many events and bytes as the headers say are taken; one more is 413, which tells the limits too."""
    size = len(document(event(1), event(2), event(3)))
    client = serving(CaptureLimits(events=3, size=size))
    told = client.http.options("/capture").headers
    assert (told["GS1-EPCIS-Capture-Limit"], told["GS1-EPCIS-Capture-File-Size-Limit"]) == ("3", str(size))
    assert client.capture(event(1), event(2), event(3))["accepted"] == 3
    many = client.post("/capture", document(*[{"eventID": str(number)} for number in range(4)]))
    large = client.post("/capture", document(event(1), event(2), event(3)) + b" ")
    for refused in (many, large):
        problem(refused, 413, "CaptureLimitExceededException")
        assert refused.headers["GS1-EPCIS-Capture-Limit"] == "3"
        assert refused.headers["GS1-EPCIS-Capture-File-Size-Limit"] == str(size)


def test_other_media_types_are_refused(client: Client) -> None:
    """415 for a body that is neither JSON nor XML, or not what it says; 406 for an answer that would not be."""
    text = client.http.post("/capture", content=b"a,b", headers={"Content-Type": "text/csv"})
    problem(text, 415, "UnsupportedMediaTypeException")
    problem(client.http.post("/capture", content=b"{}"), 415, "UnsupportedMediaTypeException")
    problem(client.post("/capture", b"<e/>"), 415, "UnsupportedMediaTypeException")
    problem(client.get("/capture", {"Accept": "text/html"}), 406, "NotAcceptableException")
    for headers in ({"GS1-EPCIS-Min": "3.0"}, {"GS1-EPCIS-Max": "1.2"}, {"GS1-CBV-Version": "1.1"}):
        problem(client.get("/capture", headers), 406, "NotAcceptableException")
    for headers in ({"GS1-EPCIS-Min": "1.2", "GS1-EPCIS-Max": "2"}, {"Accept": "text/html, application/*;q=0.1"}):
        assert client.get("/capture", headers).status_code == 200


def test_jobs_are_paged_the_newest_first(client: Client) -> None:
    """Pages of any size are one page cut; the last has no Link."""
    for number in range(5):
        client.capture(event(number))
    whole = client.get("/capture").json()
    assert len({job["captureID"] for job in whole}) == 5
    assert [job["createdAt"] for job in whole] == sorted((job["createdAt"] for job in whole), reverse=True)
    answer = client.get("/capture", perPage=2)
    pages = answer.json()
    while "next" in answer.links:
        answer = client.http.get(answer.links["next"]["url"])
        pages += answer.json()
    assert pages == whole
    for wrong in ({"perPage": 0}, {"perPage": "many"}, {"nextPageToken": "é"}, {"nextPageToken": "AAAA"}):
        assert next(iter(wrong)) in problem(client.get("/capture", **wrong), 400, "QueryParameterException")


def test_more_than_one_event_is_not_read_on(client: Client) -> None:
    """Whatever follows the second is nobody's to wait for."""
    told = problem(client.post("/events", document(event(1), event(2), event(3, **BAD))), 400, "ValidationException")
    assert "not one event" in told


def test_a_job_that_is_not_there(client: Client) -> None:
    """404."""
    problem(client.get("/capture/urn:uuid:none"), 404, "NoSuchNameException")


def test_one_event_is_captured_at_once(client: Client) -> None:
    """201 with the event's own address; the event is told as it came, and has a job like any other."""
    answer = client.post("/events", json.dumps(event(1)).encode())
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/events/{quote(event(1)['eventID'], safe='')}"
    assert answer.json() == event(1)
    assert [job["accepted"] for job in client.get("/capture").json()] == [1]


def test_an_event_without_an_id_gets_one(client: Client) -> None:
    """The event hash id of the CBV, in its address."""
    nameless = {name: value for name, value in event(1).items() if name != "eventID"}
    answer = client.post("/events", json.dumps(nameless).encode())
    assert answer.headers["Location"].startswith("/events/ni%3A%2F%2F%2Fsha-256%3B")


def test_an_event_that_is_there_already_is_refused(client: Client) -> None:
    """409, also with another body; but an error declaration repeats its event's id."""
    for body in (event(1), event(1), event(1, bizStep="receiving")):
        answer = client.post("/events", json.dumps(body).encode())
    problem(answer, 409, "ResourceAlreadyExistsException")
    declared = event(1, errorDeclaration={"declarationTime": "2026-01-06T08:00:00Z", "reason": "did_not_occur"})
    assert client.post("/events", json.dumps(declared).encode()).status_code == 201
    problem(client.post("/events", json.dumps(declared).encode()), 409, "ResourceAlreadyExistsException")


def test_those_who_wait_for_a_capture_hold_nobody_up(client: Client) -> None:
    """More events wait behind a capture than the server has threads; questions are answered meanwhile."""
    many = (os.cpu_count() or 1) + 60
    begun, go_on = threading.Event(), threading.Event()
    client.service.captures.hear(lambda _: (begun.set(), go_on.wait(timeout=60)))
    with ThreadPoolExecutor(many + 1) as senders:
        sent = [senders.submit(client.post, "/events", json.dumps(event(one)).encode()) for one in range(many)]
        assert begun.wait(timeout=60)
        try:
            for _ in range(20):
                asked = senders.submit(client.post, "/graphql", b'{"query": "{ ledger { position } }"}')
                assert asked.result(timeout=60).json()["data"]
            assert not any(one.done() for one in sent)
        finally:
            go_on.set()
    assert {one.result().status_code for one in sent} == {201}


@pytest.mark.parametrize("body", [b"", b"{", document(event(1), event(2)), json.dumps(event(1, **BAD)).encode()])
def test_what_is_not_one_event_is_refused(client: Client, body: bytes) -> None:
    """400."""
    problem(client.post("/events", body), 400, "ValidationException")


def test_a_job_that_was_interrupted_is_ended_by_the_next_server(serving: Serving) -> None:
    """It says so, and keeps what was committed."""
    first = serving(CaptureLimits())
    with first.service.located.store.transaction() as transaction:
        transaction.jobs.put(Job("urn:uuid:left", 1, all_or_nothing=False, author="local", accepted=7))
    job = serving(CaptureLimits()).get("/capture/urn:uuid:left").json()
    assert (job["running"], job["success"], job["accepted"]) == (False, False, 7)
    assert job["errors"][0]["type"] == "epcisException:ImplementationException"


def test_an_error_of_our_own_ends_the_job(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sent the document learns that it failed, and that it can be sent again."""

    def fail(*_: object) -> Job:
        raise ZeroDivisionError

    monkeypatch.setattr(Captures, "_load", fail)
    job = client.ended(client.post("/capture", document(event(1))))
    assert (job["success"], job["errors"][0]["status"]) == (False, 500)
    monkeypatch.undo()
    assert client.capture(event(1))["accepted"] == 1


def test_a_job_ends_though_the_store_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its process tells it: the store can neither tell nor keep that it ended."""

    def fail(*_: object) -> None:
        raise StoreError("it does not answer")

    for way in ("snapshot", "transaction"):
        monkeypatch.setattr(client.service.located.store, way, fail)
    job = client.ended(client.post("/capture", document(event(1))))
    assert (job["success"], job["errors"][0]["detail"]) == (False, "it does not answer")


@pytest.mark.parametrize("bound", ["MOST_WAITING", "MOST_JOBS"])
def test_too_much_at_once_is_put_off(client: Client, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    """503 where more waits than may: bytes, or documents."""
    monkeypatch.setattr(f"api.captures.{bound}", 0)
    problem(client.post("/capture", document(event(1))), 503, "ImplementationException")
