"""What holds for the named queries of every store."""

from __future__ import annotations

from engine.named_query import NamedQuery
from engine.stores.ports import Store
from tests.stores.contract import Contract, Place


def named(name: str, definition: bytes = b'{"EQ_bizStep":["shipping"]}') -> NamedQuery:
    """A query of this name."""
    return NamedQuery(name, definition, 7, "dairy")


def add(store: Store, *queries: NamedQuery) -> list[bool]:
    """One transaction."""
    with store.transaction() as writing:
        return [writing.queries.add(query) for query in queries]


class QueryContract(Contract):
    """Queries that are kept under a name."""

    def test_a_query_is_read_as_it_was_added(self, store: Store) -> None:
        """To the letter; one that nobody added is none."""
        query = named("奶", '{"EQ_disposition": ["在"]}'.encode())
        assert add(store, query) == [True]
        with store.snapshot() as reading:
            assert reading.queries.get("奶") == query
            assert reading.queries.get("none") is None

    def test_a_name_is_given_once(self, store: Store) -> None:
        """A second query of a name is not kept, until the first is removed."""
        assert add(store, named("a"), named("a", b"{}")) == [True, False]
        assert add(store, named("a", b"{}")) == [False]
        with store.transaction() as writing:
            assert writing.queries.get("a") == named("a")
            assert [writing.queries.remove("a"), writing.queries.remove("a")] == [True, False]
        assert add(store, named("a", b"{}")) == [True]

    def test_queries_are_listed_in_order_of_name(self, store: Store) -> None:
        """A page at a time."""
        add(store, *map(named, ("c", "a", "Z", "b")))
        with store.snapshot() as reading:
            assert reading.queries.after("", 9) == [named(name) for name in ("Z", "a", "b", "c")]
            assert reading.queries.after("a", 1) == [named("b")]
            assert reading.queries.after("c", 9) == []

    def test_queries_stay_when_a_store_is_opened_again(self, place: Place) -> None:
        """They are part of the state."""
        first = place()
        add(first, named("a"))
        first.close()
        second = place()
        with second.snapshot() as reading:
            assert reading.queries.get("a") == named("a")
        second.close()
