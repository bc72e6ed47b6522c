"""The look-up port on SQLite. In: keys of items.

Out: the entries that name them, and what is of what.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator

from engine.ledger import Capture, LedgerEntry, unseal
from engine.stores.ports import Naming
from engine.stores.queries import load_queries
from engine.stores.rows import attestation_of
from engine.stores.sqlite.items import Items
from engine.stores.sqlite.session import Row, Session

_SQL = load_queries(__package__, "lookup.sql")
_LAST_CHARACTER = "\U0010ffff"


class SqliteLookup:
    """What items are named where, and what is of what."""

    def __init__(self, session: Session, items: Items) -> None:
        self._session = session
        self._items = items

    def entries_naming(self, items: Collection[str]) -> list[LedgerEntry]:
        """Entries that name one of these, in order, without bodies."""
        keys = set(items)
        seqs = set(self._seqs_of_items(keys)) | set(self._seqs_of_transformations(keys))
        rows = self._session.rows(_SQL["bare_entries_at"], {"seqs": json.dumps(sorted(seqs))})
        return [_bare_entry(row) for row in rows]

    def add_namings(self, namings: Iterable[Naming]) -> None:
        """Keep what is of what, with the first entry that says so."""
        give = self._items.give
        self._session.run_many(_SQL["add_narrowing"], [(give(n.wider), give(n.narrower), n.seq) for n in namings])

    def narrower(self, items: Collection[str]) -> list[Naming]:
        """What is of these, one step down."""
        pairs = self._neighbours(_SQL["narrower"], items)
        return sorted((Naming(other, item, seq) for item, other, seq in pairs), key=_naming_order)

    def wider(self, items: Collection[str]) -> list[Naming]:
        """What these are of, one step up."""
        pairs = self._neighbours(_SQL["wider"], items)
        return sorted((Naming(item, other, seq) for item, other, seq in pairs), key=_naming_order)

    def items_like(self, prefix: str, limit: int) -> list[str]:
        """Keys that entries name and that begin with a text, in order."""
        bounds = {"first": prefix, "beyond": _beyond(prefix), "limit": limit}
        return [key for (key,) in self._session.rows(_SQL["items_between"], bounds)]

    def items_after(self, key: str, limit: int) -> list[str]:
        """Keys that entries name and that come after a text, in order."""
        bounds = {"first": key + "\0", "beyond": b"", "limit": limit}
        return [found for (found,) in self._session.rows(_SQL["items_between"], bounds)]

    def _seqs_of_items(self, keys: Collection[str]) -> Iterator[int]:
        numbers = [number for key in keys if (number := self._items.number(key)) is not None]
        for (seq,) in self._session.rows(_SQL["seqs_naming_items"], {"items": json.dumps(numbers)}):
            yield seq

    def _seqs_of_transformations(self, keys: Collection[str]) -> Iterator[int]:
        for key in keys:
            for (seq,) in self._session.rows(_SQL["seqs_naming_transformation"], (key,)):
                yield seq

    def _neighbours(self, query: str, items: Collection[str]) -> Iterator[tuple[str, str, int]]:
        """The item asked for, its neighbour, and the entry that says so."""
        for item in set(items):
            for other, seq in self._session.rows(query, (self._items.number(item),)):
                yield item, other, seq


def _bare_entry(row: Row) -> LedgerEntry:
    seq, author, job, source, accepted, chained, attestation, record = row
    by = Capture(author, job, source, accepted)
    return LedgerEntry(seq, unseal(record), by, chained, attestation_of(attestation))


def _naming_order(naming: Naming) -> tuple[str, str]:
    return naming.narrower, naming.wider


def _beyond(prefix: str) -> str | bytes:
    """The least text that is after every text beginning with a prefix; where there is none, a blob."""
    stem = prefix.rstrip(_LAST_CHARACTER)
    if not stem:
        return b""  # SQLite orders blobs after all texts
    # Surrogates are no characters: the one after U+D7FF is U+E000.
    following = 0xE000 if stem[-1] == "\ud7ff" else ord(stem[-1]) + 1
    return stem[:-1] + chr(following)
