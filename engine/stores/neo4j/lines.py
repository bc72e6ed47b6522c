"""Lines, one an instance. In: lines. Out: a node an instance and span; what is shared is kept once.

Instances that moved as one have the same line but for their own key: the rest is a *history*, kept by its digest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from engine.stores.neo4j.instances import Instances
from engine.stores.neo4j.mark import Moment, span_of
from engine.stores.neo4j.session import Row, Session, batches
from engine.stores.ports import LineRow
from engine.stores.queries import load_queries
from engine.stores.rows import RowKind, content_digest, row_content
from graph_schema.flow_graph import Line

_CYPHER = load_queries(__package__, "graph.cypher")
_HISTORY = msgspec.msgpack.Decoder(Line)

Span = tuple[Moment, Moment | None, str]
"""from_seq, to_seq and history of a line."""


class Lines:
    """Lines with their sequence intervals, through one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._histories: dict[str, Line] = {}
        self._instances = Instances(session)

    def set_lines(self, lines: Mapping[str, Line | None], seq: Moment) -> None:
        """Give instances their lines from a position on; None: it has none."""
        histories = {item: None if line is None else _history(line) for item, line in lines.items()}
        told = {digest: content for found in histories.values() if found for digest, content in (found,)}
        self._session.run_many(
            _CYPHER["add_histories"], [{"digest": digest, "content": content} for digest, content in told.items()]
        )
        spans: dict[str, list[list[Any]]] = dict(self._session.rows_of(_CYPHER["last_lines"], list(lines)))
        writes = _Writes()
        for item, found in histories.items():
            writes.change(
                item, [(span[0], span[1], span[2]) for span in spans.get(item, [])], found[0] if found else None, seq
            )
        for query, rows in writes.rows.items():
            self._session.run_many(_CYPHER[query], rows, seq=seq)
        self._instances.draw({item: lines[item] for item in sorted(writes.items())}, seq)

    def lines(self, items: Collection[str], at: Moment) -> dict[str, Line]:
        """The lines of these instances as of a position."""
        rows = list(self._session.rows_of(_CYPHER["lines_at"], sorted(set(items)), at=at))
        self._know(history for _, history in rows)
        return {item: self._line(item, history) for item, history in sorted(rows)}

    def rows(self, after: Moment) -> Iterator[LineRow]:
        """Lines opened or closed after a position, in order of from_seq and item."""
        upto = self._session.upto
        for query in ("lines_closed_since", "lines_opened_since"):
            for some in batches(self._session.rows(_CYPHER[query], after=after, upto=upto)):
                yield from self._line_rows(some, upto)

    def clear(self, seq: Moment) -> None:
        """Close every line."""
        live = list(self._session.rows(_CYPHER["live_lines"]))
        for query, rows in (
            ("forget_lines", [row for row in live if row[1] == seq]),
            ("close_lines", [row for row in live if row[1] != seq]),
        ):
            self._session.run_many(_CYPHER[query], ({"item": i, "from_seq": f} for i, f in rows), seq=seq)
        self._instances.draw(dict.fromkeys(item for item, _ in live), seq)

    def _line_rows(self, rows: Iterable[Row], upto: Moment) -> Iterator[LineRow]:
        rows = list(rows)
        self._know(history for _, history, _, _ in rows)
        for item, history, from_seq, to_seq in rows:
            if span := span_of(from_seq, to_seq, upto):
                yield LineRow(self._line(item, history), *span)

    def _know(self, histories: Iterable[str]) -> None:
        """Have these histories at hand, and no others."""
        wanted = set(histories)
        self._histories = {digest: line for digest, line in self._histories.items() if digest in wanted}
        missing = sorted(wanted - set(self._histories))
        for digest, content in self._session.rows_of(_CYPHER["histories"], missing):
            self._histories[digest] = _HISTORY.decode(content)

    def _line(self, item: str, history: str) -> Line:
        return msgspec.structs.replace(self._histories[history], item=item)


class _Writes:
    """What to write of lines, by query, in the order in which it is to be done."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {
            query: [] for query in ("forget_lines", "close_lines", "reopen_lines", "open_lines")
        }

    def items(self) -> set[str]:
        """Whose lines change."""
        return {row["item"] for rows in self.rows.values() for row in rows}

    def change(self, item: str, spans: list[Span], wanted: str | None, seq: Moment) -> None:
        """An instance's line becomes this one."""
        last = spans[-1] if spans else None
        if last is not None and last[1] is None:
            if last[2] == wanted:
                return
            last = self._close(item, last, spans, seq)
        if wanted is None:
            return
        if last is not None and last[1:] == (seq, wanted):  # closed at this very position: it was never away
            self._add("reopen_lines", item, last[0])
        else:
            self.rows["open_lines"].append({"item": item, "history": wanted})

    def _close(self, item: str, last: Span, spans: list[Span], seq: Moment) -> Span | None:
        """Close the live line; the one before it where that may be wanted again."""
        if last[0] < seq:
            self._add("close_lines", item, last[0])
            return None
        # Opened and closed at one position: it was never true.
        self._add("forget_lines", item, last[0])
        return spans[-2] if len(spans) > 1 else None

    def _add(self, query: str, item: str, from_seq: Moment) -> None:
        self.rows[query].append({"item": item, "from_seq": from_seq})


def _history(line: Line) -> tuple[str, bytes]:
    content = row_content(msgspec.structs.replace(line, item=""))
    return content_digest(RowKind.LINE, content).hex(), content
