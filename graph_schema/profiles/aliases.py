"""Which codes are on which thing. In: events that tell it. Out: `Aliases`.

One thing has many codes: the firm's, the national one, GS1's. An event that names one thing tells its codes in an
extension `codes`, a list of keys. A code that is told of two things is on both: a clone, which is a finding. It merges
nothing, and stands for neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from graph_schema.event import Event
from graph_schema.identifiers import take_identifier
from graph_schema.master_data import attribute

CODES = "codes"
"""The extension in which an event tells what other codes its thing has."""


class Aliases(msgspec.Struct, frozen=True):
    """Codes and the things they are on, by key."""

    things: Mapping[str, tuple[str, ...]]
    """Code → every thing that it was told of, in the order told."""

    def thing(self, key: str) -> str:
        """The thing that a code is on, where it is on one alone; else the key itself."""
        told = self.things.get(key, ())
        return told[0] if len(told) == 1 else key

    def codes(self, thing: str) -> list[str]:
        """The codes that were told of a thing."""
        return [code for code, told in self.things.items() if thing in told]

    def clones(self) -> dict[str, tuple[str, ...]]:
        """Codes that were told of more than one thing, and which."""
        return {code: told for code, told in self.things.items() if len(told) > 1}


def aliases_of(events: Iterable[Event]) -> Aliases:
    """What events tell of codes."""
    things: dict[str, dict[str, None]] = {}
    for event in events:
        for thing, code in told_codes(event):
            things.setdefault(code, {})[thing] = None
    return Aliases({code: tuple(told) for code, told in things.items()})


def told_codes(event: Event) -> Iterator[tuple[str, str]]:
    """The thing and each of its codes; none of an event that names several things, since nobody says whose they are."""
    told = attribute(event.extensions, CODES)
    things = {what.item for what in event.whats}
    if told is None or len(things) != 1:
        return
    (thing,) = things
    for code in told if isinstance(told, list) else [told]:
        key = take_identifier(str(code))[0].key
        if key != thing:
            yield thing, key
