"""A lot in a container (design rule 5). In: the lot's records with the container, the container's journey. Out: `Load`.

The packing takes the lot out of the stock it was packed from; in between it is in holdings of its own, one a place the
container comes to; the unpacking gives it back, by quantity. Several packings of one lot into one container are one
stock. Where it shows that a record of unpacking was lost, what is left goes on, `inferred`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import msgspec

from engine.builder.event_vertices import ending_vertex
from engine.builder.ids import holding_id
from engine.builder.journey import Leg, Moment
from engine.builder.records import Act, Packing, Record
from engine.builder.riding import maybe_after, maybe_emptied, moment_of, place_of_moment
from graph_schema.event import Event
from graph_schema.flow_graph import Flow, FlowKind, Grade, Stay, Vertex, VertexKind
from graph_schema.interval import Interval

Measure = Callable[[Record], Decimal | None]


class Held(msgspec.Struct, frozen=True):
    """How much of the lot was in containers that an event is of, when it happened."""

    amount: Decimal | None

    def and_more(self, other: Held | None) -> Held:
        """Added to what another container held."""
        if other is None:
            return self
        return Held(None if self.amount is None or other.amount is None else self.amount + other.amount)


class Source(msgspec.Struct, frozen=True):
    """A holding that goods in a container come out of, how surely, and when they left it."""

    vertex: bytes
    grade: Grade
    departed: Interval


class Unpacking(msgspec.Struct, frozen=True):
    """A DELETE that gives goods back to the stock of a site."""

    record: Record
    sources: tuple[Source, ...]
    amount: Decimal | None
    quantity: Decimal | None
    uom: str | None


class Load(msgspec.Struct, frozen=True):
    """What one container held of a lot, from its first packing on."""

    container: str
    packings: tuple[tuple[Record, Vertex], ...]
    unpackings: tuple[Unpacking, ...]
    vertices: tuple[Vertex, ...]
    flows: tuple[Flow, ...]
    open: tuple[Vertex, ...]
    """Holdings that may have been unpacked where they were, since not all that was packed is known to be out."""
    held_at: dict[str, Held]
    """By event id: what was in the container during events on the container."""


def build_load(
    item: str,
    container: str,
    records: Sequence[Record],
    journey: Sequence[Moment],
    measure: Measure,
    uom: str | None,
) -> Load:
    """Follow one container's journey and tell what became of the lot in it."""
    load = _LoadBuilder(item, container, measure, uom, journey)
    told = _told(records, journey)
    named = [at for at, here in told.items() if any(r.act is not Act.PACK for r in here)]
    for at, moment in enumerate(journey):
        confirmed = any(later >= at for later in named)
        load.live(moment, told.get(at, []), journey[:at], confirmed=confirmed)
    handled = [(journey[at], record) for at, here in told.items() for record in here]
    load.held_at.update({m.event.id: Held(None) for m in journey if any(_open_at(m, *other) for other in handled)})
    return load.finish()


def _open_at(moment: Moment, handled: Moment, record: Record) -> bool:
    """Whether the container went through a moment before or after something was put in or taken out."""
    if moment.group is None or moment.group != handled.group or moment.event.id == handled.event.id:
        return False
    return record.time.overlaps(moment.event.time)


def _told(records: Sequence[Record], journey: Sequence[Moment]) -> dict[int, list[Record]]:
    """By moment: what was put in and taken out. What may have been put in before a taking, is, if nothing else was."""
    told: dict[int, list[Record]] = {}
    packed: list[tuple[int, Record]] = []
    for record in sorted(records, key=lambda r: (r.act is Act.UNPACK, r.time, r.event.id)):
        at = moment_of(record, journey)
        if at is None:
            continue
        if record.act is Act.PACK:
            packed.append((at, record))
        elif record.act is Act.UNPACK and not _had_before(record, packed, journey):
            at = max([at, *(later for later, other in packed if _stayed(journey, at, later) and _open(other, record))])
        told.setdefault(at, []).append(record)
    return told


