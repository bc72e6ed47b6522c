"""What the rows of a page need is looked up together: a store is asked as often for one row as for fifty (ADR 19)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest
from starlette.testclient import TestClient

from api.demo import BAD_TANK
from api.http.app import app_of
from api.http.service import open_service
from tests.api.graphql.conftest import BASE, Asked, load_outbreak

THING = "id urn kind gtin lot serial product { id name } system { name }"
PLACE = "id urn gln name roles party { id name } address { city lines } latitude longitude"
STOCK = f"certainty item {{ {THING} }} held {{ low high uom }} affectedAtMost {{ sold {{ high }} }}"
SENT = f"kind grade events departed {{ text }} from {{ {PLACE} }} to {{ {PLACE} }} items {{ {THING} }}"
SAID = "id body whats { item } error { correctiveEvents } time { text } sources { id } destinations { id }"
GONE = f"item {{ {THING} }} from {{ {PLACE} }} to {{ {PLACE} }} departed {{ text }} events"
HERE = f"certainty depth evidence item {{ {THING} }}"


def traced(rows: str) -> str:
    """A list of a forward trace."""
    return f'trace(seeds: [{{item: {{id: "{BAD_TANK}"}}}}], direction: FORWARD) {{ list: {rows} }}'


def recalled(rows: str) -> str:
    """A list of a recall scope."""
    return f'recallScope(seeds: [{{item: {{id: "{BAD_TANK}"}}}}]) {{ list: {rows} }}'


def page(name: str, row: str, where: str = "") -> str:
    """A page of a connection."""
    return f"{name}(first: $first{where}) {{ edges {{ node {{ {row} }} }} }}"


LISTS = {
    "items": traced(page("items", HERE)),
    "sites": traced(page("sites", f"certainty depth evidence site {{ {PLACE} }}")),
    "items of sites": traced(page("sites", page("items", HERE).replace("$first", "20"))),
    "flows": traced(page("flows", SENT)),
    "events of a trace": traced(page("events", SAID)),
    "outlets": recalled(page("outlets", f"tier evidence contacts {{ phone }} site {{ {PLACE} }}")),
    "stock of outlets": recalled(page("outlets", page("stock", STOCK).replace("$first", "20"))),
    "lots": recalled(page("lots", f"depth outlets item {{ {THING} }} sold {{ low high }}")),
    "events": "list: " + page("events", SAID),
    "found": 'list: search(first: $first, text: "i") { id name kind }',
}
"""What the shipped outbreak has several rows of."""
TRIES, OF_A_TRY = 3, 2
"""Events that are read for the prefix of a company at most, and the statements that read one."""


class Counted:
    """Asks a server, and counts what its store is asked for."""

    def __init__(self, asked: Asked, statements: list[str]) -> None:
        self._asked = asked
        self._statements = statements

    def ask(self, selection: str, first: int) -> tuple[list[Any], int]:
        """Rows, and how many statements they took."""
        self._statements.clear()
        data = self._asked.data(f"query ($first: Int) {{ {selection} }}", first=first)
        found = (data if "list" in data else next(iter(data.values())))["list"]
        return found if isinstance(found, list) else found["edges"], len(self._statements)


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that a store's connections run, those opened from now on."""
    told: list[str] = []

    def note(_: Any, statement: str, __: Any) -> bool:
        told.append(statement)
        return True

    def watch(connection: apsw.Connection) -> None:
        connection.exec_trace = note

    apsw.connection_hooks.append(watch)
    yield told
    apsw.connection_hooks.remove(watch)


@pytest.fixture
def counted(tmp_path: Path, statements: list[str]) -> Iterator[Counted]:
    """A server over the shipped outbreak whose statements are told."""
    location = f"sqlite:{tmp_path / 'demo.db'}"
    load_outbreak(location)
    with open_service(location, to_write=True) as service, TestClient(app_of(service), base_url=BASE) as client:
        yield Counted(Asked(service, client), statements)


@pytest.mark.parametrize("selection", LISTS.values(), ids=LISTS)
def test_a_store_is_asked_as_often_for_one_row_as_for_fifty(counted: Counted, selection: str) -> None:
    """Whatever is selected of them; but that the prefix of a company may need another try, of all companies at once."""
    counted.ask(selection, 1)
    (one, asked_for_one), (many, asked_for_many) = counted.ask(selection, 1), counted.ask(selection, 50)
    assert len(one) == 1
    assert len(many) > OF_A_TRY
    assert asked_for_one <= asked_for_many <= asked_for_one + OF_A_TRY * (TRIES - 1)
