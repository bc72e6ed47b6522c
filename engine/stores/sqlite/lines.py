"""Lines, one an instance. In: lines.

Out: a number and two positions an instance; what is shared is kept once.

Instances that moved as one have the same line but for their own key: the rest is a *history*, kept by its
digest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeVar

import msgspec

from engine.stores.ports import LineRow
from engine.stores.queries import load_queries
from engine.stores.rows import RowKind, content_digest, row_content
from engine.stores.sqlite.items import Items
from engine.stores.sqlite.session import Session
from graph_schema.flow_graph import Line

_SQL = load_queries(__package__, "graph.sql")
_HISTORY = msgspec.msgpack.Decoder(Line)
_BOUND = 20_000
_NEWEST = 2**63 - 1

Key = TypeVar("Key")
Kept = TypeVar("Kept")

Span = tuple[int, int | None, int]
"""from_seq, to_seq and history of a line."""


class Lines:
    """Lines with their sequence intervals, through one session."""

    def __init__(self, session: Session, items: Items) -> None:
        self._session = session
        self._items = items
        self._numbers: dict[bytes, int] = {}
        self._histories: dict[int, Line] = {}

    def set_line(self, item: int, line: Line | None, seq: int) -> None:
        """Give an instance its line from a position on; None: it has none."""
        wanted = None if line is None else self._history_number(line)
        last = self._last(item)
        if last and last[1] is None:
            if last[2] == wanted:
                return
            last = self._close(item, last[0], seq)
        if wanted is not None:
            self._begin(item, wanted, seq, last)

    def lines(self, items: Collection[str], at: int | None) -> dict[str, Line]:
        """The lines of these instances as of a position."""
        position = _NEWEST if at is None else at
        found: dict[str, Line] = {}
        for key in sorted(set(items)):
            bounds = {"item": self._items.number(key), "at": position}
            if (history := self._session.value(_SQL["line_at"], bounds)) is not None:
                found[key] = self._line(key, history)
        return found

    def rows(self, after: int) -> Iterator[LineRow]:
        """Lines opened or closed after a position, in order of from_seq and item."""
        for query in ("lines_closed_since", "lines_opened_since"):
            for key, history, from_seq, to_seq in self._session.rows(_SQL[query], {"after": after}):
                yield LineRow(self._line(key, history), from_seq, to_seq)

    def clear(self, seq: int) -> None:
        """Close every line."""
        self._session.run(_SQL["forget_lines_of"], (seq,))
        self._session.run(_SQL["close_lines"], (seq,))

    def _last(self, item: int) -> Span | None:
        """The instance's newest line."""
        return self._session.row(_SQL["last_line"], (item,))

    def _close(self, item: int, from_seq: int, seq: int) -> Span | None:
        """Close the live line; the one before it where that may be wanted again."""
        if from_seq < seq:
            self._session.run(_SQL["close_line"], (seq, item, from_seq))
            return None
        # Opened and closed at one position: it was never true.
        self._session.run(_SQL["forget_line"], (item, from_seq))
        return self._last(item)

    def _begin(self, item: int, history: int, seq: int, last: Span | None) -> None:
        if last and last[1:] == (seq, history):  # closed at this very position: it was never away
            self._session.run(_SQL["reopen_line"], (item, last[0]))
        else:
            self._session.run(_SQL["open_line"], (item, seq, history))

    def _history_number(self, line: Line) -> int:
        content = row_content(msgspec.structs.replace(line, item=""))
        digest = content_digest(RowKind.LINE, content)
        if (known := self._numbers.get(digest)) is not None:
            return known
        number: int | None = self._session.value(_SQL["history_id"], (digest,))
        if number is None:
            number = self._session.value(_SQL["add_history"], (digest, content))
        _keep(self._numbers, digest, number)
        return number

    def _line(self, item: str, history: int) -> Line:
        line = self._histories.get(history)
        if line is None:
            line = _HISTORY.decode(self._session.value(_SQL["history"], (history,)))
            _keep(self._histories, history, line)
        return msgspec.structs.replace(line, item=item)


def _keep(memory: dict[Key, Kept], key: Key, value: Kept) -> None:
    """Remember, within a bound."""
    if len(memory) >= _BOUND:
        memory.clear()
    memory[key] = value
