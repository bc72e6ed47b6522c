"""What holds for the capture jobs of every store."""

from __future__ import annotations

import msgspec
import pytest

from engine.job import Job, JobError
from engine.stores.ports import Store
from tests.stores.contract import Contract, Place


def job(number: int, created: int = 0) -> Job:
    """A job that runs."""
    return Job(f"urn:uuid:{number:032x}", created or number, all_or_nothing=bool(number % 2), author="dairy")


def put(store: Store, *jobs: Job) -> None:
    """One transaction."""
    with store.transaction() as writing:
        for one in jobs:
            writing.jobs.put(one)


def _fail(store: Store, one: Job) -> None:
    with store.transaction() as writing:
        writing.jobs.put(one)
        raise ZeroDivisionError


class JobContract(Contract):
    """Capture jobs, each as it was put last."""

    def test_a_job_is_read_as_it_was_put_last(self, store: Store) -> None:
        """Whole, with its errors; one that nobody put is none."""
        error = JobError("ValidationException", "no time — 没有时间", "urn:e", "event 3, /eventTime", "§7.4", "Add it.")
        ended = msgspec.structs.replace(
            job(1), finished=9, accepted=2, duplicates=1, rejected=1, position=7, errors=(error,)
        )
        put(store, job(1))
        with store.snapshot() as reading:
            assert reading.jobs.get(job(1).id) == job(1)
        put(store, ended)
        with store.snapshot() as reading:
            assert reading.jobs.get(ended.id) == ended
            assert reading.jobs.get("urn:nobody") is None
            assert reading.jobs.newest(5) == [ended]

    def test_the_newest_come_first_and_go_on_where_a_page_ended(self, store: Store) -> None:
        """In order of creation, and of id where several were created at once; every page of any size is a cut."""
        put(store, *[job(number, created=5 if 2 <= number <= 4 else number) for number in range(1, 8)])
        with store.snapshot() as reading:
            whole = reading.jobs.newest(100)
            assert [(one.created, one.id) for one in whole] == sorted(((j.created, j.id) for j in whole), reverse=True)
            for size in (1, 2, 3):
                pages, last = [], None
                while page := reading.jobs.newest(size, last):
                    pages += page
                    last = page[-1]
                assert pages == whole
            assert reading.jobs.newest(0) == []

    def test_those_that_run_are_known(self, store: Store) -> None:
        """Until they end, the newest first."""
        put(store, job(1), job(2), job(3))
        put(store, msgspec.structs.replace(job(2), finished=4))
        with store.snapshot() as reading:
            assert reading.jobs.unfinished() == [job(3), job(1)]

    def test_a_job_of_a_transaction_that_failed_is_not_kept(self, store: Store) -> None:
        """It is written with what it tells of, or not at all."""
        with pytest.raises(ZeroDivisionError):
            _fail(store, job(1))
        with store.snapshot() as reading:
            assert reading.jobs.get(job(1).id) is None

    def test_jobs_stay_when_a_store_is_opened_again(self, place: Place) -> None:
        """They are part of the state."""
        first = place()
        put(first, job(1))
        first.close()
        second = place()
        with second.snapshot() as reading:
            assert reading.jobs.get(job(1).id) == job(1)
        second.close()
