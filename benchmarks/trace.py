"""A whole answer against networkx: `trace` over the embedded store against the bare reach of the same graph."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec
import networkx as nx

from benchmarks.chains import HOUR, Chains
from benchmarks.measuring import Claim, Report, measure
from engine.answer import Direction
from engine.answer_json import as_json
from engine.index import FlowIndex, open_index, warm
from engine.ledger import Capture
from engine.question import ItemSeed, Options, Question, Window
from engine.stores.ports import Snapshot, Store
from engine.stores.sqlite import open_store
from engine.trace import trace
from graph_schema.event import Event, EventType, Role, What
from graph_schema.flow_graph import Part
from graph_schema.interval import Interval

CHAINS, SIZE = 14, 10_000
FIRST = "urn:lot:0"


def fill(store: Store, chains: Chains) -> None:
    """Put the chains into a store, with one event that names the first lot."""
    graph = chains.snapshot().graph
    vertices = tuple(row.vertex for row in graph.vertices())
    flows = tuple(row.flow for row in graph.flows())
    first = Event(
        id="urn:event:first",
        type=EventType.OBJECT,
        time=Interval(0, 0),
        whats=(What(FIRST, Role.NAMED),),
        body=b"{}",
    )
    with store.transaction() as transaction:
        transaction.ledger.append([first], Capture("benchmark", "benchmark", "benchmark", 0))
        transaction.graph.replace([Part("urn:chains", vertices, flows)], 1)


def report() -> Report:
    """Measure a trace forward of everything that follows from one lot, in a window."""
    warm()
    chains = Chains.random(CHAINS, SIZE)
    digraph = chains.digraph()
    question = Question(
        seeds=(ItemSeed(FIRST),),
        direction=Direction.FORWARD,
        options=Options(window=Window(0, CHAINS * SIZE * HOUR)),
    )
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(str(Path(folder) / "suyuan.db"))
        fill(store, chains)
        with store.snapshot() as snapshot:
            index = open_index(Path(folder) / "index", snapshot)
            answer = trace(index, snapshot, question)
            told = f"{len(answer.items):,} items at {len(answer.sites):,} sites"
            measured = (
                measure("`trace`, all filters on", lambda: found(index, snapshot, question)),
                measure("`networkx.descendants`, no filter", lambda: nx.descendants(digraph, 0)),
                measure("`trace`, every item and site told", lambda: tell(index, snapshot, question), times=10),
                measure("`trace`, written as JSON", lambda: write(index, snapshot, question), times=10),
            )
        store.close()
    setting = f"{index.vertex_count:,} vertices; {told} are reached, by {SIZE:,} holdings"
    sentence = "A trace with all filters on takes less time than the bare reach of networkx"
    return Report("Trace", setting, measured, (Claim(sentence, measured[0].fastest < measured[1].fastest),))


def found(index: FlowIndex, snapshot: Snapshot, question: Question) -> int:
    """Trace: which items and sites, how surely and how deep, as columns."""
    answer = trace(index, snapshot, question)
    return answer.items_reached.certain_count + answer.sites_reached.certain_count


def tell(index: FlowIndex, snapshot: Snapshot, question: Question) -> int:
    """Trace, and have every item and site told with its names, evidence and master data."""
    answer = trace(index, snapshot, question)
    return len(answer.items) + len(answer.sites)


def write(index: FlowIndex, snapshot: Snapshot, question: Question) -> int:
    """Trace, and write the whole answer down."""
    return len(msgspec.json.encode(as_json(trace(index, snapshot, question))))
