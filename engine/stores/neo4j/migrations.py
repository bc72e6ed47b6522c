"""The schema of a database, brought up to date. In: a driver. Out: numbered migrations applied, each once.

Each is a file of Cypher statements, run under the lock of the ledger and recorded with its checksum. A database of a
newer program, and one whose record does not agree with our files, is refused.
"""

from __future__ import annotations

from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from neo4j import Driver, Transaction

from engine.stores.neo4j.faults import newer
from graph_schema.errors import StoreDamaged

_FIRST = "CREATE CONSTRAINT ledger_name IF NOT EXISTS FOR (l:Ledger) REQUIRE l.name IS UNIQUE"
LOCK = "MERGE (l:Ledger {name: 'ledger'}) SET l.locked = randomUUID()"
"""Takes the ledger's write lock, to the end of the transaction."""

_APPLIED = "MATCH (m:Migration) RETURN m.number, m.checksum ORDER BY m.number"
_RECORD = "CREATE (:Migration {number: $number, name: $name, checksum: $checksum, applied: datetime()})"


class Migration(NamedTuple):
    """One file."""

    number: int
    name: str
    statements: tuple[str, ...]
    checksum: str


def known_migrations() -> list[Migration]:
    """All that this program has, in order."""
    folder = files(__package__).joinpath("migrations")
    found = [file for file in folder.iterdir() if file.name.endswith(".cypher")]
    return [_read(file.name, file.read_text(encoding="utf-8")) for file in sorted(found, key=lambda file: file.name)]


def migrate(driver: Driver, database: str, where: str) -> None:
    """Apply what a database lacks; `StoreDamaged` for one that is newer, or was altered."""
    known = known_migrations()
    with driver.session(database=database) as session:
        if _applied(session.run(_APPLIED).values(), known, where) == len(known):
            return
        session.run(_FIRST).consume()
        with session.begin_transaction() as locked:
            locked.run(LOCK).consume()
            done = _applied(locked.run(_APPLIED).values(), known, where)
            for migration in known[done:]:
                _apply(driver, database, migration, locked)
            locked.commit()


def check(driver: Driver, database: str, where: str) -> None:
    """Refuse a database that is not ours, or not of this program's schema, before it is only read."""
    known = known_migrations()
    with driver.session(database=database) as session:
        done = _applied(session.run(_APPLIED).values(), known, where)
    if done == 0:
        raise StoreDamaged(
            "there is no Suyuan store in this database", where=where, remedy="Load something first, or name another."
        )
    if done < len(known):
        raise StoreDamaged(
            f"the database has schema {done}, this program needs {len(known)}",
            where=where,
            remedy="Open it once for writing: that brings it up to date.",
        )


def _apply(driver: Driver, database: str, migration: Migration, locked: Transaction) -> None:
    # Changes of the schema stand in transactions of their own; each may be run again after a crash.
    with driver.session(database=database) as session:
        for statement in migration.statements:
            session.run(statement).consume()
        session.run("CALL db.awaitIndexes(300)").consume()
    locked.run(_RECORD, number=migration.number, name=migration.name, checksum=migration.checksum).consume()


def _applied(found: list[list[object]], known: list[Migration], where: str) -> int:
    """How many are applied; each as we know it."""
    if len(found) > len(known):
        raise newer(where, len(found), len(known))
    for (number, checksum), migration in zip(found, known, strict=False):
        if (number, checksum) != (migration.number, migration.checksum):
            raise StoreDamaged(
                f"its schema's migration {number} is not the one that this program knows",
                where=where,
                remedy="Use the Suyuan that made it, or copy it into a new store.",
            )
    return len(found)


def _read(name: str, text: str) -> Migration:
    lines = [line for line in text.splitlines() if not line.startswith("//")]
    statements = tuple(part.strip() for part in "\n".join(lines).split(";") if part.strip())
    number, _, rest = name.removesuffix(".cypher").partition("_")
    return Migration(int(number), rest, statements, sha256("\n".join(statements).encode()).hexdigest())
