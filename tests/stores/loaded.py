"""What must hold of a file after any end of a process that loaded it."""

from __future__ import annotations

import subprocess
import sys
from itertools import chain
from pathlib import Path

import apsw

from engine.stores.sqlite import open_store
from tests.stores.examples import event, item, part
from tests.stores.loading import BATCH

ROOT = Path(__file__).resolve().parents[2]


def start_loading(path: Path, batches: int, *limit: int) -> subprocess.Popen[str]:
    """A process that loads."""
    command = [sys.executable, "-m", "tests.stores.loading", str(path), str(batches), *map(str, limit)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def assert_whole(path: Path, acknowledged: int) -> int:
    """All that was acknowledged is there, whole batches only, in every table; the position."""
    store = open_store(str(path), read_only=True)
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
    store.close()
    assert apsw.Connection(str(path)).execute("PRAGMA integrity_check").get == "ok"
    return position
