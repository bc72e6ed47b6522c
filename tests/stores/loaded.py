"""What must hold of a store after any end of a process that loaded it."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import chain
from pathlib import Path

import apsw

from engine.stores.ports import Store
from engine.stores.sqlite import open_store
from tests.stores.examples import event, item, part
from tests.stores.loading import BATCH

ROOT = Path(__file__).resolve().parents[2]


def start_loading(location: str, batches: int, *limit: int) -> subprocess.Popen[str]:
    """A process that loads."""
    command = [sys.executable, "-m", "tests.stores.loading", location, str(batches), *map(str, limit)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def assert_file_whole(path: Path, acknowledged: int) -> int:
    """All that was acknowledged is there, whole batches only, in every table; the position."""
    store = open_store(str(path), read_only=True)
    position = assert_whole(store, acknowledged)
    store.close()
    assert apsw.Connection(str(path)).execute("PRAGMA integrity_check").get == "ok"
    return position


def kill_while_loading(location: str, delay: float) -> int:
    """Kill a loading process some seconds after its first acknowledgement; the last position it acknowledged."""
    process = start_loading(location, 1_000_000)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(delay)
    process.kill()
    # A line that was cut by the kill was not acknowledged.
    told = (first + process.stdout.read()).rpartition("\n")[0].splitlines()
    process.wait()
    process.stdout.close()
    return int(told[-1])


def assert_whole(store: Store, acknowledged: int) -> int:
    """All that was acknowledged is there, whole batches only, by every port; the position."""
    with store.snapshot() as reading:
        position = reading.ledger.verify().position
        assert position >= acknowledged
        assert position % BATCH == 0
        numbers = range(position)
        assert [entry.event for entry in reading.ledger.entries()] == [event(number) for number in numbers]
        parts = [part(number) for number in numbers]
        vertices = set(chain.from_iterable(each.vertices for each in parts))
        assert {(row.vertex, row.to_seq) for row in reading.graph.vertices()} == {(v, None) for v in vertices}
        assert reading.graph.lines(list(map(item, numbers))) == {each.owner: each.line for each in parts}
        if position:
            assert len(reading.lookup.entries_naming([item(2 * position - 2)])) == 2
            assert reading.lookup.entries_naming([item(2 * position + 2)]) == []
    return position
