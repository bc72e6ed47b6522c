"""Kinds and spellings of keys. In: canonical keys. Out: what they name, and their EPC URN where one is known.

An EPC URN needs the length of the company prefix, which a key does not tell. It is learnt from the events as they came:
where one spells a key of a company as URN, all keys of that company are known. GS1 allots no prefix within another.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from engine.answer import ItemKind
from engine.index import NONE
from engine.questions.view import View
from engine.stores.ports import Snapshot
from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers import Kind, kind_of_key, to_urn

_SPELLED = re.compile(rb"urn:epc:(?:id|class|idpat):[a-z0-9]+:([0-9]{6,12})[.:]")
_GS1 = "https://id.gs1.org/"
_BEFORE_PREFIX = {"00": 1, "01": 1, "8003": 1, "8006": 1}
"""Digits of a key before its company prefix: the indicator, the extension digit, the filler of a GRAI or ITIP."""
_STEM = 6
_TRIES = 3

Digits = tuple[str, str]
"""A GS1 key, and its digits from the company prefix on."""


def item_kind(key: str, *, has_line: bool) -> ItemKind:
    """What an item's key names; of a URI of one's own, an instance where it has a line, else a lot."""
    kind = _kind(key)
    if kind is Kind.other:
        return ItemKind.INSTANCE if has_line else ItemKind.LOT
    return ItemKind(kind.value)


@lru_cache(maxsize=1 << 16)
def _kind(key: str) -> Kind:
    try:
        kind = kind_of_key(key)
    except InvalidIdentifier:
        return Kind.other
    return kind if kind.value in set(ItemKind) else Kind.other


class CompanyPrefixes:
    """Company prefixes, as far as texts of events spell them."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def read(self, body: bytes) -> None:
        """Learn those that an event spells."""
        self._known.update(prefix.decode() for prefix in _SPELLED.findall(body))

    def urn(self, key: str) -> str | None:
        """The EPC URN of a key; None where none is known, or none stands for it."""
        if key.startswith("urn:epc:"):
            return key
        digits = company_digits(key)
        length = None if digits is None else self.length(digits)
        return None if length is None else _urn(key, length)

    def length(self, digits: str) -> int | None:
        """How many of a key's digits are the company prefix."""
        return next((n for n in range(12, 5, -1) if digits[:n] in self._known), None)


class Spellings:
    """EPC URNs of keys, as far as the events of a ledger spell them."""

    def __init__(self, view: View, snapshot: Snapshot) -> None:
        self.view = view
        self.snapshot = snapshot
        self.prefixes = CompanyPrefixes()
        self.tried: Counter[str] = Counter()

    def urn(self, key: str) -> str | None:
        """The EPC URN of a key; None where no event tells the length of its company prefix."""
        return self.prefixes.urn(key)

    def learn(self, column: str, keys: Iterable[str]) -> None:
        """Learn the prefixes of keys in a column, `item` or `site`, from the events that name them.

        An event each of all companies that are not known is read at once.
        """
        companies = _by_stem(keys)
        while asked := self._next(companies):
            events = [event for key in asked for event in self._events(column, key)]
            for entry in self.snapshot.ledger.entries_of(events):
                self.prefixes.read(entry.event.body)

    def _next(self, companies: Mapping[str, Iterator[Digits]]) -> list[str]:
        """Of each company that may be tried once more, its next key that is not known."""
        asked: list[str] = []
        for stem, keys in companies.items():
            if self.tried[stem] < _TRIES and (key := self._unknown(keys)) is not None:
                self.tried[stem] += 1
                asked.append(key)
        return asked

    def _unknown(self, keys: Iterator[Digits]) -> str | None:
        return next((key for key, digits in keys if self.prefixes.length(digits) is None), None)

    def _events(self, column: str, key: str) -> list[str]:
        """The id of an event that opened a vertex of a thing."""
        index = self.view.index
        code = (index.items if column == "item" else index.sites).code(key)
        if code == NONE:
            return []
        found = self.view.present(index.vertices_where(column, [code], self.view.at))
        if column == "item" and not len(found):
            lines = index.lines.where("item", [code])
            found = self.view.present(index.starts["vertex"][index.starts.where("line", lines)])
        codes = self.view.column("event", found[:1])
        return index.events.names(codes[codes != NONE])


def _by_stem(keys: Iterable[str]) -> dict[str, Iterator[Digits]]:
    """GS1 keys by the digits that the prefix of their company has at least, each to be read once."""
    found: dict[str, list[Digits]] = defaultdict(list)
    for key in dict.fromkeys(keys):
        digits = company_digits(key)
        if digits is not None:
            found[digits[:_STEM]].append((key, digits))
    return {stem: iter(some) for stem, some in found.items()}


def company_digits(key: str) -> str | None:
    """The digits of a key from its company prefix on; None for what is no GS1 key."""
    if not key.startswith(_GS1):
        return None
    ai, _, rest = key.removeprefix(_GS1).partition("/")
    return rest.partition("/")[0][_BEFORE_PREFIX.get(ai, 0) :]


@lru_cache(maxsize=1 << 16)
def _urn(key: str, length: int) -> str | None:
    try:
        return to_urn(key, length)
    except InvalidIdentifier:
        return None
