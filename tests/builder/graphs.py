"""The flow graph as plain sets, sequence numbers aside. In: a store's snapshot. Out: `Rows` to compare."""

from __future__ import annotations

from dataclasses import dataclass

from engine.builder.build import build_parts
from engine.builder.closed_set import namings_of, scene_of_items
from engine.stores.ports import Snapshot
from graph_schema.flow_graph import Flow, Gap, Line, Part, Vertex
from graph_schema.profiles import Systems, profiles, touching_of
from tests.worlds.memory_store import MemorySnapshot


@dataclass(frozen=True)
class Rows:
    """What is true of the flow graph at one position."""

    vertices: frozenset[Vertex]
    flows: frozenset[Flow]
    lines: frozenset[Line]
    gaps: frozenset[Gap]

    def differences(self, other: Rows) -> list[str]:
        """What one has and the other has not, as lines to read."""
        told = []
        for name in ("vertices", "flows", "lines", "gaps"):
            ours, theirs = getattr(self, name), getattr(other, name)
            told.extend(f"only here: {row}" for row in sorted(map(repr, ours - theirs)))
            told.extend(f"only there: {row}" for row in sorted(map(repr, theirs - ours)))
        return told


def stored(snapshot: Snapshot) -> Rows:
    """The rows that are live at the last position."""
    graph = snapshot.graph
    return Rows(
        frozenset(row.vertex for row in graph.vertices() if row.to_seq is None),
        frozenset(row.flow for row in graph.flows() if row.to_seq is None),
        frozenset(row.line for row in graph.line_rows() if row.to_seq is None),
        frozenset(graph.gaps()),
    )


def derived(snapshot: Snapshot, systems: Systems = profiles) -> Rows:
    """The rows that the ledger gives when every item is built anew, without any closed set."""
    anew = MemorySnapshot()
    anew.memory.all.extend(snapshot.ledger.entries())
    anew.lookup.add_namings(namings_of(anew.memory.all, snapshot.masters, systems))
    items = {what.item for entry in anew.memory.all for what in entry.event.whats}
    touchings = (touching_of(entry.event, systems) for entry in anew.memory.all)
    items |= {item for touching in touchings if touching is not None for item in touching.items}
    parts: list[Part] = []
    for built in build_parts(scene_of_items(sorted(items), anew, systems), anew.kin):
        anew.kin.tell(built.holders)
        parts.extend(built.parts)
    return rows_of(parts)


def rows_of(parts: list[Part]) -> Rows:
    """The rows of parts together."""
    return Rows(
        frozenset(vertex for part in parts for vertex in part.vertices),
        frozenset(flow for part in parts for flow in part.flows),
        frozenset(part.line for part in parts if part.line is not None),
        frozenset(gap for part in parts for gap in part.gaps),
    )
