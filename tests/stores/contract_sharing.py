"""What holds of every store that several write while others follow it (design §5, rule 17)."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from engine.index import FlowIndex, open_index
from engine.index.following import IndexFollower
from engine.stores.ports import Snapshot
from tests.stores.appending import append, append_for
from tests.stores.contract import Contract, Place
from tests.stores.examples import part

SECONDS = 2.0
WRITERS = (1, 2)


class Following:
    """Keeps an index up, and remembers each entry that it saw."""

    def __init__(self) -> None:
        self._follower = IndexFollower()
        self._chance = random.Random(5)
        self.seen: list[tuple[str, bytes]] = []
        """Event and chain hash by position, from 1 on."""
        self.positions = 0
        """How many different positions it stood at."""

    def follow(self, snapshot: Snapshot) -> FlowIndex:
        """Go on: no position is skipped, none that was seen is another or gone, the index is as of the snapshot."""
        head = snapshot.ledger.head()
        again = self._chance.randint(max(len(self.seen) - 100, 0), len(self.seen))
        entries = list(snapshot.ledger.entries(again))
        assert [entry.seq for entry in entries] == [*range(again + 1, head.position + 1)]
        told = [(entry.event.id, entry.hash) for entry in entries]
        assert told[: len(self.seen) - again] == self.seen[again:]
        self.positions += head.position > len(self.seen)
        self.seen[again:] = told
        assert not self.seen or self.seen[-1][1] == head.hash
        index = self._follower.follow(snapshot)
        assert (index.position, len(self.seen)) == (head.position, head.position)
        return index


def rows_of(index: FlowIndex) -> dict[str, list[str]]:
    """Every row that an index has, with the positions between which it is true, whatever their numbers."""
    tables = {
        "vertices": (index.vertices, index.vertex),
        "flows": (index.edges, index.flow),
        "lines": (index.lines, index.line),
    }
    return {
        name: sorted(
            repr((row_of(row), int(table["from_seq"][row]), int(table["to_seq"][row]))) for row in range(table.count)
        )
        for name, (table, row_of) in tables.items()
    }


def assert_followed(following: Following, snapshot: Snapshot, kept: int) -> None:
    """At the end all that was kept was seen, as it is, and the index is the one built anew."""
    index = following.follow(snapshot)
    assert len(following.seen) == kept
    assert following.seen == [(entry.event.id, entry.hash) for entry in snapshot.ledger.entries()]
    assert rows_of(index) == rows_of(open_index(None, snapshot))


class SharingContract(Contract):
    """Writers and followers, each with a handle of its own."""

    def test_a_follower_learns_that_the_graph_was_derived_anew(self, place: Place) -> None:
        """Where it stands, and beside one who began to read before, whose index is of what that one reads."""
        follower = IndexFollower()
        with closing(place()) as store:
            append(store, 1, 0)
            with store.snapshot() as before:
                position = before.ledger.head().position
                former = rows_of(follower.follow(before))
                with store.transaction() as writing:
                    writing.graph.clear(position)
                    writing.graph.replace([part(2, length=5)], position)
                with store.snapshot() as reading:
                    assert rows_of(follower.follow(reading)) == rows_of(open_index(None, reading)) != former
                assert rows_of(follower.follow(before)) == former
            append(store, 1, 1)
            with store.snapshot() as reading:
                assert rows_of(follower.follow(reading)) == rows_of(open_index(None, reading))

    def test_a_follower_beside_two_writers_misses_nothing(self, place: Place) -> None:
        """It sees every position in order, none that goes away, and its index ends as one built anew."""
        following = Following()

        def write(writer: int) -> int:
            with closing(place()) as store:
                return append_for(store, writer, SECONDS)

        with closing(place()) as store, ThreadPoolExecutor(len(WRITERS)) as pool:
            writing = [pool.submit(write, writer) for writer in WRITERS]
            while not all(writer.done() for writer in writing):
                with store.snapshot() as snapshot:
                    following.follow(snapshot)
            kept = [writer.result() for writer in writing]
            with store.snapshot() as snapshot:
                assert_followed(following, snapshot, sum(kept))
        assert all(kept)
        assert following.positions > 1
