"""`publicLookup`, the page of a code and that of a Digital Link: one source, counted, noted, bounded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.allowance import MOST, Allowance
from api.http.app import Served, app_of
from api.http.audit import Audit
from api.http.service import open_service
from api.principals import read_users
from graph_schema.errors import TooOften
from tests.api.graphql.conftest import BASE, Asked, load_outbreak
from tests.api.users import Users

LOT, NONE = "/01/09521103009000/10/CAN-B", "/01/09521103009000/10/CAN-9"
FIELDS = "key systems gtin lot schemes { id check } fields { id zh en value } recallStatus findings vague"
QUERY = f"query ($code: String!) {{ publicLookup(code: $code) {{ code readings {{ {FIELDS} }} }} }}"
PER_MINUTE = 3
USERS = Users({name: {"role": "consumer"} for name in ("shopper", "other")})


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where questions are noted."""
    return tmp_path / "audit.jsonl"


@pytest.fixture
def bounded(tmp_path: Path, log: Path) -> Iterator[TestClient]:
    """A server with two consumers, where one looks up three codes in a minute."""
    location = f"sqlite:{tmp_path / 'demo.db'}"
    load_outbreak(location)
    users = read_users(USERS.write(tmp_path))
    with (
        open_service(location, to_write=True, lookups_per_minute=PER_MINUTE) as service,
        Audit(log) as audit,
        TestClient(app_of(service, Served(users=users, audit=audit)), base_url=BASE) as client,
    ):
        yield client


def ask(client: TestClient, name: str, code: str = LOT) -> Any:
    """Somebody looks a code up."""
    headers = USERS.headers(name)
    return client.post("/graphql", json={"query": QUERY, "variables": {"code": code}}, headers=headers)


def test_all_three_tell_the_same(asked: Asked) -> None:
    """GraphQL, the page of a code as JSON, and what the page of its Digital Link shows."""
    code = f"https://id.gs1.org{LOT}"
    told = asked.data(QUERY, code=code)["publicLookup"]["readings"][0]
    paged = asked.client.get("/lookup", params={"code": code}, headers={"Accept": "application/json"}).json()
    assert {field["id"]: field["value"] for field in told["fields"] if field["value"]} == {
        "product": "婴儿配方奶粉 Infant formula, stage 1, can",
        "lot": "CAN-B",
    }
    assert paged["readings"][0]["fields"] == told["fields"]
    assert paged["readings"][0]["recall_status"] == told["recallStatus"].lower() == "none"
    for page in (asked.client.get(LOT).text, asked.client.get("/lookup", params={"code": code}).text):
        assert "婴儿配方奶粉 Infant formula" in page
        assert "没有公开的召回记录 No recall is recorded" in page


def test_a_wrong_check_digit_is_told_first_by_the_page(asked: Asked) -> None:
    """In both languages, and no recall status of what there is not."""
    page = asked.client.get("/lookup", params={"code": "6901234567893"}).text
    assert "注意 Mind</dt><dd>校验位不符,请重新输入。The check digit is wrong: read the code again." in page
    assert page.index("校验位不符") < page.index("6901234567893</dd>")
    assert "召回状态" not in page
    found = asked.data(QUERY, code="6901234567893")["publicLookup"]["readings"]
    assert (found[0]["findings"], found[0]["vague"]) == (["CHECK_FAILS"], False)


def test_a_lot_that_there_is_not_answers_the_same(asked: Asked) -> None:
    """In words and bytes, but for its number, by every way; the ledger's events of the lot tell nobody."""
    for ask_for in (
        lambda link: json.dumps(asked.post(QUERY, code=f"https://id.gs1.org{link}")),
        lambda link: asked.client.get(link).text,
        lambda link: asked.client.get("/lookup", params={"code": f"https://id.gs1.org{link}"}).text,
    ):
        assert ask_for(NONE) == ask_for(LOT).replace("CAN-B", "CAN-9")


