"""Whatever is sent to /graphql is answered, or refused as the sender's fault: no 5xx, no traceback, no flood."""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.http.app import app_of
from api.http.media_types import RESPONSE
from api.http.service import open_service
from tests.api.graphql.test_answers import SCOPE, TRACE
from tests.api.served import demo_store, served
from tests.fuzz.graphql import fuzzed

MOST_GROWTH = 300 << 10
"""KiB that memory may grow by while all examples of a test run."""
JSON_HEADERS = {"content-type": "application/json", "accept": RESPONSE}
QUERIES = (TRACE, SCOPE, '{ search(text: "奶") { id } }', "query A { ledger { position } } query B { ledger { hash } }")
WORDS = (*'{}()[]:!$@"\\#&|=', "...", '"""', "\x00", "奶", "1e999", "null", "__typename")
SNIPPETS = ("first: 999999999999999999999", "...A", "fragment A on Trace { ...A }", "@skip(if: $x)")
FUZZ = settings(max_examples=100, deadline=None)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Asks a server over the demo; what it fails with is raised here."""
    location = demo_store(tmp_path_factory.mktemp("fuzz"))
    with (
        open_service(location, to_write=True) as service,
        TestClient(app_of(service), base_url="http://localhost") as client,
    ):
        yield client


@pytest.fixture(scope="module", autouse=True)
def memory() -> Iterator[None]:
    """Memory is bounded over all examples."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_GROWTH


def assert_answered(client: TestClient, body: bytes) -> None:
    """An answer, or a 4xx of which each error has a code that is not ours to answer for."""
    answer = client.post("/graphql", content=body, headers=JSON_HEADERS)
    assert answer.status_code == 200 or 400 <= answer.status_code < 500
    assert "Traceback" not in answer.text
    assert all(error["extensions"]["code"] != "INTERNAL" for error in answer.json().get("errors", ()))


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A query that was cut, doubled, or had something put into it, up to six times."""
    query = draw(st.sampled_from(QUERIES))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(query)))
        end = min(len(query), start + draw(st.integers(0, 60)))
        put = draw(st.one_of(st.sampled_from(WORDS), st.sampled_from(SNIPPETS), st.just(query[start:end] * 2)))
        query = query[:start] + put + query[end:]
    return query


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@FUZZ
@given(body=st.binary(max_size=400))
def test_random_bytes_are_refused(client: TestClient, body: bytes) -> None:
    """No JSON at all, or JSON by chance."""
    assert_answered(client, body)


@FUZZ
@given(query=mutated(), id=st.text(max_size=40))
def test_mutated_queries_are_answered_or_refused(client: TestClient, query: str, id: str) -> None:  # noqa: A002
    """Cut short, doubled, with fragments in circles and numbers beyond all bounds."""
    variables = {"id": id, "way": "BACK"}
    assert_answered(client, json.dumps({"query": query, "variables": variables}).encode())


@FUZZ
@given(given=anything, name=anything, extensions=anything)
def test_requests_of_any_shape_are_answered_or_refused(
    client: TestClient, given: Any, name: Any, extensions: Any
) -> None:
    """Any JSON as the request, as its variables, operation name and extensions."""
    whole = {"query": TRACE, "variables": given, "operationName": name, "extensions": extensions}
    for body in (given, whole):
        assert_answered(client, json.dumps(body).encode())


@FUZZ
@given(id=anything, way=anything, seeds=anything, options=anything)
def test_variables_of_any_type_are_refused(
    client: TestClient,
    id: Any,  # noqa: A002 - the contract's name
    way: Any,
    seeds: Any,
    options: Any,
) -> None:
    """Where an id, a direction, seeds or options are asked for."""
    assert_answered(client, json.dumps({"query": TRACE, "variables": {"id": id, "way": way}}).encode())
    query = """query ($seeds: [SeedInput!]!, $options: TraceOptions) {
      trace(seeds: $seeds, direction: BOTH, options: $options) { complete } }"""
    assert_answered(client, json.dumps({"query": query, "variables": {"seeds": seeds, "options": options}}).encode())


@FUZZ
@given(cursor=st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: raw.hex()))
def test_cursors_of_any_text_are_refused(client: TestClient, cursor: str) -> None:
    """A cursor that never was one leads to no rows."""
    query = "query ($after: String) { events(after: $after) { edges { cursor } } }"
    assert_answered(client, json.dumps({"query": query, "variables": {"after": cursor}}).encode())


@pytest.mark.parametrize(
    "query",
    [
        "{" + "ledger { position } " * 1_200 + "}",
        "{" + "nothing " * 4_900 + "}",
        "{a" * 10_000,
        "{ item(id: " + "[" * 10_000 + "]" * 10_000 + ") { id } }",
        "{ " + "... on Query { " * 1_000 + "ledger { position }" + " }" * 1_000 + " }",
        '{ search(text: "x", first: ' + "9" * 900_000 + ") { id } }",
        '{ item(id: "' + "x" * 900_000 + '") { id } }',
        "#" * 900_000 + "\n{ ledger { position } }",
    ],
    ids=["pairs", "unknown", "deep", "deep value", "deep fragments", "long number", "long text", "long comment"],
)
def test_queries_made_to_be_dear_are_answered_or_refused(client: TestClient, query: str) -> None:
    """Each grows faster than its length in some naive way."""
    assert_answered(client, json.dumps({"query": query}).encode())


def test_json_nested_ten_thousand_deep_is_refused(client: TestClient) -> None:
    """As the body, and as a variable."""
    for deep in (b"[" * 10_000 + b"]" * 10_000, b'{"query": "{a}", "variables": ' + b'{"a":' * 10_000 + b"}" * 10_001):
        answer = client.post("/graphql", content=deep, headers=JSON_HEADERS)
        assert answer.status_code == 400
        assert "JSON" in answer.json()["errors"][0]["message"]


@pytest.mark.slow
def test_schemathesis_finds_nothing(tmp_path: Path) -> None:
    """Queries made up from the schema are answered, or refused with a code."""
    with served(demo_store(tmp_path)) as server:
        code, said = fuzzed(server, 30, tmp_path)
    assert code == 0, said
