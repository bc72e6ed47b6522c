"""The look-up port on Neo4j. In: keys of items. Out: the entries that name them, and what is of what."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from engine.ledger import Capture, LedgerEntry, unseal
from engine.stores.neo4j.mark import Mark
from engine.stores.neo4j.session import Row, Session
from engine.stores.ports import Naming
from engine.stores.queries import load_queries
from engine.stores.rows import attestation_of
from graph_schema.property_graph import item_labels

_CYPHER = load_queries(__package__, "lookup.cypher")


class Neo4jLookup:
    """What items are named where, and what is of what."""

    def __init__(self, session: Session, mark: Mark) -> None:
        self._session = session
        self._mark = mark

    def entries_naming(self, items: Collection[str]) -> list[LedgerEntry]:
        """Entries that name one of these, in order, without bodies."""
        keys, upto = sorted(set(items)), self._session.upto
        seqs = {seq for (seq,) in self._session.rows_of(_CYPHER["seqs_naming_items"], keys, upto=upto)}
        runs = self._session.rows_of(_CYPHER["seqs_naming_transformations"], keys, upto=upto)
        seqs.update(seq for (seq,) in runs)
        rows = self._session.rows_of(_CYPHER["bare_entries"], sorted(seqs))
        return sorted(map(_bare_entry, rows), key=lambda entry: entry.seq)

    def add_namings(self, namings: Iterable[Naming]) -> None:
        """Keep what is of what, with the first entry that says so."""
        rows: list[dict[str, Any]] = [
            {
                "narrower": n.narrower, "narrower_labels": item_labels(n.narrower),
                "wider": n.wider, "wider_labels": item_labels(n.wider),
                "seq": self._mark.moment(n.seq),
            }
            for n in namings
        ]  # fmt: skip
        self._session.run_many(_CYPHER["add_namings"], rows)

    def narrower(self, items: Collection[str]) -> list[Naming]:
        """What is of these, one step down."""
        return self._namings(_CYPHER["narrower"], items)

    def wider(self, items: Collection[str]) -> list[Naming]:
        """What these are of, one step up."""
        return self._namings(_CYPHER["wider"], items)

    def items_like(self, prefix: str, limit: int) -> list[str]:
        """Keys that entries name and that begin with a text, in order."""
        rows = self._session.rows(_CYPHER["items_like"], prefix=prefix, limit=limit, upto=self._session.upto)
        return [key for (key,) in rows]

    def items_after(self, key: str, limit: int) -> list[str]:
        """Keys that entries name and that come after a text, in order."""
        rows = self._session.rows(_CYPHER["items_after"], key=key, limit=limit, upto=self._session.upto)
        return [found for (found,) in rows]

    def _namings(self, query: str, items: Collection[str]) -> list[Naming]:
        rows = self._session.rows_of(query, sorted(set(items)), upto=self._session.upto)
        namings = (Naming(narrower, wider, int(seq)) for narrower, wider, seq in rows)
        return sorted(namings, key=lambda naming: (naming.narrower, naming.wider))


def _bare_entry(row: Row) -> LedgerEntry:
    seq, author, job, source, accepted, chained, attestation, record = row
    by = Capture(author, job, source, accepted)
    return LedgerEntry(seq, unseal(record), by, chained, attestation_of(attestation))
