"""What holds for the subscriptions of every store."""

from __future__ import annotations

import msgspec
import pytest

from engine.stores.ports import Store
from engine.subscription import Delivery, Lease, Subscription
from tests.stores.contract import Contract, Place

FIRST = (0, "")


def subscription(number: int, **fields: object) -> Subscription:
    """A subscription to everything new."""
    made = Subscription(f"{number:036d}", "q", "dairy", number, "https://example.org/", 0, 0, 100, "Never_Translates")
    return msgspec.structs.replace(made, **fields)


def put(store: Store, *subscriptions: Subscription) -> None:
    """One transaction."""
    with store.transaction() as writing:
        for one in subscriptions:
            writing.subscriptions.put(one)


def _fail(store: Store, one: Subscription) -> None:
    with store.transaction() as writing:
        writing.subscriptions.put(one)
        raise ZeroDivisionError


WHOLE = subscription(
    1,
    media="application/xml",
    words="Always_URN",
    schedule={"minute": "5"},
    report_if_empty=True,
    initial_record_time=3,
    signature_token="奶",  # noqa: S106 - nobody's
    position=7,
    delivery=Delivery(9, 12, more=True, executed=6),
    delivery_id="d",
    lease=Lease("somebody", 99),
    last_notified=8,
    executed=5,
    failures=2,
    failed="it answered 500",
)


class SubscriptionContract(Contract):
    """Subscriptions, each as it was put last."""

    def test_a_subscription_is_read_as_it_was_put_last(self, store: Store) -> None:
        """Whole; one that nobody put is none."""
        put(store, subscription(1))
        with store.snapshot() as reading:
            assert reading.subscriptions.get(WHOLE.id) == subscription(1)
        put(store, WHOLE)
        with store.transaction() as writing:
            assert writing.subscriptions.get(WHOLE.id) == WHOLE
            assert writing.subscriptions.get("none") is None
            assert writing.subscriptions.after("dairy", "q", FIRST, 9) == [WHOLE]

    def test_an_owner_s_are_listed_and_counted(self, store: Store) -> None:
        """Theirs to one query, in order of creation and of id; every page of any size is a cut."""
        put(store, *(subscription(number, created=5 if 2 <= number <= 4 else number) for number in (3, 1, 4, 2, 7)))
        put(store, subscription(8, owner="farm"), subscription(9, query="other"))
        with store.snapshot() as reading:
            whole = reading.subscriptions.after("dairy", "q", FIRST, 99)
            assert [int(one.id) for one in whole] == [1, 2, 3, 4, 7]
            for size in (1, 2, 3):
                pages, last = [], FIRST
                while page := reading.subscriptions.after("dairy", "q", last, size):
                    pages += page
                    last = page[-1].created, page[-1].id
                assert pages == whole
            assert [reading.subscriptions.count(owner) for owner in ("dairy", "farm", "nobody")] == [6, 1, 0]

    def test_those_are_due_whose_time_has_come_and_that_nobody_holds(self, store: Store) -> None:
        """The one that was due first comes first; what somebody holds is due again once that ended."""
        put(store, subscription(1, due=6), subscription(2, due=5), subscription(3, due=9))
        put(store, subscription(4, lease=Lease("a", 7)), subscription(5, lease=Lease("b", 6)))
        with store.snapshot() as reading:
            for at, wanted in ((5, [2]), (6, [5, 2, 1]), (8, [4, 5, 2, 1]), (9, [4, 5, 2, 1, 3])):
                assert [int(one.id) for one in reading.subscriptions.due(at)] == wanted

    def test_a_subscription_is_removed(self, store: Store) -> None:
        """By its id, once; or with all to its query."""
        put(store, *map(subscription, (1, 2, 3)), subscription(4, query="other"), subscription(5, owner="farm"))
        with store.transaction() as writing:
            one = subscription(1).id
            assert [writing.subscriptions.remove(one), writing.subscriptions.remove(one)] == [True, False]
            writing.subscriptions.remove_all("q")
        with store.snapshot() as reading:
            assert [int(left.id) for left in reading.subscriptions.due(99)] == [4]

    def test_a_subscription_of_a_transaction_that_failed_is_not_kept(self, store: Store) -> None:
        """All or nothing."""
        with pytest.raises(ZeroDivisionError):
            _fail(store, subscription(1))
        with store.snapshot() as reading:
            assert reading.subscriptions.due(99) == []

    def test_subscriptions_stay_when_a_store_is_opened_again(self, place: Place) -> None:
        """They are part of the state."""
        first = place()
        put(first, WHOLE)
        first.close()
        second = place()
        with second.snapshot() as reading:
            assert reading.subscriptions.get(WHOLE.id) == WHOLE
        second.close()
