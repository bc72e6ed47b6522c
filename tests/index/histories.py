"""Random histories of a flow graph, and the rows a store would give of them: the judge's own material.

A history is a list of states, one a ledger position; its rows are the differences between them. What an index
answers at a position is compared with that position's state.
"""

from __future__ import annotations

import random
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar, cast

from engine.ledger import Capture, Head, LedgerEntry
from engine.stores.ports import FlowRow, LineRow, Snapshot, VertexRow
from graph_schema.event import Event, EventType
from graph_schema.flow_graph import (
    Entry,
    Flow,
    FlowKind,
    Grade,
    Line,
    Ride,
    Stay,
    Vertex,
    VertexKind,
)
from graph_schema.interval import BEGINNING, END, Interval

K = TypeVar("K", bound=Hashable)


@dataclass
class State:
    """What is true at one position."""

    vertices: dict[bytes, Vertex] = field(default_factory=dict)
    flows: set[Flow] = field(default_factory=set)
    lines: dict[str, Line] = field(default_factory=dict)

    def copy(self) -> State:
        """Another state with the same rows."""
        return State(dict(self.vertices), set(self.flows), dict(self.lines))


def chain_of(position: int) -> bytes:
    """The chain hash of a position: any 32 bytes will do, if they differ."""
    return position.to_bytes(32, "big")


@dataclass
class HistoryLedger:
    """The ledger of a history up to a position."""

    position: int
    salt: int = 0

    def head(self) -> Head:
        """Where the ledger stands."""
        return Head(self.position, self._chain(self.position), None)

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[LedgerEntry]:
        """Entries with `after < seq <= until`."""
        last = self.position if until is None else min(until, self.position)
        for seq in range(after + 1, last + 1):
            event = Event(id=f"event:{seq}", type=EventType.OBJECT, time=Interval())
            yield LedgerEntry(seq, event, Capture("", "", "", 0), self._chain(seq))

    def _chain(self, position: int) -> bytes:
        return chain_of(position + self.salt if position else 0)


@dataclass
class HistoryGraph:
    """The rows of a history as of a position."""

    states: list[State]
    position: int

    def vertices(self, after: int = 0) -> Iterator[VertexRow]:
        """Vertices opened or closed after a position."""
        for row, opened, closed in self._changed([set(s.vertices.values()) for s in self.states], after):
            yield VertexRow(row, opened, closed)

    def flows(self, after: int = 0) -> Iterator[FlowRow]:
        """Flows opened or closed after a position."""
        for row, opened, closed in self._changed([s.flows for s in self.states], after):
            yield FlowRow(row, opened, closed)

    def line_rows(self, after: int = 0) -> Iterator[LineRow]:
        """Lines opened or closed after a position."""
        for row, opened, closed in self._changed([set(s.lines.values()) for s in self.states], after):
            yield LineRow(row, opened, closed)

    def _changed(self, states: list[set[K]], after: int) -> Iterator[tuple[K, int, int | None]]:
        for row, opened, closed in _intervals(states[: self.position + 1]):
            if opened > after or (closed is not None and closed > after):
                yield row, opened, closed


def _intervals(states: list[set[K]]) -> list[tuple[K, int, int | None]]:
    """Each row with the positions between which it is in the states, in order of the first."""
    rows: list[tuple[K, int, int | None]] = []
    opened: dict[K, int] = {}
    for position, state in enumerate(states):
        gone = [row for row in opened if row not in state]
        rows += [(row, opened.pop(row), position) for row in gone]
        opened |= {row: position for row in state if row not in opened}
    rows += [(row, start, None) for row, start in opened.items()]
    return sorted(rows, key=lambda found: found[1])


@dataclass
class History:
    """States by position; the first is empty."""

    states: list[State]
    salt: int = 0

    @property
    def position(self) -> int:
        """The last position."""
        return len(self.states) - 1

    def snapshot(self, position: int | None = None) -> Snapshot:
        """A store's committed state at a position."""
        at = self.position if position is None else position
        return cast("Snapshot", HistorySnapshot(HistoryLedger(at, self.salt), HistoryGraph(self.states, at)))


