"""An index that is saved, damaged, interrupted or shared is the index that was never touched."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeVar, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.index import FlowIndex, Starts, discard_index, open_index, walk
from engine.index.following import IndexFollower
from engine.stores.ports import FlowRow, LineRow, Snapshot, VertexRow
from graph_schema.flow_graph import Flow, FlowKind, Grade, Vertex, VertexKind
from tests.index.histories import History, HistoryGraph, HistoryLedger, State, random_history
from tests.index.test_flow_index import assert_holds

seeds = st.integers(0, 2**32)
Row = TypeVar("Row", VertexRow, FlowRow, LineRow)


class Refusal(Exception):
    """What a graph raises that is not to be read, or not any further."""


@dataclass
class LimitedGraph:
    """A graph port that fails after so many rows."""

    graph: HistoryGraph
    rows: int

    def vertices(self, after: int = 0) -> Iterator[VertexRow]:
        """Vertices, as long as rows are left."""
        return (self._count(row) for row in self.graph.vertices(after))

    def flows(self, after: int = 0) -> Iterator[FlowRow]:
        """Flows, as long as rows are left."""
        return (self._count(row) for row in self.graph.flows(after))

    def line_rows(self, after: int = 0) -> Iterator[LineRow]:
        """Lines, as long as rows are left."""
        return (self._count(row) for row in self.graph.line_rows(after))

    def _count(self, row: Row) -> Row:
        self.rows -= 1
        if self.rows < 0:
            raise Refusal
        return row


@dataclass
class LimitedSnapshot:
    """A snapshot whose graph fails after so many rows."""

    ledger: HistoryLedger
    graph: LimitedGraph
    edition: int = 0


def limited(history: History, rows: int, position: int | None = None) -> Snapshot:
    """A snapshot of which only so many rows can be read."""
    at = history.position if position is None else position
    graph = LimitedGraph(HistoryGraph(history.states, at), rows)
    return cast("Snapshot", LimitedSnapshot(HistoryLedger(at, history.salt), graph))


def files_of(folder: Path) -> list[Path]:
    """The files of the newest generation, and the pointer to it."""
    pointer = folder / "CURRENT"
    generation = folder / pointer.read_text("ascii").split()[0]
    return [pointer, *sorted(generation.iterdir())]


def saved(folder: Path, history: History) -> FlowIndex:
    return open_index(folder, history.snapshot())


@settings(max_examples=10, deadline=None)
@given(seeds, st.integers(0, 5))
def test_a_saved_index_is_opened_without_reading_the_graph(
    tmp_path_factory: pytest.TempPathFactory, seed: int, stop: int
) -> None:
    """What was saved is mapped: opening reads no row, following reads what came since, and all is as it was."""
    folder, history = tmp_path_factory.mktemp("index"), random_history(seed)
    open_index(folder, history.snapshot(stop))
    index = open_index(folder, limited(history, 0, stop))
    assert_holds(index, history, stop)
    assert_holds(index.refresh(history.snapshot()), history)
    # What the one that followed wrote into its maps is its own.
    assert_holds(open_index(folder, limited(history, 0, stop)), history, stop)


@settings(max_examples=15, deadline=None)
@given(seeds, st.data())
def test_a_damaged_file_heals(tmp_path_factory: pytest.TempPathFactory, seed: int, data: st.DataObject) -> None:
    """Whichever file is changed, cut short or missing, the index is built anew and saved whole again."""
    folder, history = tmp_path_factory.mktemp("index"), random_history(seed)
    saved(folder, history)
    path = data.draw(st.sampled_from(files_of(folder)))
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    match data.draw(st.sampled_from(["change", "cut", "remove"])):
        case "change":
            content[place] ^= data.draw(st.integers(1, 255))
            path.write_bytes(content)
        case "cut":
            path.write_bytes(content[:place])
        case _:
            path.unlink()
    assert_holds(saved(folder, history), history)
    assert_holds(open_index(folder, limited(history, 0)), history)


def test_the_index_of_another_ledger_is_not_used(tmp_path: Path) -> None:
    """A folder that was saved for another chain, or for a longer ledger, is built anew."""
    one, other = random_history(3), random_history(4)
    other.salt = 1000
    saved(tmp_path, one)
    assert_holds(saved(tmp_path, other), other)
    shorter = History(other.states[:3], salt=1000)
    assert_holds(saved(tmp_path, shorter), shorter)


@settings(max_examples=100, deadline=None)
@given(seeds, st.integers(0, 4), st.integers(0, 60))
def test_a_refresh_that_fails_can_be_tried_again(seed: int, stop: int, rows: int) -> None:
    """After a store failed at any row, the index answers as before, and the next refresh catches up."""
    history = random_history(seed)
    index = open_index(None, history.snapshot(stop))
    try:
        index.refresh(limited(history, rows))
    except Refusal:
        assert_holds(index, history, stop)
    assert_holds(index.refresh(history.snapshot()), history)
    assert_holds(index, history, stop)


def test_rows_that_the_index_does_not_know_make_it_build_anew() -> None:
    """Where the store closes a row of which the index never heard, the index reads everything again."""
    history = random_history(7)
    index = open_index(None, history.snapshot(2))
    rewritten = random_history(8)
    assert_holds(index.refresh(rewritten.snapshot()), rewritten)


def large_history(size: int) -> History:
    """A chain at position 1, turned round at 2: enough late rows to be merged."""
    ids = [random.Random(number).randbytes(16) for number in range(size)]
    vertices = {i: Vertex(i, VertexKind.HOLDING, f"lot:{n}", None) for n, i in enumerate(ids)}

    def chain(order: list[bytes]) -> set[Flow]:
        return {Flow(a, b, FlowKind.MOVE, Grade.RECORDED, ("event:1",)) for a, b in pairwise(order)}

    return History([State(), State(vertices, chain(ids)), State(dict(vertices), chain(ids[::-1]))])


def test_many_late_rows_are_merged_and_saved(tmp_path: Path) -> None:
    """When much has come late the index is saved anew, numbers stay what they were, and every position holds."""
    history = large_history(6000)
    index = open_index(tmp_path, history.snapshot(1))
    newer = index.refresh(history.snapshot())
    assert_holds(open_index(tmp_path, limited(history, 0)), history)
    assert_holds(newer, history)
    assert newer.edges.grouped == newer.edge_count
    ids = [index.id(vertex) for vertex in range(index.vertex_count)]
    assert [newer.id(vertex) for vertex in range(len(ids))] == ids
    first = next(iter(history.states[1].vertices))
    assert walk(index, Starts.of([index.number(first)])).levels.max() == 5999
    assert walk(newer, Starts.of([index.number(first)])).levels.max() == 0


def test_a_folder_that_cannot_be_written_costs_no_answer(tmp_path: Path) -> None:
    """Where no folder can be made, the index works in memory."""
    (tmp_path / "file").write_text("in the way", "utf-8")
    history = random_history(5)
    assert_holds(open_index(tmp_path / "file" / "index", history.snapshot()), history)


def test_a_discarded_index_is_built_anew(tmp_path: Path) -> None:
    """After `discard_index` the graph is read again; where there is no folder, nothing is to be done."""
    history = random_history(6)
    saved(tmp_path, history)
    discard_index(tmp_path)
    with pytest.raises(Refusal):
        open_index(tmp_path, limited(history, 0))
    discard_index(tmp_path / "nowhere")


def test_what_dead_writers_left_is_swept(tmp_path: Path) -> None:
    """A generation that was never pointed to goes with the next save."""
    leftover = tmp_path / "5.0"
    leftover.mkdir()
    (leftover / "vertices.item.npy").write_bytes(b"half")
    history = random_history(6)
    saved(tmp_path, history)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [files_of(tmp_path)[1].parent.name]
    assert files_of(tmp_path)[1].parent != leftover


READER = """
import sys
from pathlib import Path
from engine.index import open_index
from tests.index.histories import random_history
from tests.index.test_flow_index import assert_holds
folder, history = Path(sys.argv[1]), random_history(9)
print("ready", flush=True)
for _ in range(40):
    assert_holds(open_index(folder, history.snapshot()), history)
"""


def test_processes_open_it_while_one_replaces_it(tmp_path: Path) -> None:
    """Readers in another process open a whole index each time, while generations come and go."""
    history = random_history(9)
    saved(tmp_path, history)
    command = [sys.executable, "-c", READER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        while reader.poll() is None:
            (tmp_path / "CURRENT").write_text("gone", "ascii")
            assert_holds(saved(tmp_path, history), history)
        assert reader.returncode == 0


def test_threads_share_one_index() -> None:
    """While one thread brings an index up position by position, others read each position as it is."""
    history = random_history(10, positions=12)
    follower = IndexFollower()
    failures: list[BaseException] = []

    def read() -> None:
        try:
            for position in range(history.position + 1):
                index = follower.follow(history.snapshot(position))
                assert_holds(index, history, index.position)
        except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert not failures
