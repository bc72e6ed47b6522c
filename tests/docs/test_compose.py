"""docker-compose.yml and Dockerfile as far as can be checked without Docker: words, settings, and what they run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import pytest
import yaml

from api.principals import digest_of, new_key
from api.settings import VARIABLES
from tests.api.test_docs import commands
from tests.neo4j_server.fixture import AnyServer, refuse
from tests.neo4j_server.jars import bring_jars
from tests.neo4j_server.java import find_java
from tests.neo4j_server.missing import Missing
from tests.neo4j_server.port import free_port
from tests.neo4j_server.release import LTS
from tests.safety.command import PATIENCE
from tests.stores.databases import address_of, emptied

REPOSITORY = Path(__file__).parents[2]
TEXT = (REPOSITORY / "docker-compose.yml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
DOCKERFILE = (REPOSITORY / "Dockerfile").read_text("utf-8")
NEO4J, API = COMPOSE["services"]["neo4j"], COMPOSE["services"]["api"]


def options_of(command: str) -> set[str]:
    """The options that a command of ours takes."""
    found = dict(commands())[command]
    return {name for one in found.params for name in (*one.opts, *one.secondary_opts)}


def neo4j_settings() -> dict[str, str]:
    """The settings of the database's environment under their own names, defaults put in."""
    settings = {}
    for name, value in NEO4J["environment"].items():
        plain = name.removeprefix("NEO4J_").replace("__", "\0").replace("_", ".").replace("\0", "_")
        settings[plain] = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(value))
    return settings


def test_both_services_say_whether_they_are_well() -> None:
    """The database by a query, the API by its page; the API waits for the database."""
    assert "cypher-shell" in NEO4J["healthcheck"]["test"][1]
    assert "/healthz" in DOCKERFILE[DOCKERFILE.index("HEALTHCHECK") :]
    assert API["depends_on"] == {"neo4j": {"condition": "service_healthy"}}


def test_what_they_have_is_kept_and_bounded() -> None:
    """Each volume is declared and each is used; memory has a bound, for the process and for a transaction."""
    used = {mount.split(":")[0] for service in (NEO4J, API) for mount in service["volumes"]}
    assert used == set(COMPOSE["volumes"])
    assert NEO4J["mem_limit"]
    assert API["mem_limit"]
    assert {"server.memory.heap.max_size", "server.memory.pagecache.size", "db.memory.transaction.max"} <= set(
        neo4j_settings()
    )


def test_nobody_has_a_default_password() -> None:
    """Passwords and users come from files that are not in the repository; none is in a text, an image, a log."""
    assert {secret["file"] for secret in COMPOSE["secrets"].values()} == {
        "secrets/neo4j_password",
        "secrets/users.yaml",
    }
    ignored = (REPOSITORY / ".gitignore").read_text().splitlines()
    assert "/secrets/" in ignored
    assert not re.search(r"(?i)password['\"]?\s*[:=]\s*['\"]?[a-z0-9]+['\"]?$", TEXT, re.MULTILINE)
    assert "neo4j/neo4j" not in TEXT
    assert 'NEO4J_AUTH="neo4j/$$(cat /run/secrets/neo4j_password)"' in NEO4J["command"][0]


def test_the_api_is_reached_from_this_machine_alone_and_runs_without_rights() -> None:
    """Its port is bound to the loopback; it is no root, and writes nowhere but in its volume."""
    assert API["ports"] == ["127.0.0.1:${SUYUAN_PORT:-8000}:8000"]
    assert "ports" not in NEO4J
    assert API["read_only"] is True
    assert API["cap_drop"] == ["ALL"]
    assert re.search(r"^USER (?!root)", DOCKERFILE, re.MULTILINE)


