"""Tokens of pages (EPCIS 2.0 §12): what was never given is refused, whatever it is."""

from __future__ import annotations

import base64
import json

import msgspec
import pytest
from httpx2 import Response

from tests.api.rest.conftest import Client, event, problem

LISTS = ("/capture", "/queries", "/queries/kept/subscriptions", "/queries/kept/events", "/events", "/epcs", "/bizSteps")
NESTED = b"\x91" * 30_000
"""Lists in one another, in MessagePack."""


def written(content: bytes) -> str:
    """A token of this content."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def listed(answer: Response) -> list[object]:
    """The rows of an answer, whatever it stands in."""
    told = answer.json()
    rows: list[object] = (
        told
        if isinstance(told, list)
        else told.get("member") or told["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    )
    return rows


NONE = {
    "no base64": "汉",
    "another thing": written(msgspec.msgpack.encode({"a": 1})),
    "a number too large, and a text": written(msgspec.msgpack.encode([1 << 63, "x"])),
    "a number below all, and a text": written(msgspec.msgpack.encode([-1, "x"])),
    "text that is no UTF-8": written(b"\x92\x00\xa1\xff"),
    "a number, a text, lists without end": written(b"\x93\x00\xa1x" + NESTED),
    "a text, lists without end": written(b"\x92\xa1x" + NESTED),
}


@pytest.mark.parametrize("name", sorted(NONE))
def test_a_token_that_is_none_is_refused(client: Client, name: str) -> None:
    """400 on each list, and no error of ours; what is a token of one list is none of another."""
    client.post("/queries", json.dumps({"name": "kept", "query": {}}).encode())
    for path in LISTS:
        answer = client.get(path, nextPageToken=NONE[name])
        assert problem(answer, 400, "QueryParameterException").startswith("nextPageToken")


def test_an_empty_token_asks_for_the_first_page(client: Client) -> None:
    """As who sends each parameter, and has no token yet."""
    client.post("/queries", json.dumps({"name": "kept", "query": {}}).encode())
    client.capture(*map(event, range(3)))
    for path in LISTS:
        first, whole = client.get(path, nextPageToken="", perPage=1), client.get(path)
        assert (first.status_code, whole.status_code) == (200, 200)
        assert listed(first)[:1] == listed(whole)[:1]


@pytest.mark.parametrize("order", ["eventTime", "recordTime", "ex:grade"])
def test_numbers_of_a_token_that_no_page_has_are_refused(client: Client, order: str) -> None:
    """Larger than a store takes, or below all."""
    client.capture(*map(event, range(3)))
    link = client.get("/events", perPage=1, orderBy=order).links["next"]["url"]
    path, _, token = link.partition("&nextPageToken=")
    assert client.http.get(f"{path}&nextPageToken={token}").status_code == 200
    given = msgspec.msgpack.decode(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    for place in (0, 2, 3, 4):
        for number in (1 << 63, -(1 << 63) if place != 2 else (1 << 64) - 1):
            changed = written(msgspec.msgpack.encode([*given[:place], number, *given[place + 1 :]]))
            problem(client.http.get(f"{path}&nextPageToken={changed}"), 400, "QueryParameterException")
