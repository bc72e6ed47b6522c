"""One transaction of the server for as long as one snapshot or transaction of ours reads through it.

In: queries with parameters. Out: rows, errors of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from neo4j import Transaction
from neo4j.exceptions import DriverError, Neo4jError

from engine.stores.neo4j.faults import after_the_end, store_error
from engine.stores.neo4j.mark import Moment

Row = tuple[Any, ...]
"""Columns in the order of the query."""

BATCH = 2_000
"""Rows sent in one statement."""

NEWEST = 2**63 - 1


class Session:
    """Runs queries in a transaction until it is ended; no error of the driver escapes."""

    def __init__(
        self,
        transaction: Transaction,
        where: str,
        upto: Moment = NEWEST,
        *,
        next_part: Callable[[], Transaction] | None = None,
        part_rows: int = 0,
    ) -> None:
        self.where = where
        self.upto = upto
        """What is true beyond this position is not read: another writer may commit meanwhile (rule 17)."""
        self._transaction: Transaction | None = transaction
        self._next_part = next_part
        self._part_rows = part_rows
        self._written = 0

    def run(self, query: str, **parameters: Any) -> list[Row]:
        """Run a query for what it does; what it tells of that."""
        try:
            return [tuple(record.values()) for record in self._open().run(query, parameters)]
        except (Neo4jError, DriverError) as error:
            raise store_error(error, self.where) from error

    def run_many(self, query: str, rows: Iterable[Any], **parameters: Any) -> list[Row]:
        """Run a query that unwinds `$rows` over all of these, some at once; go on in another part where it is due."""
        told: list[Row] = []
        for some in batches(rows):
            told += self.run(query, rows=some, **parameters)
            self._wrote(len(some))
        return told

    def run_out(self, query: str) -> None:
        """Run a query that takes `$some` of what there is, and tells how many it took, until none is left."""
        while taken := self.run(query, some=BATCH)[0][0]:
            self._wrote(taken)

    def rows(self, query: str, **parameters: Any) -> Iterator[Row]:
        """All rows, streamed. Ending the session ends the stream with an error."""
        try:
            for record in self._open().run(query, parameters):
                self._open()
                yield tuple(record.values())
        except (Neo4jError, DriverError) as error:
            raise store_error(error, self.where) from error

    def rows_of(self, query: str, keys: Iterable[Any], **parameters: Any) -> Iterator[Row]:
        """The rows of a query that unwinds `$keys`, for all of these, some at once."""
        for some in batches(keys):
            yield from self.rows(query, keys=some, **parameters)

    def row(self, query: str, **parameters: Any) -> Row | None:
        """The first row; None where there is none."""
        return next(iter(list(self.rows(query, **parameters))), None)

    def value(self, query: str, **parameters: Any) -> Any:
        """The first column of the first row; None where there is none."""
        row = self.row(query, **parameters)
        return None if row is None else row[0]

    def in_one_part(self) -> None:
        """From here on all is written in one transaction: a reader would see what it changes at once."""
        self._next_part = None

    def check(self) -> None:
        """Raise where the session was ended."""
        self._open()

    def end(self) -> None:
        """Let go of the transaction."""
        self._transaction = None

    def _wrote(self, rows: int) -> None:
        self._written += rows
        if self._next_part is not None and self._written >= self._part_rows:
            self._transaction, self._written = self._next_part(), 0

    def _open(self) -> Transaction:
        if self._transaction is None:
            raise after_the_end(self.where)
        return self._transaction


def batches(rows: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """Some of the rows at once, in order."""
    remaining = iter(rows)
    while some := list(islice(remaining, BATCH)):
        yield some
