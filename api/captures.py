"""Captures of a server: documents loaded one after another, in a thread of their own (EPCIS 2.0 §8.1).

In: documents. Out: jobs, each kept in the store. The end of a job is committed with its last events, so that what it
tells is so, whenever the server is ended.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import islice

import msgspec

from api.capture_document import CaptureLimits, check_document
from api.loading import Loading, LoadReport, Noticed
from api.principals import Principal, author_of, check_may_capture
from api.session import Session
from api.settings import new_job, now
from engine.attestation import NOTHING, Author, Binding
from engine.job import Job, JobError, JobWarning
from engine.stores.ports import JobPort, Snapshot
from graph_schema.errors import StoreBusy, SuyuanError

MOST_ERRORS = 100
"""Errors, and warnings, that a job tells; of errors it counts all."""

MOST_WAITING = 4
"""Bytes that may wait, in documents of the largest size."""

MOST_JOBS = 10_000
"""Documents that may wait, however small they are: each has a job."""

_LOG = logging.getLogger("suyuan.captures")
_ENDED = "the server was ended while it captured"


class Captures:
    """What is captured through one process; `bound` is what any of its users is bound to."""

    def __init__(
        self, session: Session, author: str, limits: CaptureLimits | None = None, bound: Binding = NOTHING
    ) -> None:
        self.limits = limits or CaptureLimits()
        self._session = session
        self._author = author
        self._bound = bound
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="capture")
        self._living: dict[str, Job] = {}
        self._waiting = self._jobs = 0
        self._lock = threading.Lock()
        self._hearers: list[Callable[[Job], None]] = []

    def begin(self, content: bytes, by: Principal | None = None, *, all_or_nothing: bool) -> Job:
        """A job that captures a document for whoever signed in; checked before it is taken (`check_document`).

        `Forbidden` for whom may not capture, whatever the document is.
        """
        check_may_capture(by)
        check_document(content, self.limits)
        return self._submit(content, by, all_or_nothing)[0]

    def take_event(self, content: bytes, by: Principal | None = None) -> Future[Job]:
        """Capture what is known to be one event: a job that will have ended; `Forbidden` for whom may not."""
        check_may_capture(by)
        return self._submit(content, by, True)[1]

    def author(self, by: Principal | None) -> str:
        """Who captures: whoever signed in, else whom the surroundings name."""
        return self._author if by is None else by.name

    def job(self, job_id: str, by: Principal | None = None) -> Job | None:
        """A job as it stands, to whom it is shown. One that waits is known to its own process alone."""
        found = self._living.get(job_id)
        if found is None:
            with self._session.store.snapshot() as reading:
                found = reading.jobs.get(job_id)
        return found if found is not None and _is_shown(found, by) else None

    def newest(self, limit: int, before: Job | None = None, by: Principal | None = None) -> list[Job]:
        """Jobs as they stand, the newest first: those that are shown to somebody."""
        living = {one.id: one for one in tuple(self._living.values()) if before is None or _age(one) < _age(before)}
        with self._session.store.snapshot() as reading:
            kept = {one.id: one for one in islice(_all_newest(reading.jobs, limit, before, by), limit)}
        shown = (one for one in (kept | living).values() if _is_shown(one, by))
        return sorted(shown, key=_age, reverse=True)[:limit]

    def end_interrupted(self) -> None:
        """Jobs that a former process left running have ended, with what of them was committed."""
        with self._session.store.snapshot() as reading:
            left = reading.jobs.unfinished()
        if left:
            with self._session.store.transaction() as transaction:
                for one in left:
                    transaction.jobs.put(_interrupted(one, _ENDED, "Capture it again: what is kept is kept once."))

    def close(self) -> None:
        """Capture what was taken, and end."""
        self._worker.shutdown(wait=True)

    def _submit(self, content: bytes, by: Principal | None, all_or_nothing: bool) -> tuple[Job, Future[Job]]:
        with self._lock:
            too_large = self._waiting + len(content) > MOST_WAITING * self.limits.size
            if too_large or self._jobs >= MOST_JOBS:
                raise StoreBusy("too much waits to be captured", remedy="Send it again a little later.")
            self._waiting += len(content)
            self._jobs += 1
        job = Job(new_job(), now(), all_or_nothing, self.author(by))
        self._living[job.id] = job
        return job, self._worker.submit(self._run, job, content, author_of(by, self._bound))

    def hear(self, told: Callable[[Job], None]) -> None:
        """Have each job told when it ended."""
        self._hearers.append(told)

    def _run(self, job: Job, content: bytes, bound: Author) -> Job:
        """From its beginning in the store to its end there."""
        try:
            ended = self._load(job, content, bound)
        except SuyuanError as error:
            ended = self._failed(job, error.what, error.remedy)
        except Exception:  # noqa: BLE001 - whatever it is, who sent the document is told that it failed
            _LOG.exception("the capture %s failed", job.id)
            ended = self._failed(job, "Suyuan met an error of its own", "Its log tells more.")
        finally:
            with self._lock:
                self._waiting -= len(content)
                self._jobs -= 1
        for told in self._hearers:
            told(ended)
        return ended

    def _load(self, job: Job, content: bytes, bound: Author) -> Job:
        self._keep(job)
        kept: list[Job] = []
        within = partial(_progress, job, kept)
        loading = Loading(self._session, job.author, MOST_ERRORS, within=within, job=job.id, bound=bound)
        report = loading.load_document(content, job.id, job.all_or_nothing)
        if kept and not kept[-1].running:  # Its end was committed with its events: one commit less to wait for.
            self._living.pop(job.id, None)
            return kept[-1]
        return self._keep(_told(job, report, ended=True))

    def _failed(self, job: Job, what: str, remedy: str | None) -> Job:
        ended = _interrupted(job, what, remedy)
        try:
            with self._session.store.snapshot() as reading:
                ended = _interrupted(reading.jobs.get(job.id) or job, what, remedy)
            return self._keep(ended)
        except SuyuanError:  # The store cannot even keep this: then this process alone can tell.
            self._living[job.id] = ended
            return ended

    def _keep(self, job: Job) -> Job:
        """Keep a job as it stands; once it ended, the store alone tells it."""
        with self._session.store.transaction() as transaction:
            transaction.jobs.put(job)
        if job.running:
            self._living[job.id] = job
        else:
            self._living.pop(job.id, None)
        return job


def _progress(job: Job, kept: list[Job], transaction: Snapshot, report: LoadReport) -> None:
    """Keep a job as of what a transaction commits; where all is one transaction, that is its end."""
    kept.append(_told(job, report, ended=job.all_or_nothing))
    transaction.jobs.put(kept[-1])


def _all_newest(jobs: JobPort, page: int, before: Job | None, by: Principal | None) -> Iterator[Job]:
    while some := jobs.newest(page, before):
        yield from (one for one in some if _is_shown(one, by))
        before = some[-1]


def _is_shown(job: Job, by: Principal | None) -> bool:
    """A job tells what its document held: to whom may not see all, their own alone."""
    return by is None or by.sees_all or job.author == by.name


def _age(job: Job) -> tuple[int, str]:
    return job.created, job.id


def _interrupted(job: Job, what: str, remedy: str | None) -> Job:
    """A job that ended in an error that is none of its document."""
    error = JobError("ImplementationException", what, remedy=remedy)
    return msgspec.structs.replace(job, finished=now(), errors=(*job.errors, error))


def _told(job: Job, report: LoadReport, *, ended: bool) -> Job:
    """A job with what a load came to so far."""
    return msgspec.structs.replace(
        job,
        finished=now() if ended else None,
        accepted=report.accepted,
        duplicates=report.duplicates,
        rejected=report.rejected,
        position=report.position or None,
        errors=_errors(report.refusals),
        warnings=tuple(map(_warning, report.warnings[:MOST_ERRORS])),
    )


def _errors(refusals: Sequence[Noticed]) -> tuple[JobError, ...]:
    return tuple(map(_error, refusals[:MOST_ERRORS]))


def _error(refusal: Noticed) -> JobError:
    finding = refusal.finding
    return JobError(
        "ValidationException",
        finding.what,
        refusal.event_id,
        _where(refusal),
        finding.rule or None,
        finding.remedy or None,
    )


def _warning(noticed: Noticed) -> JobWarning:
    finding = noticed.finding
    return JobWarning(
        what=finding.what,
        event_id=noticed.event_id,
        where=_where(noticed),
        rule=finding.rule or None,
        remedy=finding.remedy or None,
    )


def _where(noticed: Noticed) -> str:
    place = noticed.place.position
    return f"{place}, {noticed.finding.field}" if noticed.finding.field else place
