"""What is told as it changes (contract). In: what to watch. Out: values over graphql-transport-ws, each only if new.

The ledger is looked at twice a second. What a value's fields need is read from the state that it is of.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import ExitStack
from typing import Annotated, TypeVar

import strawberry
from strawberry import ID, Info

from api.graphql.asking import Asking
from api.graphql.captured import CaptureJob
from api.graphql.inputs import SeedInput, TraceOptions
from api.graphql.query import ledger_of, question_of
from api.graphql.recalled import Recalled, RecallScope
from api.graphql.serving import Serving, principal_of, serving
from api.graphql.things import Ledger
from api.graphql.told import watched
from api.principals import Principal
from api.rights.recalled import ShownScope
from engine.answer import Direction
from engine.answer_json import as_json
from engine.job import Job
from engine.question import Question
from graph_schema.errors import InvalidInput

PAUSE = 0.5
"""Seconds between two looks."""

_OF_THE_LEDGER = ("ledger", "hash")
"""What a scope tells of the ledger: it changes with every event, whether or not that is of the scope."""

Value = TypeVar("Value")


@strawberry.type(description="What is told as it changes.")
class Subscription:
    """Subscriptions."""

    @watched("A capture job now, whenever it gets on, and at its end, which is the last.")
    async def capture_job(
        self,
        info: Info,
        id: Annotated[ID, strawberry.argument(description="The job's id.")],  # noqa: A002 - the contract's name
    ) -> AsyncGenerator[CaptureJob, None]:
        """A job until its end."""
        async for job in changes(lambda: _job(serving(info), id, principal_of(info.context))):
            yield CaptureJob.of(job)
            if not job.running:
                return

    @watched("The ledger as it stands now, and whenever it has grown.")
    async def ledger(self, info: Info) -> AsyncGenerator[Ledger, None]:
        """Its head."""
        async for head in changes(lambda: _ledger(serving(info))):
            yield head

    @watched("A recall scope as it is now, and whenever new events change it.")
    async def scope_changed(
        self,
        info: Info,
        seeds: Annotated[list[SeedInput], strawberry.argument(description="Where the question starts.")],
        options: Annotated[TraceOptions | None, strawberry.argument(description="How it is asked.")] = None,
    ) -> AsyncGenerator[RecallScope, None]:
        """The scope of the newest state; its fields are read from that state, which stays open until they are told."""
        question = question_of(seeds, Direction.FORWARD, options)
        told: dict[str, object] = {}
        async for _ in changes(lambda: _position(serving(info))):
            with ExitStack() as held:
                asking, scope, now = await asyncio.to_thread(_scope, info, question, held)
                if now != told:
                    told = now
                    info.context["asking"] = asking
                    yield RecallScope(of=Recalled(scope, asking.whose))


async def changes(look: Callable[[], Value]) -> AsyncIterator[Value]:
    """What a look sees, whenever it is something else than the last time; looks are in threads of their own."""
    last: Value | None = None
    while True:
        seen = await asyncio.to_thread(look)
        if seen != last:
            last = seen
            yield seen
        await asyncio.sleep(PAUSE)


def _job(served: Serving, job_id: str, by: Principal | None) -> Job:
    job = served.captures.job(job_id, by)
    if job is None:
        raise InvalidInput(f"there is no capture job {job_id[:200]!r}", where="id", remedy="Give the id of a job.")
    return job


def _ledger(served: Serving) -> Ledger:
    with served.readings() as state:
        return ledger_of(Asking(state))


def _position(served: Serving) -> int:
    with served.readings() as state:
        return state.index.position


def _scope(info: Info, question: Question, held: ExitStack) -> tuple[Asking, ShownScope, dict[str, object]]:
    """A scope, what its fields are read through, and what of it is new where it differs."""
    served = serving(info)
    asking = served.asking(held.enter_context(served.readings()), info.context)
    scope = asking.recall_scope(question, None)
    told = as_json(scope.scope)
    return asking, scope, {name: value for name, value in told.items() if name not in _OF_THE_LEDGER}