@dataclass
class HistorySnapshot:
    """The two ports that an index reads."""

    ledger: HistoryLedger
    graph: HistoryGraph
    edition: int = 0


def random_history(seed: int, size: int = 30, positions: int = 5) -> History:
    """A history of up to `size` vertices and as many flows a position, some of which change or go at each."""
    rng = random.Random(seed)
    ids = [rng.randbytes(16) for _ in range(rng.randint(1, size))]
    states = [State()]
    for _ in range(positions):
        state = states[-1].copy()
        _change(state, ids, rng)
        states.append(state)
    return History(states)


def _change(state: State, ids: list[bytes], rng: random.Random) -> None:
    for vertex in rng.sample(ids, rng.randint(0, len(ids))):
        state.vertices[vertex] = _vertex(vertex, rng)
    known = sorted(state.vertices)
    for flow in sorted(state.flows, key=repr):
        if rng.random() < 0.2:
            state.flows.discard(flow)
    for _ in range(rng.randint(0, len(known))):
        state.flows.add(_flow(rng.choice(known), rng.choice(known), rng))
    for number in range(rng.randint(0, 4)):
        if known:
            state.lines[f"instance:{number}"] = _line(f"instance:{number}", known, rng)
    for item in sorted(state.lines):
        if rng.random() < 0.2:
            del state.lines[item]


def _vertex(vertex: bytes, rng: random.Random) -> Vertex:
    return Vertex(
        id=vertex,
        kind=rng.choice(list(VertexKind)),
        item=rng.choice(["", "lot:a", "lot:b", "lot:é"]),
        site=rng.choice([None, "site:1", "site:2"]),
        stay=rng.choice(list(Stay)),
        arrived=_interval(rng),
        event_id=rng.choice([None, "event:1", "event:2", "event:3"]),
        role=rng.choice(["", "shipped", "made"]),
        container=rng.choice([None, "sscc:1", "lot:a"]),
        quantity=_quantity(rng),
        uom=rng.choice([None, "KGM"]),
        named=rng.random() < 0.5,
        sure=rng.random() < 0.5,
        # What a vertex holds does not change with its version.
        instances=vertex[0] % 2 == 0,
        remains=rng.choice([None, *Grade]),
    )


def _flow(source: bytes, target: bytes, rng: random.Random) -> Flow:
    return Flow(
        source=source,
        target=target,
        kind=rng.choice(list(FlowKind)),
        grade=rng.choice(list(Grade)),
        event_ids=tuple(rng.sample(["event:1", "event:2", "event:3"], rng.randint(0, 3))),
        departed=_interval(rng),
        arrived=_interval(rng),
        quantity=_quantity(rng),
        uom=rng.choice([None, "KGM", "H87"]),
        via=rng.choice([None, "sscc:1"]),
    )


def _line(item: str, known: list[bytes], rng: random.Random) -> Line:
    def some() -> tuple[bytes, ...]:
        return tuple(rng.sample(known, rng.randint(0, min(2, len(known)))))

    def ride() -> Ride:
        unpacked = rng.choice([None, _interval(rng)])
        return Ride(rng.choice(["sscc:1", "sscc:2"]), rng.choice(known), _interval(rng), unpacked)

    entered = tuple(Entry(rng.choice(known), end, rng.choice(list(Grade))) for end in some())
    rides = tuple(ride() for _ in range(rng.randint(0, 2)))
    return Line(item, rng.choice(["", "lot:a"]), some(), some(), entered, some(), rides)


def _interval(rng: random.Random) -> Interval:
    earliest = rng.choice([BEGINNING, rng.randint(0, 100)])
    return Interval(earliest, rng.choice([END, max(earliest, 0) + rng.randint(0, 20)]))


def _quantity(rng: random.Random) -> Decimal | None:
    return rng.choice([None, Decimal("1.50"), Decimal(12), Decimal("1E+3")])
