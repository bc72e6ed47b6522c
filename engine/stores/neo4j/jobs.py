"""The job port on Neo4j. In: jobs. Out: each as it was put last.

A job waits for the last of the server's transactions, so that it never tells of a write that was broken off.
"""

from __future__ import annotations

from engine.job import Job
from engine.stores.neo4j.session import NEWEST, Session
from engine.stores.queries import load_queries
from engine.stores.rows import job_content, job_of

_CYPHER = load_queries(__package__, "jobs.cypher")
_RUNNING = -1


class Neo4jJobs:
    """Jobs as nodes `Job`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: dict[str, Job] = {}

    def put(self, job: Job) -> None:
        """Keep a job as it stands."""
        self._waiting[job.id] = job

    def flush(self) -> None:
        """Write what waits."""
        for job in self._waiting.values():
            self._write(job)
        self._waiting.clear()

    def _write(self, job: Job) -> None:
        finished = _RUNNING if job.finished is None else job.finished
        self._session.run(_CYPHER["put"], id=job.id, created=job.created, finished=finished, content=job_content(job))

    def get(self, job_id: str) -> Job | None:
        """A job by its id."""
        self.flush()
        content: bytes | None = self._session.value(_CYPHER["get"], id=job_id)
        return None if content is None else job_of(content)

    def newest(self, limit: int, before: Job | None = None) -> list[Job]:
        """The newest first."""
        self.flush()
        created, job_id = (NEWEST, "") if before is None else (before.created, before.id)
        rows = self._session.rows(_CYPHER["newest"], created=created, id=job_id, limit=limit)
        return [job_of(content) for (content,) in rows]

    def unfinished(self) -> list[Job]:
        """Those that have not ended."""
        self.flush()
        return [job_of(content) for (content,) in self._session.rows(_CYPHER["unfinished"])]
