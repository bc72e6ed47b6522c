"""What holds for the kin port of every store."""

from __future__ import annotations

import msgspec

from engine.stores.ports import Holder, KinPort, Offer, Origin, Store
from graph_schema.interval import Interval
from tests.stores.contract import Contract
from tests.stores.examples import item, vertex

LOT, CLASS = "https://id.gs1.org/01/09521321000003/10/A", "https://id.gs1.org/01/09521321000003"
HERE, THERE = "https://id.gs1.org/414/9521321000010", "https://id.gs1.org/414/9521321000027"


def offer(number: int, site: str | None = HERE, origin: Origin = Origin.TOLD) -> Offer:
    """A holding since a time by its number."""
    return Offer(vertex(number).id, site, Interval(number, number + 1), f"urn:event:{number}", origin)


def holder(owner: int, *offers: Offer, last: int = 0, left: frozenset[str] = frozenset()) -> Holder:
    """What an instance offers to its lot and class."""
    return Holder(item(owner), (LOT, CLASS), offers, last, left)


def tell(store: Store, *holders: Holder) -> None:
    """One transaction."""
    with store.transaction() as writing:
        writing.kin.tell(holders)


def ordered(offers: list[Offer]) -> list[Offer]:
    """Offers in an order of their own."""
    return sorted(offers, key=lambda one: (one.time, one.site or ""))


class KinContract(Contract):
    """What narrower items hold that wider ones may be named for."""

    def test_offers_are_those_of_all_that_is_narrower_each_once(self, store: Store) -> None:
        """Companions share a holding; an unknown place is kept as such; every wider item has them."""
        shared = offer(1)
        nowhere = offer(2, None)
        tell(store, holder(1, shared, nowhere), holder(2, shared, offer(3, THERE, Origin.SOUGHT)))
        with store.snapshot() as reading:
            for wider in (LOT, CLASS):
                assert ordered(reading.kin.offers(wider)) == [shared, nowhere, offer(3, THERE, Origin.SOUGHT)]
            assert reading.kin.offers(item(1)) == reading.kin.offers("urn:unknown") == []

    def test_the_first_offer_at_a_site(self, store: Store) -> None:
        """Of all, of those whose arrival is not told, and at an unknown place; none: nothing."""
        tell(store, holder(1, offer(5), offer(7, HERE, Origin.UNTOLD), offer(9, HERE, Origin.SOUGHT), offer(3, None)))
        with store.snapshot() as reading:
            asked = [(LOT, HERE), (LOT, None), (LOT, THERE), ("urn:unknown", HERE)]
            assert reading.kin.since(asked) == {(LOT, HERE): 5, (LOT, None): 3}
            assert reading.kin.since(asked, untold=True) == {(LOT, HERE): 7}
            assert reading.kin.since([]) == {}

    def test_offers_whose_origin_is_sought(self, store: Store) -> None:
        """At some sites or at all; those that an item tells of by itself are not among them."""
        here, there = offer(1, HERE, Origin.SOUGHT), offer(2, THERE, Origin.SOUGHT)
        tell(store, holder(1, here, there, offer(3, HERE, Origin.UNTOLD)))
        with store.snapshot() as reading:
            assert reading.kin.sought(LOT, [HERE]) == [here]
            assert ordered(reading.kin.sought(LOT)) == [here, there]
            assert reading.kin.sought(LOT, []) == []

    def test_who_began_to_offer_within_a_time_or_has_some_left(self, store: Store) -> None:
        """Both bounds count; an unknown place is every site; what is left is left at one site."""
        left = holder(4, offer(1, THERE), left=frozenset({THERE}))
        tell(store, holder(1, offer(5)), holder(2, offer(6, None)), holder(3, offer(9, THERE)), left)
        with store.snapshot() as reading:
            assert asked(reading.kin, HERE, 5, 6) == {item(1), item(2)}
            assert asked(reading.kin, HERE, 6, 8) == {item(2)}
            assert asked(reading.kin, THERE, 7, 8) == {item(4)}
            assert reading.kin.holders("urn:unknown", HERE, Interval()) == set()

    def test_who_had_records_from_a_time_on(self, store: Store) -> None:
        """The last record counts, wherever it was."""
        tell(store, holder(1, offer(1), last=10), holder(2, offer(2), last=20))
        with store.snapshot() as reading:
            assert [reading.kin.recorded(LOT, since) for since in (10, 11, 21)] == [
                {item(1), item(2)},
                {item(2)},
                set(),
            ]

    def test_what_is_told_takes_the_place_of_what_was(self, store: Store) -> None:
        """An item tells all it has; others keep theirs."""
        tell(store, holder(1, offer(1), last=9, left=frozenset({HERE})), holder(2, offer(2), last=9))
        tell(store, holder(1, offer(3, THERE), last=4))
        tell(store, msgspec.structs.replace(holder(1, offer(3, THERE), last=4), wider=(CLASS,)))
        with store.snapshot() as reading:
            assert reading.kin.offers(LOT) == [offer(2)]
            assert ordered(reading.kin.offers(CLASS)) == [offer(2), offer(3, THERE)]
            assert reading.kin.recorded(CLASS, 5) == asked(reading.kin, HERE, 0, 9) == {item(2)}

    def test_what_is_cleared_offers_nothing(self, store: Store) -> None:
        """Before a rebuild all is forgotten; what is told afterwards in the same transaction stands."""
        tell(store, holder(1, offer(1)), holder(2, offer(2), left=frozenset({HERE})))
        with store.transaction() as writing:
            writing.kin.clear()
            writing.kin.tell([holder(3, offer(5))])
        with store.snapshot() as reading:
            assert reading.kin.offers(LOT) == [offer(5)]
            assert reading.kin.holders(LOT, HERE, Interval(0, 9)) == {item(3)}


def asked(kin: KinPort, site: str, first: int, last: int) -> set[str]:
    """Who offered the class there."""
    return kin.holders(CLASS, site, Interval(first, last))
