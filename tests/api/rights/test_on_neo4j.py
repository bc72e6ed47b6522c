"""Whoever asks sees the same of a database as of a file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.http.app import Served, app_of
from api.http.service import open_service
from api.principals import read_users
from tests.api.rights.conftest import BASE, GLNS, USERS, Ask, Asker, load_by_firm, site_of
from tests.api.rights.test_shown import SCOPE, TRACE
from tests.neo4j_server.fixture import AnyServer
from tests.stores.databases import address_of, emptied, location_of

RESOURCES = ("/events?perPage=100&orderBy=recordTime", "/epcs", "/bizSteps", "/bizLocations", "/readPoints")
PSEUDONYM = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f-]+")


@pytest.fixture(scope="module")
def database(neo4j_server: AnyServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server over the same events in a database."""
    emptied(address_of(neo4j_server))
    location = location_of(neo4j_server)
    users = read_users(USERS.write(tmp_path_factory.mktemp("users")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        load_by_firm(location)
        with (
            open_service(location, to_write=True) as service,
            TestClient(app_of(service, Served(users=users)), base_url=BASE) as http,
        ):
            yield http


def told(answer: Any) -> str:
    """An answer without what differs from ledger to ledger: pseudonyms, and when things were accepted."""
    text = PSEUDONYM.sub("pseudonym", json.dumps(answer, ensure_ascii=False, sort_keys=True))
    return re.sub(r'"(creationDate|recordTime|cursor|hash)": "[^"]*"', "", text)


@pytest.mark.parametrize("name", [*GLNS, "stranger", "consumer", "regulator"])
def test_the_same_is_shown_of_a_database(name: str, ask: Ask, database: TestClient) -> None:
    """Traces, scopes, events and resources."""
    on_file, on_database = ask(name), Asker(name, database)
    seeds = [{"site": {"id": site_of(name if name in GLNS else "dairy")}}]
    for query, more in ((TRACE, {"direction": "BOTH"}), (SCOPE, {})):
        one, other = (asker.post(query, seeds=seeds, **more).json() for asker in (on_file, on_database))
        assert told(one) == told(other)
    for path in RESOURCES:
        assert told(on_file.get(path).json()) == told(on_database.get(path).json()), path
