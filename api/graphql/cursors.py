"""Keyset cursors (contract). In: a list in a fixed order, a key of each row. Out: pages, and cursors to go on from.

A cursor belongs to a list of a question at a ledger position: what comes after it is what came after it then, whatever
was captured meanwhile. One that cannot be honoured is `CURSOR_EXPIRED`, never other rows.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from engine.questions.digests import digests
from graph_schema.errors import CursorExpired, InvalidInput, LimitExceeded

Row = TypeVar("Row")
Key = tuple[int | str | None, ...]

MOST, USUAL = 10_000, 50
"""Rows of one page: as many as may be asked for, and as many as there are where none are asked for."""


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ended."""

    position: int
    of: bytes
    """Of the list: the question, the list's name, the program that made it."""
    key: list[int | str | None]

    @classmethod
    def read(cls, text: str) -> Cursor:
        """A cursor as it was given; `InvalidInput` for what never was one."""
        try:
            return msgspec.msgpack.decode(base64.urlsafe_b64decode(text.encode("ascii")), type=cls)
        except (ValueError, binascii.Error, msgspec.MsgspecError) as error:
            raise InvalidInput(
                "this is no cursor", where="after", remedy="Give a cursor of a page's pageInfo or edges, or none."
            ) from error

    def write(self) -> str:
        """As it is given to others."""
        return base64.urlsafe_b64encode(msgspec.msgpack.encode(self)).decode("ascii")


def position_of(cursors: Sequence[Cursor], newest: int) -> int | None:
    """The one position that all of some cursors belong to."""
    positions = {cursor.position for cursor in cursors}
    if len(positions) > 1:
        raise InvalidInput(
            "cursors of different ledger positions in one question",
            where="after",
            remedy="Ask for each in one of its own.",
        )
    position = next(iter(positions), None)
    if position is not None and position > newest:
        raise expired()
    return position


def expired() -> CursorExpired:
    """The rows that a cursor was of cannot be given again."""
    return CursorExpired(
        "this cursor is of another question, ledger or program", where="after", remedy="Ask for the first page anew."
    )


class Listing:
    """A list whose rows pages are cut from."""

    def __init__(self, position: int, *names: object) -> None:
        self.position = position
        told = msgspec.json.encode([digests(), *names], order="deterministic")
        self._of = hashlib.sha256(told).digest()[:8]

    def cursor(self, key: Key) -> str:
        """The cursor of a row."""
        return Cursor(self.position, self._of, list(key)).write()

    def key_after(self, after: str | None) -> Key | None:
        """The key of the row that a page begins behind; `CursorExpired` for a cursor of another list."""
        if after is None:
            return None
        cursor = Cursor.read(after)
        if cursor.of != self._of or cursor.position != self.position:
            raise expired()
        return tuple(cursor.key)

    def page(
        self, rows: Sequence[Row], key_of: Callable[[Row], Key], first: int | None, after: str | None
    ) -> tuple[int, list[Row]]:
        """Where a page begins among the rows, and its rows."""
        count = page_size(first)
        key, begin = self.key_after(after), 0
        if key is not None:
            begin = next((number for number, row in enumerate(rows, start=1) if key_of(row) == key), 0)
            if not begin:
                raise expired()
        return begin, list(rows[begin : begin + count])


def page_size(first: int | None) -> int:
    """How many rows a page has at most; refuses less than nothing, and more than may be asked for at once."""
    if first is None:
        return USUAL
    if first < 0:
        raise InvalidInput(f"first is {first}", where="first", remedy="Give 0 or more.")
    if first > MOST:
        raise LimitExceeded(
            f"first is {first:,}", where="first", rule=f"at most {MOST:,} rows a page", remedy="Ask for pages."
        )
    return first
