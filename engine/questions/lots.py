"""Lots as the graph has them (rules 3, 5, 6). In: item codes. Out: their vertices, and the flows at each.

All lots of an answer are read at once, column by column: a look-up a flow costs more than all that is done with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal

import msgspec
import numpy as np

from engine.index import NONE
from engine.questions.view import Numbers, View
from graph_schema.flow_graph import CONTACT_KINDS, FlowKind, Grade, VertexKind

_CONTACT = sorted(CONTACT_KINDS)
_RENAMED = (FlowKind.WIDEN, FlowKind.NARROW)


class LotVertex(msgspec.Struct, frozen=True, gc=False):
    """A vertex of a lot; `site` and `event` are codes, `remains` a grade, of each NONE for none."""

    kind: int
    stay: int
    site: int
    event: int
    role: str
    in_container: bool
    quantity: Decimal | None
    uom: str | None
    earliest: int
    """When it began, at the earliest."""
    latest: int
    sure: bool
    remains: int


class LotFlow(msgspec.Struct, frozen=True, gc=False):
    """A flow into or out of a vertex of a lot, and the vertex at its other end."""

    far: int
    kind: int
    grade: int
    quantity: Decimal | None
    uom: str | None


class Lots:
    """Lots that were read; any other that is asked for is read then."""

    def __init__(self, view: View, items: Collection[int]) -> None:
        self.view = view
        self.before: dict[int, list[LotFlow]] = {}
        """Per vertex the flows into it, contact apart."""
        self.after: dict[int, list[LotFlow]] = {}
        self._vertices: dict[int, dict[int, LotVertex]] = {}
        self._kin: dict[int, dict[int, set[int]]] = {}
        self._told: dict[int, set[str]] = {}
        self.read(items)

    def vertices(self, item: int) -> dict[int, LotVertex]:
        """The vertices of a lot by number, ascending."""
        self.read([item])
        return self._vertices[item]

    def kin(self, item: int) -> dict[int, set[int]]:
        """Wider and narrower items that goods may have been named as, and the sites where they were held (rule 11)."""
        self.read([item])
        return self._kin[item]

    def told_of(self, event: int) -> set[str]:
        """How an event says that goods in a container came: received or returned; neither where it tells no arrival."""
        return self._told.get(event, set())

    def read(self, items: Iterable[int]) -> None:
        """Read those that were not yet."""
        fresh = sorted({*items} - self._vertices.keys())
        if not fresh:
            return
        self._vertices.update((item, {}) for item in fresh)
        self._kin.update((item, defaultdict(set)) for item in fresh)
        codes = self.view.index.vertices_where("item", fresh, self.view.at).astype(np.int64)
        codes = codes[self.view.column("instances", codes) == 0]
        self._read_vertices(codes)
        self._read_told(codes)
        self.before.update(self._flows(self.view.edges_in(codes), "target", "source"))
        out = self.view.edges_out(codes)
        self.after.update(self._flows(out, "source", "target"))
        self._read_kin(out)

    def _read_vertices(self, codes: Numbers) -> None:
        index, rows = self.view.index, self.view.rows[codes]
        table = index.vertices
        columns = (
            *(self.view.column(name, codes).tolist() for name in ("kind", "stay", "site", "event")),
            (role or "" for role in index.words.optionals(table["role"][rows])),
            (table["container"][rows] != NONE).tolist(),
            *index.amounts(table, rows),
            *(table[name][rows].tolist() for name in ("arrived_earliest", "arrived_latest", "sure", "remains")),
        )
        owners = table["item"][rows].tolist()
        for item, number, vertex in zip(owners, codes.tolist(), map(LotVertex, *columns), strict=True):
            self._vertices[item][number] = vertex

    def _read_told(self, codes: Numbers) -> None:
        """What else the events say that opened those of these that came in a container."""
        index, view = self.view.index, self.view
        carried = codes[view.column("role", codes) == index.words.code("carried")]
        events = np.unique(view.column("event", carried))
        opened = index.vertices_where("event", events[events != NONE], view.at)
        words = {code: word for word in ("received", "returned") if (code := index.words.code(word)) != NONE}
        pairs = (view.column(name, opened).tolist() for name in ("event", "role"))
        for event, role in zip(*pairs, strict=True):
            if role in words:
                self._told.setdefault(event, set()).add(words[role])

    def _flows(self, edges: Numbers, near: str, far: str) -> dict[int, list[LotFlow]]:
        table = self.view.index.edges
        edges = edges[~np.isin(table["kind"][edges], _CONTACT)]
        columns = (table[name][edges].tolist() for name in (far, "kind", "grade"))
        flows = map(LotFlow, *columns, *self.view.index.amounts(table, edges))
        found: dict[int, list[LotFlow]] = defaultdict(list)
        for here, flow in zip(table[near][edges].tolist(), flows, strict=True):
            found[here].append(flow)
        return found

    def _read_kin(self, edges: Numbers) -> None:
        view, kind = self.view, self.view.edge("kind", edges)
        renamed = np.isin(kind, _RENAMED) | (view.edge("grade", edges) == Grade.CLASS)
        goods = view.column("kind", view.edge("target", edges)) != VertexKind.TRANSFORMATION
        edges = edges[renamed & goods & ~np.isin(kind, _CONTACT)]
        here, there = view.edge("source", edges), view.edge("target", edges)
        columns = (view.column("item", here), view.column("item", there), view.column("site", here))
        for item, other, site in zip(*(column.tolist() for column in columns), strict=True):
            if item != other:
                self._kin[item].setdefault(other, set()).add(site)
