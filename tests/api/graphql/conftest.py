"""A server over the shipped outbreak, asked in this process over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.demo import outbreak
from api.http.app import Served, app_of
from api.http.service import Service, open_service
from api.loading import Loading
from api.session import open_session

BASE = "http://localhost"


class Asked:
    """Asks a server in GraphQL."""

    def __init__(self, service: Service, client: TestClient) -> None:
        self.service = service
        self.client = client

    def post(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole answer."""
        answer: dict[str, Any] = self.client.post("/graphql", json={"query": query, "variables": variables}).json()
        return answer

    def data(self, query: str, **variables: Any) -> Any:
        """What is answered, where nothing is wrong."""
        answer = self.post(query, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def code(self, query: str, **variables: Any) -> str:
        """The code of the first error."""
        first = self.post(query, **variables)["errors"][0]
        assert first["message"]
        return str(first["extensions"]["code"])


def load_outbreak(location: str) -> None:
    """The shipped outbreak into a store."""
    with open_session(location, to_write=True) as session:
        Loading(session, "demo").load([outbreak()])


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A service over a store that holds the shipped outbreak."""
    location = f"sqlite:{tmp_path / 'demo.db'}"
    load_outbreak(location)
    with open_service(location, to_write=True) as opened:
        yield opened


@pytest.fixture
def asked(service: Service) -> Iterator[Asked]:
    """Asks it."""
    with TestClient(app_of(service), base_url=BASE) as client:
        yield Asked(service, client)


@pytest.fixture
def silent(service: Service) -> Iterator[Asked]:
    """Asks one that tells nothing of its schema."""
    with TestClient(app_of(service, Served(graphiql=False, introspection=False)), base_url=BASE) as client:
        yield Asked(service, client)
