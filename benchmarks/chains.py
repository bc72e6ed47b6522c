"""Made-up flow graphs to measure on. In: sizes. Out: a snapshot of their rows, and the same in networkx.

Chains of equal size that do not touch: in each, every vertex is reached from the first one, by flows from up to
fifty vertices before it, as lots are split, moved and mixed. Ids are hashes, so that numbers follow no chain.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import networkx as nx

from engine.ledger import GENESIS, Head
from engine.stores.ports import FlowRow, LineRow, Snapshot, VertexRow
from graph_schema.flow_graph import Flow, FlowKind, Grade, Vertex, VertexKind
from graph_schema.interval import Interval

HOUR = 3600 * 1_000_000


@dataclass(frozen=True)
class Chains:
    """Flows as pairs of vertices: vertex n is in chain n // size, and the first of a chain reaches all of it."""

    ids: list[bytes]
    pairs: list[tuple[int, int]]

    @classmethod
    def random(cls, chains: int, size: int, *, seed: int = 1) -> Chains:
        """So many chains of so many vertices each, half of which have a second flow into them."""
        rng = random.Random(seed)
        ids = [rng.randbytes(16) for _ in range(chains * size)]
        pairs = []
        for place in range(chains * size):
            within = place % size
            count = rng.choice((1, 2)) if within else 0
            pairs += [(place - rng.randint(1, min(50, within)), place) for _ in range(count)]
        return cls(ids, pairs)

    def snapshot(self) -> Snapshot:
        """A store's view of them at position 1."""
        return cast("Snapshot", ChainsSnapshot(ChainsLedger(), ChainsGraph(self)))

    def digraph(self) -> nx.DiGraph[int]:
        """The bare graph in networkx, vertices numbered as here."""
        return nx.DiGraph(self.pairs)


@dataclass(frozen=True)
class ChainsLedger:
    """A ledger at position 1."""

    def head(self) -> Head:
        """Where the ledger stands."""
        return Head(1, GENESIS, None)


@dataclass(frozen=True)
class ChainsGraph:
    """The rows of the graph: lots that move from site to site, every third flow inferred."""

    chains: Chains

    def vertices(self, after: int = 0) -> Iterator[VertexRow]:
        """All vertices."""
        for place, vertex in enumerate(self.chains.ids):
            arrived = Interval(place * HOUR, place * HOUR)
            site = f"https://id.gs1.org/414/{place % 5000:013}"
            holding = Vertex(vertex, VertexKind.HOLDING, f"urn:lot:{place // 3}", site, arrived=arrived)
            if after < 1:
                yield VertexRow(holding, 1, None)

    def flows(self, after: int = 0) -> Iterator[FlowRow]:
        """All flows."""
        ids = self.chains.ids
        for number, (source, target) in enumerate(self.chains.pairs):
            grade = Grade.INFERRED if number % 3 == 2 else Grade.RECORDED
            departed = Interval(source * HOUR, target * HOUR)
            events = (f"urn:event:{number}",)
            flow = Flow(ids[source], ids[target], FlowKind.MOVE, grade, events, departed)
            if after < 1:
                yield FlowRow(flow, 1, None)

    def line_rows(self, after: int = 0) -> Iterator[LineRow]:  # noqa: ARG002 - the port's signature
        """No lines: lots have none."""
        yield from ()


@dataclass(frozen=True)
class ChainsSnapshot:
    """The two ports that an index reads."""

    ledger: ChainsLedger
    graph: ChainsGraph
    edition: int = 0
