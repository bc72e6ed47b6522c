"""What holds for the ledger of every store (design §2, rule 14)."""

from __future__ import annotations

import msgspec
import pytest

from engine.ledger import GENESIS, Attestation, Capture, Head, chain_hash, seal
from engine.stores.ports import Store
from graph_schema.errors import StoreBusy, StoreError
from graph_schema.event import Event
from tests.stores.contract import Contract, Place
from tests.stores.examples import CAPTURE, corrected, declared, event, gap, item, part

FREE, BOUND, STRANGER = Attestation


def append(store: Store, *events: Event, capture: Capture = CAPTURE, how: Attestation = FREE) -> list[int]:
    """Append in a transaction of its own, all attested alike; the sequence numbers given."""
    with store.transaction() as writing:
        return [entry.seq for entry in writing.ledger.append(events, capture, [how] * len(events))]


def head(store: Store) -> Head:
    """Where the store's ledger stands."""
    with store.snapshot() as reading:
        return reading.ledger.head()


def ids(store: Store, after: int = 0, until: int | None = None) -> list[str]:
    """The ids of events between two positions."""
    with store.snapshot() as reading:
        return [entry.event.id for entry in reading.ledger.entries(after, until)]


class LedgerContract(Contract):
    """The append-only list of accepted events."""

    def test_an_empty_ledger_stands_at_nothing(self, store: Store) -> None:
        """Before the first entry the position is 0 and the hash the genesis."""
        assert head(store) == Head(0, GENESIS, None)
        with store.snapshot() as reading:
            assert list(reading.ledger.entries()) == []
            assert reading.ledger.verify() == Head(0, GENESIS, None)

    def test_entries_are_numbered_without_holes(self, store: Store) -> None:
        """Sequence numbers are 1, 2, 3 … in the order given, over transactions."""
        assert append(store, event(7), event(3)) == [1, 2]
        assert append(store, event(5)) == [3]
        assert ids(store) == [event(7).id, event(3).id, event(5).id]

    def test_an_entry_comes_back_whole(self, store: Store) -> None:
        """The event with body and context, its capture and its hash are read as they were appended."""
        with store.transaction() as writing:
            given = writing.ledger.append([event(1), event(2)], CAPTURE)
        with store.snapshot() as reading:
            assert list(reading.ledger.entries()) == given
        assert [entry.event for entry in given] == [event(1), event(2)]
        assert {entry.capture for entry in given} == {CAPTURE}

    def test_a_body_of_any_bytes_comes_back(self, store: Store) -> None:
        """Bodies that are empty, long, or not like JSON at all come back to the byte."""
        bodies = [b"", b"\0\xff" * 40_000, "溯源 ".encode() * 3]
        events = [msgspec.structs.replace(event(n), body=body) for n, body in enumerate(bodies)]
        append(store, *events)
        with store.snapshot() as reading:
            assert [entry.event.body for entry in reading.ledger.entries()] == bodies

    def test_the_same_event_twice_is_one_entry(self, store: Store) -> None:
        """Rule 14: the same key in one call, in another call or another transaction adds nothing."""
        assert append(store, event(1), event(1)) == [1]
        before = head(store)
        assert append(store, event(1), capture=Capture("another", "job 2", "s", 9_000)) == []
        assert head(store) == before

    def test_the_first_of_two_spellings_is_kept(self, store: Store) -> None:
        """Of events with the same key whose text differs (rule 14: in recordTime), the first stays."""
        later = msgspec.structs.replace(event(1), record_time=7, body=event(1).body + b" ")
        assert append(store, event(1), later) == [1]
        assert append(store, later) == []
        with store.snapshot() as reading:
            assert [entry.event for entry in reading.ledger.entries()] == [event(1)]

    def test_what_is_new_among_what_is_known_is_appended(self, store: Store) -> None:
        """A load that repeats entries appends the others, in order."""
        append(store, event(2))
        assert append(store, event(1), event(2), event(3)) == [2, 3]
        assert ids(store) == [event(2).id, event(1).id, event(3).id]

    def test_a_declaration_is_another_entry(self, store: Store) -> None:
        """Rule 14: same id and body with a declaration is an entry of its own, each declaration once."""
        versions = (event(1), declared(event(1), "did_not_occur"), declared(event(1), "incorrect_data"))
        assert append(store, *versions, *versions) == [1, 2, 3]

    def test_another_body_is_another_entry(self, store: Store) -> None:
        """Rule 14: the same id with another body is an entry of its own."""
        assert append(store, event(1), corrected(event(1))) == [1, 2]

    def test_all_versions_of_an_event_are_found(self, store: Store) -> None:
        """`entries_of` gives every entry with one of the ids, whole, in order, each once."""
        append(store, event(1), event(2), corrected(event(1)), event(3))
        with store.snapshot() as reading:
            found = reading.ledger.entries_of([event(2).id, event(1).id, event(1).id, "urn:unknown"])
            assert found == list(reading.ledger.entries(until=3))
            assert reading.ledger.entries_of([]) == []

    def test_ids_that_several_entries_have(self, store: Store) -> None:
        """`repeated` gives those of the ids asked for; an event loaded twice is one entry."""
        append(store, event(1), event(2), event(2), corrected(event(1)), event(3), declared(event(3), "did_not_occur"))
        with store.snapshot() as reading:
            assert reading.ledger.repeated([event(1).id, event(2).id, "urn:unknown"]) == {event(1).id}
            assert reading.ledger.repeated([]) == set()

    def test_bounds_of_entries(self, store: Store) -> None:
        """`entries` gives those after one position and up to another."""
        append(store, *map(event, range(1, 6)))
        assert ids(store, 1, 3) == [event(2).id, event(3).id]
        assert ids(store, 4) == [event(5).id]
        assert ids(store, 5) == []
        assert ids(store, 3, 2) == []

    def test_streams_do_not_disturb_each_other(self, store: Store) -> None:
        """Two streams of one snapshot, and other questions between their steps, each give everything."""
        append(store, *map(event, range(50)))
        with store.snapshot() as reading:
            pairs = zip(reading.ledger.entries(), reading.ledger.entries(), strict=True)
            assert [a.seq for a, b in pairs if a == b and reading.ledger.head().position] == [*range(1, 51)]

    def test_position_at_a_time(self, store: Store) -> None:
        """The last position accepted at or before a time; 0 before the first."""
        append(store, event(1), event(2), capture=Capture("a", "1", "s", 1_000))
        append(store, event(3), capture=Capture("a", "2", "s", 2_000))
        append(store, event(4), capture=Capture("b", "3", "s", 2_000))
        with store.snapshot() as reading:
            at = {time: reading.ledger.position_at(time) for time in (999, 1_000, 1_999, 2_000, 9_999)}
        assert at == {999: 0, 1_000: 2, 1_999: 2, 2_000: 4, 9_999: 4}

    def test_captures_keep_to_their_entries(self, store: Store) -> None:
        """Each entry has the capture it came with, also where captures alternate."""
        first, second = CAPTURE, Capture("baker", "job 2", "bread.json sha256:11", 1_000)
        for number, capture in enumerate((first, second, first, first, second)):
            append(store, event(number), capture=capture)
        with store.snapshot() as reading:
            captures = [entry.capture for entry in reading.ledger.entries()]
        assert captures == [first, second, first, first, second]

    def test_an_entry_keeps_how_it_is_attested(self, store: Store) -> None:
        """Rule 14: free, bound or a stranger's, whichever way the entry is read; the chain agrees."""
        with store.transaction() as writing:
            given = writing.ledger.append([event(1), event(2), event(3)], CAPTURE, [FREE, BOUND, STRANGER])
        with store.snapshot() as reading:
            ledger, lookup = reading.ledger, reading.lookup
            assert list(ledger.entries()) == given == ledger.entries_of([event(n).id for n in (1, 2, 3)])
            found = lookup.entries_naming([what.item for entry in given for what in entry.event.whats])
            for entries in (given, found):
                assert [entry.attestation for entry in entries] == [FREE, BOUND, STRANGER]
            assert ledger.verify() == ledger.head()

    def test_how_it_is_attested_enters_the_chain_where_somebody_is_bound(self, store: Store) -> None:
        """A free entry has the hash that it had before there was such a thing; each other way has another."""
        hashes = [chain_hash(GENESIS, 1, CAPTURE, seal(event(1)), how) for how in (FREE, BOUND, STRANGER)]
        assert hashes[0].hex() == "04d9481b68983c03768903ff2a081443af95e808cbd2f4ccd88cfd8eed6d8217"
        assert len(set(hashes)) == 3
        append(store, event(1), how=BOUND)
        assert head(store).hash == hashes[1]

    def test_what_a_stranger_told_others_may_tell_again(self, store: Store) -> None:
        """Rule 14: an event that is unattested is an entry of its own; then nobody can tell it again."""
        assert append(store, event(1), event(1), how=STRANGER) == [1]
        assert append(store, event(1), how=STRANGER) == []
        assert append(store, event(1), capture=Capture("owner", "job 2", "s", 2_000), how=BOUND) == [2]
        for how in (FREE, BOUND, STRANGER):
            assert append(store, event(1), how=how) == []
        with store.snapshot() as reading:
            assert reading.ledger.repeated([event(1).id]) == {event(1).id}
            assert reading.ledger.verify() == reading.ledger.head()

    def test_a_stranger_adds_nothing_to_what_others_told(self, store: Store) -> None:
        """The same event, from whoever is bound or where nobody is, is known; in one call too."""
        append(store, event(1), how=FREE)
        append(store, event(2), how=BOUND)
        assert append(store, event(1), event(2), how=STRANGER) == []
        with store.transaction() as writing:
            told = writing.ledger.append([event(3), event(3), event(3)], CAPTURE, [STRANGER, BOUND, STRANGER])
        assert [entry.attestation for entry in told] == [STRANGER, BOUND]

    def test_the_chain_is_the_same_in_every_store(self, store: Store) -> None:
        """The hash of an entry follows from the entries alone."""
        append(store, *map(event, range(3)))
        append(store, event(3), how=STRANGER)
        append(store, event(9), capture=Capture("b", "2", "s", 2_000), how=BOUND)
        with store.snapshot() as reading:
            previous = GENESIS
            for entry in reading.ledger.entries():
                previous = chain_hash(previous, entry.seq, entry.capture, seal(entry.event), entry.attestation)
                assert entry.hash == previous
            assert reading.ledger.verify() == reading.ledger.head() == Head(5, previous, 2_000)

    def test_a_snapshot_stays_as_it_was(self, store: Store) -> None:
        """What is committed while a snapshot is open is not seen in it."""
        append(store, event(1))
        with store.snapshot() as reading:
            append(store, event(2))
            assert reading.ledger.head().position == 1
            assert [entry.seq for entry in reading.ledger.entries()] == [1]
        assert head(store).position == 2

    def test_a_transaction_reads_what_it_wrote(self, store: Store) -> None:
        """Within a transaction its own entries are read; outside not before it commits."""
        with store.transaction() as writing:
            writing.ledger.append([event(1)], CAPTURE)
            assert writing.ledger.head().position == 1
            assert [entry.seq for entry in writing.lookup.entries_naming([item(3)])] == [1]
            assert head(store).position == 0
        assert head(store).position == 1

    def test_an_error_undoes_all_ports(self, store: Store) -> None:
        """Where a transaction ends by an error, nothing of it is kept, and what comes next is not disturbed."""
        append(store, event(1))
        with pytest.raises(KeyError), store.transaction() as writing:  # noqa: PT012
            writing.ledger.append([event(2)], CAPTURE)
            writing.masters.put([(item(2), "product", b"{}")], 2)
            writing.graph.replace([part(2)], 2)
            raise KeyError
        with store.snapshot() as reading:
            assert reading.ledger.head().position == 1
            assert reading.masters.of() == {}
            assert list(reading.graph.vertices()) == []
            assert list(reading.graph.line_rows()) == []
        with store.transaction() as writing:
            writing.ledger.append([event(3, item(8), item(5))], CAPTURE)
            writing.graph.replace([part(5)], 2)
        with store.snapshot() as reading:
            assert [entry.event for entry in reading.lookup.entries_naming([item(8)])] == [
                msgspec.structs.replace(event(3, item(8), item(5)), body=b"", context=b"")
            ]
            assert reading.lookup.entries_naming([item(4)]) != []
            assert [entry.seq for entry in reading.lookup.entries_naming([item(5)])] == [2]
            assert reading.lookup.entries_naming([item(6)]) == []
            assert reading.graph.gaps() == [gap(5)]

    def test_what_was_committed_is_there_when_opened_again(self, place: Place) -> None:
        """Closing and opening changes nothing, and the chain goes on."""
        for number in range(3):
            store = place()
            assert append(store, event(number)) == [number + 1]
            store.close()
        store = place()
        with store.snapshot() as reading:
            assert reading.ledger.verify() == reading.ledger.head()
            assert reading.ledger.head().position == 3
        store.close()

    def test_one_writer_at_a_time(self, place: Place) -> None:
        """A second writer gets `StoreBusy`, with what to do, and can write when the first has finished."""
        first, second = place(), place()
        with first.transaction() as writing:
            writing.ledger.append([event(1)], CAPTURE)
            with pytest.raises(StoreBusy) as caught, second.transaction():
                pytest.fail("two writers at once")
        assert caught.value.remedy
        assert append(second, event(2)) == [2]
        assert ids(first) == [event(1).id, event(2).id]
        first.close()
        second.close()

    def test_nothing_is_read_after_the_end(self, store: Store) -> None:
        """A port used after its snapshot or transaction, or a stream not read to its end there, is an error."""
        append(store, *map(event, range(5)))
        with store.snapshot() as reading:
            stream = reading.ledger.entries()
            next(stream)
        with store.transaction() as writing:
            pass
        for late in (reading.ledger.head, writing.ledger.head, lambda: list(stream)):
            with pytest.raises(StoreError, match="after it was closed"):
                late()
