"""The walk port on Neo4j: the property graph walked in Cypher. In: vertices, a `Ground`. Out: vertices.

A walk reads one position, beyond which nothing is told (rule 17), so it needs no transaction of the snapshot's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from typing import Any

from engine.stores.neo4j.mark import moment_of
from engine.stores.neo4j.session import Session
from engine.stores.ports import Ground
from engine.stores.queries import load_queries

_CYPHER = load_queries(__package__, "walk.cypher")


class Neo4jWalk:
    """Walks, each in a read of its own that ends when it takes too long."""

    def __init__(self, reading: Callable[[], AbstractContextManager[Session]]) -> None:
        self._reading = reading

    def reached(self, starts: Collection[bytes], ground: Ground) -> set[bytes]:
        """Every vertex that a walk from any of these enters."""
        return {bytes.fromhex(there) for (found,) in self._rows("reached", starts, ground) for there in found}

    def steps(self, near: Collection[bytes], ground: Ground) -> set[tuple[bytes, bytes]]:
        """One step from each of these: (where it leaves, where it leads)."""
        return {(bytes.fromhex(left), bytes.fromhex(there)) for left, there in self._rows("steps", near, ground)}

    def _rows(self, walk: str, starts: Collection[bytes], ground: Ground) -> list[tuple[Any, ...]]:
        query = _CYPHER[f"{walk}_{'back' if ground.back else 'forward'}"]
        with self._reading() as session:
            return list(session.rows_of(query, (start.hex() for start in starts), **parameters_of(ground)))


def parameters_of(ground: Ground) -> dict[str, Any]:
    """A ground as the queries name it."""
    return {
        "position": moment_of(ground.position, ground.edition), "grades": [int(grade) for grade in ground.grades],
        "kinds": [kind.name.lower() for kind in ground.kinds], "since": ground.since, "until": ground.until,
    }  # fmt: skip
