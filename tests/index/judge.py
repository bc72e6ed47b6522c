"""What networkx says a walk reaches: the judge, which knows the filters only as the design words them."""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx

from engine.index import FlowIndex
from graph_schema.flow_graph import Flow, FlowKind


def edges_true_at(index: FlowIndex, at: int) -> list[tuple[int, Flow]]:
    """The edges that are true at a position, with the flows they stand for."""
    rows = index.live(index.edges, range(index.edge_count), at).tolist()
    return [(edge, index.flow(edge)) for edge in rows]


def graph_of(index: FlowIndex, at: int, keep: Callable[[int, Flow], bool]) -> nx.MultiDiGraph[int]:
    """The flows to keep as a graph over vertex numbers, keyed by edge number."""
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    graph.add_nodes_from(range(index.vertex_count))
    for edge, flow in edges_true_at(index, at):
        if keep(edge, flow):
            graph.add_edge(index.number(flow.source), index.number(flow.target), key=edge)
    return graph


def departs_in(flow: Flow, since: int, until: int) -> bool:
    """Whether a flow may have departed in a window; what is carried over is there whenever it was."""
    if flow.kind is FlowKind.CARRY_OVER:
        return True
    return flow.departed.latest >= since and flow.departed.earliest <= until


def levels_from(graph: nx.MultiDiGraph[int], vertices: set[int], edges: set[tuple[int, int, int]]) -> dict[int, int]:
    """Levels from vertices (0) and from the far ends of edges of the graph (1), by breadth first search."""
    root = -1
    search: nx.DiGraph[int] = nx.DiGraph(graph)
    search.add_node(root)
    search.add_edges_from((root, vertex) for vertex in vertices)
    # An edge from the root by way of a vertex of its own, so that its far end is at level 1.
    for source, target, key in edges:
        if graph.has_edge(source, target, key):
            search.add_edges_from([(root, -2 - key), (-2 - key, target)])
    found = nx.single_source_shortest_path_length(search, root)
    return {vertex: level - 1 for vertex, level in found.items() if vertex >= 0}
