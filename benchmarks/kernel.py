"""The kernel against networkx: one walk with all filters on against the bare reach of the same graph."""

from __future__ import annotations

import tempfile
from pathlib import Path

import networkx as nx
import numpy as np

from benchmarks.chains import HOUR, Chains
from benchmarks.measuring import Claim, Report, measure
from engine.index import EVERY_GRADE, FLOW_KINDS, Filters, FlowIndex, Starts, open_index, walk, walk_seeds, warm

CHAINS, SIZE = 14, 10_000
SEEDS = 64


def filters_of(index: FlowIndex) -> Filters:
    """Every filter at work, none in the way: the walk has all to check and the same to reach."""
    return Filters(
        grades=EVERY_GRADE,
        kinds=FLOW_KINDS,
        since=0,
        until=CHAINS * SIZE * HOUR,
        at=index.position,
        left_out_vertices=np.zeros(index.vertex_count, np.bool_),
        left_out_edges=np.zeros(index.edge_count, np.bool_),
        max_depth=index.vertex_count,
        budget=index.vertex_count,
    )


def report() -> Report:
    """Measure a walk, a walk that says which seeds reach what, and opening a saved index."""
    warm()
    chains = Chains.random(CHAINS, SIZE)
    graph = chains.digraph()
    with tempfile.TemporaryDirectory() as folder:
        index = open_index(Path(folder), chains.snapshot())
        first = index.number(chains.ids[0])
        filters = filters_of(index)
        found = walk(index, Starts.of([first]), filters)
        reached = {index.id(vertex) for vertex in found.reached.tolist()}
        assert reached == {chains.ids[n] for n in nx.descendants(graph, 0) | {0}}, "the peers disagree"
        walked = measure("`walk`, all filters on", lambda: walk(index, Starts.of([first]), filters))
        bare = measure("`networkx.descendants`, no filter", lambda: nx.descendants(graph, 0))
        seeds = Starts.union(Starts.of([index.number(chains.ids[seed])], seed=seed) for seed in range(SEEDS))
        within = walk(index, seeds, filters)
        each = measure(
            f"`walk_seeds`, which of {SEEDS} seeds reach each",
            lambda: walk_seeds(index, seeds, within, filters, seed_count=SEEDS),
        )
        opened = measure("`open_index`, saved", lambda: open_index(Path(folder), chains.snapshot()))
    # The fastest runs are compared: what else the machine does slows either.
    faster = bare.fastest / walked.fastest
    setting = f"{index.vertex_count:,} vertices, {index.edge_count:,} flows, {len(reached):,} reached"
    claim = Claim(
        f"A walk with all filters on takes less time than the bare reach of networkx ({faster:.0f} times less)",
        walked.fastest < bare.fastest,
    )
    return Report("Kernel", setting, (walked, bare, each, opened), (claim,))
