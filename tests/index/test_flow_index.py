"""The index holds what the rows say, at every position, however it came by them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.index import NONE, FlowIndex, Table, open_index
from tests.index.histories import History, State, random_history

seeds = st.integers(0, 2**32)


def state_of(index: FlowIndex, at: int) -> State:
    """What an index says is true at a position, each row once."""
    rows = index.rows_at(at)
    vertices = [index.vertex(row) for row in rows[rows >= 0].tolist()]
    flows = [index.flow(edge) for edge in live_rows(index, index.edges, at)]
    lines = [index.line(row) for row in live_rows(index, index.lines, at)]
    assert len(vertices) == len(live_rows(index, index.vertices, at))
    assert len(flows) == len(set(flows))
    assert len(lines) == len({line.item for line in lines})
    return State({vertex.id: vertex for vertex in vertices}, set(flows), {line.item: line for line in lines})


def live_rows(index: FlowIndex, table: Table, at: int) -> list[int]:
    """The rows of a table that are true at a position."""
    rows: list[int] = index.live(table, range(table.count), at).tolist()
    return rows


def assert_holds(index: FlowIndex, history: History, last: int | None = None) -> None:
    """The index says at every position up to its own what the history says."""
    assert index.position == (history.position if last is None else last)
    for position in range(index.position + 1):
        assert state_of(index, position) == history.states[position]


@settings(max_examples=80, deadline=None)
@given(seeds)
def test_an_index_built_at_once_holds_every_position(seed: int) -> None:
    """What is built from all rows reads at each position as the graph was there."""
    history = random_history(seed)
    assert_holds(open_index(None, history.snapshot()), history)


@settings(max_examples=80, deadline=None)
@given(seeds, st.lists(st.integers(0, 8), max_size=6))
def test_an_index_that_follows_holds_every_position(seed: int, stops: list[int]) -> None:
    """An index brought up in steps reads like one built at once, and each step still reads as it did."""
    history = random_history(seed, positions=8)
    index = open_index(None, history.snapshot(0))
    steps = [index]
    for stop in [*sorted(stops), history.position]:
        index = index.refresh(history.snapshot(stop))
        steps.append(index)
    for step in steps:
        assert_holds(step, history, step.position)


@settings(max_examples=50, deadline=None)
@given(seeds, st.integers(0, 5))
def test_lookups_find_exactly_the_rows_that_hold_a_key(seed: int, stop: int) -> None:
    """`where` finds on every key column what a look at every row finds, early rows and late ones."""
    history = random_history(seed)
    index = open_index(None, history.snapshot(stop)).refresh(history.snapshot())
    tables = [index.vertices, index.edges, index.proofs, index.lines, index.entries, index.rides, index.ends]
    for table in tables:
        for column in table.key_columns:
            values = table[column].tolist()
            keys = sorted(set(values), reverse=True)
            expected = [row for key in keys for row, value in enumerate(values) if value == key != NONE]
            assert table.where(column, keys).tolist() == expected


@settings(max_examples=50, deadline=None)
@given(seeds, st.integers(0, 5))
def test_vertices_are_found_by_what_they_hold_at_a_position(seed: int, at: int) -> None:
    """`vertices_where` finds the vertices whose version at a position has the item, and no other."""
    history = random_history(seed)
    index = open_index(None, history.snapshot())
    found = index.vertices_where("item", index.items.codes(["lot:a", "lot:b", "unheard-of"]), at)
    expected = {v.id for v in history.states[at].vertices.values() if v.item in ("lot:a", "lot:b")}
    assert {index.id(vertex) for vertex in found.tolist()} == expected


@settings(max_examples=50, deadline=None)
@given(seeds, st.integers(0, 5))
def test_lines_are_found_by_where_they_end(seed: int, at: int) -> None:
    """`line_rows` gives the lines true at a position that end at a vertex."""
    history = random_history(seed)
    index = open_index(None, history.snapshot())
    for vertex in range(index.vertex_count):
        rows = index.line_rows(index.ends, "vertex", vertex, at)
        items = sorted(index.line(line).item for line in index.ends["line"][rows].tolist())
        lines = history.states[at].lines.values()
        assert items == sorted(line.item for line in lines if index.id(vertex) in line.ends_in)


def test_what_is_not_there_has_no_number() -> None:
    """An unknown id or name has the number NONE, and NONE finds nothing."""
    index = open_index(None, random_history(1).snapshot())
    assert index.number(bytes(16)) == NONE
    assert index.sites.code("unheard-of") == NONE
    assert index.vertices.where("site", [NONE, 10**6]).tolist() == []


def test_an_older_snapshot_is_answered_by_the_newer_index() -> None:
    """Refreshing with a snapshot taken earlier keeps the newer index, which answers that position too."""
    history = random_history(2)
    index = open_index(None, history.snapshot())
    assert index.refresh(history.snapshot(1)) is index
