"""One connection for as long as one snapshot or transaction reads through it. In: queries.

Out: rows, errors of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import apsw

from engine.stores.sqlite.faults import after_the_end, store_error, system_errno
from graph_schema.errors import StoreError

Row = tuple[Any, ...]
"""Columns in the order of the query."""

Bindings = tuple[Any, ...] | dict[str, Any]


class Session:
    """Runs queries on a connection until it is ended; no error of apsw escapes."""

    def __init__(self, connection: apsw.Connection, path: str) -> None:
        self.path = path
        self._connection: apsw.Connection | None = connection
        self._reading: set[apsw.Cursor] = set()

    def run(self, query: str, bindings: Bindings = ()) -> None:
        """Run a query for what it does."""
        try:
            self._open().execute(query, bindings)
        except apsw.Error as error:
            raise self._fault(error) from error

    def run_many(self, query: str, bindings: Iterable[Bindings]) -> None:
        """Run a query once for each of the bindings."""
        try:
            self._open().executemany(query, bindings)
        except apsw.Error as error:
            raise self._fault(error) from error

    def row(self, query: str, bindings: Bindings = ()) -> Row | None:
        """The first row; None where there is none."""
        try:
            return self._open().execute(query, bindings).fetchone()
        except apsw.Error as error:
            raise self._fault(error) from error

    def value(self, query: str, bindings: Bindings = ()) -> Any:
        """The first column of the first row; None where there is none."""
        row = self.row(query, bindings)
        return None if row is None else row[0]

    def rows(self, query: str, bindings: Bindings = ()) -> Iterator[Row]:
        """All rows, streamed. Ending the session ends the stream with an error."""
        cursor = self._open().cursor()
        self._reading.add(cursor)
        try:
            yield from cursor.execute(query, bindings)
        except apsw.Error as error:
            raise self._fault(error) from error
        finally:
            self._reading.discard(cursor)
            cursor.close()

    def end(self) -> None:
        """Let go of the connection and of streams that were not read to their end."""
        self._connection = None
        for cursor in tuple(self._reading):
            cursor.close()

    def _open(self) -> apsw.Connection:
        if self._connection is None:
            raise after_the_end(self.path)
        return self._connection

    def _fault(self, error: apsw.Error) -> StoreError:
        return store_error(error, self.path, system_errno(self._connection))
