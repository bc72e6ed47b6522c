"""An event as predicates look at it. In: a ledger entry. Out: its fields as they came, names written out, keys.

What is asked for and what is said are compared by meaning: identifiers by their keys, words by the CBV's bare words,
names with a prefix by the whole URI that they stand for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

import msgspec

from engine.ledger import LedgerEntry
from graph_schema.errors import InvalidEvent
from graph_schema.identifiers import take_identifier
from graph_schema.vocabulary import Kind, cbv_word
from loaders.jsonld_context import NO_CONTEXT, JsonContext, read_context

Json = dict[str, Any]


class ToldEvent:
    """One event of the ledger."""

    def __init__(self, entry: LedgerEntry) -> None:
        self.entry = entry
        self.event = entry.event

    @cached_property
    def fields(self) -> Json:
        """Every field as it came."""
        return self.event.fields()

    @cached_property
    def context(self) -> JsonContext:
        """What its prefixes stand for."""
        text = self.event.context
        outer = read_context(msgspec.json.decode(text), text) if text else NO_CONTEXT
        return outer.with_event(self.fields)

    def whole(self, name: str) -> str:
        """A name or URI, its prefix written out."""
        return self.context.expand(name)

    def key(self, text: str) -> str:
        """The key of an identifier as the event writes it."""
        return take_identifier(self.whole(text))[0].key

    def listed(self, *names: str) -> Iterator[Any]:
        """The members of lists of the event; a single value counts as a list of one."""
        for name in names:
            value = self.fields.get(name)
            yield from value if isinstance(value, list) else () if value is None else (value,)

    def objects(self, *names: str) -> Iterator[Json]:
        """The objects among the members of lists."""
        return (one for one in self.listed(*names) if isinstance(one, dict))

    def word(self, kind: Kind, text: Any) -> str | None:
        """A word of a vocabulary as the event writes it; one that the CBV has not is as it is."""
        if not isinstance(text, str):
            return None
        try:
            return cbv_word(kind, self.whole(text))
        except InvalidEvent:
            return text

    def reports(self) -> Iterator[Json]:
        """Sensor metadata and reports (§7.3.7), all that a sensor parameter looks at."""
        for element in self.objects("sensorElementList"):
            if isinstance(metadata := element.get("sensorMetadata"), dict):
                yield metadata
            reports = element.get("sensorReport")
            yield from (one for one in reports if isinstance(one, dict)) if isinstance(reports, list) else ()

    def named(self, where: Json, name: str) -> Iterator[Any]:
        """The values of an extension field in an object, by its whole name or as it is written."""
        for written, value in where.items():
            if written == name or (":" in written and _same(self.whole(written), name)):
                yield from value if isinstance(value, list) else (value,)

    def named_within(self, where: Any, name: str) -> Iterator[Any]:
        """The same in any object below one (`INNER_`)."""
        if isinstance(where, list):
            for one in where:
                yield from self.named_within(one, name)
        elif isinstance(where, dict):
            for value in where.values():
                for below in value if isinstance(value, list) else (value,):
                    if isinstance(below, dict):
                        yield from self.named(below, name)
                        yield from self.named_within(below, name)


def _same(whole: str, name: str) -> bool:
    """Whether two whole names are one: XML writes a namespace and `#` before the name (§8.2.7.1)."""
    return whole == name or whole == name.replace("#", "", 1) or whole == name.replace("#", "/", 1)


Predicate = Callable[[ToldEvent], bool]
"""Whether an event is let through."""

Reading = Callable[[str, Sequence[str]], Predicate]
"""Reads the values of a parameter of this name once."""
