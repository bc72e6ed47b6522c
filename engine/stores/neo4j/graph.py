"""The graph port on Neo4j. In: parts, one an owner. Out: rows with the positions between which they are true."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import msgspec

from engine.stores.neo4j.faults import derive_first
from engine.stores.neo4j.items import label_items
from engine.stores.neo4j.lines import Lines
from engine.stores.neo4j.mark import Mark, Moment, span_of
from engine.stores.neo4j.picture import Picture
from engine.stores.neo4j.session import Row, Session
from engine.stores.neo4j.shapes import Changes, Value, set_parts
from engine.stores.neo4j.sites import Sites
from engine.stores.ports import FlowRow, LineRow, VertexRow
from engine.stores.queries import load_queries
from engine.stores.rows import RowKind, content_digest, gap_order, row_content
from graph_schema.flow_graph import Flow, Gap, Line, Part, Vertex
from graph_schema.interval import Interval

_CYPHER = load_queries(__package__, "graph.cypher")
_VERTEX = msgspec.msgpack.Decoder(Vertex)
_FLOW = msgspec.msgpack.Decoder(Flow)
_GAP = msgspec.msgpack.Decoder(Gap)
_ROWS_AT_ONCE = 20_000
"""Rows that are written together: each write asks the server some ten times, however much it writes."""


class Neo4jGraph:
    """Rows as nodes `Row`, who has them in `Shape` and `Part`, lines in `Line`; beside them the picture."""

    def __init__(self, session: Session, mark: Mark) -> None:
        self._session = session
        self._mark = mark
        self._lines = Lines(session)
        self._picture = Picture(session)
        self._sites = Sites(session)
        self._waiting: dict[str, Part] = {}
        self._rows = 0
        self._moment: Moment = 0

    def replace(self, parts: Iterable[Part], seq: int) -> None:
        """Each part takes the place of its owner's former one."""
        if self._mark.broken:
            raise derive_first(self._session.where)
        moment = self._mark.moment(seq)
        for part in parts:
            if moment != self._moment or self._rows >= _ROWS_AT_ONCE:
                self.flush()
            self._moment = moment
            self._waiting[part.owner] = part
            self._rows += len(part.vertices) + len(part.flows) + len(part.gaps)

    def flush(self) -> None:
        """Write what waits."""
        waiting, self._waiting, self._rows = self._waiting, {}, 0
        if waiting:
            self._replace(waiting, self._moment)

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
        self.flush()
        return self._lines.lines(items, self._position(at))

    def line_rows(self, after: int = 0) -> Iterator[LineRow]:
        """Lines opened or closed after a position."""
        self.flush()
        return self._lines.rows(self._after(after))

    def gaps(self, at: int | None = None, items: Collection[str] | None = None) -> list[Gap]:
        """Gaps as of a position, in order of item, kind and events."""
        self.flush()
        position = self._position(at)
        if items is None:
            rows = self._session.rows(_CYPHER["gaps_at"], at=position)
        else:
            rows = self._session.rows_of(_CYPHER["gaps_of_items_at"], sorted(set(items)), at=position)
        return sorted((_GAP.decode(content) for (content,) in rows), key=gap_order)

    def clear(self, seq: int) -> None:
        """Close every row; what the picture has from the ledger and from master data is drawn anew."""
        self.flush()
        self._mark.begin_edition()
        moment = self._mark.moment(seq)
        live = [(bytes.fromhex(name), begun) for name, begun in self._session.rows(_CYPHER["live_digests"])]
        forgotten = [digest for digest, begun in live if begun == moment]
        closed = [digest for digest, begun in live if begun != moment]
        for query, digests in (("forget_rows", forgotten), ("close_rows", closed)):
            self._session.run_many(_CYPHER[query], (digest.hex() for digest in digests), seq=moment)
        self._picture.change(Changes(forgotten=forgotten, closed=closed), {}, moment)
        self._lines.clear(moment)
        label_items(self._session)
        self._sites.draw_again(moment)
        self._session.run_out(_CYPHER["drop_parts_of_all"])
        self._session.run_out(_CYPHER["drop_shapes_of_all"])
        self._mark.derived_anew, self._mark.broken = self._mark.broken, False

    def _replace(self, parts: dict[str, Part], seq: Moment) -> None:
        rows: dict[bytes, Vertex | Flow | Gap] = {}
        values = {owner: dict(_values(part, rows)) for owner, part in parts.items()}
        changes = set_parts(self._session, values, seq)
        self._picture.change(changes, rows, seq)
        self._lines.set_lines({owner: part.line for owner, part in parts.items()}, seq)

    def _changed(self, kind: RowKind, after: int) -> Iterator[Row]:
        self.flush()
        bounds = {"kind": kind.value, "after": self._after(after), "upto": self._session.upto}
        for query in ("rows_closed_since", "rows_opened_since"):
            for content, from_seq, to_seq in self._session.rows(_CYPHER[query], **bounds):
                if span := span_of(from_seq, to_seq, self._session.upto):
                    yield content, *span

    def _after(self, seq: int) -> Moment:
        """What came after a position: all where it is 0."""
        return self._mark.at(seq) if seq else 0

    def _position(self, at: int | None) -> Moment:
        return self._session.upto if at is None else min(self._mark.at(at), self._session.upto)


def _values(part: Part, rows: dict[bytes, Vertex | Flow | Gap]) -> Iterator[tuple[bytes, Value]]:
    told: tuple[Vertex | Flow | Gap, ...] = (*part.vertices, *part.flows, *part.gaps)
    for row in told:
        content = row_content(row)
        match row:
            case Vertex():
                kind, place = RowKind.VERTEX, _moment(row.arrived) + row.id.hex()
            case Flow():
                kind, place = RowKind.FLOW, _moment(row.departed)
            case Gap():
                kind, place = RowKind.GAP, row.item
        digest = content_digest(kind, content)
        rows[digest] = row
        yield digest, Value(kind, place, content)


def _moment(time: Interval) -> str:
    """The earliest moment, so that its text sorts as the number does."""
    return (time.earliest + 2**63).to_bytes(8).hex()
