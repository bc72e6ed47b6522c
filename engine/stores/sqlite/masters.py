"""The port of master data on SQLite. In: attributes by key. Out: the same as known at a position."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator

import msgspec

from engine.stores.ports import Master
from engine.stores.queries import load_queries
from engine.stores.sqlite.session import Row, Session

_SQL = load_queries(__package__, "lookup.sql")
_NEWEST = 2**63 - 1


class SqliteMasters:
    """Master data in the table `master`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, masters: Iterable[tuple[str, str, bytes]], seq: int) -> None:
        """Keep master data as of a position."""
        self._session.run_many(_SQL["put_master"], [(key, seq, kind, content) for key, kind, content in masters])

    def of(self, keys: Collection[str] | None = None, at: int | None = None) -> dict[str, dict[str, object]]:
        """Master data by key as known at a position."""
        position = _NEWEST if at is None else at
        return {
            key: {**msgspec.json.decode(attributes, type=dict), "kind": kind}
            for key, kind, attributes in self._rows(keys, position)
        }

    def changes(self, after: int = 0) -> Iterator[Master]:
        """All that was put after a position."""
        rows = self._session.rows(_SQL["masters_after"], {"after": after})
        return iter(sorted((Master(*row) for row in rows), key=lambda told: (told.seq, told.key)))

    def _rows(self, keys: Collection[str] | None, position: int) -> Iterator[Row]:
        if keys is None:
            return self._session.rows(_SQL["masters"], {"at": position})
        return self._session.rows(_SQL["masters_of"], {"keys": json.dumps(sorted(set(keys))), "at": position})
