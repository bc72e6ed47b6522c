"""Make the pictures of docs/how-it-works.md from worlds.yaml: `python docs/pictures/make.py [FOLDER]`."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

import yaml

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

from layout import COLUMN, Lane, Layout, lay_out, shown  # noqa: E402
from svg import FAINT, INK, Point, arrow, box, circle, page, text  # noqa: E402
from world import Drawn, build  # noqa: E402

from engine.stores.ports import FlowRow, VertexRow  # noqa: E402
from graph_schema.flow_graph import CONTACT_KINDS, FlowKind, Grade, Stay, VertexKind  # noqa: E402

WIDTH, HEIGHT, POOL = 134.0, 44.0, 6.0
GRADES = {
    Grade.RECORDED: ("#1f6f43", None),
    Grade.INFERRED: ("#b7791f", "6 4"),
    Grade.CLASS: ("#6b46c1", "2 3"),
    Grade.INCONSISTENT: ("#c53030", "10 3 2 3"),
}
"""Colour and dash of a flow of each grade."""
CONTACT = ("#2b6cb0", "1 4")
LEGEND = (*((grade.name.lower(), *style) for grade, style in GRADES.items()), ("contact", *CONTACT))


def picture(world: Drawn) -> str:
    """The picture of a world."""
    vertices, flows = shown(world)
    layout = lay_out(vertices, flows)
    names = _serials(world)
    used = {_word(row) for row in flows}
    foot = layout.height + 26
    told = sorted({gap.kind for gap in world.gaps})
    shapes = [shape for lane in layout.lanes for shape in _lane(lane, layout.width)]
    pools = {row.vertex.id for row in vertices if row.vertex.kind == VertexKind.POOL}
    shapes += [shape for row in vertices for shape in _vertex(row, layout, world, names)]
    shapes += [_flow(row, layout, pools) for row in flows]
    shapes += _legend([one for one in LEGEND if one[0] in used], foot)
    if told:
        shapes.append(text(Point(layout.width - 12, foot), f"gap: {', '.join(told)}", 11, "#c53030", "end"))
    shapes.append(text(Point(layout.width - 12, 22), "time →", 11, FAINT, "end"))
    colors = sorted({color for _, color, _ in LEGEND} | {FAINT})
    return page(layout.width, foot + 14, colors, shapes, f"Rule {world.rule}")


def _serials(world: Drawn) -> dict[bytes, str]:
    """Which instances stand behind each of their holdings: all whose line leads through it."""
    before: dict[bytes, set[bytes]] = {}
    instances = {row.vertex.id for row in world.vertices if row.vertex.instances}
    for row in world.flows:
        if {row.flow.source, row.flow.target} <= instances and row.flow.kind not in CONTACT_KINDS:
            before.setdefault(row.flow.target, set()).add(row.flow.source)
    found: dict[bytes, set[str]] = {}
    for one in world.lines:
        waiting, seen = list(one.ends_in), set(one.ends_in)
        while waiting:
            vertex = waiting.pop()
            found.setdefault(vertex, set()).add(_item(one.item))
            waiting.extend(before.get(vertex, set()) - seen)
            seen |= before.get(vertex, set())
    return {vertex: ", ".join(sorted(items)).replace(", no.", ",") for vertex, items in found.items()}


def _item(key: str) -> str:
    """How a picture calls an item: a lot by its number, a serial by its own, a pallet P, bare goods by their class."""
    parts = key.removeprefix("https://id.gs1.org/").split("/")
    if parts[0] == "00":
        return "pallet P"
    if parts[0] == "8003":
        return "tanker"
    return {"10": "lot {}", "21": "no. {}"}.get(parts[2], "{}").format(parts[3]) if len(parts) > 3 else "goods, no lot"


def _site(key: str | None) -> str:
    return "unknown place" if key is None else f"site {chr(64 + int(key[-3:-1]))}"


def _lane(lane: Lane, width: float) -> list[str]:
    middle = Point(width / 2, lane.top + lane.height / 2)
    name = Point(14, lane.top + lane.height / 2 + 4)
    band = box(middle, width - 8, lane.height, rx=6, fill="#f5f7fa")
    return [band, text(name, _site(lane.site), 13, INK, "start", bold=True)]


def _word(row: FlowRow) -> str:
    return "contact" if row.flow.kind in CONTACT_KINDS else row.flow.grade.name.lower()


def _flow(row: FlowRow, layout: Layout, pools: set[bytes]) -> str:
    flow = row.flow
    color, dash = CONTACT if flow.kind in CONTACT_KINDS else GRADES[flow.grade]
    if row.to_seq is not None:
        color = FAINT
    start, end = layout.places[flow.source], layout.places[flow.target]
    from_edge, to_edge = (POOL if end in pools else WIDTH / 2 for end in (flow.source, flow.target))
    if abs(start.x - end.x) < 1:
        return arrow(Point(start.x + from_edge, start.y), Point(end.x + to_edge, end.y), color, dash)
    side = 1 if end.x > start.x else -1
    # The one flow back in a running process leaves below, so that it is seen beside the one forward.
    drop = 12.0 if flow.kind == FlowKind.SHARE and side < 0 else 0.0
    over = 44.0 if abs(start.y - end.y) < 1 and abs(start.x - end.x) > COLUMN * 1.5 else 0.0
    tip = Point(end.x - side * to_edge, end.y + drop)
    return arrow(Point(start.x + side * from_edge, start.y + drop), tip, color, dash, over)


def _vertex(row: VertexRow, layout: Layout, world: Drawn, names: dict[bytes, str]) -> list[str]:
    vertex, at = row.vertex, layout.places[row.vertex.id]
    gone = row.to_seq is not None
    if vertex.kind == VertexKind.POOL:
        return [circle(at, POOL, fill="#ffffff", stroke=FAINT if gone else GRADES[Grade.INFERRED][0])]
    style = {
        "rx": 20 if vertex.kind == VertexKind.ENDING else 6,
        "fill": {VertexKind.TRANSFORMATION: "#fefcbf", VertexKind.ENDING: "#fed7d7"}.get(vertex.kind, "#ffffff"),
        "stroke": FAINT if gone else INK,
        "stroke_dasharray": "4 3" if vertex.stay == Stay.ON_THE_WAY else None,
    }
    color = FAINT if gone else INK
    shapes = [box(at, WIDTH, HEIGHT, **style)]
    shapes.append(text(Point(at.x, at.y - 3), _what(row, names), 12, color, bold=True))
    shapes.append(text(Point(at.x, at.y + 13), _how(row), 11, color))
    if world.show == "order":
        shapes.append(text(Point(at.x + WIDTH / 2 - 4, at.y - HEIGHT / 2 + 11), f"#{row.from_seq}", 9, FAINT, "end"))
    return shapes


def _what(row: VertexRow, names: dict[bytes, str]) -> str:
    vertex = row.vertex
    if vertex.kind == VertexKind.TRANSFORMATION:
        return "made"
    name = names.get(vertex.id) if vertex.instances else _item(vertex.item)
    return f"{name or _item(vertex.item)}{_amount(vertex.quantity)}"


def _amount(quantity: Decimal | None) -> str:
    return "" if quantity is None else f", {quantity.normalize():f} kg"


def _how(row: VertexRow) -> str:
    vertex = row.vertex
    if vertex.kind == VertexKind.TRANSFORMATION:
        return "transformation"
    way = f"on the way to {_site(vertex.site)[-1]}" if vertex.stay == Stay.ON_THE_WAY else vertex.role
    return f"{way}, in P" if vertex.container and vertex.container.split("/")[-2] == "00" else way


def _legend(kinds: list[tuple[str, str, str | None]], height: float) -> list[str]:
    shapes: list[str] = []
    for place, (word, color, dash) in enumerate(kinds):
        left = 14 + 120 * place
        shapes.append(arrow(Point(left, height - 4), Point(left + 30, height - 4), color, dash))
        shapes.append(text(Point(left + 38, height), word, 11, INK, "start"))
    return shapes


def make(folder: Path) -> list[Path]:
    """Write every picture; the files."""
    worlds = yaml.safe_load((HERE / "worlds.yaml").read_text(encoding="utf-8"))
    written = []
    for world in worlds:
        path = folder / f"rule-{world['rule']:02}.svg"
        path.write_text(picture(build(world)), encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
