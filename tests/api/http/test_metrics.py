"""What operators watch: requests, captures, positions, walks; and nothing of what was asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from api.demo import BAD_TANK, outbreak
from api.http.app import Served, app_of
from api.http.service import open_service
from api.principals import digest_of, new_key, read_users
from tests.api.rest.conftest import BASE, Client, document, event
from tests.api.rest.conftest import client as client
from tests.api.rest.conftest import serving as serving

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]
LABELS = {"route", "method", "status", "outcome", "le"}


def samples(http: TestClient, **headers: str) -> Samples:
    """Every sample, by name and labels."""
    answer = http.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(answer.text)
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for family in families for one in family.samples}


def value(told: Samples, name: str, **labels: str) -> float:
    """One sample; 0 where there is none yet."""
    return told.get((name, tuple(sorted(labels.items()))), 0.0)


def traced(http: TestClient) -> bool:
    """Whether a walk from the demo's bad tank is complete."""
    query = "query ($id: ID!) { trace(seeds: [{item: {id: $id}}], direction: FORWARD) { complete } }"
    answer = http.post("/graphql", json={"query": query, "variables": {"id": BAD_TANK}}).json()
    return bool(answer["data"]["trace"]["complete"])


def test_requests_are_counted_by_route_and_timed(client: Client) -> None:
    """By the template of the route, the method and the status, refusals and unknown paths among them."""
    for number in (1, 2):
        client.get(f"/events/urn:none:{number}")
    client.get("/events")
    client.get("/nothing/secret-code")
    client.get("/01/09521103009000/10/SECRET-LOT")
    client.http.post("/events", content=b"x", headers={"Content-Encoding": "br"})
    client.http.request("BREW", "/events")
    told = samples(client.http)
    requests = "suyuan_http_requests_total"
    assert value(told, requests, route="/events/{eventID:path}", method="GET", status="404") == 2
    assert value(told, requests, route="/events", method="GET", status="200") == 1
    assert value(told, requests, route="other", method="GET", status="404") == 1
    assert value(told, requests, route="/01/…", method="GET", status="200") == 1
    assert value(told, requests, route="other", method="POST", status="415") == 1
    assert sum(v for (name, labels), v in told.items() if name == requests and ("method", "OTHER") in labels) == 1
    assert value(told, "suyuan_http_request_seconds_count", route="/events", method="GET") == 1
    assert value(told, "suyuan_http_request_seconds_bucket", route="/events", method="GET", le="+Inf") == 1


def test_captures_positions_and_walks(client: Client) -> None:
    """What came of events, where ledger and index are, and how many walks there were."""
    assert client.ended(client.post("/capture", outbreak().read_bytes()))["accepted"] == 35
    client.ended(client.post("/capture", document(event(1), event(1, eventID="urn:uuid:bad", bizStep="no"))))
    before = samples(client.http)
    assert [value(before, "suyuan_captured_events_total", outcome=one) for one in ("accepted", "rejected")] == [35, 1]
    assert [value(before, "suyuan_capture_jobs_total", outcome=one) for one in ("success", "failure")] == [1, 1]
    assert (value(before, "suyuan_ledger_position"), value(before, "suyuan_index_lag")) == (35, 35)
    assert traced(client.http) is True
    after = samples(client.http)
    assert (value(after, "suyuan_index_position"), value(after, "suyuan_index_lag")) == (35, 0)
    assert value(after, "suyuan_walks_total") > value(before, "suyuan_walks_total")
    assert value(after, "suyuan_walks_cut_total") == 0


def test_walks_that_are_cut_are_counted(tmp_path: Path) -> None:
    """Where a bound ends one."""
    with (
        open_service(f"sqlite:{tmp_path / 's.db'}", to_write=True, most_reached=1) as service,
        TestClient(app_of(service), base_url=BASE) as http,
    ):
        Client(service, http).capture(*json.loads(outbreak().read_bytes())["epcisBody"]["eventList"])
        assert traced(http) is False
        assert value(samples(http), "suyuan_walks_cut_total") > 0


KEY, PLANT = new_key(), new_key()
USERS = f"""users:
- {{name: wang.min, role: regulator, department: fda, key: {digest_of(KEY)}}}
- {{name: plant, role: enterprise, parties: ["urn:epc:id:pgln:9521321.00001"], key: {digest_of(PLANT)}}}
"""


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[TestClient]:
    """A server with a user."""
    file = tmp_path / "users.yaml"
    file.write_text(USERS)
    with (
        open_service(f"sqlite:{tmp_path / 's.db'}", to_write=True) as service,
        TestClient(app_of(service, Served(users=read_users(file))), base_url=BASE) as http,
    ):
        yield http


def test_strangers_see_none_of_it(guarded: TestClient) -> None:
    """Where users are configured, 401, and 403 for who does not see all; no label holds a code, an id, or a name."""
    assert guarded.get("/metrics").status_code == 401
    assert guarded.get("/metrics", headers={"Authorization": f"Bearer {PLANT}"}).status_code == 403
    key = {"Authorization": f"Bearer {KEY}"}
    guarded.post("/capture", content=document(event(7)), headers={**key, "Content-Type": "application/json"})
    for path in (
        "/epcs/urn:epc:id:sgtin:9521321.000000.7/events",
        "/capture/urn:uuid:job",
        "/queries/mine",
        "/x/SECRET",
    ):
        guarded.get(path, headers=key)
    told = samples(guarded, **key)
    assert {name for _, labels in told for name, _ in labels} <= LABELS
    text = guarded.get("/metrics", headers=key).text
    assert not [word for word in ("9521321", "urn:", "mine", "SECRET", "wang", "fda", "shipping") if word in text]
    assert value(told, "suyuan_http_requests_total", route="other", method="GET", status="401") == 1