def _had_before(taking: Record, packed: Sequence[tuple[int, Record]], journey: Sequence[Moment]) -> bool:
    """Whether something was put in surely before a taking, and not surely out by then."""
    emptied = [m.event.time for m in journey if m.packing is Packing.EMPTIES and m.sure]
    cleared = [time for time in emptied if time.surely_before(taking.time)]
    return any(
        other.time.surely_before(taking.time) and not any(other.time.surely_before(time) for time in cleared)
        for _, other in packed
    )


def _open(packing: Record, unpacking: Record) -> bool:
    """Whether it is open which came first."""
    return packing.time.overlaps(unpacking.time)


def _stayed(journey: Sequence[Moment], first: int, last: int) -> bool:
    """Whether the container went nowhere between two moments."""
    return first < last and not any(moment.legs for moment in journey[first + 1 : last + 1])


def _since(vertex: Vertex, time: Interval) -> Interval:
    """When goods left a holding that they may have left at any time from their arrival there on."""
    return Interval(vertex.arrived.earliest, max(vertex.arrived.latest, time.latest))


class _LoadBuilder:
    def __init__(self, item: str, container: str, measure: Measure, uom: str | None, journey: Sequence[Moment]) -> None:
        self.item = item
        self.journey = journey
        self.container = container
        self.measure = measure
        self.packings: list[tuple[Record, Vertex]] = []
        self.unpackings: list[Unpacking] = []
        self.vertices: list[Vertex] = []
        self.flows: list[Flow] = []
        self.since_empty: list[Vertex] = []
        self.first_of: dict[int, Vertex] = {}
        """The first holding in each group of moments whose order is open."""
        self.emptyings: dict[str, Moment] = {}
        """So far, by event id."""
        self.held_at: dict[str, Held] = {}
        self.here: Vertex | None = None
        self.surely_there: Vertex | None = None
        """The last of the holdings that is not in doubt: what follows surely comes from it."""
        self.left: Interval | None = None
        """When it left that one for a place in doubt, if it did."""
        self.beside: list[Vertex] = []
        """Where it may have been on the way: places in doubt, or named as an arrival's source and by nothing else."""
        self.amount: Decimal | None = Decimal(0)
        self.uom = uom
        self.sure = True
        """Whether something of the lot is still inside in every reading."""

    def live(self, moment: Moment, records: Sequence[Record], before: Sequence[Moment], *, confirmed: bool) -> None:
        """One moment of the container's journey, after those before."""
        if moment.doubts_load and not confirmed:
            self.sure = False
        if self.here is not None:
            self.held_at[moment.event.id] = Held(self.amount)
            for leg in moment.legs:
                self._move(leg)
                self._may_precede(moment.group)
        for record in records:
            if record.act is Act.PACK:
                self._pack(record, moment)
                self.sure = self.sure and not any(maybe_emptied(other, record) for other in self.journey)
                self._take_again(record, self.packings[-1][1])
                for leg in maybe_after(record, before):
                    self._move(msgspec.structs.replace(leg, sure=False))
            elif record.act is Act.UNPACK:
                self._unpack(record, moment, self.measure(record))
        if moment.packing is Packing.EMPTIES:
            self._empty(moment)
            self.emptyings[moment.event.id] = moment
        if moment.ending is not None:
            self._end(moment, moment.ending)

    def _may_precede(self, group: int | None) -> None:
        """Where the order of moments is open, what the last of them led to may have come before the first."""
        here = self.here
        if group is None or here is None:
            return
        first = self.first_of.setdefault(group, here)
        if first.id != here.id:
            departed = _since(here, first.arrived)
            ids = (first.event_id,) if first.event_id else ()
            self.flows.append(
                Flow(here.id, first.id, FlowKind.MOVE, Grade.INFERRED, ids, departed, first.arrived, via=self.container)
            )

    def _move(self, leg: Leg) -> None:
        former = self.here
        if former is None:
            return
        aside = leg.vertex.role == "source"
        sure = self.sure and leg.sure
        vertex = self._holding(leg.event, "carried", leg.vertex.site, leg.vertex.stay, leg, sure=sure)
        if vertex.id == former.id:
            # An order in doubt may tell of one coming twice.
            return
        grade = Grade.RECORDED if sure else Grade.INFERRED
        origin, departed = former, leg.departed
        if sure and not former.sure and self.surely_there is not None:
            self.beside.append(former)
            origin, departed = self.surely_there, self._left_surely_there(leg.departed)
        elif former.sure and not sure and not aside:
            self.left = leg.departed
        flow = Flow(
            origin.id, vertex.id, FlowKind.MOVE, grade, (leg.event.id,), departed, leg.vertex.arrived,
            self.amount, self.uom, self.container,
        )  # fmt: skip
        self.flows.append(flow)
        if aside:
            self.vertices.append(vertex)
            self.beside.append(vertex)
            return
        came = leg.vertex.arrived
        self.flows.extend(
            Flow(one.id, vertex.id, FlowKind.MOVE, Grade.INFERRED, flow.event_ids, _since(one, leg.departed), came)
            for one in self.beside
        )
        self.beside = []
        self._stand(vertex)

    def _pack(self, record: Record, moment: Moment) -> None:
        more = self.measure(record) if record.sure else None
        before = self.amount
        self.amount = None if more is None or self.amount is None else self.amount + more
        place = record.place if record.place is not None else place_of_moment(moment)
        vertex = Vertex(
            holding_id("packed", record.event, self.item, self.container), VertexKind.HOLDING, self.item, place,
            Stay.AT, record.time, record.event.id, "packed", self.container, self.amount, self.uom,
            named=record.sure, sure=record.sure,
        )  # fmt: skip
        if self.here is not None:
            grade = Grade.RECORDED if self.sure and before != 0 else Grade.INFERRED
            self.flows.extend(
                Flow(
                    source.vertex, vertex.id, FlowKind.CARRY_OVER, source.grade, (record.event.id,), source.departed,
                    record.time, via=self.container,
                )
                for source in self._sources(grade, record.time)
            )  # fmt: skip
        self.sure = record.sure or (self.sure and self.here is not None)
        self.packings.append((record, vertex))
        self._stand(vertex)

    def _unpack(self, record: Record, moment: Moment, taken: Decimal | None) -> None:
        place = record.place if record.place is not None else place_of_moment(moment)
        told = msgspec.structs.replace(record, place=place)
        if self.here is None:
            self.unpackings.append(Unpacking(told, (), taken, record.quantity, record.uom))
            return
        whole = taken is not None and self.amount is not None and taken >= self.amount
        if any(_open(packing, record) for packing, _ in self.packings) and not whole:
            # It may have been taken before some of it was put in.
            self.sure = False
        grade = Grade.RECORDED if self.sure and record.sure else Grade.INFERRED
        self.unpackings.append(Unpacking(told, self._sources(grade, record.time), taken, record.quantity, record.uom))
        if not record.sure:
            self.sure = False
        elif taken is None or self.amount is None:
            self.amount, self.sure = None, False
        elif taken >= self.amount:
            self._leave_nothing()
        else:
            self.amount -= taken

    def _empty(self, moment: Moment) -> None:
        """A DELETE that names no child takes all out."""
        if self.here is None:
            return
        in_doubt = not moment.sure or any(maybe_emptied(moment, packing) for packing, _ in self.packings)
        self.sure = self.sure and not in_doubt
        place = place_of_moment(moment)
        record = Record(
            Act.UNPACK, moment.event, moment.event.time, place, container=self.container, role="unpacked",
            sure=self.sure,
        )  # fmt: skip
        grade = Grade.RECORDED if self.sure else Grade.INFERRED
        amount, uom = (self.amount, self.uom) if self.sure else (None, None)
        self.unpackings.append(Unpacking(record, self._sources(grade, record.time), amount, amount, uom))
        if in_doubt:
            self.amount = None
        else:
            self._leave_nothing()

    def _take_again(self, packing: Record, packed: Vertex) -> None:
        """What was put in may have been taken out by a taking that stands before it, where their order is open."""
        for at, taken in enumerate(self.unpackings):
            if not _open(packing, taken.record):
                continue
            self.sure = False
            source = Source(packed.id, Grade.INFERRED, _since(packed, taken.record.time))
            more = msgspec.structs.replace(taken, sources=(*taken.sources, source))
            if taken.record.event.id in self.emptyings:
                more = msgspec.structs.replace(more, amount=None, quantity=None, uom=None)
            self.unpackings[at] = more
        told = {taken.record.event.id for taken in self.unpackings}
        for moment in self.emptyings.values():
            if maybe_emptied(moment, packing) and moment.event.id not in told:
                self.unpackings.append(self._emptied_perhaps(moment, packed))

    def _emptied_perhaps(self, moment: Moment, packed: Vertex) -> Unpacking:
        """An emptying before which nothing is told to have been inside."""
        time = moment.event.time
        record = Record(
            Act.UNPACK, moment.event, time, place_of_moment(moment), container=self.container, role="unpacked",
            sure=False,
        )  # fmt: skip
        return Unpacking(record, (Source(packed.id, Grade.INFERRED, _since(packed, time)),), None, None, None)

    def _end(self, moment: Moment, ending: str) -> None:
        """What leaves the chain takes with it what is in it; of what does so in part, some may be left."""
        if self.here is None:
            return
        event = moment.event
        whole = moment.sure and not moment.partly
        self.sure = self.sure and whole
        record = Record(
            Act.END, event, event.time, place_of_moment(moment), quantity=self.amount if self.sure else None,
            uom=self.uom, container=self.container, role=ending,
        )  # fmt: skip
        vertex = ending_vertex(record, self.item)
        grade = Grade.RECORDED if self.sure else Grade.INFERRED
        self.vertices.append(vertex)
        self.flows.extend(
            Flow(
                source.vertex, vertex.id, FlowKind.END, source.grade, (event.id,), source.departed, event.time,
                record.quantity, self.uom, self.container,
            )
            for source in self._sources(grade, event.time)
        )  # fmt: skip
        if not whole:
            self.amount = None
        else:
            self._leave_nothing()

    def _sources(self, grade: Grade, time: Interval) -> tuple[Source, ...]:
        """What is inside is from the last holding that is sure, and perhaps from those in doubt since.

        `time` is when it left the last of them; when it left those before is open.
        """
        here = self.here
        assert here is not None  # noqa: S101 - the callers have looked
        perhaps = [Source(one.id, Grade.INFERRED, _since(one, time)) for one in self.beside]
        if here.sure or self.surely_there is None:
            return (Source(here.id, grade if here.sure else Grade.INFERRED, time), *perhaps)
        sure = Source(self.surely_there.id, grade, self._left_surely_there(time))
        return (sure, Source(here.id, Grade.INFERRED, time), *perhaps)

    def _left_surely_there(self, time: Interval) -> Interval:
        """When it left the place where it last surely was: as it set out for the first place in doubt, or later."""
        return time if self.left is None else time.hull(self.left)

    def _leave_nothing(self) -> None:
        self.here, self.surely_there, self.amount, self.sure = None, None, Decimal(0), True
        self.beside, self.left = [], None
        self.since_empty = []

    def _holding(self, event: Event, role: str, site: str | None, stay: Stay, leg: Leg, *, sure: bool) -> Vertex:
        identity = holding_id(role, event, self.item, self.container, site or "", str(int(stay)))
        return Vertex(
            identity, VertexKind.HOLDING, self.item, site, stay, leg.vertex.arrived, event.id, role, self.container,
            self.amount, self.uom, sure=sure,
        )  # fmt: skip

    def _stand(self, vertex: Vertex) -> None:
        self.here = vertex
        if vertex.sure:
            self.surely_there, self.left = vertex, None
        self.vertices.append(vertex)
        self.since_empty.append(vertex)

    def finish(self) -> Load:
        vertices = list(self.vertices)
        if self.here is not None:
            remains = Grade.RECORDED if self.sure else Grade.INFERRED
            at = vertices.index(self.here)
            vertices[at] = msgspec.structs.replace(self.here, remains=remains)
        return Load(
            self.container,
            tuple(self.packings),
            tuple(self.unpackings),
            tuple(vertices),
            tuple(self.flows),
            tuple(self.since_empty),
            self.held_at,
        )
