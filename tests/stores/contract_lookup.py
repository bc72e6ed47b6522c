"""What holds for the look-up of every store."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.stores.ports import Naming, Store
from graph_schema.event import Role, What
from tests.stores.contract import ON_EVERY_STORE, Contract
from tests.stores.examples import CAPTURE, event, item, part

LOT, CLASS = "https://id.gs1.org/01/09521321000003/10/A", "https://id.gs1.org/01/09521321000003"
ODD = ["", "'", '"', "%", "_", "a%", "a_", "a\0b", "a", "b", "b\0", "A", "ä", "溯源", "\U0001f9ea", "\U0010ffff", "\U0010ffff\U0010ffff", "\ud7ff", "\ue000", "x" * 5_000]  # fmt: skip # noqa: E501


def naming(store: Store, *items: str) -> list[int]:
    """The entries that name one of these."""
    with store.snapshot() as reading:
        return [entry.seq for entry in reading.lookup.entries_naming(items)]


class LookupContract(Contract):
    """What finds events, and what is known of things."""

    def test_entries_naming_an_item_in_any_role(self, store: Store) -> None:
        """Every role counts, each entry comes once, in order."""
        whats = tuple(What(item(number), role) for number, role in enumerate(Role))
        mixed = msgspec.structs.replace(event(1), whats=(*whats, What(item(0), Role.OUTPUT)))
        with store.transaction() as writing:
            writing.ledger.append([mixed, event(2, item(9)), event(3, item(0), item(1))], CAPTURE)
        for number, _ in enumerate(Role):
            assert naming(store, item(number)) == ([1, 3] if number < 2 else [1])
        assert naming(store, item(1), item(0), item(9), item(9)) == [1, 2, 3]

    def test_entries_of_a_transformation(self, store: Store) -> None:
        """Entries are found by their transformation id, alone or beside items."""
        with store.transaction() as writing:
            events = [
                event(1, item(1), transformation="urn:t:1"),
                event(2),
                event(3, transformation="urn:t:1"),
            ]
            writing.ledger.append(events, CAPTURE)
        assert naming(store, "urn:t:1") == [1, 3]
        assert naming(store, "urn:t:1", item(1), item(4)) == [1, 2, 3]

    def test_unknown_items_are_named_by_nothing(self, store: Store) -> None:
        """What no event names gives no entry; no item gives no entry."""
        with store.transaction() as writing:
            writing.ledger.append([event(1)], CAPTURE)
            writing.lookup.add_namings([Naming("urn:never", LOT, 1)])
        assert naming(store, "urn:unknown", "urn:never", LOT) == naming(store) == []

    def test_entries_naming_come_without_bodies(self, store: Store) -> None:
        """All of an entry is there but body and context."""
        with store.transaction() as writing:
            (given_entry,) = writing.ledger.append([event(1)], CAPTURE)
        bare = msgspec.structs.replace(event(1), body=b"", context=b"")
        with store.snapshot() as reading:
            assert reading.lookup.entries_naming([item(2)]) == [msgspec.structs.replace(given_entry, event=bare)]

    def test_many_items_at_once(self, store: Store) -> None:
        """A question of thousands of items is answered as one of each."""
        with store.transaction() as writing:
            writing.ledger.append([event(number) for number in range(500)], CAPTURE)
        assert naming(store, *map(item, range(5_000))) == [*range(1, 501)]

    def test_what_is_of_what(self, store: Store) -> None:
        """Both ways, one step, in order of key."""
        pairs = [Naming(item(2), LOT, 1), Naming(item(1), LOT, 2), Naming(LOT, CLASS, 2)]
        with store.transaction() as writing:
            writing.lookup.add_namings(pairs)
        with store.snapshot() as reading:
            assert reading.lookup.narrower([LOT]) == [pairs[1], pairs[0]]
            assert reading.lookup.narrower([CLASS, LOT, item(1), "urn:unknown"]) == pairs[::-1]
            assert reading.lookup.wider([item(1), item(2), item(2)]) == [pairs[1], pairs[0]]
            assert reading.lookup.wider([LOT]) == [pairs[2]]
            assert reading.lookup.wider([CLASS]) == reading.lookup.narrower([]) == []

    def test_a_naming_is_kept_with_its_first_entry(self, store: Store) -> None:
        """The same pair again changes nothing, whichever order it comes in."""
        for seqs in ([5, 3], [4]):
            with store.transaction() as writing:
                writing.lookup.add_namings([Naming(item(1), LOT, seq) for seq in seqs])
        with store.snapshot() as reading:
            assert reading.lookup.narrower([LOT]) == [Naming(item(1), LOT, 3)]

    def test_items_that_begin_with_a_text(self, store: Store) -> None:
        """Keys in order, up to a limit; only what events name as items."""
        with store.transaction() as writing:
            events = [event(1, LOT, CLASS, "urn:x"), event(2, LOT, item(1), transformation=f"{CLASS}/t")]
            writing.ledger.append(events, CAPTURE)
            writing.lookup.add_namings([Naming(f"{CLASS}/narrower", CLASS, 1)])
            writing.graph.replace([part(77)], 1)
        with store.snapshot() as reading:
            assert reading.lookup.items_like(CLASS, 10) == [CLASS, LOT, item(1)]
            assert reading.lookup.items_like(CLASS, 2) == [CLASS, LOT]
            assert reading.lookup.items_like("", 10) == [CLASS, LOT, item(1), "urn:x"]
            assert reading.lookup.items_like("urn:y", 10) == reading.lookup.items_like("", 0) == []
            assert reading.lookup.items_after("", 10) == [CLASS, LOT, item(1), "urn:x"]
            assert reading.lookup.items_after(CLASS, 2) == reading.lookup.items_after(LOT[:-1], 2) == [LOT, item(1)]
            assert reading.lookup.items_after("urn:x", 10) == []

    def test_odd_keys_are_keys_like_others(self, store: Store) -> None:
        """Quotes, wildcards, zero bytes, the last of all characters: each key is found as itself and by prefix."""
        keys = [key for key in ODD if key]
        with store.transaction() as writing:
            writing.ledger.append([event(n, key) for n, key in enumerate(keys, 1)], CAPTURE)
        for number, key in enumerate(keys, 1):
            assert naming(store, key) == [number]
        with store.snapshot() as reading:
            for prefix in ODD:
                wanted = sorted(key for key in keys if key.startswith(prefix))
                assert reading.lookup.items_like(prefix, 100) == wanted

    @settings(
        max_examples=30,
        suppress_health_check=ON_EVERY_STORE,
        deadline=None,
    )
    @given(
        named=st.lists(st.sets(st.integers(0, 6), min_size=1), min_size=1, max_size=6),
        asked=st.sets(st.integers(0, 8)),
    )
    def test_any_events_are_found_by_their_items(
        self, new_place: object, named: list[set[int]], asked: set[int]
    ) -> None:
        """Whatever events name, exactly those are found that share an item with the question."""
        store = new_place()()  # type: ignore[operator]
        with store.transaction() as writing:
            events = [event(n, *map(item, numbers)) for n, numbers in enumerate(named)]
            writing.ledger.append(events, CAPTURE)
        wanted = [seq for seq, numbers in enumerate(named, 1) if numbers & asked]
        assert naming(store, *map(item, asked)) == wanted
        store.close()
