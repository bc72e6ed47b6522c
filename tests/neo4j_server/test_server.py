"""The server that tests use: it answers, keeps strangers out, keeps what it committed; and says what it lacks."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError

from tests.neo4j_server.__main__ import main
from tests.neo4j_server.fixture import AnyServer, GivenServer, clear, connect, parse_given, refuse
from tests.neo4j_server.jars import bring_jars
from tests.neo4j_server.java import find_java, java_version
from tests.neo4j_server.missing import Missing
from tests.neo4j_server.release import LATEST, LTS, release_asked
from tests.neo4j_server.server import Neo4jServer, NotStarted, local_server

NODES = "MATCH (n) RETURN count(n)"


def ask(server: AnyServer, query: str) -> object:
    """The one value that a query answers."""
    with connect(server) as driver:
        return driver.execute_query(query, database_="neo4j").records[0].value()


def contents(server: AnyServer) -> list[int]:
    """How many nodes, constraints and indexes there are."""
    with connect(server) as driver:
        nodes, *shown = (
            driver.execute_query(query, database_="neo4j").records
            for query in (NODES, "SHOW CONSTRAINTS", "SHOW INDEXES")
        )
    return [nodes[0].value(), *map(len, shown)]


@pytest.fixture(scope="module")
def own_server() -> Iterator[Neo4jServer]:
    """A server for the tests that end one; the last of them spoils it."""
    try:
        with local_server() as server:
            yield server
    except Missing as reason:
        refuse(str(reason))


def fake_java(folder: Path, version: str) -> Path:
    """A program that tells a version as Java does."""
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-01-01' >&2\n", encoding="utf-8")
    java.chmod(0o755)
    return java


def test_a_server_answers(neo4j_server: AnyServer) -> None:
    """The address, user and password that it gives are those to use."""
    assert ask(neo4j_server, "RETURN 1") == 1


def test_a_wrong_password_is_refused(neo4j_server: AnyServer) -> None:
    """Who does not know the password gets nothing."""
    stranger = GraphDatabase.driver(neo4j_server.uri, auth=(neo4j_server.user, "wrong"))
    with stranger, pytest.raises(AuthError):
        stranger.verify_connectivity()


def test_clearing_leaves_nothing(empty_neo4j: AnyServer) -> None:
    """Nodes, relationships, constraints and indexes go, odd names too: a cleared database is as a new one."""
    new = contents(empty_neo4j)
    with connect(empty_neo4j) as driver:
        for made in (
            "CREATE (:A {id: 1})-[:F]->(:B)",
            "CREATE CONSTRAINT `o``dd` FOR (a:A) REQUIRE a.id IS UNIQUE",
            "CREATE INDEX plain FOR (b:B) ON (b.id)",
        ):
            driver.execute_query(made, database_="neo4j")
    assert [after - before for before, after in zip(new, contents(empty_neo4j), strict=True)] == [2, 1, 2]
    clear(empty_neo4j)
    assert contents(empty_neo4j) == new


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_leaves_is_not_seen_by_the_next(empty_neo4j: AnyServer, turn: int) -> None:
    """Each test that asks for an empty database gets one."""
    assert ask(empty_neo4j, NODES) == 0
    ask(empty_neo4j, "CREATE (a:A)-[:F]->(:B) RETURN a")


def test_committed_data_outlive_a_crash(own_server: Neo4jServer) -> None:
    """After SIGKILL and after an orderly restart the server answers at the same address, and has what was committed."""
    ask(own_server, "CREATE (a:A {id: 1}) RETURN a")
    own_server.kill()
    assert own_server.pid is None
    own_server.start()
    assert ask(own_server, NODES) == 1
    own_server.restart()
    assert ask(own_server, NODES) == 1


STARTER = """
from tests.neo4j_server.server import spawn
print(spawn(["sleep", "600"], 2).pid, flush=True)
input()
"""


def runs(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_server_does_not_outlive_who_started_it() -> None:
    """Where the process that started it is killed, the server ends with it."""
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout is not None
    pid = int(starter.stdout.readline())
    assert runs(pid)
    starter.kill()
    starter.communicate()
    until = time.monotonic() + 20
    while runs(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not runs(pid)


def test_a_server_that_cannot_start_shows_its_log(own_server: Neo4jServer) -> None:
    """The error has the server's own words."""
    own_server.kill()
    with (own_server.home / "conf" / "neo4j.conf").open("a") as conf:
        conf.write("server.no_such_setting=1\n")
    with pytest.raises(NotStarted, match="no_such_setting"):
        own_server.start()
    assert own_server.pid is None


