"""The rows of one instance (design rules 4, 8, 10). In: where its line leads, step by step. Out: its `Part`.

A holding's id is the hash of the whole path that led to it: instances that moved as one share holdings without knowing
of each other (ADR 7).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from engine.builder.contact import Touch
from engine.builder.event_vertices import transformation_vertex
from engine.builder.ids import transformation_id, vertex_id
from engine.builder.records import Act, Record
from graph_schema.event import EventType
from graph_schema.flow_graph import Entry, Flow, FlowKind, Gap, Grade, Line, Part, Ride, Stay, Vertex, VertexKind
from graph_schema.interval import BEGINNING, Interval


class Place(msgspec.Struct, frozen=True):
    """A holding where the instance is, or may be."""

    vertex: Vertex
    seen: Interval
    """When it was last recorded there."""
    origin: str | None = None
    """Of one on the way: the site it left."""
    event_id: str = ""
    """The event that opened it."""
    left: str | None = None
    """The site where it was last before."""
    consignments: frozenset[str] = frozenset()
    """Those that the event which opened it names."""


class Coming(msgspec.Struct, frozen=True):
    """A place that a holding is reached from, how surely, and when it was left."""

    place: Place
    grade: Grade
    departed: Interval


class LineRows:
    """Vertices, flows and gaps of an instance, as its line is told."""

    def __init__(self, item: str, wider: str, gaps: Sequence[Gap]) -> None:
        self.item = item
        self.wider = wider
        self.starts: list[bytes] = []
        self._vertices: dict[bytes, Vertex] = {}
        self._flows: dict[Flow, None] = {}
        self._entered: list[Entry] = []
        self._made_by: list[bytes] = []
        self._gaps = list(gaps)

    def root(self, record: Record, path: Sequence[bytes], inside: str | None) -> Vertex:
        """The first holding: made, commissioned, or simply there (rule 10). `path`: what else its id depends on."""
        path = (*_makers(record), *path)
        vertex = self._vertex(record, record.role or "seen", record.place, Stay.AT, path, record.time, inside)
        self.starts.append(vertex.id)
        self._make(record, vertex)
        if record.act is not Act.MAKE:
            self.gap("no_origin", record.place, record, "first recorded here; nothing tells where it came from")
        return vertex

    def holding(
        self,
        record: Record,
        site: str | None,
        stay: Stay,
        comings: Sequence[Coming],
        *,
        role: str | None = None,
        inside: str | None = None,
        begins: bool = False,
    ) -> Vertex:
        """A holding reached from others. `begins`: none of them is sure, so that its line may begin here."""
        path = tuple(vertex_id(c.place.vertex.id, str(int(c.grade)), str(c.departed)) for c in comings)
        named = role or ("shipped" if stay is Stay.ON_THE_WAY else record.role or "seen")
        # Since when it was at a source that an arrival of its container names, nobody says.
        arrived = Interval(BEGINNING, record.time.latest) if record.role == "source" else record.time
        vertex = self._vertex(record, named, site, stay, (*path, *_makers(record)), arrived, inside)
        for coming in comings:
            self._come(coming, vertex, record)
        self._make(record, vertex)
        if record.act is not Act.LEG and (begins or is_made(record)):
            self.starts.append(vertex.id)
        return vertex

    def source(self, record: Record, here: Vertex, inside: str | None) -> Vertex:
        """A place that an arrival names as its source, and no other record knows (rule 9c)."""
        since = Interval(BEGINNING, record.time.latest)
        vertex = self._vertex(record, "source", record.source, Stay.AT, (here.id,), since, inside)
        self.move(Coming(Place(vertex, since), Grade.INFERRED, since), here, record)
        return vertex

    def move(self, coming: Coming, target: Vertex, record: Record | None) -> None:
        """It went from a place to a holding."""
        self._flow(coming, target, FlowKind.MOVE, () if record is None else (record.event.id,))

    def _come(self, coming: Coming, target: Vertex, record: Record) -> None:
        kind = FlowKind.CLEANED if record.act is Act.CLEAN else FlowKind.MOVE
        self._flow(coming, target, kind, (record.event.id,))

    def enter(self, record: Record, vertex: Vertex, kind: FlowKind, sources: Iterable[tuple[Place, Grade]]) -> None:
        """It went into a transformation, or left the chain."""
        self._vertices[vertex.id] = vertex
        for place, grade in sources:
            self._flow(Coming(place, grade, record.time), vertex, kind, (record.event.id,))
            self._entered.append(Entry(place.vertex.id, vertex.id, grade))

    def touch(self, record: Record, one: bytes, other: bytes) -> None:
        """Two holdings touched each other (rule 13)."""
        for source, target in ((other, one), (one, other)):
            ids = (record.event.id,)
            touched = Flow(source, target, FlowKind.CONTACT, grade_of(record), ids, record.time, record.time)
            self._flows[touched] = None

    def touch_as_declared(self, record: Record, holding: bytes, touches: Iterable[Touch]) -> None:
        """What it gave and took as profiles declare it (rule 13)."""
        for touch in touches:
            self._vertices[touch.junction.id] = touch.junction
            self._flows[touch.flow(holding, grade_of(record))] = None

    def gap(self, kind: str, site: str | None, record: Record, told: str) -> None:
        """What a record leaves open."""
        self._gaps.append(Gap(kind, self.item, site, (record.event.id,), told))

    def part(self, ends: Iterable[Place], rides: Sequence[Ride]) -> Part:
        """All rows."""
        line = Line(
            self.item,
            self.wider,
            tuple(self.starts),
            tuple(dict.fromkeys(place.vertex.id for place in ends)),
            tuple(dict.fromkeys(self._entered)),
            tuple(dict.fromkeys(self._made_by)),
            tuple(rides),
        )
        return Part(
            self.item,
            tuple(self._vertices.values()),
            tuple(self._flows),
            line if self._vertices else None,
            tuple(dict.fromkeys(self._gaps)),
        )

    def _make(self, record: Record, vertex: Vertex) -> None:
        """What a transformation made comes from it, also where it was known before."""
        if not is_made(record):
            return
        maker = transformation_vertex(record.event)
        self._vertices[maker.id] = maker
        self._made_by.append(maker.id)
        ids = (record.event.id,)
        made = Flow(maker.id, vertex.id, FlowKind.MAKE, grade_of(record), ids, record.time, record.time)
        self._flows[made] = None

    def _vertex(
        self, record: Record, role: str, site: str | None, stay: Stay, path: Sequence[bytes], arrived: Interval,
        inside: str | None,
    ) -> Vertex:  # fmt: skip
        container = record.container if record.act is Act.LEG else inside
        identity = vertex_id(
            "line", self.wider, record.event.id, record.event.body_hash, role, site or "", str(int(stay)),
            container or "", str(record.sure), *path,
        )  # fmt: skip
        vertex = Vertex(
            identity, VertexKind.HOLDING, self.wider, site, stay, arrived, record.event.id, role, container,
            named=record.act is not Act.LEG and record.sure, sure=record.sure, instances=True,
        )  # fmt: skip
        self._vertices[identity] = vertex
        return vertex

    def _flow(self, coming: Coming, target: Vertex, kind: FlowKind, ids: tuple[str, ...]) -> None:
        source = coming.place.vertex
        flow = Flow(
            source.id, target.id, kind, coming.grade, ids, coming.departed, target.arrived, via=target.container
        )
        self._flows[flow] = None


def grade_of(record: Record) -> Grade:
    """How surely what a record tells is so."""
    return Grade.RECORDED if record.sure else Grade.INFERRED


def is_made(record: Record) -> bool:
    """Whether a transformation made it."""
    return record.act is Act.MAKE and record.event.type is EventType.TRANSFORMATION


def _makers(record: Record) -> tuple[bytes, ...]:
    return (transformation_id(record.event),) if is_made(record) else ()
