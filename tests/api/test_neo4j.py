"""The command line on a database: the same answers as on a file, and a password that is never told."""

from __future__ import annotations

import pytest

from api.demo import BAD_TANK
from tests.api.conftest import Suyuan
from tests.neo4j_server.fixture import AnyServer
from tests.stores.databases import address_of, emptied, location_of


@pytest.fixture
def database(neo4j_server: AnyServer, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> str:
    """An empty database, as `--store` has it; its index is kept with the test."""
    emptied(address_of(neo4j_server))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return location_of(neo4j_server)


@pytest.mark.parametrize("demo", [("demo",), ("demo", "--system", "edible_oil")], ids=["outbreak", "story"])
def test_a_demo_prints_the_same_answers_on_a_database(demo: tuple[str, ...], suyuan: Suyuan, database: str) -> None:
    """But for the names of the stores and what hangs on the time of the load."""
    on_database, on_file = suyuan(*demo, "--store", database), suyuan(*demo)
    assert (on_database.code, on_file.code) == (0, 0)
    assert len(on_database.out.splitlines()) == len(on_file.out.splitlines())
    pairs = zip(on_database.out.splitlines(), on_file.out.splitlines(), strict=True)
    other = [(one, two) for one, two in pairs if one != two]
    assert all("--store" in one or "Loaded into" in one or "hash" in one or "Scope" in one for one, _ in other)


def test_the_password_is_never_told(suyuan: Suyuan, database: str, neo4j_server: AnyServer) -> None:
    """Not in answers, notices or errors, in text or JSON."""
    password = neo4j_server.password
    for command in (
        ["demo", "--store", database],
        ["demo", "--system", "elevator", "--store", database],
        ["stats", "--store", database],
        ["rebuild", "--store", database],
        ["trace", "forward", "urn:no:such", "--store", database],
        ["trace", "forward", BAD_TANK, "--store", database, "--json"],
        ["copy", "--from", database, "--to", "sqlite:copy.db"],
        ["copy", "--from", "sqlite:copy.db", "--to", database],
        ["stats", "--store", database.replace("/neo4j", "/no-such-database")],
        ["stats", "--store", database.replace("@", "x@")],
    ):
        ran = suyuan(*command)
        assert password not in ran.out + ran.err, command


def test_a_password_that_is_missing_or_wrong_is_asked_for(suyuan: Suyuan, database: str, tmp_path: object) -> None:
    """With the variables that would give it."""
    scheme, _, rest = database.partition("://")
    user, _, place = rest.partition(":")
    missing = suyuan("stats", "--store", f"{scheme}://{user}@{place.partition('@')[2]}")
    assert (missing.code, "SUYUAN_NEO4J_PASSWORD" in missing.err) == (1, True)
    wrong = suyuan("stats", "--store", f"{scheme}://{user}:wrong@{place.partition('@')[2]}")
    assert (wrong.code, "does not know this user" in wrong.err) == (1, True)


def test_a_database_that_holds_nothing_yet_is_said_so(suyuan: Suyuan, database: str) -> None:
    """What is read must have been loaded."""
    ran = suyuan("trace", "back", BAD_TANK, "--store", database)
    assert ran.code == 1
