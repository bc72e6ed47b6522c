"""The job port on SQLite. In: jobs. Out: each as it was put last."""

from __future__ import annotations

from engine.job import Job
from engine.stores.queries import load_queries
from engine.stores.rows import job_content, job_of
from engine.stores.sqlite.session import Session

_SQL = load_queries(__package__, "jobs.sql")


class SqliteJobs:
    """Jobs in the table `job`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, job: Job) -> None:
        """Keep a job as it stands."""
        self._session.run(_SQL["put"], (job.id, job.created, job.finished, job_content(job)))

    def get(self, job_id: str) -> Job | None:
        """A job by its id."""
        content: bytes | None = self._session.value(_SQL["get"], (job_id,))
        return None if content is None else job_of(content)

    def newest(self, limit: int, before: Job | None = None) -> list[Job]:
        """The newest first."""
        if before is None:
            rows = self._session.rows(_SQL["newest"], {"limit": limit})
        else:
            bounds = {"created": before.created, "id": before.id, "limit": limit}
            rows = self._session.rows(_SQL["newest_before"], bounds)
        return [job_of(content) for (content,) in rows]

    def unfinished(self) -> list[Job]:
        """Those that have not ended."""
        return [job_of(content) for (content,) in self._session.rows(_SQL["unfinished"])]
