"""Deliveries of one process, in a thread of their own. In: a store. Out: whatever is due is sent, until the end.

The store is looked at twice a second: other processes capture events too. Each subscription is served by one task at
a time, so that what is new to it comes in order, and a slow receiver keeps no other waiting.
"""

from __future__ import annotations

import asyncio
import logging
import threading

from api.http.webhook import Webhooks
from api.rest.subscribing.delivery import Deliverer, Sees
from api.rest.subscribing.progress import USUAL, Pace
from api.settings import now
from engine.stores.ports import Store
from engine.subscription import Subscription
from graph_schema.errors import StoreError

_LOG = logging.getLogger("suyuan.deliveries")
AT_ONCE = 16
"""Documents on the way at one time."""


class Deliveries:
    """Sends, while it is entered, to each owner what that one sees."""

    def __init__(self, store: Store, sees: Sees, webhooks: Webhooks, pace: Pace = USUAL) -> None:
        self._store = store
        self._deliverer = Deliverer(store, sees, webhooks, pace)
        self._pace = pace
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="deliveries")

    def __enter__(self) -> Deliveries:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    async def _run(self) -> None:
        """Look for what is due; at the end, let what is on the way arrive."""
        slots = asyncio.Semaphore(AT_ONCE)
        working: dict[str, asyncio.Task[None]] = {}
        while not await asyncio.to_thread(self._stopping.wait, self._pace.between_looks):
            working = {name: task for name, task in working.items() if not task.done()}
            for one in await asyncio.to_thread(self._look):
                if one.id not in working:
                    working[one.id] = asyncio.create_task(self._serve(one.id, slots))
        if working:
            _, late = await asyncio.wait(working.values(), timeout=self._pace.stop)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _look(self) -> list[Subscription]:
        """Those for which there is or may be something to do."""
        try:
            with self._store.snapshot() as snapshot:
                due = snapshot.subscriptions.due(now())
                head = snapshot.ledger.head().position if due else 0
        except StoreError as error:
            _LOG.warning("the store does not answer, and is asked again: %s", error.what)
        except Exception:  # noqa: BLE001 - whatever it is, it is not for ever
            _LOG.exception("what is due could not be read")
        else:
            return self._deliverer.with_work(due, head)
        return []

    async def _serve(self, subscription_id: str, slots: asyncio.Semaphore) -> None:
        """One document after another, while there are more."""
        more = True
        while more and not self._stopping.is_set():
            async with slots:
                more = await self._deliver(subscription_id)

    async def _deliver(self, subscription_id: str) -> bool:
        try:
            return await self._deliverer.deliver(subscription_id)
        except StoreError as error:
            _LOG.warning("subscription %s: the store does not answer: %s", subscription_id, error.what)
        except Exception:  # noqa: BLE001 - whatever it is, the others are served
            _LOG.exception("subscription %s could not be served", subscription_id)
            await asyncio.to_thread(self._deliverer.put_off, subscription_id)
        return False
