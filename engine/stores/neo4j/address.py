"""Where a Neo4j database is, and who asks. In: `neo4j://user:password@host:port/database`. Out: `Address`.

A password is better given in the environment (`SUYUAN_NEO4J_PASSWORD`) or in a file that it names
(`SUYUAN_NEO4J_PASSWORD_FILE`) than in the address; it is never told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from graph_schema.errors import InvalidInput

SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
"""Those of the driver: `+s` over TLS, `+ssc` with a certificate of one's own."""

PASSWORD = "SUYUAN_NEO4J_PASSWORD"  # noqa: S105 - the name of a variable
PASSWORD_FILE = "SUYUAN_NEO4J_PASSWORD_FILE"  # noqa: S105 - likewise

_DEFAULT_USER = "neo4j"
_DEFAULT_DATABASE = "neo4j"
_FORM = "neo4j://user@host:port/database"


@dataclass(frozen=True, slots=True)
class Address:
    """A database and who asks; its text has no password."""

    uri: str
    """Scheme, host and port alone."""
    user: str
    password: str = field(repr=False)
    database: str

    def __str__(self) -> str:
        scheme, _, place = self.uri.partition("://")
        return f"{scheme}://{self.user}@{place}/{self.database}"


def parse_address(location: str, environment: Mapping[str, str]) -> Address:
    """Read an address; `InvalidInput` says what is missing."""
    parts = urlsplit(location)
    host, port = _place(parts)
    database = parts.path.strip("/")
    if "/" in database or parts.query or parts.fragment:
        raise _not_one("more is there than a database's name")
    return Address(
        uri=f"{parts.scheme}://{host}" + (f":{port}" if port else ""),
        user=unquote(parts.username) if parts.username else _DEFAULT_USER,
        password=_password(parts, environment),
        database=database or _DEFAULT_DATABASE,
    )


def _place(parts: SplitResult) -> tuple[str, int | None]:
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise _not_one("the port is no number up to 65535") from error
    if parts.scheme not in SCHEMES or not host:
        raise _not_one("there is no host")
    return (f"[{host}]" if ":" in host else host), port


def _password(parts: SplitResult, environment: Mapping[str, str]) -> str:
    if parts.password is not None:
        return unquote(parts.password)
    if (told := environment.get(PASSWORD)) is not None:
        return told
    file = environment.get(PASSWORD_FILE)
    if file is None:
        raise InvalidInput(
            "no password is given for the database",
            where="store",
            rule=_FORM,
            remedy=f"Set {PASSWORD}, or {PASSWORD_FILE} to a file that holds it.",
        )
    try:
        return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"the file of the database's password cannot be read ({type(error).__name__})",
            where=file,
            remedy=f"Name a text file in {PASSWORD_FILE}, or set {PASSWORD}.",
        ) from error


def _not_one(what: str) -> InvalidInput:
    return InvalidInput(
        f"this is no address of a Neo4j database: {what}",
        where="store",
        rule=_FORM,
        remedy="Give --store (or SUYUAN_STORE), for example neo4j://neo4j@localhost:7687/neo4j.",
    )
