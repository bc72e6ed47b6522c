"""Where the vertices of a flow graph stand on the page: time runs to the right, each site has a lane."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from svg import Point
from world import Drawn

from engine.stores.ports import FlowRow, VertexRow
from graph_schema.flow_graph import Vertex, VertexKind

COLUMN = 200.0
LEVEL = 64.0
LEFT = 120.0
TOP = 44.0


@dataclass(frozen=True)
class Lane:
    """A site's band: its name, top and height."""

    site: str | None
    top: float
    height: float


@dataclass(frozen=True)
class Layout:
    """Places of vertices by id, the lanes, and the size of the page."""

    places: dict[bytes, Point]
    lanes: tuple[Lane, ...]
    width: float
    height: float


def shown(world: Drawn) -> tuple[list[VertexRow], list[FlowRow]]:
    """The rows to draw: those that are true at the end and, where the world shows former ones, those that were."""
    newest: dict[bytes, VertexRow] = {}
    for row in sorted(world.vertices, key=lambda row: row.from_seq):
        newest[row.vertex.id] = row
    former = world.show == "former"
    flows = [row for row in world.flows if (former or row.to_seq is None) and row.flow.source != row.flow.target]
    ends = {end for row in flows for end in (row.flow.source, row.flow.target)}
    vertices = [row for row in newest.values() if row.to_seq is None or (former and row.vertex.id in ends)]
    vertices.sort(key=lambda row: (row.vertex.arrived, row.vertex.site or "~", row.vertex.item, row.vertex.id))
    return vertices, flows


def lay_out(vertices: list[VertexRow], flows: list[FlowRow]) -> Layout:
    """Give each vertex its place."""
    stays = [row.vertex for row in vertices if row.vertex.kind != VertexKind.POOL]
    columns = {time: place for place, time in enumerate(sorted({_time(vertex) for vertex in stays}))}
    cells: dict[tuple[str | None, int], list[Vertex]] = defaultdict(list)
    for vertex in stays:
        cells[vertex.site, columns[_time(vertex)]].append(vertex)
    lanes = _lanes(cells)
    tops = {lane.site: lane.top for lane in lanes}
    places = {
        vertex.id: Point(LEFT + COLUMN * (column + 0.5), tops[site] + LEVEL * (level + 0.5) + 6)
        for (site, column), found in cells.items()
        for level, vertex in enumerate(found)
    }
    _place_pools(vertices, flows, places)
    width = LEFT + COLUMN * max(len(columns), 3) + 10
    return Layout(places, lanes, width, lanes[-1].top + lanes[-1].height)


def _time(vertex: Vertex) -> tuple[int, int]:
    """A stay whose beginning is not known stands where it was seen."""
    return vertex.arrived.latest, vertex.arrived.earliest


def _lanes(cells: dict[tuple[str | None, int], list[Vertex]]) -> tuple[Lane, ...]:
    lanes: list[Lane] = []
    top = TOP
    for site in sorted({site for site, _ in cells}, key=lambda site: site or "~"):
        levels = max(len(found) for (lane, _), found in cells.items() if lane == site)
        lanes.append(Lane(site, top, LEVEL * levels + 12))
        top += lanes[-1].height + 6
    return tuple(lanes)


def _place_pools(vertices: list[VertexRow], flows: list[FlowRow], places: dict[bytes, Point]) -> None:
    """A junction stands before the first vertex that it feeds."""
    taken: dict[Point, int] = defaultdict(int)
    for row in vertices:
        if row.vertex.kind == VertexKind.POOL:
            targets = [one.flow.target for one in flows if one.flow.source == row.vertex.id]
            fed = [places[target] for target in targets if target in places]
            first = min(fed, key=lambda point: (point.x, point.y), default=Point(LEFT, TOP))
            at = Point(first.x - COLUMN / 2, first.y - 20)
            places[row.vertex.id] = Point(at.x, at.y + 40 * taken[at])
            taken[at] += 1
