"""The port of master data on Neo4j. In: attributes by key. Out: the same as known at a position."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec

from engine.stores.neo4j.mark import Mark
from engine.stores.neo4j.session import Session
from engine.stores.neo4j.sites import Sites
from engine.stores.ports import Master
from engine.stores.queries import load_queries

_CYPHER = load_queries(__package__, "lookup.cypher")


class Neo4jMasters:
    """Master data as nodes `Master`, one a key and position."""

    def __init__(self, session: Session, mark: Mark) -> None:
        self._session = session
        self._mark = mark
        self._sites = Sites(session)

    def put(self, masters: Iterable[tuple[str, str, bytes]], seq: int) -> None:
        """Keep master data as of a position."""
        told = list(masters)
        rows: list[dict[str, Any]] = [{"key": key, "kind": kind, "attributes": content} for key, kind, content in told]
        self._mark.reach(seq if rows else 0)
        if seq <= self._mark.begun:
            self._session.in_one_part()
        self._session.run_many(_CYPHER["put_masters"], rows, seq=seq)
        self._sites.draw(told, seq)

    def of(self, keys: Collection[str] | None = None, at: int | None = None) -> dict[str, dict[str, object]]:
        """Master data by key as known at a position."""
        position = self._session.upto if at is None else min(at, self._session.upto)
        if keys is None:
            rows = self._session.rows(_CYPHER["masters"], at=position)
        else:
            rows = self._session.rows_of(_CYPHER["masters_of"], sorted(set(keys)), at=position)
        in_order = sorted(rows, key=lambda row: (row[0], row[3]))
        newest = {key: (kind, attributes) for key, kind, attributes, _ in in_order}
        return {
            key: {**msgspec.json.decode(attributes, type=dict), "kind": kind}
            for key, (kind, attributes) in newest.items()
        }

    def changes(self, after: int = 0) -> Iterator[Master]:
        """All that was put after a position."""
        rows = self._session.rows(_CYPHER["masters_after"], after=after, upto=self._session.upto)
        return (Master(*row) for row in rows)
