"""Several processes and threads on one file."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engine.stores.sqlite import open_store
from graph_schema.errors import StoreBusy
from tests.stores.examples import CAPTURE, event
from tests.stores.loaded import ROOT, assert_file_whole, start_loading
from tests.stores.loading import BATCH, load_batch

READER = """
import sys
from engine.stores.sqlite import open_store
from tests.stores.examples import event
from tests.stores.loading import BATCH
store = open_store(sys.argv[1], read_only=True)
seen = set()
while max(seen, default=0) < int(sys.argv[2]):
    with store.snapshot() as reading:
        position = reading.ledger.head().position
        assert position % BATCH == 0 and position >= max(seen, default=0), (position, seen)
        read = [entry.event.id for entry in reading.ledger.entries(until=None)]
        assert read == [event(number).id for number in range(position)]
        assert sum(1 for _ in reading.graph.vertices()) == 3 * position
        assert reading.ledger.head().position == position
        seen.add(position)
store.close()
print(len(seen))
"""


def test_two_processes_read_while_one_loads(tmp_path: Path) -> None:
    """Each reader sees whole batches only, the same for as long as a snapshot is open, and the load goes on."""
    path, batches = tmp_path / "s.db", 60
    store = open_store(str(path))
    load_batch(store, 0)
    command = [sys.executable, "-c", READER, str(path), str(batches * BATCH)]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(2)]
    loading = start_loading(f"sqlite:{path}", batches)
    told = loading.communicate()[0].split()
    assert int(told[-1]) > batches * BATCH
    for reader in readers:
        states = reader.communicate()[0]
        assert reader.returncode == 0
        assert int(states) > 1
    store.close()
    assert_file_whole(path, batches * BATCH)


def test_two_processes_write_in_turn(tmp_path: Path) -> None:
    """Two loads of the same events wait for each other, and each event is in the ledger once."""
    path = tmp_path / "s.db"
    loads = [start_loading(f"sqlite:{path}", 30) for _ in range(2)]
    for loading in loads:
        assert int(loading.communicate()[0].split()[-1]) >= 30 * BATCH
    assert_file_whole(path, 30 * BATCH)


def test_threads_write_in_turn(tmp_path: Path) -> None:
    """Threads on one store wait for each other, and read beside."""
    store = open_store(str(tmp_path / "s.db"))

    def write(first: int) -> None:
        for number in range(first, first + 20):
            with store.transaction() as writing:
                writing.ledger.append([event(number)], CAPTURE)
            with store.snapshot() as reading:
                assert reading.ledger.entries_of([event(number).id])

    threads = [threading.Thread(target=write, args=(100 * number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.snapshot() as reading:
        assert reading.ledger.verify().position == 80
    store.close()


def test_a_thread_that_waits_too_long_is_told(tmp_path: Path) -> None:
    """A second transaction on the same store gets `StoreBusy` after its time, and leaves the first alone."""
    store = open_store(str(tmp_path / "s.db"), busy_seconds=0.05)
    with store.transaction() as writing:
        with pytest.raises(StoreBusy, match="another thread"), store.transaction():
            pytest.fail("two writers at once")
        writing.ledger.append([event(1)], CAPTURE)
    with store.snapshot() as reading:
        assert reading.ledger.head().position == 1
    store.close()
