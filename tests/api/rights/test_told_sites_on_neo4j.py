"""A database tells places of dangerous goods as a file does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.http.app import Served, app_of
from api.http.audit import Audit
from api.http.service import open_service
from api.loading import Loading
from api.principals import read_users
from api.session import open_session
from tests.api.captured import service_over
from tests.api.rights.bunkers import CAP_KEYS, EVENTS, KNOWING, NOT_KNOWING, POWDER_KEY, SCOPE, TRACE, asked, seed
from tests.api.rights.maker import BASE, USERS, document
from tests.neo4j_server.fixture import AnyServer
from tests.stores.databases import address_of, emptied, location_of

NAME = re.compile(r"urn:suyuan:withheld:[0-9a-f-]+")
"""It is another on each machine's secret."""


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """Who may ask, and where it is noted."""
    folder = tmp_path_factory.mktemp("users")
    return Served(users=read_users(USERS.write(folder)), audit=Audit(folder / "audit.jsonl"))


@pytest.fixture(scope="module")
def on_file(users: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server over the events in a file."""
    with (
        service_over(tmp_path_factory.mktemp("file"), "registrar", [document(*EVENTS)], []) as service,
        TestClient(app_of(service, users), base_url=BASE) as http,
    ):
        yield http


@pytest.fixture(scope="module")
def in_database(
    users: Served, neo4j_server: AnyServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """A server over the same in a database."""
    emptied(address_of(neo4j_server))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        with open_session(location_of(neo4j_server), to_write=True) as session:
            Loading(session, "registrar").load_document(document(*EVENTS), "events")
        with (
            open_service(location_of(neo4j_server), to_write=True) as service,
            TestClient(app_of(service, users), base_url=BASE) as http,
        ):
            yield http


@pytest.mark.slow
@pytest.mark.parametrize("who", [KNOWING[-1], NOT_KNOWING[0], ("user", False)])
def test_a_database_tells_the_same_sites(who: tuple[str, bool], on_file: TestClient, in_database: TestClient) -> None:
    """Traces both ways, and scopes."""
    for key in (POWDER_KEY, CAP_KEYS[0]):
        asking = [(TRACE, {"direction": "FORWARD"}), (TRACE, {"direction": "BACK"}), (SCOPE, {})]
        for query, more in asking:
            one, other = (told(asked(http, who, query, seeds=seed(key), **more)) for http in (on_file, in_database))
            assert one == other


def told(answer: Any) -> list[str]:
    """Its words, without what a name that tells nothing is, and in no order: rows are in order of such names."""
    return sorted(NAME.sub("withheld", json.dumps(answer, sort_keys=True)).split())
