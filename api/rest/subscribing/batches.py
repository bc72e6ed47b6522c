"""What one document of a subscription holds. In: states, what is sought, positions. Out: `Batch`.

Each covers the positions after the last one up to where it is full, or to the head of the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, closing

import msgspec

from api.rest.problems import EpcisException, RestProblem
from api.rest.query.event_query import ORDERING, EventQuery, parse_query
from api.rest.query.json_query import parameters_of_json
from api.rest.query.new_events import events_between
from api.rest.spelling import Form, Spelling
from api.settings import now
from engine.stores.ports import Snapshot
from engine.subscription import Delivery

MOST_EVENTS = 500
"""Events of one document, unless the receiver asks for fewer."""
MOST_BYTES = 4_000_000
"""Bytes of the events of one document; a single larger event still goes."""
LOOKED_AT = 20_000
"""Entries that are looked at in one committed state: none is held open for long."""


States = Callable[[], AbstractContextManager[Snapshot]]
"""Committed states, without what is hidden from whom it is for."""


class Sought(msgspec.Struct, frozen=True):
    """What is sought, and how it is written."""

    query: EventQuery
    form: Form
    recorded_since: int | None
    """Where it is given: what was recorded before is not sought."""


class Batch(msgspec.Struct, frozen=True):
    """Some events, and which positions they are all of."""

    events: list[bytes]
    """As they are sent."""
    covers: Delivery


def sought_by(definition: bytes, form: Form, recorded_since: int | None) -> Sought:
    """What a named query seeks; a problem where it orders or counts, since what is new comes as it was accepted."""
    parameters = parameters_of_json(definition)
    for name in ORDERING:
        if name in parameters:
            what = f"the query has {name}, and what is new to it comes in the order in which it was accepted"
            remedy = f"Subscribe to a query without {name}."
            raise RestProblem(400, EpcisException.SUBSCRIPTION_CONTROLS, what, remedy)
    return Sought(parse_query(parameters), form, recorded_since)


def start_of(state: Snapshot, recorded_since: int | None) -> int:
    """The position behind which a subscription begins: the head, or before what was recorded since a time."""
    first = None if recorded_since is None else state.events.accepted_since(recorded_since)
    return state.ledger.head().position if first is None else first - 1


def next_batch(states: States, sought: Sought, after: int, most: int = MOST_EVENTS) -> Batch:
    """What comes after a position."""
    executed = now()
    with states() as state:
        head = state.ledger.head().position
    return _batch(states, sought, after, Delivery(head, head, executed=executed), most)


def same_batch(states: States, sought: Sought, after: int, delivery: Delivery, most: int) -> Batch:
    """What was or may have been sent: the very same events."""
    return _batch(states, sought, after, delivery, most)


def _batch(states: States, sought: Sought, after: int, span: Delivery, most: int) -> Batch:
    events: list[bytes] = []
    size = 0
    with closing(_written(states, sought, after, span)) as written:
        for seq, text in written:
            size += len(text)
            if events and (len(events) == most or size > MOST_BYTES):
                return Batch(events, Delivery(seq - 1, span.known_at, more=True, executed=span.executed))
            events.append(text)
    return Batch(events, span)


def _written(states: States, sought: Sought, after: int, span: Delivery) -> Generator[tuple[int, bytes]]:
    """Sequence numbers, and events as they are sent; a piece of the ledger at a time."""
    while after < span.upto:
        last = min(span.upto, after + LOOKED_AT)
        with states() as state:
            spelling = Spelling(sought.form, state)
            for entry in events_between(state, sought.query, after, last, span.known_at):
                if sought.recorded_since is None or entry.capture.accepted >= sought.recorded_since:
                    yield entry.seq, spelling.written(entry.event)
        after = last