def test_the_page_of_a_code_takes_what_is_typed(asked: Asked) -> None:
    """As text, never as markup; what has no form is told so, what is too long is refused with what to do."""
    assert "<form" in asked.client.get("/lookup").text
    page = asked.client.get("/lookup", params={"code": "<b>x</b>"}).text
    assert "<b>" not in page
    assert "&lt;b&gt;" in page
    assert "No code scheme has this form" in asked.client.get("/lookup", params={"code": "奶"}).text
    refused = asked.client.get("/lookup", params={"code": "1" * 1_001})
    assert refused.status_code == 400
    assert "at most 1,000" in refused.json()["detail"]


def test_a_system_narrows_a_code(asked: Asked) -> None:
    """One that there is not is refused with those that there are."""
    query = '{ publicLookup(code: "81234560123456789012", system: "%s") { readings { systems } } }'
    assert asked.data(query % "drug")["publicLookup"]["readings"] == [{"systems": ["drug"]}]
    assert asked.code(query % "tofu") == "INVALID_INPUT"


def test_who_asks_too_often_is_told_when_to_ask_again(bounded: TestClient) -> None:
    """429 with Retry-After, each principal and each address for itself, whether or not there is such a thing."""
    for code in (LOT, NONE, "奶"):
        assert ask(bounded, "shopper", code).status_code == 200
    refused = ask(bounded, "shopper")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 60 // PER_MINUTE
    assert refused.json()["errors"][0]["extensions"]["code"] == "TOO_OFTEN"
    assert ask(bounded, "other").status_code == 200
    pages = [bounded.get(path) for path in (LOT, NONE, "/lookup?code=1", LOT, "/lookup?code=1")]
    assert [page.status_code for page in pages] == [200, 200, 200, 429, 429]
    assert int(pages[-1].headers["retry-after"]) > 0


def test_every_lookup_is_counted_and_noted(bounded: TestClient, log: Path) -> None:
    """By how it ended, never by what was found; the log has who asked for what."""
    for _ in range(PER_MINUTE + 1):
        ask(bounded, "shopper")
    bounded.get("/lookup", params={"code": "1" * 1_001})
    bounded.get(NONE)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["who"] for line in lines] == ["shopper"] * (PER_MINUTE + 1) + [None, None]
    assert [line["errors"] for line in lines] == [*[[]] * PER_MINUTE, ["TOO_OFTEN"], ["400"], []]
    assert lines[-1]["operation"] == f"GET {NONE}"


def test_metrics_count_lookups_without_their_codes(asked: Asked) -> None:
    """Answered and malformed ones."""
    asked.data(QUERY, code="SECRET-CODE")
    asked.client.get(LOT)
    asked.client.get("/lookup", params={"code": "1" * 1_001})
    told = asked.client.get("/metrics").text
    assert 'suyuan_lookups_total{outcome="answered"} 2.0' in told
    assert 'suyuan_lookups_total{outcome="malformed"} 1.0' in told
    assert "SECRET" not in told


def test_an_allowance_fills_steadily() -> None:
    """So many at once, then one for each part of a minute that passed; nobody saves up more."""
    now = [0.0]
    allowance = Allowance(2, lambda: now[0])
    taken = []
    for passed in (0, 0, 0, 29, 1, 0, 600, 0, 0):
        now[0] += passed
        try:
            allowance.take("somebody")
            taken.append(0)
        except TooOften as error:
            taken.append(error.after)
    assert taken == [0, 0, 30, 1, 0, 30, 0, 0, 30]


def test_an_allowance_remembers_so_many_askers() -> None:
    """Whoever was not heard of for longest is forgotten: memory does not grow with strangers."""
    allowance = Allowance(1, lambda: 0.0)
    for number in range(MOST + 1):
        allowance.take(str(number))
    allowance.take("0")
    with pytest.raises(TooOften):
        allowance.take(str(MOST))
