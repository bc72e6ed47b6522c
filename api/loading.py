"""Loading files and documents into a store. In: paths or bytes. Out: a `LoadReport`: what was accepted, what not, why.

Events go in batches, a transaction each, so that a long load is kept as far as it came; all-or-nothing is one
transaction, undone where a record is refused. A refused record is a line of the report, never a lost one.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from api.labels import short_code
from api.session import Session
from api.settings import new_job, now
from engine.attestation import UNBOUND, Author, MasterRow, attest, may_be_told
from engine.capture import capture_within
from engine.ledger import Capture
from engine.stores.ports import Snapshot
from graph_schema.flow_graph import Gap
from loaders.epcis import load_paths, load_stream
from loaders.outcome import Accepted, Finding, Master, Noted, Outcome, Place, Rejected

BATCH = 10_000
"""Events a transaction. What is active is built anew once a transaction, so more are quicker, and take more memory."""

WHOSE = Finding(
    "warning",
    "docs/adr/0021-attestation.md",
    "",
    "these master data are left out: they tell of a site of others, or whose a site is",
    "Whoever is bound to the site, a regulator or a recall coordinator can tell them.",
)

CYCLIC_RULE = "docs/gaps.md, cyclic_containment"
CYCLIC_REMEDY = "Look for two containers with one SSCC, or a parent and a child exchanged."


class Noticed(msgspec.Struct, frozen=True):
    """A finding with the record it is about: a warning of an accepted one, or why one was refused."""

    place: Place
    event_id: str | None
    finding: Finding


class SourceFile(msgspec.Struct, frozen=True):
    """A file that was read, with the SHA-256 of its bytes."""

    file: str
    sha256: str | None
    """None for a pipe, which is read once, and for a file that may not be read."""


class LoadReport(msgspec.Struct):
    """What became of the records of a load."""

    job: str
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    warned: int = 0
    masters: int = 0
    position: int = 0
    refusals: list[Noticed] = msgspec.field(default_factory=list)
    """Why records were refused; the first `keep` of them."""
    warnings: list[Noticed] = msgspec.field(default_factory=list)
    """What is odd in accepted records; the first `keep`."""
    sources: list[SourceFile] = msgspec.field(default_factory=list)


class _Undone(Exception):
    """Takes the transaction of an all-or-nothing load back."""


class Loading:
    """One load into one store.

    `keep` is how many findings the report holds (None: all). `told` hears each refusal, `read` each number of bytes
    read, `kept` the report after each batch; `within` is called in each transaction, before it commits. `bound` is what
    the author is bound to, and anybody.
    """

    def __init__(
        self,
        session: Session,
        author: str,
        keep: int | None = None,
        told: Callable[[Rejected], None] | None = None,
        read: Callable[[int], None] | None = None,
        kept: Callable[[LoadReport], None] | None = None,
        *,
        within: Callable[[Snapshot, LoadReport], None] | None = None,
        job: str | None = None,
        bound: Author = UNBOUND,
    ) -> None:
        self._session = session
        self._author = author
        self._bound = bound
        self._keep = keep
        self._told = told
        self._read = read
        self._kept = kept
        self._within = within
        self._digests: dict[str, str | None] = {}
        self.report = LoadReport(job=job or new_job())

    def load(self, paths: Sequence[Path], all_or_nothing: bool = False) -> LoadReport:
        """Read the files and keep what can be kept; with all_or_nothing, all or nothing."""
        return self._load(load_paths(paths, progress=self._read), all_or_nothing)

    def load_document(self, content: bytes, name: str, all_or_nothing: bool = False) -> LoadReport:
        """The same for what came in one piece, under a name of its own."""
        self._know(name, hashlib.sha256(content).hexdigest())
        return self._load(load_stream(io.BytesIO(content), name, progress=self._read), all_or_nothing)

    def _load(self, read: Iterable[Outcome], all_or_nothing: bool) -> LoadReport:
        outcomes = self._noted(read)
        if all_or_nothing:
            self._load_whole(outcomes)
        else:
            for batch in _batches(outcomes):
                with self._session.store.transaction() as transaction:
                    self._capture(transaction, batch)
                    self._tell(transaction)
        with self._session.store.snapshot() as snapshot:
            self.report.position = snapshot.ledger.head().position
        return self.report

    def _load_whole(self, outcomes: Iterable[Outcome]) -> None:
        """One transaction; after a refusal the rest is read, so that the report names all, but not kept."""
        try:
            with self._session.store.transaction() as transaction:
                for batch in _batches(outcomes):
                    if not self.report.rejected:
                        self._capture(transaction, batch)
                if self.report.rejected:
                    raise _Undone
                self._tell(transaction)
        except _Undone:
            self.report.accepted = self.report.duplicates = self.report.masters = 0

    def _noted(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """Note what the report tells of each record, on its way."""
        for outcome in outcomes:
            if not isinstance(outcome, Noted):  # What is passed over in a folder is no source.
                self._source(outcome.place.file)
            if isinstance(outcome, Rejected):
                self.report.rejected += 1
                self._note(self.report.refusals, outcome.place, outcome.event_id, outcome.findings)
                if self._told is not None:
                    self._told(outcome)
            elif isinstance(outcome, Accepted | Noted) and (findings := _warnings(outcome)):
                event = outcome.event.id if isinstance(outcome, Accepted) else None
                self.report.warned += 1
                self._note(self.report.warnings, outcome.place, event, findings)
            yield outcome

    def _note(self, kept: list[Noticed], place: Place, event_id: str | None, findings: Sequence[Finding]) -> None:
        room = len(findings) if self._keep is None else max(0, self._keep - len(kept))
        kept.extend(Noticed(place, event_id, finding) for finding in findings[:room])

    def _capture(self, transaction: Snapshot, batch: Sequence[Outcome]) -> None:
        events = [outcome.event for outcome in batch if isinstance(outcome, Accepted)]
        attestations = attest(events, self._bound, transaction.masters)
        masters = self._masters([outcome for outcome in batch if isinstance(outcome, Master)], transaction)
        source = self._source(batch[0].place.file)
        by = Capture(author=self._author, job=self.report.job, source=source, accepted=now())
        captured = capture_within(transaction, events, by, masters, attestations)
        self.report.accepted += captured.accepted
        self.report.duplicates += captured.duplicates
        self.report.masters += len(masters)
        self.report.position = captured.position
        self._note_cycles(captured.cycles, batch)
        if self._kept is not None:
            self._kept(self.report)

    def _masters(self, told: Sequence[Master], transaction: Snapshot) -> list[MasterRow]:
        """The master data that the author may tell; of others a warning says that they are left out."""
        rows = list(map(_master_row, told))
        allowed = may_be_told(rows, self._bound, transaction.masters)
        for master, may in zip(told, allowed, strict=True):
            if not may:
                self.report.warned += 1
                self._note(self.report.warnings, master.place, None, [WHOSE])
        return [row for row, may in zip(rows, allowed, strict=True) if may]

    def _tell(self, transaction: Snapshot) -> None:
        if self._within is not None:
            self._within(transaction, self.report)

    def _note_cycles(self, cycles: Sequence[Gap], batch: Sequence[Outcome]) -> None:
        """Warn of what is inside itself, once for the events that put it there, at the last of them."""
        places = {one.event.id: one.place for one in batch if isinstance(one, Accepted)}
        for events in dict.fromkeys(gap.event_ids for gap in cycles):
            last = next((event for event in reversed(places) if event in events), events[-1])
            place = places.get(last, Place(batch[0].place.file, "with what was loaded before"))
            items = ", ".join(short_code(gap.item) for gap in cycles if gap.event_ids == events)
            what = f"{items}: recorded inside itself, by {', '.join(events)}"
            self.report.warned += 1
            self._note(self.report.warnings, place, last, [Finding("warning", CYCLIC_RULE, "", what, CYCLIC_REMEDY)])

    def _source(self, file: str) -> str:
        """A file's name and SHA-256, as the ledger keeps it; each file is hashed once."""
        if file not in self._digests:
            self._know(file, _sha256(Path(file)))
        digest = self._digests[file]
        return f"{file} sha256:{digest}" if digest else file

    def _know(self, file: str, digest: str | None) -> None:
        self._digests[file] = digest
        self.report.sources.append(SourceFile(file, digest))


def size_of(paths: Iterable[Path]) -> int:
    """The bytes of files and of all files below directories."""
    files = (file for path in paths for file in ([path] if path.is_file() else path.rglob("*")))
    return sum(file.stat().st_size for file in files if file.is_file())


def _batches(outcomes: Iterable[Outcome]) -> Iterator[list[Outcome]]:
    """Outcomes of one file, so many events at a time; of what is only noted nothing is kept."""
    batch: list[Outcome] = []
    for outcome in outcomes:
        if isinstance(outcome, Noted):
            continue
        if batch and (len(batch) >= BATCH or outcome.place.file != batch[0].place.file):
            yield batch
            batch = []
        batch.append(outcome)
    if batch:
        yield batch


def _warnings(outcome: Accepted | Noted) -> Sequence[Finding]:
    return outcome.warnings if isinstance(outcome, Accepted) else outcome.findings


def _master_row(master: Master) -> MasterRow:
    return master.key, master.kind, msgspec.json.encode(master.attributes, order="deterministic")


def _sha256(file: Path) -> str | None:
    if not file.is_file():
        return None
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:  # That it cannot be read is told as a refusal.
        return None