def test_what_is_run_is_what_the_command_takes() -> None:
    """Every option and variable is one of ours; the release is the one that tests run against."""
    command, *options = API["command"]
    assert {option for option in options if option.startswith("--")} <= options_of(f"suyuan {command}")
    assert {name for name in API["environment"] if name.startswith("SUYUAN_")} <= set(VARIABLES)
    assert NEO4J["image"] == f"neo4j:{LTS.version}-community"
    copied = re.findall(r"^COPY (?!--from)(\S+) \1$", DOCKERFILE, re.MULTILINE)
    assert set(copied) == {"graph_schema", "loaders", "engine", "api"}
    kept = {line[1:] for line in (REPOSITORY / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert set(copied) <= kept


@pytest.mark.slow
def test_the_database_knows_every_setting(tmp_path: Path) -> None:
    """Neo4j itself checks them, strictly."""
    try:
        java, jars = find_java(LTS.java), bring_jars(LTS)
    except Missing as reason:
        refuse(str(reason))
    (tmp_path / "conf").mkdir()
    settings = {**neo4j_settings(), "server.config.strict_validation.enabled": "true"}
    lines = [f"{name}={value}" for name, value in settings.items()]
    (tmp_path / "conf" / "neo4j.conf").write_text("\n".join(lines) + "\n")
    place = os.environ | {"NEO4J_HOME": str(tmp_path), "NEO4J_CONF": str(tmp_path / "conf")}
    tool = [
        str(java),
        "-cp",
        str(jars / "*"),
        "org.neo4j.server.startup.Neo4jAdminCommand",
        "server",
        "validate-config",
    ]
    ran = subprocess.run(tool, env=place, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    wrong = tmp_path / "conf" / "neo4j.conf"
    wrong.write_text(wrong.read_text() + "server.memory.heap.most_size=1g\n")
    assert subprocess.run(tool, env=place, capture_output=True, check=False).returncode != 0


@pytest.mark.slow
def test_the_image_s_install_gives_a_command_that_serves(tmp_path: Path) -> None:
    """The Dockerfile's own line, into a folder of ours: what is installed knows serve, its pages and Neo4j."""
    line = re.search(r"uv sync (.*)$", DOCKERFILE, re.MULTILINE)
    assert line is not None
    uv = [sys.executable, "-m", "uv", "sync", *line[1].split(), "--python", sys.executable]
    place = os.environ | {"UV_PROJECT_ENVIRONMENT": str(tmp_path / "venv")}
    subprocess.run(uv, cwd=REPOSITORY, env=place, check=True, capture_output=True)
    python = tmp_path / "venv" / "bin" / "python"
    check = "import neo4j, api.http.app as a; assert (a.STATIC / 'graphiql' / 'graphiql.min.js').is_file()"
    subprocess.run([python, "-c", check], cwd=tmp_path, check=True)
    subprocess.run([tmp_path / "venv" / "bin" / "suyuan", "serve", "--help"], check=True, capture_output=True)


@pytest.mark.slow
def test_the_api_answers_over_the_database_for_its_users_alone(neo4j_server: AnyServer, tmp_path: Path) -> None:
    """As composed, but without containers: password and users from files, a log beside, the demo's ledger asked."""
    emptied(address_of(neo4j_server))
    key = new_key()
    (tmp_path / "users").write_text(f"users: [{{name: a, role: analyst, key: {digest_of(key)}}}]")
    (tmp_path / "neo4j_password").write_text(neo4j_server.password + "\n")
    place = f"neo4j://{neo4j_server.user}@{neo4j_server.uri.partition('://')[2]}/neo4j"
    environment = {
        **os.environ,
        "SUYUAN_STORE": place,
        "SUYUAN_NEO4J_PASSWORD_FILE": str(tmp_path / "neo4j_password"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    options = [str(tmp_path / Path(one).name) if one.startswith("/") else one for one in API["command"]]
    with serving([*options, "--hostname", "api"], environment) as base:
        assert status(f"{base}/healthz") == 200
        assert status(f"{base}/readyz") == 401
        assert status(f"{base}/readyz", key) == 200


@contextmanager
def serving(arguments: list[str], environment: dict[str, str]) -> Iterator[str]:
    """A server of ours in a process of its own, while it is asked."""
    port = free_port()
    command = [sys.executable, "-m", "api.cli", *arguments, "--port", str(port)]
    process = subprocess.Popen(command, env=environment, cwd=REPOSITORY)
    base = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + PATIENCE
        while status(f"{base}/healthz") != 200:
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.2)
        yield base
    finally:
        process.terminate()
        process.wait(20)


def status(url: str, key: str | None = None) -> int:
    """The status of an answer; 0 for none yet: a server listens before its store is open, and answers after."""
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5) as answer:  # noqa: S310
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except (URLError, TimeoutError):
        return 0
