"""What a stranger sends is bounded, and refused in words that say what to do."""

from __future__ import annotations

import gzip
import json

from starlette.testclient import TestClient

from api.demo import BAD_TANK
from api.http.app import app_of
from api.http.service import Service
from tests.api.graphql.conftest import BASE, Asked

SEED = f'seeds: [{{item: {{id: "{BAD_TANK}"}}}}]'


def test_a_query_too_deep_is_refused(asked: Asked) -> None:
    """More levels than any question needs."""
    deep = "{ __schema { types { " + "fields { type { " * 12 + "name" + " } }" * 12 + " } } }"
    assert asked.code(deep) == "BAD_REQUEST"
    sites = f"trace({SEED}, direction: BACK) {{ sites {{ edges {{ node {{ ...Site }} }} }} }}"
    inner = "items { edges { node { " * 4 + "certainty" + " } } }" * 4
    assert asked.code(f"{{ {sites} }} fragment Site on TracedSite {{ {inner} }}") == "LIMIT_EXCEEDED"


def test_a_query_nested_beyond_all_measure_is_refused(asked: Asked) -> None:
    """Also where each of its fragments alone is nested little enough to be read."""
    count, each = 20, 18
    fragments = [
        f"fragment F{n} on Query {{ {'... on Query { ' * each} ...F{n + 1} {'} ' * each} }}" for n in range(count)
    ]
    whole = f"{{ ...F0 }} {' '.join(fragments)} fragment F{count} on Query {{ ledger {{ position }} }}"
    assert asked.code(whole) == "LIMIT_EXCEEDED"
    assert asked.code("{ ...Nowhere }") == "BAD_REQUEST"


def test_a_flood_of_aliases_or_tokens_is_refused(asked: Asked) -> None:
    """One query asks some things, not thousands."""
    assert asked.code("{" + " ".join(f"a{n}: ledger {{ position }}" for n in range(60)) + "}") == "LIMIT_EXCEEDED"
    assert asked.code("{" + " ".join("ledger { position }" for _ in range(2_000)) + "}") == "BAD_REQUEST"


def test_fragments_that_double_each_other_are_read_once_each(asked: Asked) -> None:
    """In as many steps as there are fragments, whether they end in an alias, in nothing, or where they began."""
    count = 60
    doubling = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(count))
    for end, code in (
        ("a: ledger { position }", "LIMIT_EXCEEDED"),
        ("...Missing", "BAD_REQUEST"),
        ("...F0", "BAD_REQUEST"),
    ):
        assert asked.code(f"{{ ...F0 }} {doubling} fragment F{count} on Query {{ {end} }}") == code


def test_a_query_that_costs_too_much_is_refused_before_it_runs(asked: Asked) -> None:
    """Pages in pages multiply, also through fragments and variables; a long page alone is fine."""
    dear = f"""query ($n: Int) {{ trace({SEED}, direction: FORWARD) {{ sites(first: 10000) {{ edges {{ node {{
      items(first: $n) {{ edges {{ node {{ ...Both }} }} }} }} }} }} }} }}
      fragment Both on TracedItem {{ certainty item {{ id }} }}"""
    assert asked.code(dear, n=1_000) == "LIMIT_EXCEEDED"
    assert asked.code(dear) == "LIMIT_EXCEEDED"
    assert asked.data(dear, n=1)["trace"]
    long_page = "items(first: 10000) { edges { node { item { id lot } } } }"
    assert asked.data(f"{{ trace({SEED}, direction: FORWARD) {{ {long_page} }} }}")


def test_a_limit_says_what_to_do(asked: Asked) -> None:
    """Whichever of them is met."""
    deep = "trace(%s, direction: BACK) { sites { edges { node { %s certainty %s } } } }"
    nested = deep % (SEED, "items { edges { node { " * 5, " } } }" * 5)
    pages = "sites(first: 9000) { edges { node { items(first: 900) { totalCount } } } }"
    dear = f"trace({SEED}, direction: BACK) {{ {pages} }}"
    for query in (nested, dear, " ".join(f"a{n}: ledger {{ position }}" for n in range(60))):
        (error,) = asked.post("{" + query + "}")["errors"]
        told = error["extensions"]
        assert (told["code"], told["remedy"].startswith("Ask for")) == ("LIMIT_EXCEEDED", True), error
        assert error["message"].endswith(told["remedy"])


def test_fragments_that_run_in_a_circle_are_refused(asked: Asked) -> None:
    """By the validation of the standard."""
    circle = "{ ledger { ...A } } fragment A on Ledger { ...B } fragment B on Ledger { ...A }"
    assert asked.code(circle) == "BAD_REQUEST"


