"""A file of the collection against a server. In: its exchanges, a client. Out: each, and how its answer differs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import httpx2
import msgspec

from api.principals import Role, digest_of, new_key
from tests.api.rest.requests.answering import differences, xml_differences
from tests.api.rest.requests.collection import Exchange, exchanges, filled, variables_of
from tests.api.served import served

DEST = "http://127.0.0.1:9/hook"
"""Where webhooks would go: nothing listens there, and a server must be told that it may be named."""
ALLOWED = ("--allow-webhooks", "127.0.0.1:9")
PATIENCE = 60
"""Seconds in which what is waited for must come."""


@contextmanager
def client_of(url: str, key: str | None = None) -> Iterator[httpx2.Client]:
    """A client of a server, which signs in with an API key where one is given."""
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    with httpx2.Client(base_url=url, headers=headers, timeout=60) as client:
        yield client


@contextmanager
def open_to_all(folder: Path) -> Iterator[httpx2.Client]:
    """A client of a server without users, over an empty store."""
    with served(f"sqlite:{folder / 's.db'}", *ALLOWED) as server, client_of(server.url) as client:
        yield client


@contextmanager
def signed_in(folder: Path) -> Iterator[httpx2.Client]:
    """A client that is a user, of a server that answers users alone, over an empty store."""
    key, users = new_key(), folder / "users.yaml"
    users.write_text(f"users: [{{name: desk, role: {Role.RECALL_COORDINATOR}, key: {digest_of(key)}}}]\n")
    with (
        served(f"sqlite:{folder / 's.db'}", *ALLOWED, "--users", str(users)) as server,
        client_of(server.url, key) as client,
    ):
        yield client


def run_file(file: Path, client: httpx2.Client) -> Iterator[tuple[Exchange, list[str]]]:
    """Each exchange of a file in order, with what is not as it should be."""
    variables = {"run": token_hex(3), "dest": DEST}
    for exchange in exchanges(file):
        if missing := variables_of(exchange) - set(variables):
            yield exchange, [f"no answer before it gave {', '.join(sorted(missing))}"]
            continue
        given = msgspec.convert(filled(msgspec.to_builtins(exchange), variables), Exchange)
        answer = _answered(client, given)
        found = list(_differences(given, answer))
        yield given, found
        if not found:
            variables |= {name: _kept(answer, place) for name, place in given.keep.items()}


def _answered(client: httpx2.Client, given: Exchange) -> httpx2.Response:
    """The answer; where something is waited for, the first that has it."""
    end = time.monotonic() + PATIENCE
    while True:
        answer = sent(client, given)
        if given.until is None or not list(differences(given.until, answer.json())) or time.monotonic() > end:
            return answer
        time.sleep(0.05)


def sent(client: httpx2.Client, given: Exchange) -> httpx2.Response:
    """What an exchange is answered."""
    content = given.body if isinstance(given.body, str | None) else json.dumps(given.body, ensure_ascii=False)
    return client.request(
        given.method, given.request.partition(" ")[2], content=content and content.encode(), headers=given.headers
    )


def _differences(given: Exchange, answer: httpx2.Response) -> Iterator[str]:
    if answer.status_code != given.status:
        yield f"status is {answer.status_code}, not {given.status}: {answer.text[:300]}"
        return
    yield from differences({name.lower(): value for name, value in given.told.items()}, dict(answer.headers), "headers")
    for expected in (given.json, given.until):
        if expected is not None:
            yield from differences(expected, answer.json())
    yield from xml_differences(given.xml, answer.content)


def _kept(answer: httpx2.Response, place: str) -> str:
    """A header, or a member of the JSON; of a Link, where it leads."""
    if place == "Link":
        return answer.links["next"]["url"].partition(answer.request.url.netloc.decode())[2]
    return answer.headers[place] if place in answer.headers else str(answer.json()[place])
