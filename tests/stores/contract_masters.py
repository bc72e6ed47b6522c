"""What holds for the master data of every store."""

from __future__ import annotations

from engine.stores.ports import Master, Store
from tests.stores.contract import Contract


class MasterContract(Contract):
    """What things are called, as known at a position."""

    def test_the_newest_master_data_win(self, store: Store) -> None:
        """The newest are read, the former as of their position, whole; `kind` is beside the attributes."""
        with store.transaction() as writing:
            writing.masters.put([("urn:s", "site", b'{"name":"Old","city":"Xi\xe2\x80\x99an"}')], 1)
            writing.masters.put([("urn:s", "site", b'{"name":"New"}'), ("urn:p", "party", b"{}")], 3)
        new, old = {"name": "New", "kind": "site"}, {"name": "Old", "city": "Xi’an", "kind": "site"}
        with store.snapshot() as reading:
            assert reading.masters.of() == {"urn:s": new, "urn:p": {"kind": "party"}}
            assert reading.masters.of(["urn:s", "urn:unknown"]) == {"urn:s": new}
            assert reading.masters.of(at=2) == reading.masters.of(["urn:s", "urn:p"], at=2)
            assert reading.masters.of(at=2) == {"urn:s": old}
            assert reading.masters.of(at=0) == reading.masters.of([]) == {}

    def test_master_data_put_twice_at_a_position(self, store: Store) -> None:
        """The later of two at one position wins."""
        with store.transaction() as writing:
            writing.masters.put([("urn:s", "site", b'{"a":1}'), ("urn:s", "party", b'{"b":2}')], 1)
        with store.snapshot() as reading:
            assert reading.masters.of() == {"urn:s": {"b": 2, "kind": "party"}}

    def test_changes_after_a_position(self, store: Store) -> None:
        """All that was put after it, in order of position and key, as it was given."""
        with store.transaction() as writing:
            writing.masters.put([("urn:s", "site", b'{"a": 1}'), ("urn:p", "party", b"{}")], 1)
            writing.masters.put([("urn:s", "site", b'{"a":2}')], 4)
        with store.snapshot() as reading:
            later = Master(4, "urn:s", "site", b'{"a":2}')
            first = [Master(1, "urn:p", "party", b"{}"), Master(1, "urn:s", "site", b'{"a": 1}')]
            assert list(reading.masters.changes()) == [*first, later]
            assert list(reading.masters.changes(1)) == list(reading.masters.changes(3)) == [later]
            assert list(reading.masters.changes(4)) == []
