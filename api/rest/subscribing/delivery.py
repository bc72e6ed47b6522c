"""One delivery to a subscriber (EPCIS 2.0 §8.2.5, §12). In: a subscription. Out: a document posted to its `dest`.

It goes so: read what is new after the subscription's position; write down which events these are, and who sends them
until when (a lease); send; write down what became of it. Each write is refused if the subscription changed since it
was read. So one process at a time sends, another goes on where one died, and what may have arrived when one died is
sent once more as the very same delivery, under the same `Idempotency-Key`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from api.http.webhook import SIGNATURE, Undelivered, Webhooks, signature
from api.rest.documents import query_content
from api.rest.negotiation import COMMON, EpcFormat, MediaType
from api.rest.spelling import Form
from api.rest.subscribing import progress
from api.rest.subscribing.batches import Batch, States, next_batch, same_batch, sought_by
from api.rest.subscribing.progress import SECOND, Pace
from api.settings import new_id, now
from engine.stores.ports import Store
from engine.subscription import Delivery, Lease, Subscription
from graph_schema.errors import InvalidInput, StoreBusy, StoreError
from loaders.xml_writer import CbvForm

_LOG = logging.getLogger("suyuan.deliveries")
PASSED_OVER = 1_000
"""Positions that hold nothing for a stream before that is written down: until then this process alone knows."""

Sees = Callable[[str], States | None]
"""The states that an owner sees, by their name; None for who is sent nothing any more."""

Change = Callable[[int], Subscription]
"""A subscription as it is to stand from a time on."""


class Deliverer:
    """What one process sends."""

    def __init__(self, store: Store, sees: Sees, webhooks: Webhooks, pace: Pace) -> None:
        self._store = store
        self._sees = sees
        self._webhooks = webhooks
        self._pace = pace
        self._holder = new_id()
        self._empty_upto: dict[str, int] = {}

    def with_work(self, due: list[Subscription], head: int) -> list[Subscription]:
        """Those, of all that are due, to which there may be something to send."""
        self._empty_upto = {one.id: self._empty_upto.get(one.id, 0) for one in due}
        return [one for one in due if self._has_work(one, head) and self._sees(one.owner) is not None]

    def _has_work(self, one: Subscription, head: int) -> bool:
        known_empty = max(one.position, self._empty_upto[one.id])
        return one.schedule is not None or one.delivery is not None or head > known_empty

    async def deliver(self, subscription_id: str) -> bool:
        """Send the next document; whether more follows at once."""
        prepared = await asyncio.to_thread(self._prepare, subscription_id)
        if prepared is None:
            return False
        begun, batch = prepared
        status, why = await self._send(begun, batch)
        if status is not None and status // 100 == 2:
            await asyncio.to_thread(self._end, begun, partial(progress.taken, begun, batch))
            return batch.covers.more
        failed = partial(progress.not_taken, begun, batch, status, why)
        await asyncio.to_thread(self._end, begun, lambda at: failed(at, self._pace))
        return False

    def put_off(self, subscription_id: str) -> None:
        """After an error of our own."""
        why = "Suyuan met an error of its own"
        with suppress(StoreError), self._store.transaction() as transaction:
            if (one := transaction.subscriptions.get(subscription_id)) is not None:
                transaction.subscriptions.put(progress.put_off(one, why, now(), self._pace))

    def _prepare(self, subscription_id: str) -> tuple[Subscription, Batch] | None:
        """What is to be sent, now that we send it; None where there is nothing, or another process was first."""
        with self._store.snapshot() as snapshot:
            one = snapshot.subscriptions.get(subscription_id)
            query = None if one is None else snapshot.queries.get(one.query)
        if one is None or query is None or one.due > now() or (one.lease is not None and one.lease.until > now()):
            return None
        if (states := self._sees(one.owner)) is None:
            return None
        batch = _batch(states, one, query.definition)
        if not batch.events and not (one.schedule is not None and one.report_if_empty):
            self._pass_over(one, batch.covers)
            return None
        begun = self._change(one, lambda at: progress.begun(one, batch, new_id(), self._lease(at)))
        return None if begun is None else (begun, batch)

    def _lease(self, at: int) -> Lease:
        return Lease(self._holder, at + round(self._pace.lease * SECOND))

    def _pass_over(self, one: Subscription, covers: Delivery) -> None:
        if one.schedule is None and covers.upto - one.position < PASSED_OVER:
            self._empty_upto[one.id] = covers.upto
        else:
            self._change(one, lambda at: progress.passed_over(one, covers, at))

    async def _send(self, one: Subscription, batch: Batch) -> tuple[int | None, str]:
        """The status of the answer, and what to tell of one that is no success."""
        content = query_content(batch.events, one.query, MediaType(one.media), one.id)
        try:
            status = await self._webhooks.post(one.dest, content, _headers(one, content))
        except InvalidInput as error:
            return None, error.what
        except Undelivered as error:
            return None, str(error)
        redirected = " (redirects are not followed)" if status // 100 == 3 else ""
        return status, f"it answered {status}{redirected}"

    def _end(self, begun: Subscription, change: Change) -> None:
        """Write down what became of a delivery, however long others write, as long as it is ours."""
        while True:
            try:
                if self._change(begun, change) is None:
                    _LOG.warning("subscription %s changed while it was served", begun.id)
                return
            except StoreBusy:
                if begun.lease is None or begun.lease.until < now():
                    raise

    def _change(self, before: Subscription, change: Change) -> Subscription | None:
        """A subscription as it is from now on; None, and nothing is written, where it is not as we knew it."""
        with self._store.transaction() as transaction:
            if transaction.subscriptions.get(before.id) != before:
                return None
            after = change(now())
            transaction.subscriptions.put(after)
        return after


def _batch(states: States, one: Subscription, definition: bytes) -> Batch:
    """What is new to it, or what may have been sent already."""
    sought = sought_by(definition, _form(one), one.initial_record_time)
    if one.delivery is None:
        return next_batch(states, sought, one.position, one.batch)
    return same_batch(states, sought, one.position, one.delivery, one.batch)


def _form(one: Subscription) -> Form:
    """What its subscriber asked for."""
    return Form(EpcFormat(one.form), CbvForm(one.words), MediaType(one.media))


def _headers(one: Subscription, content: bytes) -> dict[str, str]:
    form, signed = _form(one), {}
    if one.signature_token is not None:
        signed[SIGNATURE] = signature(one.signature_token, content, now() // SECOND)
    return {
        "Content-Type": form.media.value,
        "User-Agent": COMMON["GS1-Vendor-Version"].replace(" ", "/"),
        "Idempotency-Key": f'"{one.delivery_id}"',
        **form.headers(form.epcs),
        **COMMON,
        **signed,
    }
