"""The graph port on SQLite. In: parts, one an owner.

Out: rows with the positions between which they are true.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

import msgspec

from engine.stores.ports import FlowRow, LineRow, VertexRow
from engine.stores.queries import load_queries
from engine.stores.rows import RowKind, content_digest, gap_order, row_content
from engine.stores.sqlite.items import Items
from engine.stores.sqlite.lines import Lines
from engine.stores.sqlite.session import Row, Session
from engine.stores.sqlite.shapes import Shapes, Value
from graph_schema.flow_graph import Flow, Gap, Line, Part, Vertex
from graph_schema.interval import Interval

_SQL = load_queries(__package__, "graph.sql")
_VERTEX = msgspec.msgpack.Decoder(Vertex)
_FLOW = msgspec.msgpack.Decoder(Flow)
_GAP = msgspec.msgpack.Decoder(Gap)
_PARTS_AT_ONCE = 2_000
_NEWEST = 2**63 - 1


class SqliteGraph:
    """Rows in the table `graph_row`, lines in `line`, who has them in `shape` and `part`."""

    def __init__(self, session: Session, items: Items) -> None:
        self._session = session
        self._items = items
        self._lines = Lines(session, items)

    @property
    def edition(self) -> int:
        """How often the graph was cleared to be derived anew."""
        number: int = self._session.value(_SQL["edition"])
        return number

    def replace(self, parts: Iterable[Part], seq: int) -> None:
        """Each part takes the place of its owner's former one."""
        remaining = iter(parts)
        while some := list(islice(remaining, _PARTS_AT_ONCE)):
            self._replace(some, seq)

    def vertices(self, after: int = 0) -> Iterator[VertexRow]:
        """Vertices opened or closed after a position."""
        for content, from_seq, to_seq in self._changed(RowKind.VERTEX, after):
            yield VertexRow(_VERTEX.decode(content), from_seq, to_seq)

    def flows(self, after: int = 0) -> Iterator[FlowRow]:
        """Flows opened or closed after a position."""
        for content, from_seq, to_seq in self._changed(RowKind.FLOW, after):
            yield FlowRow(_FLOW.decode(content), from_seq, to_seq)

    def lines(self, items: Collection[str], at: int | None = None) -> dict[str, Line]:
        """The lines of these instances as of a position."""
        return self._lines.lines(items, at)

    def line_rows(self, after: int = 0) -> Iterator[LineRow]:
        """Lines opened or closed after a position."""
        return self._lines.rows(after)

    def gaps(self, at: int | None = None, items: Collection[str] | None = None) -> list[Gap]:
        """Gaps as of a position, in order of item, kind and events."""
        found = [_GAP.decode(content) for (content,) in self._gap_rows(_NEWEST if at is None else at, items)]
        return sorted(found, key=gap_order)

    def clear(self, seq: int) -> None:
        """Close every row."""
        self._session.run(_SQL["begin_edition"])
        self._session.run(_SQL["forget_rows_of"], (seq,))
        self._session.run(_SQL["close_rows"], (seq,))
        self._lines.clear(seq)
        self._session.run(_SQL["drop_parts"])
        self._session.run(_SQL["drop_shapes"])

    def _replace(self, parts: list[Part], seq: int) -> None:
        shapes = Shapes(self._session, seq)
        seen = _Values()
        for part in parts:
            owner = self._items.give(part.owner)
            shapes.set_part(owner, {d: v for row in _rows(part) for d, v in (seen.of(row),)})
            self._lines.set_line(owner, part.line, seq)
        shapes.write()

    def _changed(self, kind: RowKind, after: int) -> Iterator[Row]:
        bounds = {"kind": kind.value, "after": after}
        yield from self._session.rows(_SQL["rows_closed_since"], bounds)
        yield from self._session.rows(_SQL["rows_opened_since"], bounds)

    def _gap_rows(self, position: int, items: Collection[str] | None) -> Iterator[Row]:
        if items is None:
            yield from self._session.rows(_SQL["gaps_at"], {"at": position})
            return
        for item in set(items):
            yield from self._session.rows(_SQL["gaps_of_item_at"], {"item": item.encode(), "at": position})


class _Values:
    """Rows as the file keeps them, each object once: owners that moved as one share their rows."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Vertex | Flow | Gap, bytes, Value]] = {}

    def of(self, row: Vertex | Flow | Gap) -> tuple[bytes, Value]:
        known = self._known.get(id(row))
        if known is None:
            # The row itself is kept beside, so that its id stays its own.
            known = self._known[id(row)] = (row, *_value(row))
        return known[1], known[2]


def _value(row: Vertex | Flow | Gap) -> tuple[bytes, Value]:
    content = row_content(row)
    match row:
        case Vertex():
            kind, place = RowKind.VERTEX, _moment(row.arrived) + row.id
        case Flow():
            kind, place = RowKind.FLOW, _moment(row.departed)
        case Gap():
            kind, place = RowKind.GAP, row.item.encode()
    return content_digest(kind, content), Value(kind, place, content)


def _moment(interval: Interval) -> bytes:
    """When something was at the earliest, as bytes that sort as time does."""
    return (interval.earliest + 2**63).to_bytes(8, "big")


def _rows(part: Part) -> Iterator[Vertex | Flow | Gap]:
    yield from part.vertices
    yield from part.flows
    yield from part.gaps
