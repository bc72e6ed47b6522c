"""Open data in GraphQL: to every role, bounded, the same for a day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.http.app import app_of
from api.http.service import Service, open_service
from api.loading import Loading
from api.session import open_session
from graph_schema.licence import KIND, Licence
from tests.api.graphql.conftest import BASE
from tests.coverage.dairy_days import days
from tests.coverage.test_open_data import licences

PER_MINUTE = 3
QUERY = """query($system: String!, $month: String!) { openData(system: $system, month: $month) {
  system month smallestGroup status withheld rates { measure area holders rate } } }"""


def keep(service: Service, register: list[Licence]) -> None:
    """Put a register into the store of a server."""
    with service.located.store.transaction() as writing:
        position = writing.ledger.head().position
        writing.masters.put([(one.key, KIND, one.attributes()) for one in register], position)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The days of a dairy under six licences, of whose holders none records anything."""
    location = f"sqlite:{tmp_path / 's.db'}"
    with open_session(location, to_write=True) as session:
        Loading(session, "dairy").load_document(json.dumps(days()).encode(), "days")
    with open_service(location, to_write=True, lookups_per_minute=PER_MINUTE) as opened:
        keep(opened, licences(east=6))
        yield opened


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    """Who asks."""
    with TestClient(app_of(service), base_url=BASE) as opened:
        yield opened


def ask(client: TestClient, month: str = "2026-03", system: str = "dairy") -> Any:
    """The answer."""
    return client.post("/graphql", json={"query": QUERY, "variables": {"system": system, "month": month}}).json()


def test_rates_of_groups_that_are_large_enough_are_told(client: TestClient) -> None:
    """With how many they are of, and how sure the smallest number is."""
    told = ask(client)["data"]["openData"]
    rates = [{"measure": "reporting_rate", "area": area, "holders": 6, "rate": 0.0} for area in ("", "east")]
    assert told == {
        "system": "dairy", "month": "2026-03", "smallestGroup": 5, "status": "proposed", "withheld": True,
        "rates": rates,
    }  # fmt: skip


def test_a_month_is_worked_out_once_a_day(client: TestClient, service: Service) -> None:
    """What a later record changes is not to be seen by asking again."""
    first = ask(client)
    keep(service, licences(east=9))
    assert ask(client) == first


def test_what_cannot_be_told_is_refused(client: TestClient) -> None:
    """A month that is not over, no month, no such system."""
    for wrong in ({"month": "9999-01"}, {"month": "spring"}, {"system": "tofu"}):
        (error,) = ask(client, **wrong)["errors"]
        assert error["extensions"]["code"] == "INVALID_INPUT", wrong


def test_it_is_bounded_as_lookups_are(client: TestClient) -> None:
    """So many in a minute."""
    for _ in range(PER_MINUTE):
        assert "errors" not in ask(client)
    (error,) = ask(client)["errors"]
    assert error["extensions"]["code"] == "TOO_OFTEN"
