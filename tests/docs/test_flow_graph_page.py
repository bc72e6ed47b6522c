"""docs/flow-graph.md tells every word of the rows: fields, kinds, grades and the roles that worlds lead to."""

from __future__ import annotations

import re
from enum import IntEnum
from pathlib import Path
from random import Random

import msgspec
import pytest

from api.generate.world import simulate
from engine.capture import capture
from graph_schema.flow_graph import Flow, FlowKind, Grade, Line, Stay, Vertex, VertexKind
from tests.worlds.engine_tracer import BY_ANYONE
from tests.worlds.memory_store import MemoryStore
from tests.worlds.reading import read_events
from tests.worlds.thinning import lose, remaining

WORDS = set(
    re.findall(r"`([A-Za-z_]+)`", (Path(__file__).parents[2] / "docs" / "flow-graph.md").read_text(encoding="utf-8"))
)


@pytest.mark.parametrize("row", [Vertex, Flow, Line])
def test_every_field_is_told(row: type[msgspec.Struct]) -> None:
    """A field of a vertex, flow or line is named in the page."""
    obvious = {"source", "target", "item"}
    assert {field.name for field in msgspec.structs.fields(row)} - obvious <= WORDS


@pytest.mark.parametrize("words", [VertexKind, FlowKind, Grade, Stay])
def test_every_kind_and_grade_is_told(words: type[IntEnum]) -> None:
    """A kind of vertex or flow, a grade, and a stay are named in the page."""
    assert {word.name for word in words} <= WORDS


def test_every_role_is_told() -> None:
    """The roles of all vertices of forty whole and forty thinned worlds are named in the page."""
    roles: set[str] = set()
    for seed in range(40):
        world = simulate(seed)
        for records in (world.records, remaining(world.records, lose(world, Random(seed)))):
            store = MemoryStore()
            capture(store, read_events(record.event for record in records), BY_ANYONE)
            with store.snapshot() as snapshot:
                roles |= {row.vertex.role for row in snapshot.graph.vertices()}
    assert len(roles) > 15
    assert roles <= WORDS
