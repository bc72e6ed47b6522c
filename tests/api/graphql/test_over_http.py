"""Requests and answers keep the draft of GraphQL over HTTP: media types, statuses, what GET may do."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from api.http.media_types import JSON, RESPONSE, answered_as
from api.http.service import Service
from graph_schema.errors import StoreError
from tests.api.graphql.conftest import Asked

LEDGER = "{ ledger { position } }"


def get(asked: Asked, accept: str, **given: str) -> Any:
    """The answer to a GET."""
    return asked.client.get(f"/graphql?{urlencode(given)}", headers={"accept": accept})


def post(asked: Asked, accept: str, given: object) -> Any:
    """The answer to a POST."""
    return asked.client.post("/graphql", json=given, headers={"accept": accept})


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("application/graphql-response+json", RESPONSE),
        ("application/graphql-response+json; charset=utf-8, application/json;q=0.9", RESPONSE),
        ("application/json, application/graphql-response+json;q=0.5", JSON),
        ("application/json;q=0, */*", RESPONSE),
        ("application/json, */*", JSON),
        ("text/html, */*;q=0.1", JSON),
        ("text/html", None),
        ("application/json;q=nan", None),
    ],
)
def test_the_media_type_is_the_one_that_is_liked_most(accept: str | None, media: str | None) -> None:
    """By quality, then by how exactly it is named; plain JSON where all are alike."""
    assert answered_as(accept) == media


def test_what_cannot_be_run_is_a_clients_error_in_the_new_media_type_alone(asked: Asked) -> None:
    """Parse, validation and variables: 400 and no data there; 200, also without data, for plain JSON."""
    variables = "query ($id: ID!) { item(id: $id) { id } }"
    for given in ({"query": "{"}, {"query": "{ nothing }"}, {"query": variables, "variables": {"id": None}}):
        for accept, status in ((RESPONSE, 400), (JSON, 200)):
            answer = post(asked, accept, given)
            assert (answer.status_code, answer.headers["content-type"]) == (status, f"{accept}; charset=utf-8")
            assert list(answer.json()) == ["errors"]


def test_an_answer_with_errors_in_it_is_an_answer(asked: Asked) -> None:
    """Where a field failed after all began, data is there, and the status is 200."""
    answer = post(asked, RESPONSE, {"query": '{ ledger { position } item(id: "bogus") { id } }'})
    assert answer.status_code == 200
    assert answer.json()["data"]["item"] is None
    assert answer.json()["errors"][0]["extensions"]["code"] == "INVALID_IDENTIFIER"


def test_get_asks_and_never_changes(asked: Asked) -> None:
    """A query by GET is answered; a mutation is refused before it is looked at closer."""
    assert get(asked, RESPONSE, query=LEDGER).json()["data"]["ledger"]["position"] > 0
    query = "query ($id: ID!) { item(id: $id) { id } }"
    assert get(asked, JSON, query=query, variables='{"id": "(01)09521101000016(10)TK-S1"}').json()["data"]["item"]
    refused = get(asked, JSON, query="mutation { capture }")
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    assert post(asked, JSON, {"query": "subscription { ledger { position } }"}).status_code == 400


def test_a_malformed_request_is_refused_as_a_graphql_error(asked: Asked) -> None:
    """Parameters of wrong types, no JSON, no operation of that name, another media type: told with what to do."""
    wrong: list[object] = [{"query": 7}, {"query": LEDGER, "variables": []}, {"query": LEDGER, "operationName": 1}, []]
    wrong += [{"query": f"query A {LEDGER}", "operationName": "None"}, {"query": ""}, {}]
    answers = [post(asked, JSON, given) for given in wrong]
    answers += [get(asked, JSON, query=LEDGER, variables="{"), get(asked, JSON)]
    for answer in answers:
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["extensions"]["remedy"]
    for kind in ("text/plain", "application/jsonp", "multipart/form-data; boundary=x", ""):
        answer = asked.client.post("/graphql", content=b"{}", headers={"content-type": kind})
        assert answer.status_code == 415
        assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert get(asked, "text/html", query=LEDGER).status_code == 406


def test_a_store_that_cannot_answer_is_told_without_its_place(
    asked: Asked, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503, a code and a remedy; where the store lies is nobody's business."""

    def broken() -> Any:
        raise StoreError("the disk is gone", where="/secret/place", remedy="Bring it back.")

    monkeypatch.setattr(service.located.store, "snapshot", broken)
    answer = post(asked, JSON, {"query": LEDGER})
    assert answer.status_code == 503
    assert answer.json()["errors"][0]["extensions"] == {"code": "STORE_ERROR", "remedy": "Bring it back."}
    assert "secret" not in answer.text


def test_of_several_operations_one_is_named(asked: Asked) -> None:
    """Else none is run, nor one that changes something (GraphQL §6.1); the one that is named is."""
    several = f"query A {LEDGER} query B {{ ledger {{ events }} }}"
    changing = 'mutation A { capture(document: "{}") { id } } query B { ledger { events } }'
    for query in (several, changing):
        refused = post(asked, RESPONSE, {"query": query})
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["extensions"]["remedy"] == "Name one of them as `operationName`."
        assert "data" not in refused.json()
    named = post(asked, RESPONSE, {"query": several, "operationName": "B"})
    assert named.json() == {"data": {"ledger": {"events": 35}}}
