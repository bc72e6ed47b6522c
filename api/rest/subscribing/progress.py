"""How a subscription gets on (EPCIS 2.0 §8.2.5). In: a subscription, what became of a delivery. Out: how it stands."""

from __future__ import annotations

from http import HTTPStatus

import msgspec
from msgspec.structs import replace

from api.rest.subscribing.batches import MOST_EVENTS, Batch
from api.rest.subscribing.schedule import parse_schedule
from engine.subscription import Delivery, Lease, Subscription

SECOND = 1_000_000
"""In microseconds."""


class Pace(msgspec.Struct, frozen=True):
    """How long is waited, in seconds."""

    between_looks: float = 0.5
    lease: float = 60.0
    """Longer than an answer may take: then somebody else goes on."""
    first_retry: float = 1.0
    longest_retry: float = 3_600.0
    """Each wait is twice the one before, up to this one; a receiver that stays down is never given up."""
    stop: float = 5.0
    """What deliveries at work may take once the server stops."""

    def retry(self, failures: int) -> int:
        """How long is waited after so many failures, in microseconds."""
        return round(min(self.longest_retry, self.first_retry * 2.0 ** min(failures - 1, 60)) * SECOND)


USUAL = Pace()


def begun(one: Subscription, batch: Batch, new_id: str, lease: Lease) -> Subscription:
    """A delivery is sent under a lease; one that was begun before keeps its id."""
    return replace(one, delivery=batch.covers, delivery_id=one.delivery_id or new_id, lease=lease)


def passed_over(one: Subscription, covers: Delivery, now: int) -> Subscription:
    """Nothing is new to it up to a position; of a stream no execution, since when that is tells how much is hidden."""
    return replace(
        one,
        position=covers.upto,
        delivery=None,
        delivery_id=None,
        lease=None,
        due=_next_due(one, now),
        executed=one.executed if one.schedule is None else covers.executed,
    )


def taken(one: Subscription, batch: Batch, now: int) -> Subscription:
    """The receiver took a delivery; of a schedule the rest follows at once, what is new then at the next query time."""
    return replace(
        one,
        position=batch.covers.upto,
        delivery=None,
        delivery_id=None,
        lease=None,
        due=0 if batch.covers.more else _next_due(one, now),
        batch=min(MOST_EVENTS, 2 * one.batch),
        last_notified=now,
        executed=one.executed if batch.covers.more else batch.covers.executed,
        failures=0,
        failed=None,
    )


def not_taken(one: Subscription, batch: Batch, status: int | None, why: str, now: int, pace: Pace) -> Subscription:
    """It will be sent once more, later; in smaller documents where it was too large (413)."""
    too_large = status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and len(batch.events) > 1
    waiting = put_off(one, why, now, pace)
    if too_large:
        return replace(waiting, delivery=None, delivery_id=None, batch=len(batch.events) // 2)
    return waiting


def put_off(one: Subscription, why: str, now: int, pace: Pace) -> Subscription:
    """It is looked at again later."""
    failures = one.failures + 1
    return replace(one, lease=None, due=now + pace.retry(failures), failures=failures, failed=why)


def _next_due(one: Subscription, now: int) -> int:
    """Its next query time; of a stream: at any time."""
    return 0 if one.schedule is None else parse_schedule(one.schedule, now).after(now) or 0
