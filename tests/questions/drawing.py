"""Small flow graphs drawn by hand, put into a real store as parts. Times are days of January 2026."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.index import open_index
from engine.ledger import Capture
from engine.stores.sqlite import open_store
from graph_schema.event import Action, EventType
from graph_schema.flow_graph import Flow, FlowKind, Grade, Line, Part, Stay, Vertex, VertexKind
from graph_schema.interval import Interval
from tests.questions.telling import Asking, day, item, site, told


class Drawing:
    """Vertices by name, and flows between them."""

    def __init__(self) -> None:
        self.vertices: dict[str, Vertex] = {}
        self.flows: list[Flow] = []
        self.lines: list[Line] = []

    def holding(
        self,
        name: str,
        lot: str,
        at: str | None,
        first: float,
        last: float | None = None,
        *,
        stay: Stay = Stay.AT,
        named: bool = True,
        sure: bool = True,
        remains: Grade | None = None,
        instances: bool = False,
        kind: VertexKind = VertexKind.HOLDING,
    ) -> None:
        """A holding that opened between two days."""
        self.vertices[name] = Vertex(
            _id(name),
            kind,
            item(lot) if lot else "",
            None if at is None else site(at),
            stay,
            _days(first, last),
            f"event:{name}",
            "received",
            named=named,
            sure=sure,
            remains=remains,
            instances=instances,
        )

    def flow(
        self,
        source: str,
        target: str,
        first: float,
        last: float | None = None,
        grade: Grade = Grade.RECORDED,
        kind: FlowKind = FlowKind.MOVE,
    ) -> None:
        """A flow that departed between two days."""
        departed = _days(first, last)
        self.flows.append(Flow(_id(source), _id(target), kind, grade, (f"event:{target}",), departed, departed))

    def line(self, piece: str, starts: str, ends: str) -> None:
        """The line of an instance."""
        self.lines.append(Line(item(piece), "", (_id(starts),), (_id(ends),)))


def _id(name: str) -> bytes:
    return hashlib.blake2b(name.encode(), digest_size=16).digest()


def _days(first: float, last: float | None) -> Interval:
    return Interval(day(first), day(first if last is None else last))


@contextmanager
def asking_drawing(folder: Path, drawing: Drawing) -> Iterator[Asking]:
    """Put a drawing into a store, with an event that names each of its items, and be ready to ask."""
    items = {v.item.rpartition("/")[2] for v in drawing.vertices.values() if v.item and not v.instances}
    items |= {line.item.rpartition("/")[2] for line in drawing.lines}
    event = told("drawn", 1, None, dict.fromkeys(sorted(items)), action=Action.OBSERVE, kind=EventType.OBJECT)
    store = open_store(str(folder / "drawing.db"))
    lines = [Part(line.item, line=line) for line in drawing.lines]
    with store.transaction() as transaction:
        transaction.ledger.append([event], Capture("", "drawing", "drawing", 0))
        whole = Part("drawing", tuple(drawing.vertices.values()), tuple(drawing.flows))
        transaction.graph.replace([whole, *lines], 1)
    with store.snapshot() as snapshot:
        yield Asking(open_index(None, snapshot), snapshot)
    store.close()
