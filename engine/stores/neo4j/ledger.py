"""The ledger port on Neo4j. In: events. Out: chained entries, each appended once (rule 14)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from engine.ledger import (
    Attestation,
    Attested,
    Capture,
    Head,
    Key,
    LedgerEntry,
    Link,
    Sealed,
    attested,
    chain,
    key_digests,
    known_by,
    ledger_key,
    sha256,
    unseal,
    verify_chain,
)
from engine.stores.neo4j.faults import derive_first
from engine.stores.neo4j.mark import Mark
from engine.stores.neo4j.moments import readable
from engine.stores.neo4j.session import Row, Session
from engine.stores.queries import load_queries
from engine.stores.rows import attestation_of, attestation_word
from graph_schema.event import Event
from graph_schema.property_graph import item_labels

_CYPHER = load_queries(__package__, "ledger.cypher")


class Neo4jLedger:
    """Entries as nodes `Event`, what they name by `NAMES`; the head is on the ledger's node."""

    def __init__(self, session: Session, mark: Mark) -> None:
        self._session = session
        self._mark = mark

    def append(
        self, events: Sequence[Event], capture: Capture, attestations: Sequence[Attestation] = ()
    ) -> list[LedgerEntry]:
        """Append those whose key is new, in order."""
        chained = list(chain(self.head(), self._fresh(attested(events, attestations)), capture))
        if not chained:
            return []
        if self._mark.broken:
            raise derive_first(self._session.where)
        contexts = {e.event.context: kept.context_digest.hex() for e, kept in chained if e.event.context}
        self._session.run_many(
            _CYPHER["add_contexts"], [{"digest": digest, "content": content} for content, digest in contexts.items()]
        )
        self._session.run_many(_CYPHER["append"], (_node(entry, kept) for entry, kept in chained))
        self._session.run_many(_CYPHER["name_items"], _namings(entry for entry, _ in chained))
        last = chained[-1][0]
        self._mark.head = Head(last.seq, last.hash, capture.accepted)
        return [entry for entry, _ in chained]

    def head(self) -> Head:
        """Where the ledger stands."""
        self._session.check()
        return self._mark.head

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[LedgerEntry]:
        """Whole entries with `after < seq <= until`, streamed."""
        return map(_entry, self._between(after, until))

    def entries_of(self, event_ids: Collection[str]) -> list[LedgerEntry]:
        """Every entry with one of these event ids, whole."""
        rows = self._session.rows_of(_CYPHER["entries_of"], sorted(set(event_ids)), upto=self._session.upto)
        return sorted(map(_entry, rows), key=lambda entry: entry.seq)

    def entries_at(self, seqs: Sequence[int]) -> list[LedgerEntry]:
        """Whole entries at these sequence numbers."""
        return list(map(_entry, self._session.rows_of(_CYPHER["entries_at"], seqs)))

    def repeated(self, event_ids: Collection[str]) -> set[str]:
        """Those of these event ids that more than one entry has."""
        rows = self._session.rows_of(_CYPHER["repeated"], sorted(set(event_ids)), upto=self._session.upto)
        return {event_id for (event_id,) in rows}

    def position_at(self, accepted: int) -> int:
        """The last position accepted at or before a time."""
        return self._session.value(_CYPHER["position_at"], accepted=accepted, upto=self._session.upto) or 0

    def verify(self) -> Head:
        """Check the whole chain, and each body against it."""
        return verify_chain(map(_link, self._between(0, None)))

    def _fresh(self, told: Sequence[Attested]) -> list[Attested]:
        """Those whose key is not yet in the ledger, each once."""
        keys = [list(map(_written, known_by(*one))) for one in told]
        asked = list(dict.fromkeys(key for some in keys for key in some))
        known = {key for (key,) in self._session.rows_of(_CYPHER["known"], asked)}
        fresh: list[Attested] = []
        for one, own in zip(told, keys, strict=True):
            if known.isdisjoint(own):
                known.add(own[0])
                fresh.append(one)
        return fresh

    def _between(self, after: int, until: int | None) -> Iterator[Row]:
        last = self._session.upto if until is None else min(until, self._session.upto)
        return self._session.rows(_CYPHER["entries_between"], after=after, until=last)


def _written(key: Key) -> str:
    return b"".join(key_digests(key)).hex()


def _node(entry: LedgerEntry, kept: Sealed) -> dict[str, Any]:
    event, capture = entry.event, entry.capture
    return {
        "seq": entry.seq, "key": _written(ledger_key(event, entry.attestation)), "event": _readable(event),
        "time": readable(event.time.earliest), "earliest": event.time.earliest,
        "author": capture.author, "job": capture.job, "source": capture.source, "accepted": capture.accepted,
        "attestation": attestation_word(entry.attestation),
        "record": kept.record, "body_digest": kept.body_digest, "body": event.body,
        "context": kept.context_digest.hex() if event.context else None, "hash": entry.hash,
    }  # fmt: skip


def _readable(event: Event) -> dict[str, Any]:
    """What an analyst asks of an event: EPCIS 2.0 names in our spelling."""
    return {
        "id": event.id, "type": event.type.value, "action": None if event.action is None else event.action.value,
        "biz_step": event.biz_step, "disposition": event.disposition, "read_point": event.read_point,
        "biz_location": event.biz_location, "transformation_id": event.transformation_id,
        "error": None if event.error is None else event.error.reason,
    }  # fmt: skip


def _namings(entries: Iterator[LedgerEntry]) -> Iterator[dict[str, Any]]:
    for entry in entries:
        for item in dict.fromkeys(what.item for what in entry.event.whats):
            yield {"seq": entry.seq, "item": item, "labels": item_labels(item)}


def _entry(row: Row) -> LedgerEntry:
    seq, author, job, source, accepted, chained, attestation, record, _, body, context = row
    event, by = unseal(record, body or b"", context or b""), Capture(author, job, source, accepted)
    return LedgerEntry(seq, event, by, chained, attestation_of(attestation))


def _link(row: Row) -> Link:
    seq, author, job, source, accepted, chained, attestation, record, body_digest, body, context = row
    context = context or b""
    sealed, by = Sealed(record, body_digest, sha256(context)), Capture(author, job, source, accepted)
    return Link(seq, by, sealed, body, context, chained, attestation_of(attestation))
