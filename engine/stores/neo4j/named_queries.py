"""The port of named queries on Neo4j. In: queries. Out: the same by name."""

from __future__ import annotations

import msgspec

from engine.named_query import NamedQuery
from engine.stores.neo4j.session import Session
from engine.stores.queries import load_queries

_CYPHER = load_queries(__package__, "queries.cypher")


class Neo4jQueries:
    """Queries as nodes `NamedQuery`; writers are alone, so that what is looked for first stays so."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, query: NamedQuery) -> bool:
        """Keep a query; False where there is one of this name."""
        if self.get(query.name) is not None:
            return False
        self._session.run(_CYPHER["add"], **msgspec.structs.asdict(query))
        return True

    def get(self, name: str) -> NamedQuery | None:
        """A query by its name."""
        row = self._session.row(_CYPHER["get"], name=name)
        return None if row is None else NamedQuery(*row)

    def after(self, name: str, limit: int) -> list[NamedQuery]:
        """Queries whose names come after one, in order."""
        return [NamedQuery(*row) for row in self._session.rows(_CYPHER["after"], after=name, limit=limit)]

    def remove(self, name: str) -> bool:
        """Forget a query; False where there is none of this name."""
        if self.get(name) is None:
            return False
        self._session.run(_CYPHER["remove"], name=name)
        return True
