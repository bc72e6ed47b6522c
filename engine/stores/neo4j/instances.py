"""Instances in the picture (rule 4). In: lines that changed. Out: where each starts and ends, and what it entered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.stores.neo4j.mark import Moment
from engine.stores.neo4j.session import Session
from engine.stores.queries import load_queries
from graph_schema.flow_graph import Entry, Line
from graph_schema.property_graph import line_labels

_CYPHER = load_queries(__package__, "instances.cypher")
_CLOSE = ("close_starts", "close_ends", "close_entered")
_OPEN = ("open_starts", "open_ends", "open_entered")


class Instances:
    """Relationships from instances to the vertices on their lines, through one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def draw(self, lines: Mapping[str, Line | None], seq: Moment) -> None:
        """From a position on these are the lines; None: it has none."""
        rows = [_row(item, line) for item, line in lines.items()]
        told = [row for row in rows if row["starts"] or row["ends"] or row["entered"]]
        for queries, some in ((_CLOSE, rows), (_OPEN, told)):
            for query in queries:
                self._session.run_many(_CYPHER[query], some, seq=seq)


def _row(item: str, line: Line | None) -> dict[str, Any]:
    row: dict[str, Any] = {"item": item, "labels": line_labels(item), "starts": [], "ends": [], "entered": []}
    if line is not None:
        row["starts"] = [vertex.hex() for vertex in line.starts_in]
        row["ends"] = [vertex.hex() for vertex in line.ends_in]
        row["entered"] = [_entered(entry) for entry in line.entered]
    return row


def _entered(entry: Entry) -> dict[str, Any]:
    return {
        "vertex": entry.vertex.hex(), "holding": entry.holding.hex(),
        "grade": int(entry.grade), "grade_name": entry.grade.name.lower(),
    }  # fmt: skip
