"""Capture jobs of the schema. In: a `Job`. Out: GraphQL types (contract)."""

from __future__ import annotations

import strawberry
from strawberry import ID

from api.graphql.scalars import BigInt
from api.graphql.things import moment_of
from api.graphql.told import told
from engine.job import Job, JobError, JobWarning
from graph_schema.interval import Interval as Moment


@strawberry.type(description="Why an event of a capture was refused, or why the capture could not be ended.")
class CaptureError:
    """An error of a job."""

    name: str = told("The exception as EPCIS 2.0 names it: ValidationException, ImplementationException.")
    what: str = told("What is wrong.")
    event: ID | None = told("The event that was refused, where its id could be read.")
    where: str | None = told("Where in the document: the event's place, and the field.")
    rule: str | None = told("The rule that it breaks.")
    remedy: str | None = told("What to do.")

    @classmethod
    def of(cls, error: JobError) -> CaptureError:
        """As the job keeps it."""
        event = None if error.event_id is None else ID(error.event_id)
        return cls(
            name=error.name, what=error.what, event=event, where=error.where, rule=error.rule, remedy=error.remedy
        )


@strawberry.type(description="What is odd in something that a capture kept, or what it left out of master data.")
class CaptureWarning:
    """A warning of a job."""

    what: str = told("What is odd.")
    event: ID | None = told("The event, where it is of one.")
    where: str | None = told("Where in the document: the event's place, and the field.")
    rule: str | None = told("The rule that it breaks.")
    remedy: str | None = told("What to do.")

    @classmethod
    def of(cls, warning: JobWarning) -> CaptureWarning:
        """As the job keeps it."""
        event = None if warning.event_id is None else ID(warning.event_id)
        return cls(what=warning.what, event=event, where=warning.where, rule=warning.rule, remedy=warning.remedy)


@strawberry.type(description="A capture: what came in at once, and what became of it.")
class CaptureJob:
    """A capture job."""

    id: ID = told("Its id; what the ledger's entries of this capture call their job.")
    created: Moment | None = told("When it came.")
    finished: Moment | None = told("When it ended; null while it runs.")
    running: bool = told("Whether it has not ended.")
    success: bool = told("Whether no error occurred so far.")
    all_or_nothing: bool = told("Whether one refusal refuses all.")
    accepted: int = told("Events that were accepted so far.")
    duplicates: int = told("Events that were there already.")
    rejected: int = told("Events that were refused.")
    position: BigInt | None = told("The ledger's position, once something was committed.")
    errors: list[CaptureError] = told("Why events were refused: the first hundred.")
    warnings: list[CaptureWarning] = told("What is odd in what was kept, or was left out: the first hundred.")

    @classmethod
    def of(cls, job: Job) -> CaptureJob:
        """As it stands."""
        return cls(
            id=ID(job.id),
            created=moment_of(job.created),
            finished=moment_of(job.finished),
            running=job.running,
            success=job.success,
            all_or_nothing=job.all_or_nothing,
            accepted=job.accepted,
            duplicates=job.duplicates,
            rejected=job.rejected,
            position=None if job.position is None else BigInt(job.position),
            errors=list(map(CaptureError.of, job.errors)),
            warnings=list(map(CaptureWarning.of, job.warnings)),
        )
