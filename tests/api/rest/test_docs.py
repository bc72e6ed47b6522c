"""docs/api.md says what the REST interface does."""

from __future__ import annotations

import hashlib
import hmac
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from lxml import etree

from api.capture_document import CaptureLimits
from api.http.webhook import LONGEST_ANSWER, signature
from api.rest import subscriptions
from api.rest.paging import MOST, USUAL
from api.rest.query.event_pages import COUNTED, LOOKED_AT
from api.rest.subscribing import sockets
from api.rest.subscribing.batches import MOST_EVENTS
from tests.api.rest.conftest import Client

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\$ (curl .+)$", PAGE, re.MULTILINE)


def run(client: Client, command: str) -> Response:
    """What a curl command is answered with."""
    words = shlex.split(command)[1:]
    method, url, content, headers = "GET", "", b"", {}
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word in ("-d", "--data-binary"):
            given = words.pop(0)
            content = (ROOT / given[1:]).read_bytes() if given.startswith("@") else given.encode()
        else:
            url = word.replace("http://127.0.0.1:8000", "")
    return client.http.request(method, url, content=content, headers=headers)


def test_the_examples_run(client: Client) -> None:
    """Each in the order written, over an empty store; what is captured can be asked for."""
    assert len(EXAMPLES) > 10
    for command in EXAMPLES:
        answer = run(client, command)
        assert answer.is_success, (command, answer.text)
        if answer.status_code == 202:
            assert client.ended(answer)["success"]
        if "xml" in answer.headers.get("Content-Type", ""):
            assert len(etree.fromstring(answer.content).find(".//EventList")), command
        elif "/events" in command:
            assert answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"], command


@pytest.mark.parametrize("bound", [CaptureLimits().events, CaptureLimits().size, MOST, LOOKED_AT, COUNTED])
def test_the_bounds_are_those_that_hold(bound: int) -> None:
    """The page tells every bound by its number."""
    assert f"{bound:,}" in PAGE
    assert f"`perPage` events ({USUAL};" in PAGE


def test_the_check_of_a_signature_holds() -> None:
    """As the page has it: of what we sign, and of nothing else."""
    [code] = re.findall(r"```python\n(def is_ours.+?)```", PAGE, re.DOTALL)
    known: dict[str, Any] = {"hmac": hmac, "hashlib": hashlib}
    exec(code, known)  # noqa: S102 - what our own page shows
    signed = signature("token", b"body", 1_767_600_000)
    checks = [("token", b"body"), ("other", b"body"), ("token", b"bod")]
    assert [known["is_ours"](signed, body, token) for token, body in checks] == [True, False, False]


def test_the_bounds_of_subscriptions_are_those_that_hold() -> None:
    """Events of a document, seconds of an answer, subscriptions and sockets of a principal."""
    page = " ".join(PAGE.split())
    for told in (
        f"at most {MOST_EVENTS} events",
        f"{LONGEST_ANSWER:.0f} s, the same delivery",
        f"A principal may have {subscriptions.MOST_OF_ONE}.",
        f"A principal may have {sockets.MOST_OF_ONE} open",
    ):
        assert told in page
