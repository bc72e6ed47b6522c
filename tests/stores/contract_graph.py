"""What holds for the flow graph of every store (rules 16 and 17)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import pairwise
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.stores.ports import Snapshot, Store
from engine.stores.rows import gap_order, row_digest
from graph_schema.flow_graph import Line, Part
from tests.stores.contract import ON_EVERY_STORE, Contract, Place
from tests.stores.examples import flow, gap, item, line, part, vertex

OWNERS = [item(number) for number in range(4)]
EVER = 10**6

Change = tuple[int, list[Part] | None]
"""A position, and the parts replaced there; None: the graph is cleared."""


def replace(store: Store, seq: int, *parts: Part) -> None:
    """Replace in a transaction of its own."""
    with store.transaction() as writing:
        writing.graph.replace(parts, seq)


def spans(rows: Iterable[Any], value: str) -> list[tuple[Any, int, int | None]]:
    """Rows as (value, from_seq, to_seq)."""
    return [(getattr(row, value), row.from_seq, row.to_seq) for row in rows]


def live(rows: list[tuple[Any, int, int | None]], at: int) -> list[Any]:
    """The values that are true at a position."""
    return [value for value, begin, end in rows if begin <= at and (end is None or end > at)]


class Model:
    """What the graph should be, kept the slow and obvious way: the parts of all owners after each change."""

    def __init__(self, changes: list[Change]) -> None:
        self.states: dict[int, dict[str, Part]] = {}
        parts: dict[str, Part] = {}
        for seq, replaced in changes:
            parts = {} if replaced is None else parts | {part.owner: part for part in replaced}
            self.states[seq] = parts

    def parts(self, at: int) -> list[Part]:
        """All parts as of a position."""
        before = [seq for seq in self.states if seq <= at]
        return list(self.states[max(before)].values()) if before else []

    def rows(self, kind: str, at: int) -> set[Any]:
        """All vertices, flows or gaps as of a position."""
        return {row for part in self.parts(at) for row in getattr(part, kind)}

    def lines(self, at: int) -> dict[str, Line]:
        """All lines as of a position."""
        return {part.owner: part.line for part in self.parts(at) if part.line is not None}


def whole(reading: Snapshot) -> list[object]:
    """All that a reader is told of the graph."""
    graph = reading.graph
    return [
        reading.edition, list(graph.vertices()), list(graph.flows()), list(graph.line_rows()), graph.gaps(),
        graph.lines(OWNERS), graph.gaps(at=1), graph.lines(OWNERS, at=1),
    ]  # fmt: skip


def live_rows(reading: Snapshot) -> set[object]:
    """Vertices, flows and lines that are true at the end."""
    graph = reading.graph
    told = (spans(graph.vertices(), "vertex"), spans(graph.flows(), "flow"), spans(graph.line_rows(), "line"))
    return {value for rows in told for value, _, end in rows if end is None}


@st.composite
def _parts(draw: st.DrawFn) -> Part:
    owner = draw(st.sampled_from(OWNERS))
    few = st.lists(st.integers(0, 3), max_size=3, unique=True).map(tuple)
    through = draw(few)
    return Part(
        owner,
        tuple(map(vertex, draw(few))),
        tuple(flow(number, number + 1) for number in draw(few)),
        line(owner, *through) if through else None,
        tuple(map(gap, draw(few))),
    )


_replaced = st.lists(_parts(), min_size=1, max_size=4)
_steps = st.lists(
    st.tuples(st.integers(0, 2), st.one_of(_replaced, _replaced, _replaced, st.none())),
    min_size=1,
    max_size=8,
)


def _changes(steps: list[tuple[int, list[Part] | None]]) -> list[Change]:
    """Steps as changes at positions that never go back."""
    seq, changes = 1, []
    for forward, replaced in steps:
        seq += forward
        changes.append((seq, replaced))
    return changes


def _write(store: Store, changes: list[Change], at_once: int) -> None:
    """Write some changes a transaction."""
    for first in range(0, len(changes), at_once):
        with store.transaction() as writing:
            for seq, replaced in changes[first : first + at_once]:
                if replaced is None:
                    writing.graph.clear(seq)
                else:
                    writing.graph.replace(replaced, seq)


def assert_as_long_as_can_be(rows: list[tuple[Any, int, int | None]], again: Collection[int]) -> None:
    """No span is empty, spans of one value do not overlap, and touch only where a later transaction wrote again."""
    by_value: dict[Any, list[tuple[int, int]]] = {}
    for value, begin, end in rows:
        by_value.setdefault(value, []).append((begin, EVER if end is None else end))
    for of_one in by_value.values():
        assert all(begin < end for begin, end in of_one)
        for earlier, later in pairwise(sorted(of_one)):
            assert earlier[1] < later[0] or (earlier[1] == later[0] and later[0] in again)


class GraphContract(Contract):
    """Rows with the positions between which they are true."""

    def test_a_part_is_read_as_it_was_given(self, store: Store) -> None:
        """Vertices, flows, line and gaps come back equal, from the position given."""
        replace(store, 4, part(1))
        with store.snapshot() as reading:
            assert {*spans(reading.graph.vertices(), "vertex")} == {(v, 4, None) for v in part(1).vertices}
            assert {*spans(reading.graph.flows(), "flow")} == {(f, 4, None) for f in part(1).flows}
            assert spans(reading.graph.line_rows(), "line") == [(part(1).line, 4, None)]
            assert reading.graph.lines([item(1), item(2)]) == {item(1): part(1).line}
            assert reading.graph.gaps() == list(part(1).gaps)

    def test_what_stays_is_untouched(self, store: Store) -> None:
        """The same part again changes nothing; a longer one adds only what is new."""
        replace(store, 1, part(1))
        replace(store, 2, part(1))
        replace(store, 3, part(1, length=4))
        with store.snapshot() as reading:
            begun = {v.id: begin for v, begin, end in spans(reading.graph.vertices(), "vertex") if end is None}
            assert begun == {v.id: 1 for v in part(1).vertices} | {vertex(103).id: 3}
            assert [(begin, end) for _, begin, end in spans(reading.graph.line_rows(), "line")] == [
                (1, 3),
                (3, None),
            ]

    def test_an_empty_part_takes_the_rows_away(self, store: Store) -> None:
        """A part with nothing in it closes what its owner had."""
        replace(store, 1, part(1), part(2))
        replace(store, 2, Part(item(1)))
        with store.snapshot() as reading:
            assert set(live(spans(reading.graph.vertices(), "vertex"), 2)) == set(part(2).vertices)
            assert reading.graph.lines([item(1), item(2)]) == {item(2): part(2).line}
            assert reading.graph.lines([item(1)], at=1) == {item(1): part(1).line}
            assert reading.graph.gaps(at=1) == [gap(1), gap(2)]
            assert reading.graph.gaps() == [gap(2)]

    def test_a_shared_row_lives_as_long_as_one_has_it(self, store: Store) -> None:
        """A row of two owners is one row, and is closed when the last of them drops it."""
        first, second = (Part(owner, (vertex(1),)) for owner in OWNERS[:2])
        replace(store, 1, first)
        replace(store, 2, second)
        replace(store, 3, Part(first.owner))
        with store.snapshot() as reading:
            assert spans(reading.graph.vertices(), "vertex") == [(vertex(1), 1, None)]
        replace(store, 4, Part(second.owner))
        with store.snapshot() as reading:
            assert spans(reading.graph.vertices(), "vertex") == [(vertex(1), 1, 4)]

    def test_a_row_that_changes_hands_is_untouched(self, store: Store) -> None:
        """Dropped by one owner and taken by another in one replacement, a row stays as it was."""
        replace(store, 1, Part(OWNERS[0], (vertex(1),)))
        replace(store, 2, Part(OWNERS[0]), Part(OWNERS[1], (vertex(1),)))
        with store.snapshot() as reading:
            assert spans(reading.graph.vertices(), "vertex") == [(vertex(1), 1, None)]
            assert list(reading.graph.vertices(after=1)) == []

    def test_a_row_that_comes_back_has_two_spans(self, store: Store) -> None:
        """Dropped at one position and back at a later one, a row was not true in between."""
        for seq, parts in ((1, part(1)), (2, Part(item(1))), (5, part(1))):
            replace(store, seq, parts)
        with store.snapshot() as reading:
            for rows in (spans(reading.graph.flows(), "flow"), spans(reading.graph.line_rows(), "line")):
                assert {(begin, end) for _, begin, end in rows} == {(1, 2), (5, None)}
            assert reading.graph.lines([item(1)], at=3) == {}
            assert reading.graph.gaps(at=4) == []

    def test_changes_after_a_position(self, store: Store) -> None:
        """A follower is given what was opened or closed after its position, and nothing else."""
        replace(store, 1, part(1), part(2))
        replace(store, 2, part(1, length=2))
        replace(store, 3, part(3))
        with store.snapshot() as reading:
            for read in (reading.graph.vertices, reading.graph.flows, reading.graph.line_rows):
                everything: list[Any] = list(read())
                for after in range(5):
                    wanted = [row for row in everything if row.from_seq > after or (row.to_seq or 0) > after]
                    assert list(read(after)) == wanted

    def test_the_order_of_rows(self, store: Store) -> None:
        """Rows come in order of from_seq, then of time, and last of vertex id, flow digest or item."""
        for seq, numbers in enumerate(([5, 1], [3], [4, 2, 0]), 1):
            replace(store, seq, *map(part, numbers))
        with store.snapshot() as reading:
            vertices = [(row.from_seq, row.vertex.arrived.earliest, row.vertex.id) for row in reading.graph.vertices()]
            flows = [(row.from_seq, row.flow.departed.earliest, row_digest(row.flow)) for row in reading.graph.flows()]
            lines = [(row.from_seq, row.line.item) for row in reading.graph.line_rows()]
            gaps = reading.graph.gaps()
        assert (vertices, flows, lines) == (sorted(vertices), sorted(flows), sorted(lines))
        assert gaps == [gap(number) for number in range(6)]

    def test_gaps_of_items(self, store: Store) -> None:
        """Gaps are given of the items asked for, in order of item, kind and events."""
        other = msgspec.structs.replace(gap(1), kind="conflict")
        replace(store, 1, Part(OWNERS[0], gaps=(gap(2), gap(1), other)), Part(OWNERS[1], gaps=(gap(3), gap(1))))
        with store.snapshot() as reading:
            assert reading.graph.gaps() == [other, gap(1), gap(2), gap(3)]
            assert reading.graph.gaps(items=[item(1), item(3), item(3), item(9)]) == [other, gap(1), gap(3)]
            assert reading.graph.gaps(items=[]) == reading.graph.gaps(at=0) == []

    def test_instances_that_moved_as_one(self, store: Store) -> None:
        """Thousands of owners with the same rows are one set of rows, and each has its line."""
        shared = part(0)
        owners = [item(number) for number in range(3_000)]
        alike = [msgspec.structs.replace(shared, owner=o, line=line(o, 0, 2), gaps=()) for o in owners]
        replace(store, 1, *alike)
        replace(store, 2, *[Part(owner) for owner in owners[1:]])
        with store.snapshot() as reading:
            assert len(list(reading.graph.vertices())) == len(list(reading.graph.vertices(after=1))) + 3 == 3
            assert len(list(reading.graph.line_rows())) == 3_000
            assert reading.graph.lines(owners, at=1) == {owner: line(owner, 0, 2) for owner in owners}
            assert reading.graph.lines(owners) == {owners[0]: line(owners[0], 0, 2)}

    def test_clearing_closes_everything(self, store: Store) -> None:
        """After `clear` nothing is true any more, and what was is still read at its position."""
        replace(store, 1, part(1), part(2))
        with store.transaction() as writing:
            writing.graph.clear(3)
        with store.snapshot() as reading:
            assert live(spans(reading.graph.vertices(), "vertex"), 3) == []
            assert len(live(spans(reading.graph.vertices(), "vertex"), 2)) == 6
            assert reading.graph.lines([item(1)]) == {}
            assert reading.graph.gaps() == []

    def test_a_rebuild_that_finds_the_same_changes_nothing(self, store: Store) -> None:
        """Cleared and replaced by the same at one position, the graph is as if untouched."""
        replace(store, 1, part(1))
        replace(store, 4, part(2))
        with store.snapshot() as reading:
            before = [
                list(reading.graph.vertices()),
                list(reading.graph.flows()),
                list(reading.graph.line_rows()),
            ]
        with store.transaction() as writing:
            writing.graph.clear(4)
            writing.graph.replace([part(2), part(1)], 4)
        with store.snapshot() as reading:
            after = [
                list(reading.graph.vertices()),
                list(reading.graph.flows()),
                list(reading.graph.line_rows()),
            ]
        assert after == before

    def test_a_rebuild_is_an_edition(self, store: Store) -> None:
        """What is added leaves the edition as it is; a graph that was cleared, even for the same, is another one."""
        replace(store, 1, part(1))
        with store.snapshot() as first:
            replace(store, 2, part(2))
            with store.snapshot() as reading:
                assert reading.edition == first.edition
            with store.transaction() as writing:
                writing.graph.clear(2)
                writing.graph.replace([part(1), part(2)], 2)
            with store.snapshot() as reading:
                assert reading.edition > first.edition
            again = first.edition
        replace(store, 3, part(3))
        with store.snapshot() as reading:
            assert reading.edition > again

    def test_who_reads_while_the_graph_is_derived_anew_has_the_former_whole(self, store: Store) -> None:
        """Rows, lines and gaps at the position itself are for a reader from before what they were; for others new."""
        replace(store, 1, part(1))
        replace(store, 2, part(2), part(3))
        with store.snapshot() as before:
            former = whole(before)
            for anew in ([part(1, length=4), part(3)], [part(1), part(2, length=2), part(5)]):
                with store.transaction() as writing:
                    writing.graph.clear(2)
                    writing.graph.replace(anew, 2)
                with store.snapshot() as reading:
                    assert live_rows(reading) == {row for one in anew for row in (*one.vertices, *one.flows, one.line)}
                    assert reading.graph.gaps() == sorted({g for one in anew for g in one.gaps}, key=gap_order)
                    assert reading.graph.gaps(at=1) == list(part(1).gaps)
                assert whole(before) == former

    @settings(
        max_examples=40,
        suppress_health_check=ON_EVERY_STORE,
        deadline=None,
    )
    @given(steps=_steps, at_once=st.integers(1, 4))
    def test_any_changes_give_the_rows_of_the_model(
        self, new_place: Callable[[], Place], steps: list[tuple[int, list[Part] | None]], at_once: int
    ) -> None:
        """Whatever is replaced and cleared, at every position the rows are those of all owners' parts then."""
        changes = _changes(steps)
        store, model = new_place()(), Model(changes)
        _write(store, changes, at_once)
        with store.snapshot() as reading:
            vertices = spans(reading.graph.vertices(), "vertex")
            flows = spans(reading.graph.flows(), "flow")
            lines = spans(reading.graph.line_rows(), "line")
            for at in range(changes[-1][0] + 2):
                wanted = (model.rows("vertices", at), model.rows("flows", at))
                assert (set(live(vertices, at)), set(live(flows, at))) == wanted
                assert reading.graph.lines(OWNERS, at) == model.lines(at)
                assert {found.item: found for found in live(lines, at)} == model.lines(at)
                assert set(reading.graph.gaps(at)) == model.rows("gaps", at)
                some = {found for found in model.rows("gaps", at) if found.item in OWNERS[:2]}
                assert set(reading.graph.gaps(at, OWNERS[:2])) == some
        again = {changes[first][0] for first in range(at_once, len(changes), at_once)}
        for rows in (vertices, flows, lines):
            assert_as_long_as_can_be(rows, again)
        store.close()
