"""The events of a JSON document, one by one. In: a `JsonCursor`. Out: pieces: event texts, headers, what went wrong.

Forms (EPCIS 2.0 §9.2, §10): EPCISDocument, EPCISQueryDocument, bare event, array of any of these, and several of them
one after the other. A document is known by its `epcisBody`; its other members may stand before or behind that.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from graph_schema.errors import InvalidDocument
from loaders.json_cursor import (
    CLOSE_ARRAY,
    CLOSE_OBJECT,
    COLON,
    COMMA,
    END_OF_STREAM,
    OPEN_ARRAY,
    OPEN_OBJECT,
    SLASH,
    JsonCursor,
    Text,
)

_MOST_MEMBERS = 10_000


class Members:
    """What an object says besides its events, by name; what stands below `epcisBody` under its own name.

    All together hold no more than one member may: of what goes beyond, only the place is kept.
    """

    __slots__ = ("depth", "held", "limit", "listed", "texts")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0
        self.depth = 0
        self.listed = False
        """Whether an event list was met."""
        self.texts: dict[str, Text] = {}

    def add(self, name: str, text: Text) -> None:
        """Keep a member; the depth counts all, a name that comes again replaces."""
        self.depth = max(self.depth, text.depth)
        if len(self.texts) >= _MOST_MEMBERS:
            return
        self.held += len(text.raw or b"") + len(name)
        if self.held > self.limit:
            text = Text(None, text.start, text.end, text.depth)
        self.texts[name] = text


class DocumentStart(msgspec.Struct, frozen=True):
    """A document was met: what it says besides its events, as far as that was read already."""

    members: Members
    start: int


class DocumentEnd(msgspec.Struct, frozen=True):
    """The document was read to its end: all that it says besides its events."""

    members: Members
    start: int


class EventText(msgspec.Struct, frozen=True):
    """What stands where an event should, as text; `in_document` tells an event of a document from a bare one."""

    text: Text
    in_document: bool


class Break(msgspec.Struct, frozen=True):
    """The JSON is broken at `offset`. `final`: what follows cannot be read; else nothing was lost by it."""

    error: InvalidDocument
    start: int
    final: bool


Piece = DocumentStart | EventText | DocumentEnd | Break


def read_pieces(cursor: JsonCursor) -> Iterator[Piece]:
    """The pieces of all values of a stream, then closes the cursor; never raises for what the stream holds."""
    start = cursor.offset
    try:
        while cursor.peek() != END_OF_STREAM:
            start = cursor.offset
            for piece in _pieces_of_value(cursor):
                start = cursor.offset
                yield piece
            if cursor.peek() == COMMA:
                yield Break(cursor.fault("a comma between values that no array holds"), cursor.offset, final=False)
                cursor.take(COMMA, "a comma")
    except InvalidDocument as error:
        yield Break(error, start, final=True)
    finally:
        cursor.close()


def _pieces_of_value(cursor: JsonCursor) -> Iterator[Piece]:
    match cursor.peek():
        case b if b == OPEN_OBJECT:
            yield from _pieces_of_object(cursor)
        case b if b == OPEN_ARRAY:
            yield from _pieces_of_array(cursor)
        case _:
            raise cursor.fault("this is no JSON object or array")


def _pieces_of_array(cursor: JsonCursor) -> Iterator[Piece]:
    for separator in _elements(cursor):
        if separator is not None:
            yield separator
        elif cursor.peek() == OPEN_OBJECT:
            yield from _pieces_of_object(cursor)
        else:
            yield EventText(cursor.value(), in_document=False)


def _pieces_of_object(cursor: JsonCursor) -> Iterator[Piece]:
    """A document's pieces if it has an `epcisBody`, else the object as a bare event."""
    whole = cursor.hold()
    members = Members(cursor.limit)
    started = False
    try:
        for name in _names(cursor):
            if name != "epcisBody" or cursor.peek() != OPEN_OBJECT:
                members.add(name, cursor.value())
                continue
            if not started:
                cursor.release(whole)
                started = True
                if "@context" not in members.texts:
                    _add_members_behind(cursor, members)
                yield DocumentStart(members, whole.start)
            yield from _pieces_of_body(cursor, members)
        if started:
            yield DocumentEnd(members, whole.start)
        else:
            text = Text(cursor.since(whole), whole.start, cursor.offset, 1 + members.depth)
            yield EventText(text, in_document=False)
    finally:
        if not started:
            cursor.release(whole)


def _pieces_of_body(
    cursor: JsonCursor, members: Members, below: tuple[str, ...] = ("queryResults", "resultsBody")
) -> Iterator[Piece]:
    """The events below `epcisBody`, in a query document below `queryResults` and `resultsBody` (EPCIS 2.0 §10.2)."""
    for name in _names(cursor):
        following = cursor.peek()
        if name in below and following == OPEN_OBJECT:
            yield from _pieces_of_body(cursor, members, below[below.index(name) + 1 :])
        elif name == "eventList" and following == OPEN_ARRAY:
            members.listed = True
            yield from _pieces_of_list(cursor)
        elif name == "event" and following == OPEN_OBJECT:
            members.listed = True
            error = InvalidDocument("one event stands in `event`, not in `eventList`", where=f"byte {cursor.offset}")
            yield Break(error, cursor.offset, final=False)
            yield EventText(cursor.value(), in_document=True)
        else:
            members.add(name, cursor.value())


def _pieces_of_list(cursor: JsonCursor) -> Iterator[Piece]:
    for separator in _elements(cursor):
        yield EventText(cursor.value(), in_document=True) if separator is None else separator


def _add_members_behind(cursor: JsonCursor, members: Members) -> None:
    """Read the members that stand behind the events before these; broken JSON ends it early."""
    place = cursor.mark()
    try:
        cursor.value()
        for name in _names(cursor, opened=True):
            members.add(name, cursor.value())
    except InvalidDocument:
        pass  # The same fault is met, and told, when the events are read.
    cursor.rewind(place)


def _names(cursor: JsonCursor, *, opened: bool = False) -> Iterator[str]:
    """The names of an object's members, the cursor at the value of each; `opened`: behind a member already."""
    if not opened:
        cursor.take(OPEN_OBJECT, "“{”")
    first = not opened
    while cursor.peek() != CLOSE_OBJECT:
        if not first:
            cursor.take(COMMA, "a comma or “}”")
        first = False
        name = cursor.string()
        cursor.take(COLON, "a colon")
        yield name
    cursor.take(CLOSE_OBJECT, "“}”")


def _elements(cursor: JsonCursor) -> Iterator[Break | None]:
    """None for each element of an array, the cursor before it; a `Break` where a comma is missing or too many."""
    cursor.take(OPEN_ARRAY, "“[”")
    comma_due = False
    while (following := cursor.peek()) != CLOSE_ARRAY:
        if following == COMMA:
            if not comma_due:
                yield Break(cursor.fault("a comma with no value before it"), cursor.offset, final=False)
            cursor.take(COMMA, "a comma")
            comma_due = False
            continue
        if following == SLASH:
            yield Break(cursor.fault("a comment, which JSON does not have"), cursor.offset, final=False)
            cursor.pass_line()
            continue
        if comma_due:
            yield Break(cursor.fault("no comma between two values"), cursor.offset, final=False)
        yield None
        comma_due = True
    cursor.take(CLOSE_ARRAY, "“]”")
