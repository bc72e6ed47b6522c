"""Shapes and text as SVG 1.1. In: places and words. Out: lines of XML, the same for the same input."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, degrees, hypot
from xml.sax.saxutils import escape, quoteattr

INK = "#1f2933"
FAINT = "#9aa5b1"
FONT = "font-family='system-ui, sans-serif'"


@dataclass(frozen=True)
class Point:
    """A place on the page, in pixels."""

    x: float
    y: float


def _attributes(**named: object) -> str:
    pairs = ((name.replace("_", "-"), value) for name, value in named.items() if value is not None)
    return " ".join(f"{name}={quoteattr(_number(value))}" for name, value in pairs)


def _number(value: object) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def text(at: Point, words: str, size: int = 12, color: str = INK, anchor: str = "middle", bold: bool = False) -> str:
    """A line of text."""
    weight = "600" if bold else None
    placed = _attributes(x=at.x, y=at.y, font_size=size, fill=color, text_anchor=anchor, font_weight=weight)
    return f"<text {placed}>{escape(words)}</text>"


def box(middle: Point, width: float, height: float, **style: object) -> str:
    """A rounded rectangle about a point."""
    left, top = float(middle.x - width / 2), float(middle.y - height / 2)
    return f"<rect {_attributes(x=left, y=top, width=width, height=height, **style)}/>"


def circle(middle: Point, radius: float, **style: object) -> str:
    """A circle."""
    return f"<circle {_attributes(cx=middle.x, cy=middle.y, r=radius, **style)}/>"


def arrow(start: Point, end: Point, color: str, dash: str | None, bend: float = 0.0) -> str:
    """A curve with a head, leaving and coming level; `bend` lifts it over what lies between."""
    if abs(start.x - end.x) < 1:
        first, last = Point(start.x + 34, start.y), Point(end.x + 34, end.y)
    else:
        half = (start.x + end.x) / 2
        first, last = Point(half, start.y - bend), Point(half, end.y - bend)
    path = f"M{_p(start)} C{_p(first)} {_p(last)} {_p(end)}"
    style = _attributes(fill="none", stroke=color, stroke_width=1.8, stroke_dasharray=dash)
    return f'<path d="{path}" {style} marker-end="url(#{head_id(color)})"/>'


def between(start: Point, end: Point, from_edge: float, to_edge: float) -> tuple[Point, Point]:
    """The part of a line that lies outside the circles at its ends."""
    length = hypot(end.x - start.x, end.y - start.y)
    over, down = (end.x - start.x) / length, (end.y - start.y) / length
    first = Point(start.x + over * from_edge, start.y + down * from_edge)
    return first, Point(end.x - over * to_edge, end.y - down * to_edge)


def line(start: Point, end: Point, color: str, words: str, width: float) -> list[str]:
    """A straight arrow with a word on it, which reads from left to right; beside it where the arrow is upright."""
    style = _attributes(stroke=color, stroke_width=width)
    drawn = f'<path d="M{_p(start)} L{_p(end)}" {style} marker-end="url(#{head_id(color)})"/>'
    middle = Point((start.x + end.x) / 2, (start.y + end.y) / 2)
    if abs(start.x - end.x) < 1:
        return [drawn, text(Point(middle.x + 8, middle.y + 3), words, 8, INK, "start")]
    left, right = sorted((start, end), key=lambda point: point.x)
    angle = degrees(atan2(right.y - left.y, right.x - left.x))
    turned = f"rotate({_number(angle)} {_p(middle)})"
    halo = _attributes(stroke="#ffffff", stroke_width=3, paint_order="stroke")
    placed = _attributes(x=middle.x, y=middle.y + 3, font_size=8, fill=INK, text_anchor="middle", transform=turned)
    return [drawn, f"<text {placed} {halo}>{escape(words)}</text>"]


def _p(point: Point) -> str:
    return f"{_number(float(point.x))} {_number(float(point.y))}"


def head_id(color: str) -> str:
    """The name of the arrow head of a colour."""
    return f"head-{color.lstrip('#')}"


def head(color: str) -> str:
    """The arrow head of a colour."""
    shape = f'<path d="M0 0 L8 4 L0 8 z" fill="{color}"/>'
    placed = 'viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"'
    return f'<marker id="{head_id(color)}" {placed}>{shape}</marker>'


def page(width: float, height: float, colors: list[str], shapes: list[str], title: str) -> str:
    """A whole picture."""
    size = _attributes(width=width, height=height, viewBox=f"0 0 {_number(width)} {_number(height)}", role="img")
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {FONT}>',
            f"<title>{escape(title)}</title>",
            f"<defs>{''.join(map(head, colors))}</defs>",
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            *shapes,
            "</svg>",
            "",
        ]
    )