def test_a_body_too_large_is_refused(asked: Asked) -> None:
    """413, as a problem that says what to do; what a packed one unpacks to counts."""
    large = asked.client.post("/graphql", content=b" " * 2_000_000, headers={"content-type": "application/json"})
    assert large.status_code == 413
    assert large.headers["content-type"] == "application/problem+json"
    assert "Send less" in large.json()["detail"]
    bomb = gzip.compress(b" " * 10_000_000)
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    assert asked.client.post("/graphql", content=bomb, headers=headers).status_code == 413


def test_what_is_no_query_is_refused(asked: Asked) -> None:
    """Other media types, no JSON, no query, nonsense: a 4xx each, and no word of our own code."""
    post = asked.client.post
    answers = [
        post("/graphql", content=b"<a/>", headers={"content-type": "application/xml"}),
        post("/graphql", content=b"{", headers={"content-type": "application/json"}),
        post("/graphql", json={"nothing": 1}),
        post("/graphql", json=[]),
        post("/graphql", json={"query": 7}),
        post("/graphql", content=b"\xff\xfe", headers={"content-type": "application/json"}),
    ]
    for answer in answers:
        assert 400 <= answer.status_code < 500, answer.text
        assert "Traceback" not in answer.text


def test_errors_say_what_is_wrong_and_what_to_do(asked: Asked) -> None:
    """A code, a sentence and a remedy for wrong input; no place of the store."""
    for given, code in (
        ('{item: {id: "bogus"}}', "INVALID_IDENTIFIER"),
        ('{item: {id: "(01)09521101000016(10)NONE"}}', "UNKNOWN_SEED"),
        ('{event: "urn:none"}', "UNKNOWN_SEED"),
        (f'{{item: {{id: "{BAD_TANK}", since: "2020-01-02", until: "2020-01-01"}}}}', "INVALID_INPUT"),
    ):
        answer = asked.post(f"{{ trace(seeds: [{given}], direction: BACK) {{ complete }} }}")
        extensions = answer["errors"][0]["extensions"]
        assert (extensions["code"], bool(extensions["remedy"])) == (code, True)
        assert str(asked.service.located.index_folder.parent) not in json.dumps(answer)
    assert asked.code("{ trace(seeds: [], direction: BACK) { complete } }") == "INVALID_INPUT"
    assert asked.code("{ trace(seeds: [{}], direction: BACK) { complete } }") == "BAD_REQUEST"


def test_a_walk_that_reaches_too_much_is_cut_and_says_so(service: Service) -> None:
    """`complete` is false, for a trace and a recall scope alike; what is told is a part of the whole."""
    query = f"{{ trace({SEED}, direction: FORWARD) {{ complete summary {{ sites {{ certain }} }} }} }}"
    scope = f"{{ recallScope({SEED}) {{ complete outlets(first: 100) {{ edges {{ node {{ tier }} }} }} }} }}"
    told = {}
    for most in (2, 1_000_000):
        with TestClient(app_of(Service(service.located, most)), base_url=BASE) as client:
            asked = Asked(service, client)
            told[most] = asked.data(query)["trace"], asked.data(scope)["recallScope"]
    assert [one["complete"] for one in told[2]] == [False, False]
    assert [one["complete"] for one in told[1_000_000]] == [True, True]
    assert told[2][0]["summary"]["sites"]["certain"] < told[1_000_000][0]["summary"]["sites"]["certain"]


def test_a_schema_that_is_not_told_is_not_guessed(silent: Asked) -> None:
    """No introspection, no suggestions of names, no page."""
    assert silent.code("{ __schema { queryType { name } } }") == "BAD_REQUEST"
    assert "Did you mean" not in json.dumps(silent.post("{ ledgr { position } }"))
    assert silent.client.get("/graphiql").status_code == 404
    assert silent.data("{ ledger { position } }")["ledger"]["position"] > 0


def test_a_page_of_elsewhere_does_not_reach_us(asked: Asked) -> None:
    """Under another name than this machine's own nothing is answered, so that no name can be bent to point here."""
    assert asked.client.get("/healthz", headers={"host": "evil.example"}).status_code == 400


def test_it_tells_whether_it_lives_and_is_ready(asked: Asked) -> None:
    """`/healthz` and `/readyz`."""
    assert asked.client.get("/healthz").json() == {"status": "ok"}
    assert asked.client.get("/readyz").json()["position"] == asked.data("{ledger {position}}")["ledger"]["position"]
