"""A lot in a container (design rule 5). In: the lot's records with the container, the container's journey. Out: `Load`.

The packing takes the lot out of the stock it was packed from; in between it is in holdings of its own, one a place the
container comes to; the unpacking gives it back, by quantity. Several packings of one lot into one container are one
stock. Where it shows that a record of unpacking was lost, what is left goes on, `inferred`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import msgspec

from engine.builder.contents import Contents, Source, departure_since
from engine.builder.event_vertices import ending_vertex
from engine.builder.handlings import handlings_of, may_be_during, order_is_open
from engine.builder.ids import holding_id
from engine.builder.journey import Leg, Moment
from engine.builder.records import Act, Packing, Record
from engine.builder.riding import maybe_after, maybe_emptied, place_of_moment
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


class Unpacking(msgspec.Struct, frozen=True):
    """A DELETE that gives goods back to the stock of a site."""

    record: Record
    sources: tuple[Source, ...]
    amount: Decimal | None
    quantity: Decimal | None
    uom: str | None
    accounted: bool = True
    """Whether a packing that counts in every reading put them in."""


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
    told = handlings_of(records, journey)
    named = [at for at, here in told.items() if any(r.act is not Act.PACK for r in here)]
    for at, moment in enumerate(journey):
        confirmed = any(later >= at for later in named)
        load.live(moment, told.get(at, []), journey[:at], confirmed=confirmed)
    handled = [(journey[at], record) for at, here in told.items() for record in here]
    load.held_at.update({m.event.id: Held(None) for m in journey if any(may_be_during(m, *other) for other in handled)})
    return load.finish()


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
        self.emptyings: dict[str, Moment] = {}
        """So far, by event id."""
        self.held_at: dict[str, Held] = {}
        self.inside = Contents()
        self.uom = uom

    def live(self, moment: Moment, records: Sequence[Record], before: Sequence[Moment], *, confirmed: bool) -> None:
        """One moment of the container's journey, after those before."""
        self.inside.go_through(moment.group)
        if moment.doubts_load and not confirmed:
            self.inside.sure = False
        if self.inside.here is not None:
            self.held_at[moment.event.id] = Held(self.inside.amount)
            for leg in moment.legs:
                self._move(leg)
                self._may_precede()
        for record in records:
            if record.act is Act.PACK:
                self._pack(record, moment)
                self.inside.sure = self.inside.sure and not any(maybe_emptied(other, record) for other in self.journey)
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

    def _may_precede(self) -> None:
        """Where the order of moments is open, what the last of them led to may have come before others of them.

        It leads to the nearest that is not surely before it, and that one on to those that are not before that.
        """
        here = self.inside.here
        if here is None:
            return
        perhaps = (
            one
            for one in reversed(self.inside.stood)
            if one.id != here.id and not one.arrived.surely_before(here.arrived)
        )
        if after := next(perhaps, None):
            departed = departure_since(here, after.arrived)
            ids = (after.event_id,) if after.event_id else ()
            self.flows.append(
                Flow(here.id, after.id, FlowKind.MOVE, Grade.INFERRED, ids, departed, after.arrived, via=self.container)
            )

    def _move(self, leg: Leg) -> None:
        former = self.inside.here
        if former is None:
            return
        if leg.vertex.role == "source":
            self._pass_by(leg, former)
            return
        sure = self.inside.sure and leg.sure
        vertex = self._carried(leg, sure=sure)
        if vertex.id == former.id:
            # An order in doubt may tell of one coming twice.
            return
        origin, departed = former, leg.departed
        if sure and not former.sure and self.inside.surely_there is not None:
            self.inside.beside.append(former)
            origin, departed = self.inside.surely_there, self.inside.left_surely_there(leg.departed)
        elif former.sure and not sure:
            self.inside.left = leg.departed
        self._flow(origin, vertex, leg, departed)
        ids = (leg.event.id,)
        self.flows.extend(
            Flow(
                one.id, vertex.id, FlowKind.MOVE, Grade.INFERRED, ids, departure_since(one, leg.departed),
                vertex.arrived,
            )
            for one in self.inside.beside
        )  # fmt: skip
        self.inside.beside = []
        self._stand(vertex)

    def _pass_by(self, leg: Leg, former: Vertex) -> None:
        """It may have been at a place on its way, as a source that an arrival names."""
        vertex = self._carried(leg, sure=False)
        if vertex.id == former.id:
            return
        self._flow(former, vertex, leg, leg.departed)
        self.vertices.append(vertex)
        self.inside.beside.append(vertex)

    def _flow(self, former: Vertex, vertex: Vertex, leg: Leg, departed: Interval) -> None:
        grade = Grade.RECORDED if vertex.sure else Grade.INFERRED
        flow = Flow(
            former.id, vertex.id, FlowKind.MOVE, grade, (leg.event.id,), departed, vertex.arrived, self.inside.amount,
            self.uom, self.container,
        )  # fmt: skip
        self.flows.append(flow)

    def _pack(self, record: Record, moment: Moment) -> None:
        before = self.inside.amount
        self.inside.add(self.measure(record) if record.sure else None)
        place = record.place if record.place is not None else place_of_moment(moment)
        vertex = Vertex(
            holding_id("packed", record.event, self.item, self.container), VertexKind.HOLDING, self.item, place,
            Stay.AT, record.time, record.event.id, "packed", self.container, self.inside.amount, self.uom,
            named=record.sure, sure=record.sure,
        )  # fmt: skip
        if self.inside.here is not None:
            grade = Grade.RECORDED if self.inside.sure and before != 0 else Grade.INFERRED
            self.flows.extend(
                Flow(
                    source.vertex, vertex.id, FlowKind.CARRY_OVER, source.grade, (record.event.id,), source.departed,
                    record.time, via=self.container,
                )
                for source in self.inside.sources(grade, record.time)
            )  # fmt: skip
        self.inside.put_in = self.inside.put_in or record.sure
        self.inside.sure = record.sure or (self.inside.sure and self.inside.here is not None)
        self.packings.append((record, vertex))
        self._stand(vertex)
        for site in moment.maybe_at if place is None else ():
            there = msgspec.structs.replace(vertex, site=site)
            self._pass_by(Leg(there, record.event, record.time, sure=False), vertex)

    def _unpack(self, record: Record, moment: Moment, taken: Decimal | None) -> None:
        place = record.place if record.place is not None else place_of_moment(moment)
        told = msgspec.structs.replace(record, place=place)
        if self.inside.here is None:
            self.unpackings.append(Unpacking(told, (), taken, record.quantity, record.uom, accounted=False))
            return
        whole = taken is not None and self.inside.amount is not None and taken >= self.inside.amount
        if any(order_is_open(packing, record) for packing, _ in self.packings) and not whole:
            # It may have been taken before some of it was put in.
            self.inside.sure = False
        grade = Grade.RECORDED if self.inside.sure and record.sure else Grade.INFERRED
        sources = self.inside.sources(grade, record.time)
        self.unpackings.append(Unpacking(told, sources, taken, record.quantity, record.uom, self.inside.put_in))
        self.inside.take(taken, surely=record.sure)

    def _empty(self, moment: Moment) -> None:
        """A DELETE that names no child takes all out."""
        if self.inside.here is None:
            return
        in_doubt = not moment.sure or any(maybe_emptied(moment, packing) for packing, _ in self.packings)
        self.inside.sure = self.inside.sure and not in_doubt
        place = place_of_moment(moment)
        record = Record(
            Act.UNPACK, moment.event, moment.event.time, place, container=self.container, role="unpacked",
            sure=self.inside.sure,
        )  # fmt: skip
        grade = Grade.RECORDED if self.inside.sure else Grade.INFERRED
        amount, uom = (self.inside.amount, self.uom) if self.inside.sure else (None, None)
        self.unpackings.append(Unpacking(record, self.inside.sources(grade, record.time), amount, amount, uom))
        if in_doubt:
            self.inside.amount = None
        else:
            self.inside.clear()

    def _take_again(self, packing: Record, packed: Vertex) -> None:
        """What was put in may have been taken out by a taking that stands before it, where their order is open."""
        for at, taken in enumerate(self.unpackings):
            if not order_is_open(packing, taken.record):
                continue
            self.inside.sure = False
            source = Source(packed.id, Grade.INFERRED, departure_since(packed, taken.record.time))
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
        return Unpacking(record, (Source(packed.id, Grade.INFERRED, departure_since(packed, time)),), None, None, None)

    def _end(self, moment: Moment, ending: str) -> None:
        """What leaves the chain takes with it what is in it; of what does so in part, some may be left."""
        if self.inside.here is None:
            return
        event = moment.event
        whole = moment.sure and not moment.partly
        self.inside.sure = self.inside.sure and whole
        record = Record(
            Act.END, event, event.time, place_of_moment(moment),
            quantity=self.inside.amount if self.inside.sure else None, uom=self.uom,
            container=self.container, role=ending,
        )  # fmt: skip
        vertex = ending_vertex(record, self.item)
        grade = Grade.RECORDED if self.inside.sure else Grade.INFERRED
        self.vertices.append(vertex)
        self.flows.extend(
            Flow(
                source.vertex, vertex.id, FlowKind.END, source.grade, (event.id,), source.departed, event.time,
                record.quantity, self.uom, self.container,
            )
            for source in self.inside.sources(grade, event.time)
        )  # fmt: skip
        if not whole:
            self.inside.amount = None
        else:
            self.inside.clear()

    def _carried(self, leg: Leg, *, sure: bool) -> Vertex:
        site, stay, role = leg.vertex.site, leg.vertex.stay, "carried"
        identity = holding_id(role, leg.event, self.item, self.container, site or "", str(int(stay)))
        return Vertex(
            identity, VertexKind.HOLDING, self.item, site, stay, leg.vertex.arrived, leg.event.id, role, self.container,
            self.inside.amount, self.uom, sure=sure,
        )  # fmt: skip

    def _stand(self, vertex: Vertex) -> None:
        self.inside.stand(vertex)
        self.vertices.append(vertex)

    def finish(self) -> Load:
        remains = dict.fromkeys((vertex.id for vertex in self.inside.ends()), Grade.INFERRED)
        if self.inside.here is not None and self.inside.sure:
            remains[self.inside.here.id] = Grade.RECORDED
        vertices = [msgspec.structs.replace(vertex, remains=remains.get(vertex.id)) for vertex in self.vertices]
        return Load(
            self.container,
            tuple(self.packings),
            tuple(self.unpackings),
            tuple(vertices),
            tuple(self.flows),
            tuple(self.inside.open),
            self.held_at,
        )
