"""Bodies packed with gzip: taken, and bounded by what they unpack to."""

from __future__ import annotations

import gzip
import json
import tracemalloc

import pytest

from api.capture_document import CaptureLimits
from api.http.bodies import MOST_BYTES, TooLarge, unpack
from tests.api.rest.conftest import Client, Serving, document, event, problem
from tests.api.rest.conftest import client as client
from tests.api.rest.conftest import serving as serving

GZIP = {"Content_Encoding": "gzip"}


def test_a_packed_body_is_the_body(client: Client) -> None:
    """Over REST and GraphQL, in one member or several, under either name."""
    whole = document(event(1), event(2))
    assert client.ended(client.post("/capture", gzip.compress(whole), **GZIP))["accepted"] == 2
    halves = gzip.compress(whole[:100]) + gzip.compress(whole[100:])
    assert client.ended(client.post("/capture", halves, Content_Encoding="X-GZIP"))["duplicates"] == 2
    assert client.post("/events", gzip.compress(json.dumps(event(3)).encode()), **GZIP).status_code == 201
    query = gzip.compress(json.dumps({"query": "{ ledger { position } }"}).encode())
    assert client.post("/graphql", query, **GZIP).json() == {"data": {"ledger": {"position": 3}}}


def test_a_bomb_is_refused_where_it_gets_too_large(serving: Serving) -> None:
    """413, held at no time: a gigabyte packed in a megabyte, and a byte more than may be; not one that just fits."""
    size = len(document(event(1)))
    client = serving(CaptureLimits(size=size))
    assert client.ended(client.post("/capture", gzip.compress(document(event(1))), **GZIP))["accepted"] == 1
    larger = client.post("/capture", gzip.compress(document(event(1)) + b" "), **GZIP)
    problem(larger, 413, "CaptureLimitExceededException")
    assert client.post("/graphql", gzip.compress(b" " * (MOST_BYTES + 1)), **GZIP).status_code == 413
    bomb = gzip.compress(b"\0" * (1 << 30), compresslevel=1)
    tracemalloc.start()
    with pytest.raises(TooLarge):
        unpack(bomb, 1 << 20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20


@pytest.mark.parametrize("body", [b"", b"{}", b"\x1f\x8b", gzip.compress(document(event(1)))[:-9]])
def test_what_is_no_gzip(client: Client, body: bytes) -> None:
    """400 where it says so and is none, or breaks off."""
    answer = client.post("/capture", body, **GZIP)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert "gzip" in answer.json()["detail"]


def test_gzip_that_does_not_say_so(client: Client) -> None:
    """Is no document, and is not unpacked unbounded."""
    for path in ("/capture", "/events"):
        assert client.post(path, gzip.compress(document(event(1)))).status_code == 400


def test_other_packings_are_refused(client: Client) -> None:
    """415, which tells the one that is taken (RFC 9110 §12.5.3)."""
    for packing in ("br", "deflate", "gzip, gzip"):
        answer = client.post("/capture", document(event(1)), Content_Encoding=packing)
        assert (answer.status_code, answer.headers["Accept-Encoding"]) == (415, "gzip")
