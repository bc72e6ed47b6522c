"""The index at one position. In: vertex numbers. Out: what is true of them at that position, as arrays and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from engine.index import ARRAYS, NONE, FlowIndex, Walker
from graph_schema.flow_graph import CONTACT_KINDS, Grade, Stay, VertexKind

Numbers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

_CONTACT = np.array(sorted(CONTACT_KINDS))


class View:
    """A flow index read at one ledger position, and who walks it."""

    def __init__(self, index: FlowIndex, at: int, walker: Walker = ARRAYS) -> None:
        self.index = index
        self.at = at
        self.walker = walker
        self.rows = index.rows_at(at)

    def column(self, name: str, vertices: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """A column of `vertices`, per vertex number; shape (len(vertices),). Vertices must be there at the position."""
        rows = self.rows[np.asarray(vertices, np.int64)]
        if name == "site":
            return self.index.sites_at(rows, self.at)
        return np.asarray(self.index.vertices[name][rows], np.int64)

    def present(self, vertices: npt.ArrayLike) -> Numbers:
        """Those vertices that are there at the position."""
        numbers = np.asarray(vertices, np.int64)
        return np.asarray(numbers[self.rows[numbers] != NONE])

    def holdings(self, column: str, codes: Iterable[int]) -> Numbers:
        """Holdings, of lots and of instances, whose item, site, container or event is one of these codes."""
        found = self._where(column, codes)
        return np.asarray(found[self.column("kind", found) == VertexKind.HOLDING])

    def of_kind(self, kind: VertexKind, column: str, codes: Iterable[int]) -> Numbers:
        """Vertices of a kind whose item, site, container or event is one of these codes."""
        found = self._where(column, codes)
        return np.asarray(found[self.column("kind", found) == kind])

    def _where(self, column: str, codes: Iterable[int]) -> Numbers:
        known = [code for code in codes if code != NONE]
        return self.index.vertices_where(column, np.asarray(known, np.int32), self.at).astype(np.int64)

    def of_lots(self, holdings: Numbers) -> Numbers:
        """Those holdings that hold a lot or class, not instances."""
        return np.asarray(holdings[~self.column("instances", holdings).astype(bool)])

    def of_instances(self, vertices: Numbers) -> Numbers:
        """Those vertices that are holdings of instances."""
        held = self.column("instances", vertices).astype(bool)
        return np.asarray(vertices[held & (self.column("kind", vertices) == VertexKind.HOLDING)])

    def at_unknown_place(self) -> Numbers:
        """Holdings at, or on the way to, a place that no record names."""
        rows = self.rows[self.rows != NONE]
        nowhere = (self.index.vertices["site"][rows] == NONE) & (
            self.index.vertices["kind"][rows] == VertexKind.HOLDING
        )
        return np.asarray(self.index.vertices["vertex"][rows[nowhere]], np.int64)

    def is_at(self, holdings: Numbers) -> Truths:
        """Per holding: a stay at a named site, not on the way to it nor at an unknown place."""
        stays = self.column("stay", holdings) == Stay.AT
        return np.asarray(stays & (self.column("site", holdings) != NONE))

    def edges_out(self, vertices: npt.ArrayLike) -> Numbers:
        """Edges that leave these vertices and are true at the position."""
        return self._edges("source", vertices)

    def edges_in(self, vertices: npt.ArrayLike) -> Numbers:
        """Edges that come into these vertices and are true at the position."""
        return self._edges("target", vertices)

    def _edges(self, column: str, vertices: npt.ArrayLike) -> Numbers:
        rows = self.index.edges.where(column, np.asarray(vertices, np.int64))
        return self.index.live(self.index.edges, rows, self.at)

    def edge(self, column: str, edges: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """A column of `edges`; shape (len(edges),)."""
        return np.asarray(self.index.edges[column][np.asarray(edges, np.int64)], np.int64)

    def left(self, end: str, edges: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """When goods left where an edge starts, its `earliest` or `latest`: the way to a site is left on arrival."""
        on_the_way = self.column("stay", self.edge("source", edges)) == Stay.ON_THE_WAY
        return np.where(on_the_way, self.edge(f"arrived_{end}", edges), self.edge(f"departed_{end}", edges))

    def in_tree(self, edges: Numbers) -> Truths:
        """Per edge: a flow among instance holdings (rule 4); contact is not."""
        held = self.index.vertices["instances"].astype(bool)
        sources, targets = self.rows[self.edge("source", edges)], self.rows[self.edge("target", edges)]
        among = held[sources] & held[targets] & (sources != NONE) & (targets != NONE)
        return np.asarray(among & ~np.isin(self.edge("kind", edges), _CONTACT))

    def surely_held(self, holdings: Numbers) -> Truths:
        """Per holding: goods were there in every reading: it was, and a record names them or recorded flows lead in."""
        known: dict[int, bool] = {}
        proven = np.array([self._surely(int(v), known) for v in holdings], bool)
        return np.asarray(proven & self.column("sure", holdings).astype(bool))

    def _surely(self, vertex: int, known: dict[int, bool]) -> bool:
        """Look back along recorded flows until one starts where a record names the goods, or where nothing flows in."""
        seen, waiting = {vertex}, [vertex]
        while waiting:
            current = waiting.pop()
            if known.get(current) or self._named(current):
                known[vertex] = True
                return True
            edges = self.edges_in([current])
            recorded = edges[self.edge("grade", edges) == Grade.RECORDED]
            sources = {int(v) for v in self.edge("source", recorded)} - seen
            seen |= sources
            waiting.extend(v for v in sources if known.get(v) is not False)
        known[vertex] = False
        return False

    def _named(self, vertex: int) -> bool:
        row = self.rows[vertex]
        if row == NONE:
            return False
        kind = self.index.vertices["kind"][row]
        named = self.index.vertices["named"][row] and self.index.vertices["sure"][row]
        return bool(named) or bool(kind == VertexKind.TRANSFORMATION)

    def site_name(self, code: int) -> str | None:
        """The key of a site code."""
        return None if code == NONE else self.index.sites.name(int(code))

    def proofs(self, edges: Sequence[int]) -> dict[int, list[str]]:
        """Ids of the events that prove each of some edges."""
        proofs = self.index.proofs
        rows = proofs.where("edge", edges)
        found: dict[int, list[str]] = {edge: [] for edge in edges}
        events = self.index.events.names(proofs["event"][rows])
        for edge, event in zip(proofs["edge"][rows].tolist(), events, strict=True):
            found[edge].append(event)
        return found

    def openings(self, vertices: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """The id of the event that opened each of some vertices, or nothing."""
        numbers = np.array(sorted(set(vertices) - {NONE}), np.int64)
        numbers = self.present(numbers)
        codes = self.column("event", numbers)
        opened = numbers[codes != NONE]
        names = self.index.events.names(codes[codes != NONE])
        told = {vertex: (event,) for vertex, event in zip(opened.tolist(), names, strict=True)}
        return {vertex: told.get(vertex, ()) for vertex in vertices}
