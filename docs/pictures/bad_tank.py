"""The chain of the bad tank as Neo4j shows it: `python docs/pictures/bad_tank.py` asks a real Neo4j, and draws.

In: the shipped outbreak, loaded into a server started for it. Out: bad-tank.svg; where no server can be had, that is
said, and the picture stays as it is.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

from neo4j import Driver, GraphDatabase  # noqa: E402
from svg import INK, Point, between, box, circle, line, page, text  # noqa: E402

from tests.neo4j_server.missing import Missing  # noqa: E402
from tests.neo4j_server.server import local_server  # noqa: E402
from tests.stores.databases import load_outbreak  # noqa: E402

FILE = HERE / "bad-tank.svg"
CHAIN = """
MATCH (tank:Holding {item: 'https://id.gs1.org/01/09521101000016/10/TK-S1', role: 'commissioned'})
MATCH (tank)-[:FLOWS_TO*0..]->(v:Vertex)
WITH DISTINCT v
MATCH (v)-[r:FLOWS_TO|AT]->(there)
RETURN v, r, there
"""
COLORS = {"Holding": "#57c7e3", "Transformation": "#ffc454", "Ending": "#f79767", "Site": "#8dcc93"}
EDGES = {"Holding": "#2870c2", "Transformation": "#d7a013", "Ending": "#d25f2a", "Site": "#5db665"}
LINES = {"FLOWS_TO": ("#5c6670", 1.6), "AT": ("#b8c0c8", 1.0)}
WIDTH, MIDDLE, TOP, STEP = 900.0, 450.0, 104.0, 126.0
BRANCHES = (190.0, 710.0)
TRUNK = (Point(95, TOP), Point(270, TOP), Point(445, TOP), Point(740, TOP), Point(580, TOP + 130))
"""Where the chain runs before it parts: at the top, its last vertex below."""


@dataclass(frozen=True)
class Shown:
    """A node as Neo4j gives it."""

    id: str
    label: str
    properties: dict[str, Any]

    @property
    def radius(self) -> float:
        """A site is a hub, and has the longer name."""
        return 48.0 if self.label == "Site" else 42.0


@dataclass(frozen=True)
class Graph:
    """What a question is answered with: nodes in order of time, and relationships (from, type, to)."""

    nodes: dict[str, Shown]
    joins: list[tuple[str, str, str]]

    def next_of(self, node: str) -> list[str]:
        """Where goods went next, in order of time."""
        return [end for end in self.nodes if (node, "FLOWS_TO", end) in self.joins]


def ask(driver: Driver) -> Graph:
    """The chain of the bad tank."""
    found = driver.execute_query(CHAIN, database_="neo4j").records
    nodes = {node["id"]: _shown(node) for row in found for node in (row["v"], row["there"])}
    in_order = sorted(nodes.values(), key=lambda node: (node.properties.get("arrived_earliest_us", 0), node.id))
    joins = sorted({(row["v"]["id"], row["r"].type, row["there"]["id"]) for row in found})
    return Graph({node.id: node for node in _goods_in_order(in_order, joins)}, joins)


def picture(graph: Graph) -> str:
    """Nodes by label, arrows by type, as Neo4j Browser draws them."""
    places = _places(graph)
    height = max(point.y for point in places.values()) + 60
    shapes = _legend(graph)
    for kind in ("AT", "FLOWS_TO"):
        shapes += [shape for join in graph.joins if join[1] == kind for shape in _arrow(graph, places, join)]
    shapes += [shape for node in graph.nodes.values() for shape in _circle(node, places[node.id])]
    return page(WIDTH, height, [color for color, _ in LINES.values()], shapes, "The chain of the bad tank")


def _shown(node: Any) -> Shown:
    return Shown(node["id"], next(label for label in COLORS if label in node.labels), dict(node))


def _goods_in_order(nodes: list[Shown], joins: list[tuple[str, str, str]]) -> list[Shown]:
    """In order of time; what is made at one instant after what it is made of."""
    into: dict[str, set[str]] = {node.id: set() for node in nodes}
    for start, kind, end in joins:
        if kind == "FLOWS_TO":
            into[end].add(start)
    ordered: list[Shown] = []
    while len(ordered) < len(nodes):
        done = {node.id for node in ordered}
        ordered.append(next(node for node in nodes if node.id not in done and into[node.id] <= done))
    return ordered


def _places(graph: Graph) -> dict[str, Point]:
    """The trunk at the top, each branch down its side, sites between them."""
    goods = [key for key, node in graph.nodes.items() if node.label != "Site"]
    places: dict[str, Point] = {}
    last = [goods[0]]
    for place in TRUNK:
        places[last[0]] = place
        last = graph.next_of(last[0])
    for x, key in zip(BRANCHES, last, strict=True):
        y, following = TOP + 270, [key]
        while following:
            places[following[0]] = Point(x, y)
            y, following = y + STEP, graph.next_of(following[0])
    for key, node in graph.nodes.items():
        if node.label == "Site":
            places[key] = _hub([places[start] for start, kind, end in graph.joins if (kind, end) == ("AT", key)])
    return places


def _hub(around: list[Point]) -> Point:
    """The place of a site: between what is on both sides, else beside it."""
    beside = [point for point in around if point.y > TRUNK[-1].y]
    if not beside:
        return Point(around[0].x, around[0].y + 160)
    return Point(MIDDLE, sum(point.y for point in beside) / len(beside))


def _arrow(graph: Graph, places: dict[str, Point], join: tuple[str, str, str]) -> list[str]:
    start, kind, end = join
    color, width = LINES[kind]
    return line(
        *between(places[start], places[end], graph.nodes[start].radius, graph.nodes[end].radius + 2), color, kind, width
    )


def _circle(node: Shown, at: Point) -> list[str]:
    dash = "4 3" if node.properties.get("on_the_way") else None
    style = {"fill": COLORS[node.label], "stroke": EDGES[node.label], "stroke_width": 2, "stroke_dasharray": dash}
    words = _caption(node)
    top = at.y + 4 - 6.5 * (len(words) - 1)
    lines = [text(Point(at.x, top + 13 * place), word, 11, INK, bold=place == 0) for place, word in enumerate(words)]
    return [circle(at, node.radius, **style), *lines]


def _caption(node: Shown) -> list[str]:
    """A site by its names, goods by lot, what was done and how much."""
    told = node.properties
    if node.label == "Site":
        return str(told["name"]).split()
    lot = str(told["item"]).rpartition("/")[2] if "item" in told else ""
    amount = f"{told['quantity']} kg" if "quantity" in told else ""
    return [word for word in (lot, str(told["role"]), amount) if word]


def _legend(graph: Graph) -> list[str]:
    """How many of each label, as Browser tells beside its picture."""
    shapes = []
    for place, label in enumerate(COLORS):
        middle = Point(95 + 150 * place, 26)
        number = sum(node.label == label for node in graph.nodes.values())
        shapes += [box(middle, 138, 24, rx=12, fill=COLORS[label]), text(Point(middle.x, 30), f"{label} ({number})")]
    shapes.append(text(Point(WIDTH - 20, 30), "dashed: on the way to the site", 11, INK, "end"))
    return shapes


def main() -> None:
    """Ask and draw."""
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = cache
        with local_server() as server:
            load_outbreak(server)
            with GraphDatabase.driver(server.uri, auth=(server.user, server.password)) as driver:
                FILE.write_text(picture(ask(driver)), encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except Missing as reason:
        print(f"bad-tank.svg was not drawn anew: no Neo4j: {reason}", file=sys.stderr)