def test_the_first_java_that_is_new_enough_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`JAVA_HOME` comes first, then the `PATH`; one too old is passed over."""
    old, new = fake_java(tmp_path / "old", "1.8.0_402"), fake_java(tmp_path / "new", "21.0.1")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "old"))
    monkeypatch.setenv("PATH", f"{new.parent}:/usr/bin:/bin")
    assert [java_version(old), java_version(new)] == [8, 21]
    assert [find_java(8), find_java(17)] == [old, new]


def test_a_missing_java_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found and what to do stand in the reason."""
    old = fake_java(tmp_path, "11.0.2")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Missing, match=rf"Java 99 or newer .* Java 11 at {old}.*set JAVA_HOME"):
        find_java(99)


def test_missing_jars_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Maven the reason names it, and the folder to fill."""
    monkeypatch.setenv("SUYUAN_NEO4J_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Missing, match=rf"{LTS.version} are not in {tmp_path}.*install Maven"):
        bring_jars(LTS)


def test_a_developer_is_told_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command ends with 1 and the reason."""
    monkeypatch.setenv("SUYUAN_TEST_NEO4J_VERSION", "4")
    assert main() == 1
    assert f"set one of {LTS.version}" in capsys.readouterr().err


def test_a_failure_of_maven_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its last words stand in the reason, and no folder is left that looks whole."""
    maven = tmp_path / "mvn"
    maven.write_text("#!/bin/sh\necho 'no route'; exit 1\n", encoding="utf-8")
    maven.chmod(0o755)
    monkeypatch.setenv("SUYUAN_NEO4J_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Missing, match="no route"):
        bring_jars(LTS)
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [f"{LTS.version}.lock"]


def test_processes_that_bring_jars_at_once_bring_them_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second waits for the first, and finds the jars whole."""
    maven = tmp_path / "mvn"
    maven.write_text(FAKE_MAVEN.format(python=sys.executable, runs=tmp_path / "runs"), encoding="utf-8")
    maven.chmod(0o755)
    monkeypatch.setenv("SUYUAN_NEO4J_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    bring = "from tests.neo4j_server.jars import *; from tests.neo4j_server.release import LTS; print(bring_jars(LTS))"
    both = [subprocess.Popen([sys.executable, "-c", bring], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate(timeout=60)[0].strip() for process in both]
    assert told == [str(tmp_path / "cache" / LTS.version)] * 2
    assert len((tmp_path / "runs").read_text(encoding="utf-8")) == 1
    assert [path.name for path in Path(told[0]).iterdir()] == ["neo4j-server-1.jar"]


FAKE_MAVEN = """#!{python}
import pathlib, sys, time
with open("{runs}", "a") as runs:
    runs.write("1")
time.sleep(0.5)
into = pathlib.Path(next(word for word in sys.argv if word.startswith("-DoutputDirectory=")).partition("=")[2])
into.mkdir()
(into / "neo4j-server-1.jar").touch()
"""


def test_the_version_is_chosen_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The long-term release unless told; an unknown one is told together with those that are known."""
    monkeypatch.delenv("SUYUAN_TEST_NEO4J_VERSION", raising=False)
    assert release_asked() is LTS
    monkeypatch.setenv("SUYUAN_TEST_NEO4J_VERSION", LATEST.version)
    assert release_asked() is LATEST
    monkeypatch.setenv("SUYUAN_TEST_NEO4J_VERSION", "4")
    with pytest.raises(Missing, match=rf"{LTS.version}, {LATEST.version}"):
        release_asked()


def test_an_address_given_is_taken_apart() -> None:
    """User and password stand in the address, with percent signs where they need them."""
    assert parse_given("neo4j://neo4j:p%40ss@host:7687") == GivenServer("neo4j://host:7687", "neo4j", "p@ss")
    with pytest.raises(ValueError, match="user:password"):
        parse_given("neo4j://host:7687")


def test_a_missing_server_is_a_visible_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer sees the reason."""
    for variable in ("SUYUAN_NEO4J_REQUIRED", "CI"):
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(pytest.skip.Exception, match="no Java"):
        refuse("no Java")


@pytest.mark.parametrize(("variable", "value"), [("SUYUAN_NEO4J_REQUIRED", "1"), ("CI", "true"), ("CI", "1")])
def test_a_missing_server_is_a_failure_where_it_is_required(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that requires the server, as that of CI, does not pass without it."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(pytest.fail.Exception, match="no Java"):
        refuse("no Java")
