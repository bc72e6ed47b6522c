"""The ledger port on SQLite. In: events. Out: chained entries, each appended once (rule 14)."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

from engine.ledger import (
    GENESIS,
    Attestation,
    Attested,
    Capture,
    Head,
    LedgerEntry,
    Link,
    Sealed,
    attested,
    chain,
    id_digest,
    key_digests,
    known_by,
    sha256,
    unseal,
    verify_chain,
)
from engine.stores.queries import load_queries
from engine.stores.rows import attestation_of, attestation_word
from engine.stores.sqlite.bodies import BodyCodec
from engine.stores.sqlite.events import note_events
from engine.stores.sqlite.items import Items
from engine.stores.sqlite.session import Row, Session
from graph_schema.errors import StoreDamaged
from graph_schema.event import Event

_SQL = load_queries(__package__, "ledger.sql")
_NAMES = load_queries(__package__, "lookup.sql")
_END = 2**63 - 1


class SqliteLedger:
    """Entries in the table `entry`, bodies beside them in `body`, what they name in `item_named`."""

    def __init__(self, session: Session, items: Items) -> None:
        self._session = session
        self._items = items

    def append(
        self, events: Sequence[Event], capture: Capture, attestations: Sequence[Attestation] = ()
    ) -> list[LedgerEntry]:
        """Append those whose key is new, in order."""
        fresh = self._fresh(attested(events, attestations))
        if not fresh:
            return []
        chained = list(chain(self.head(), fresh.values(), capture))
        entries, sealed = [entry for entry, _ in chained], [kept for _, kept in chained]
        run = self._run_of(capture, entries[0].seq)
        self._session.run_many(
            _SQL["append_entry"],
            (
                (
                    entry.seq, *key, run, self._context(entry.event), kept.record, kept.body_digest, entry.hash,
                    attestation_word(entry.attestation),
                )
                for key, entry, kept in zip(fresh, entries, sealed, strict=True)
            ),
        )  # fmt: skip
        deflate = self._codec.deflate
        self._session.run_many(_SQL["append_body"], ((e.seq, deflate(e.event.body)) for e in entries))
        self._name(entries)
        note_events(self._session, entries)
        return entries

    def head(self) -> Head:
        """Where the ledger stands."""
        last = self._session.row(_SQL["head"])
        return Head(*last) if last else Head(0, GENESIS, None)

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[LedgerEntry]:
        """Whole entries with `after < seq <= until`, streamed."""
        bounds = {"after": after, "until": _END if until is None else until}
        return map(self._entry, self._session.rows(_SQL["entries_between"], bounds))

    def entries_of(self, event_ids: Collection[str]) -> list[LedgerEntry]:
        """Every entry with one of these event ids, whole."""
        events = json.dumps([id_digest(event_id).hex() for event_id in set(event_ids)])
        return self.entries_at(sorted(seq for (seq,) in self._session.rows(_SQL["seqs_of_events"], {"events": events})))

    def entries_at(self, seqs: Sequence[int]) -> list[LedgerEntry]:
        """Whole entries at these sequence numbers, in order."""
        return [self._entry(row) for row in self._session.rows(_SQL["entries_at"], {"seqs": json.dumps(list(seqs))})]

    def repeated(self, event_ids: Collection[str]) -> set[str]:
        """Those of these event ids that more than one entry has."""
        return {e for e in event_ids if self._session.row(_SQL["event_repeated"], (id_digest(e),)) is not None}

    def position_at(self, accepted: int) -> int:
        """The last position accepted at or before a time."""
        return self._session.value(_SQL["position_at"], {"accepted": accepted}) or 0

    def verify(self) -> Head:
        """Check the whole chain, and each body against it."""
        rows = self._session.rows(_SQL["entries_between"], {"after": 0, "until": _END})
        return verify_chain(map(self._link, rows))

    @cached_property
    def _codec(self) -> BodyCodec:
        return BodyCodec(self._session.value(_SQL["dictionary"]))

    def _fresh(self, told: Sequence[Attested]) -> dict[tuple[bytes, bytes], Attested]:
        """Events whose key is not yet in the ledger, each once, by their key."""
        fresh: dict[tuple[bytes, bytes], Attested] = {}
        for event, attestation in told:
            keys = list(map(key_digests, known_by(event, attestation)))
            if not any(key in fresh or self._session.row(_SQL["entry_known"], key) is not None for key in keys):
                fresh[keys[0]] = event, attestation
        return fresh

    def _run_of(self, capture: Capture, seq: int) -> int:
        """The run of entries captured alike that an entry goes on with, or begins."""
        last = self._session.row(_SQL["last_capture"])
        if last and Capture(*last[1:]) == capture:
            run: int = last[0]
            return run
        self._session.run(_SQL["append_capture"], (seq, capture.author, capture.job, capture.source, capture.accepted))
        return seq

    def _context(self, event: Event) -> int | None:
        if not event.context:
            return None
        digest = sha256(event.context)
        number: int | None = self._session.value(_SQL["context_id"], (digest,))
        if number is None:
            number = self._session.value(_SQL["append_context"], (digest, event.context))
        return number

    def _name(self, entries: list[LedgerEntry]) -> None:
        """Keep which items and transformations the entries name."""
        give = self._items.give
        named = [(give(item), entry.seq) for entry in entries for item in {what.item for what in entry.event.whats}]
        self._session.run_many(_NAMES["name_item"], named)
        runs = [(e.event.transformation_id, e.seq) for e in entries if e.event.transformation_id is not None]
        self._session.run_many(_NAMES["name_transformation"], runs)

    def _entry(self, row: Row) -> LedgerEntry:
        seq, author, job, source, accepted, chained, attestation, record, _, body, context = row
        event = unseal(record, b"" if body is None else self._inflate(seq, body), context or b"")
        return LedgerEntry(seq, event, Capture(author, job, source, accepted), chained, attestation_of(attestation))

    def _link(self, row: Row) -> Link:
        seq, author, job, source, accepted, chained, attestation, record, body_digest, body, context = row
        context = context or b""
        return Link(
            seq=seq,
            capture=Capture(author, job, source, accepted),
            sealed=Sealed(record, body_digest, sha256(context)),
            body=None if body is None else self._inflate(seq, body),
            context=context,
            hash=chained,
            attestation=attestation_of(attestation),
        )

    def _inflate(self, seq: int, content: bytes) -> bytes:
        try:
            return self._codec.inflate(content)
        except zlib.error as error:
            raise StoreDamaged(
                "the body cannot be read",
                where=f"{self._session.path}, ledger entry {seq}",
                remedy="Restore the store from a copy.",
            ) from error
