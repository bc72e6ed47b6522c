"""A capture job: what came in at once, and what became of it (EPCIS 2.0 §8.1, §12). In: a load's counts. Out: `Job`."""

from __future__ import annotations

import msgspec


class JobWarning(msgspec.Struct, frozen=True, kw_only=True):
    """What is odd in something that a job kept, or left out."""

    what: str
    event_id: str | None = None
    where: str | None = None
    """Where in what came: its place, and the field."""
    rule: str | None = None
    remedy: str | None = None


class JobError(msgspec.Struct, frozen=True):
    """Why something of a job was refused."""

    name: str
    """The exception's name in EPCIS 2.0 (§8.1, §8.2.3), as `ValidationException`."""
    what: str
    event_id: str | None = None
    """Of the event that was refused, where one could be read."""
    where: str | None = None
    """Where in what came: its place, and the field."""
    rule: str | None = None
    remedy: str | None = None


class Job(msgspec.Struct, frozen=True, omit_defaults=True):
    """One capture, as it stands."""

    id: str
    """What the ledger's entries of this capture call their job."""
    created: int
    """When it came, in microseconds since 1970 UTC."""
    all_or_nothing: bool
    """Whether one refusal refuses all (`rollback`), or the rest is kept (`proceed`)."""
    author: str
    finished: int | None = None
    """When it ended; None while it runs."""
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    position: int | None = None
    """The ledger's, once something of it was committed."""
    errors: tuple[JobError, ...] = ()
    """The first of them; `rejected` counts all events that were refused."""
    warnings: tuple[JobWarning, ...] = ()
    """The first of them."""

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self.finished is None

    @property
    def success(self) -> bool:
        """Whether no error occurred so far."""
        return not self.errors and not self.rejected
