"""What the surroundings decide: environment variables, the clock, chance. In: `os.environ`. Out: `Settings`.

Nothing below `api` reads any of these; they are read here and handed down (design §1). docs/cli.md lists the
variables.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

import msgspec

from graph_schema.errors import InvalidInput

DEFAULT_STORE = "sqlite:suyuan.db"
CACHE = "XDG_CACHE_HOME"
LOOKUPS_PER_MINUTE = 60
"""Codes that one may look up in a minute, where nothing else is said."""

VARIABLES = {
    "SUYUAN_STORE": f"Where the ledger lies, where --store does not say; {DEFAULT_STORE} where neither does.",
    "SUYUAN_AUTHOR": "Who captures what is loaded, as the ledger keeps it; `local` if not set.",
    "SUYUAN_WALK": "Who walks: `index` (the default), or `cypher`, a Neo4j database itself. The answers are the same.",
    "SUYUAN_USERS": "A file of users and the digests of their keys, for serve, where --users does not name one.",
    "SUYUAN_WEBHOOKS": "Targets that webhooks of serve may reach though they are not public, divided by commas.",
    "SUYUAN_OIDC": "A file that says whose tokens are taken, for serve, where --oidc does not name one.",
    "SUYUAN_DEBUG": "1 shows the traceback of an unexpected error.",
    "SUYUAN_NEO4J_PASSWORD": "The password of a Neo4j database, where --store names one without.",
    "SUYUAN_NEO4J_PASSWORD_FILE": "A file that holds it.",
    "XDG_CACHE_HOME": "Where the index of a Neo4j database is kept; ~/.cache if not set.",
    "NO_COLOR": "Any value: no colours, also on a terminal.",
}
"""Every variable that is read, and what it decides."""


class WalkedBy(StrEnum):
    """Who walks the flow graph."""

    INDEX = "index"
    CYPHER = "cypher"


class Settings(msgspec.Struct, frozen=True):
    """What the surroundings say, read once."""

    store: str = DEFAULT_STORE
    author: str = "local"
    walk: WalkedBy = WalkedBy.INDEX
    users: str | None = None
    webhooks: tuple[str, ...] = ()
    oidc: str | None = None
    debug: bool = False


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings of an environment; an empty variable counts as not set."""
    return Settings(
        store=environment.get("SUYUAN_STORE") or DEFAULT_STORE,
        author=environment.get("SUYUAN_AUTHOR") or "local",
        walk=_walked_by(environment.get("SUYUAN_WALK") or WalkedBy.INDEX),
        users=environment.get("SUYUAN_USERS") or None,
        webhooks=tuple(filter(None, map(str.strip, environment.get("SUYUAN_WEBHOOKS", "").split(",")))),
        oidc=environment.get("SUYUAN_OIDC") or None,
        debug=environment.get("SUYUAN_DEBUG", "") not in {"", "0"},
    )


def _walked_by(word: str) -> WalkedBy:
    try:
        return WalkedBy(word)
    except ValueError as error:
        choices = " or ".join(WalkedBy)
        raise InvalidInput(f"'{word}' walks nothing", where="SUYUAN_WALK", remedy=f"Set {choices}.") from error


def store_path(location: str) -> Path:
    """The file of a store named `sqlite:PATH`."""
    kind, colon, path = location.partition(":")
    if kind != "sqlite" or not colon or not path:
        raise InvalidInput(
            f"'{location}' does not name a store",
            rule="sqlite:PATH or neo4j://user@host:port/database",
            remedy="Give --store (or SUYUAN_STORE) as sqlite: and a file, for example sqlite:suyuan.db, or a database.",
        )
    return Path(path)


def without_password(location: str) -> str:
    """A location as it may be shown."""
    return re.sub(r"(://[^/@:]*):[^/@]*@", r"\1@", location)


def now() -> int:
    """The time, in microseconds since 1970 UTC."""
    return time.time_ns() // 1000


def seconds() -> float:
    """Seconds since some moment: of two readings the difference tells how long something took."""
    return time.perf_counter()


def today() -> date:
    """The day, in UTC."""
    return datetime.now(UTC).date()


def new_id() -> str:
    """A name unlike any other."""
    return str(uuid.uuid4())


def new_job() -> str:
    """A name for a capture job, unlike any other."""
    return f"urn:uuid:{new_id()}"
