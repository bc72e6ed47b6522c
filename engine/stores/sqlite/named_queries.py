"""The port of named queries on SQLite. In: queries. Out: the same by name."""

from __future__ import annotations

from engine.named_query import NamedQuery
from engine.stores.queries import load_queries
from engine.stores.sqlite.session import Session

_SQL = load_queries(__package__, "queries.sql")


class SqliteQueries:
    """Queries in the table `named_query`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, query: NamedQuery) -> bool:
        """Keep a query; False where there is one of this name."""
        row = self._session.row(_SQL["add"], (query.name, query.definition, query.created, query.author))
        return row is not None

    def get(self, name: str) -> NamedQuery | None:
        """A query by its name."""
        row = self._session.row(_SQL["get"], (name,))
        return None if row is None else NamedQuery(*row)

    def after(self, name: str, limit: int) -> list[NamedQuery]:
        """Queries whose names come after one, in order."""
        rows = self._session.rows(_SQL["after"], {"after": name, "limit": limit})
        return [NamedQuery(*row) for row in rows]

    def remove(self, name: str) -> bool:
        """Forget a query; False where there is none of this name."""
        return self._session.row(_SQL["remove"], (name,)) is not None
