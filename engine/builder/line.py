"""The history of one instance or logistic unit (design rules 4, 5 and 8). In: its records. Out: `Instance`.

An instance is in one place, so its history is one line of holdings. A holding's id is the hash of the whole path that
led to it: instances that moved as one share holdings without knowing of each other (ADR 7). What may not be so opens
holdings beside the line, fed `inferred`; what follows comes from the last sure holding, and possibly from those.

An instance comes from its last place, whatever is written (rule 8); where no departure says so, that is a gap.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from engine.builder.ids import transformation_id, vertex_id
from engine.builder.order import Group, must_precede
from engine.builder.records import Act, Packing, Record
from engine.builder.sites import place_of
from graph_schema.event import Event, EventType
from graph_schema.flow_graph import (
    Entry,
    Flow,
    FlowKind,
    Gap,
    Grade,
    Line,
    Part,
    Ride,
    Stay,
    Vertex,
    VertexKind,
)
from graph_schema.interval import BEGINNING, END, Interval
from graph_schema.steps import Effect

EMPTIED = "emptied"
"""The role of a record that takes an instance out because its container was emptied of all."""


class Leg(msgspec.Struct, frozen=True):
    """One holding of a container's line, as what is in it lives it."""

    vertex: Vertex
    event: Event
    departed: Interval
    sure: bool


class Moment(msgspec.Struct, frozen=True):
    """One record of a container: the holdings it opened, and what it did to the contents."""

    event: Event
    legs: tuple[Leg, ...]
    packing: Packing | None
    here: Vertex | None
    """Where the container is afterwards."""
    touched: bytes | None
    """The holding that a contact opened."""
    ending: str | None
    """How the container left the chain, and what was in it with it: sold, destroyed …"""
    partly: bool
    """Of what left the chain so, only a part did."""
    sure: bool
    """Whether its record surely counts (rule 14)."""
    doubts_load: bool
    """True where it shows that the container may have been emptied without a record (rule 5)."""
    group: int | None = None
    """Which of the groups whose order is open it is of, if of one."""
    maybe_at: tuple[str, ...] = ()
    """The sites where the container may have been, where the order of its records leaves it open."""


class Instance(msgspec.Struct, frozen=True):
    """An instance's part of the flow graph, and its journey as what is in it lives it."""

    part: Part
    journey: tuple[Moment, ...]


class _Here(msgspec.Struct, frozen=True):
    vertex: Vertex
    seen: Interval
    """When it was last recorded there."""
    origin: str | None = None
    event_id: str = ""


def build_line(
    item: str,
    wider: str,
    groups: Sequence[Group],
    contacts: dict[tuple[str, str], bytes],
    gaps: Sequence[Gap] = (),
) -> Instance:
    """The line through groups of records in order of time.

    `contacts` gives, by event id and parent, the parent's holding that a contact opened.
    """
    line = _LineBuilder(item, wider, contacts)
    line.gaps.extend(gaps)
    for group in groups:
        if len(group) == 1:
            line.tell(group[0])
        else:
            line.tell_in_doubt(group)
    return line.finish()


class _LineBuilder:
    def __init__(self, item: str, wider: str, contacts: dict[tuple[str, str], bytes]) -> None:
        self.item = item
        self.wider = wider
        self.contacts = contacts
        self.vertices: dict[bytes, Vertex] = {}
        self.flows: dict[Flow, None] = {}
        self.entered: list[Entry] = []
        self.made_by: list[bytes] = []
        self.starts: list[bytes] = []
        self.rides: list[Ride] = []
        self.gaps: list[Gap] = []
        self.journey: list[Moment] = []
        self.legs: list[Leg] = []
        self.touched: bytes | None = None
        self.first: Record | None = None
        """The record of its first holding."""
        self.here: _Here | None = None
        self.doubts: list[_Here] = []
        self.inside: str | None = None
        self.maybe_inside: set[str] = set()
        """Containers that a record which may not count put it in, while it was in another."""
        self.maybe_out = False
        """Whether it was named where its container only perhaps was."""
        self.moved = False
        """Whether it has moved since it was last packed as a container."""

    # -- records ---------------------------------------------------------------------------------------------

    def tell(self, record: Record) -> None:
        """Live one record."""
        if _of_container(record) and self.inside != record.container:
            return
        self.legs, self.touched = [], None
        elsewhere = self._elsewhere_than_named(record)
        repacked = record.packing is Packing.ADDS and self.moved
        if record.act is Act.LEG:
            self._ride_on(record)
        elif record.sure:
            self._tell_own(record)
        else:
            self._maybe(record)
        self._doubt_the_first()
        if record.packing is Packing.ADDS:
            self.moved = False
        elif any(leg.vertex.role != "touched" for leg in self.legs):
            self.moved = True
        # Where places lie beside the line, that it is at the last sure one is only one reading.
        here = None if self.doubts else self.here
        self.journey.append(
            Moment(
                record.event,
                tuple(self.legs),
                record.packing,
                here.vertex if here else None,
                self.touched,
                record.role if record.act is Act.END else None,
                record.partly,
                record.sure,
                doubts_load=elsewhere or repacked,
                maybe_at=_sites([self.here, *self.doubts]) if self.doubts else (),
            )
        )

    def tell_in_doubt(self, group: Group) -> None:
        """Records whose order is open: the places feed each other and what follows, `inferred`."""
        self.legs, self.touched = [], None
        opened: list[_Here] = []
        if self.here is None and not self.doubts:
            first = min(group, key=lambda record: (not record.sure, record.act is not Act.MAKE))
            # What goes back to it goes back to none that shared no other record of the group.
            opened = [self._root(first, [record.event.body_hash for record in group])]
        before, doubts, rides = self.here, list(self.doubts), len(self.rides)
        legs: list[tuple[Leg, ...]] = []
        for record in group:
            self.here, self.doubts = before, doubts
            self._maybe(record, returns=_returns(before, record, group))
            if self.doubts != doubts:
                opened.extend(self.doubts)
            legs.append(tuple(msgspec.structs.replace(leg, sure=False) for leg in self.legs))
            self.legs = []
        for one, other in zip(opened, [*opened[1:], *opened[:1]], strict=True):
            if one.vertex.id != other.vertex.id:
                self._flow(one, other.vertex, FlowKind.MOVE, Grade.INFERRED, one.seen.hull(other.seen))
        self.here, self.doubts = before, opened or doubts
        for record in group:
            if opened and record.act in (Act.USE, Act.END):
                self._enter_in_doubt(record)
        self._doubt_the_first()
        if opened:
            last = opened[-1].vertex.id
            self.rides[rides:] = [msgspec.structs.replace(ride, holding=last) for ride in self.rides[rides:]]
        # Where a container was when something was put in or taken out is open where the group leads through places.
        known = self._last_known()
        here = known.vertex if known and not opened else None
        maybe_at = _sites([before, *doubts, *opened]) if opened else ()
        number = len(self.journey)
        for record, left in zip(group, legs, strict=True):
            ending = record.role if record.act is Act.END else None
            moment = Moment(
                record.event, left, record.packing, here, self.touched, ending, record.partly, record.sure,
                doubts_load=bool(opened), group=number, maybe_at=maybe_at,
            )  # fmt: skip
            self.journey.append(moment)
        self.moved = self.moved or bool(opened)

    def _doubt_the_first(self) -> None:
        """A first place that may not have been is beside the line, as any other: what follows may be the first."""
        if self.here is not None and not self.here.vertex.sure:
            self.doubts = list(dict.fromkeys([self.here, *self.doubts]))
            self.here = None

    def _last_known(self) -> _Here | None:
        """Where it is; failing that, where it may be."""
        return self.here or next(iter(self.doubts), None)

    def _tell_own(self, record: Record) -> None:
        self._leave_container(record)
        if record.act is Act.DEPART:
            self._depart(record)
            return
        self._be(record)
        if record.act is Act.USE:
            self._enter(record, transformation_vertex(record.event), FlowKind.USE)
        elif record.act is Act.END:
            self._enter(record, ending_vertex(record, self.wider), FlowKind.END)
        elif record.act is Act.PACK:
            self._pack(record)
        elif record.act is Act.UNPACK:
            self._unpack(record)
        elif record.act is Act.TOUCH:
            self._touch(record)

    def _maybe(self, record: Record, *, returns: bool = False) -> None:
        """A record that may not count, or whose order is open: a holding beside the line.

        `returns`: it may have been elsewhere in between, so that being where it was is another stay.
        """
        if record.act is Act.LEG and not self._may_be_in(record.container):
            return
        before = [self.here, *self.doubts]
        comes_back = record.act is Act.ARRIVE and record.source != record.place and self._is_new(record.source)
        if self.here is None and not self.doubts:
            self._root(record)
        elif _is_made(record) and record is not self.first:
            self._open_in_doubt(record, self._place_of(record), record.stay)
        elif returns or not self._may_stay(record) or (record.place is not None and self.doubts) or comes_back:
            self._open_in_doubt(record, record.place, record.stay)
        elif record.place is None and self._may_be_first(record):
            self._open_in_doubt(record, None, record.stay)
        if record.act is Act.ARRIVE and record.source is not None:
            self._came_from(record, self.doubts[-1] if self.doubts else self.here, before)
        match record.act:
            case Act.DEPART:
                self._open_in_doubt(record, record.to, Stay.ON_THE_WAY)
                self.doubts = [msgspec.structs.replace(doubt, origin=record.place) for doubt in self.doubts]
            case Act.USE | Act.END:
                self._enter_in_doubt(record)
            case Act.PACK | Act.UNPACK:
                self._maybe_handle(record)

    def _maybe_handle(self, record: Record) -> None:
        """Packed or unpacked: for all that is known, if the record counts and only its order is open, else perhaps."""
        if record.act is Act.UNPACK and record.sure:
            self._unpack(record)
        elif record.act is Act.UNPACK:
            self._doubt_ride_in(record.container, record.time.earliest)
        elif record.sure or self.inside in (None, record.container):
            self._pack(record)
        else:
            self._maybe_pack(record)

    def _enter_in_doubt(self, record: Record) -> None:
        """What it went into is sure where the record is; from which place is not."""
        if self.here is None and not self.doubts:
            self._root(record)
        vertex = transformation_vertex(record.event) if record.act is Act.USE else ending_vertex(record, self.wider)
        kind = FlowKind.USE if record.act is Act.USE else FlowKind.END
        self._enter(record, vertex, kind, Grade.RECORDED if record.sure else Grade.INFERRED)

    # -- being, coming, going --------------------------------------------------------------------------------

    def _is_at(self, place: str | None, record: Record) -> bool:
        here = self.here
        return here is not None and here.vertex.stay is record.stay and here.vertex.site == place

    def _may_be_first(self, record: Record) -> bool:
        """Whether it is the first that tells of it, in the reading in which no record that may not count does."""
        if self.first is None or record is self.first:
            return False
        if self.here is not None and self.here.vertex.sure:
            began = self.here.vertex.id in self.starts and self.first.time.overlaps(record.time)
            return began and not record.sure
        return any(not place.vertex.sure for place in (self.here, *self.doubts) if place is not None)

    def _place_of(self, record: Record) -> str | None:
        """Where a record finds it; what is made again at a place that nobody names is where it was."""
        here = self._last_known()
        if record.place is None and _is_made(record) and here is not None and here.vertex.stay is Stay.AT:
            return here.vertex.site
        return record.place

    def _may_stay(self, record: Record) -> bool:
        """Whether a record may find it where it was; of one without a place an arrival or a leg tells of a move."""
        if record.place is None and record.act is not Act.LEG:
            return record.act is not Act.ARRIVE
        return self._is_at(record.place, record)

    def _stays(self, record: Record) -> bool:
        """Whether a record finds it where it was in every reading.

        What a transformation made anew is the same thing with more in it: a branch of its own (rule 1).
        """
        if self.here is None or _is_made(record):
            return False
        return self._may_stay(record) and (record.place is None or not self.doubts)

    def _be(self, record: Record) -> None:
        """Be where the record says, by whatever way (rules 1 and 8)."""
        here = self.here
        before = [here, *self.doubts]
        if here is None and not self.doubts:
            self._root(record)
        elif here is not None and self._stays(record) and not self._is_new(record.source):
            self.here = msgspec.structs.replace(here, seen=record.time)
        else:
            if here and here.vertex.stay is Stay.AT and None not in (here.vertex.site, record.place):
                told = f"seen at {record.place} with no departure from {here.vertex.site}"
                self.gaps.append(Gap("no_departure", self.item, here.vertex.site, (record.event.id,), told))
            self._open(record, self._place_of(record), Stay.AT, None)
        if record.act is Act.ARRIVE and record.source is not None:
            self._came_from(record, self.here, before)

    def _is_new(self, source: str | None) -> bool:
        """Whether a source that an arrival names is a place where no record tells that it was."""
        return source is not None and all(vertex.site != source for vertex in self.vertices.values())

    def _came_from(self, record: Record, here: _Here | None, before: Sequence[_Here | None]) -> None:
        """A source that an arrival names is a place where it was, even where no other record says so (rule 9c).

        It came there, possibly, from where it was before.
        """
        source = record.source
        if source == record.place or not self._is_new(source):
            return
        assert here is not None  # noqa: S101 - a holding was opened
        vertex = self._vertex(
            record, "source", source, Stay.AT, (here.vertex.id,), Interval(BEGINNING, record.time.latest)
        )
        between = _Here(vertex, vertex.arrived)
        self.vertices[vertex.id] = vertex
        self.legs.insert(len(self.legs) - 1, Leg(vertex, record.event, record.time, sure=False))
        self._flow(between, here.vertex, FlowKind.MOVE, Grade.INFERRED, vertex.arrived, event=record.event)
        for former in before:
            if former is not None and former.vertex.id != here.vertex.id:
                self._flow(former, vertex, FlowKind.MOVE, Grade.INFERRED, self._left(former, record))

    def _depart(self, record: Record) -> None:
        here = self.here
        if here is not None and not self.doubts and self._same_departure(here, record):
            return
        if any(self._same_departure(doubt, record) for doubt in self.doubts):
            self._open_in_doubt(msgspec.structs.replace(record, sure=False), record.place, Stay.AT)
        elif here is None or (record.place is not None and not self._stays(record)):
            self._be(record)
        origin = self.here.vertex.site if self.here else None
        self._open(record, record.to, Stay.ON_THE_WAY, record.time)
        if self.here is not None:
            self.here = msgspec.structs.replace(self.here, origin=origin)

    @staticmethod
    def _same_departure(here: _Here, record: Record) -> bool:
        """Whether a departure tells once more of one that has set it on its way."""
        if here.vertex.stay is not Stay.ON_THE_WAY:
            return False
        return here.event_id == record.event.id or (
            here.origin == record.place and record.to in (None, here.vertex.site)
        )

    @staticmethod
    def _left(here: _Here | None, record: Record) -> Interval:
        """When it left where it was: with its departure, else between last seen there and first seen elsewhere."""
        if here is None:
            return record.time
        if here.vertex.stay is Stay.ON_THE_WAY:
            return here.seen
        return here.seen.hull(record.time)

    def _left_for(self, here: _Here, record: Record, departed: Interval | None) -> Interval:
        """When it left a place for the next; where it may have been elsewhere in between, since it was last seen."""
        if departed is None:
            return self._left(here, record)
        return departed.hull(here.seen) if self.doubts and here.vertex.stay is Stay.AT else departed

    def _ride_on(self, leg: Record) -> None:
        if not self._may_be_in(leg.container):
            return
        if self.here is None or not leg.sure or self.maybe_inside or self.maybe_out:
            self._doubt_ride()
            self._maybe(leg)
            return
        self._open(leg, leg.place, leg.stay, leg.departed or leg.time)

    def _may_be_in(self, container: str | None) -> bool:
        return container is not None and (container == self.inside or container in self.maybe_inside)

    def _leave_container(self, record: Record) -> None:
        """What an event names where its container is not, or takes away by itself, is out of it (rule 5)."""
        if self.inside is None or record.container == self.inside:
            return
        together = any(what.item == self.inside for what in record.event.whats)
        alone = record.act in (Act.DEPART, Act.USE, Act.END)
        away = record.place is not None and self.here is not None and not self._is_at(record.place, record)
        if record.act is Act.PACK or (alone and not together):
            self._end_ride(record)
        elif away and not together and record.place in _sites(self.doubts):
            self.maybe_out = True
            self._doubt_ride_in(self.inside, record.time.earliest)
        elif away and not together:
            self._end_ride(record)

    def _elsewhere_than_named(self, record: Record) -> bool:
        """True where a container turns up at another site than its departure named, or one that may count."""
        if record.place is None or record.act is Act.LEG:
            return False
        return any(
            place is not None
            and place.vertex.stay is Stay.ON_THE_WAY
            and place.vertex.site not in (None, record.place)
            and place.event_id != record.event.id
            for place in (self.here, *self.doubts)
        )

    # -- packing, using, touching ----------------------------------------------------------------------------

    def _pack(self, record: Record) -> None:
        self._end_ride(record)
        self.inside = record.container
        if record.container is not None and self.here is not None:
            self.rides.append(Ride(record.container, self.here.vertex.id, record.time, None))

    def _maybe_pack(self, record: Record) -> None:
        """It may be in this container from now on, or in the other still."""
        here = self._last_known()
        if record.container is not None and here is not None:
            self.maybe_inside.add(record.container)
            self.rides.append(Ride(record.container, here.vertex.id, record.time, None))

    def _unpack(self, record: Record) -> None:
        if self._may_be_in(record.container):
            self._end_ride(record)

    def _end_ride(self, record: Record) -> None:
        """It is in nothing, or in something else, from now on."""
        for container in {self.inside, *self.maybe_inside}:
            at = self._last_ride(container)
            ride = None if at is None else self.rides[at]
            if at is None or ride is None:
                continue
            if ride.unpacked is None:
                self.rides[at] = msgspec.structs.replace(ride, unpacked=record.time)
            elif ride.unpacked.latest == END:
                out = Interval(min(ride.unpacked.earliest, record.time.earliest), record.time.latest)
                self.rides[at] = msgspec.structs.replace(ride, unpacked=out)
        self.inside, self.maybe_out = None, False
        self.maybe_inside.clear()

    def _last_ride(self, container: str | None) -> int | None:
        """Its last ride in a container."""
        found = (at for at in reversed(range(len(self.rides))) if self.rides[at].container == container)
        return next(found, None)

    def _doubt_ride(self) -> None:
        """It may have been taken out, without a record, since it last surely moved or was packed in its container."""
        at = self._last_ride(self.inside)
        if self.here is not None and at is not None:
            since = max(self.rides[at].packed.earliest, self.here.vertex.arrived.earliest)
            self._doubt_ride_in(self.inside, since)

    def _doubt_ride_in(self, container: str | None, since: int) -> None:
        at = self._last_ride(container)
        if at is not None and self.rides[at].unpacked is None:
            self.rides[at] = msgspec.structs.replace(self.rides[at], unpacked=Interval(since, END))

    def _enter(self, record: Record, vertex: Vertex, kind: FlowKind, grade: Grade | None = None) -> None:
        graded = grade if grade is not None else (Grade.RECORDED if record.sure else Grade.INFERRED)
        self.vertices[vertex.id] = vertex
        for source, strength in [(self.here, graded), *((doubt, Grade.INFERRED) for doubt in self.doubts)]:
            if source is None:
                continue
            self._flow(source, vertex, kind, strength, record.time, event=record.event)
            self.entered.append(Entry(source.vertex.id, vertex.id, strength))

    def _touch(self, record: Record) -> None:
        """A contact begins a branch, so that what touched before and after stay apart (rules 4 and 13).

        It is where the thing is; where that is in doubt, nobody knows.
        """
        if self.here is None:
            return
        here = self.here.vertex
        site, stay = (None, Stay.AT) if self.doubts else (here.site, here.stay)
        self._open(record, site, stay, record.time, role="touched")
        self.touched = self.here.vertex.id
        parent = self.contacts.get((record.event.id, record.container or ""))
        if record.container is None or parent is None:
            return
        for one, other in ((parent, self.touched), (self.touched, parent)):
            flow = Flow(
                one,
                other,
                FlowKind.CONTACT,
                self._grade(record),
                (record.event.id,),
                record.time,
                record.time,
            )
            self.flows[flow] = None

    # -- rows ------------------------------------------------------------------------------------------------

    @staticmethod
    def _grade(record: Record) -> Grade:
        return Grade.RECORDED if record.sure else Grade.INFERRED

    def _root(self, record: Record, path: Sequence[bytes] = ()) -> _Here:
        """The first holding: made, commissioned, or simply there (rule 10)."""
        event = record.event
        path = (*_makers(record), *path)
        vertex = self._vertex(record, record.role or "seen", record.place, Stay.AT, path, record.time)
        self.vertices[vertex.id] = vertex
        self.first = record
        self.starts.append(vertex.id)
        self._make(record, vertex)
        if record.act is not Act.MAKE:
            told = "first recorded here; nothing tells where it came from"
            self.gaps.append(Gap("no_origin", self.item, record.place, (event.id,), told))
        return self._arrive(record, vertex, record.time)

    def _make(self, record: Record, vertex: Vertex) -> None:
        """What a transformation made comes from it, also where it was known before."""
        if not _is_made(record):
            return
        maker = transformation_vertex(record.event)
        self.vertices[maker.id] = maker
        self.made_by.append(maker.id)
        ids = (record.event.id,)
        made = Flow(maker.id, vertex.id, FlowKind.MAKE, self._grade(record), ids, record.time, record.time)
        self.flows[made] = None

    def _open(
        self, record: Record, site: str | None, stay: Stay, departed: Interval | None, *, role: str | None = None
    ) -> None:
        """A new holding on the line, from the last sure one and possibly from those beside it.

        Where no record says when they were left, it is since it was last seen in each.
        """
        sources = [(self.here, self._grade(record)), *((doubt, Grade.INFERRED) for doubt in self.doubts)]
        vertex = self._holding(record, site, stay, departed, sources, role)
        self._arrive(record, vertex, departed or self._left(self._last_known(), record))
        self.doubts = []

    def _open_in_doubt(self, record: Record, site: str | None, stay: Stay) -> None:
        """A new holding beside the line."""
        sources = [(self.here, Grade.INFERRED), *((doubt, Grade.INFERRED) for doubt in self.doubts)]
        kept = self.here
        departed = record.departed or (record.time if record.act is Act.DEPART else None)
        vertex = self._holding(record, site, stay, departed, sources, None)
        self._arrive(record, vertex, departed or self._left(self._last_known(), record))
        if self.here is not None:
            self.doubts = [self.here]
        self.here = kept

    def _arrive(self, record: Record, vertex: Vertex, departed: Interval) -> _Here:
        self.here = here = _Here(vertex, record.time, event_id=record.event.id)
        self.legs.append(Leg(vertex, record.event, departed, record.sure))
        return here

    def _holding(
        self,
        record: Record,
        site: str | None,
        stay: Stay,
        departed: Interval | None,
        sources: Sequence[tuple[_Here | None, Grade]],
        role: str | None,
    ) -> Vertex:
        origins = [
            (source, grade, self._left_for(source, record, departed)) for source, grade in sources if source is not None
        ]
        path = tuple(vertex_id(source.vertex.id, str(int(grade)), str(left)) for source, grade, left in origins)
        named = role or ("shipped" if stay is Stay.ON_THE_WAY else record.role or "seen")
        vertex = self._vertex(record, named, site, stay, (*path, *_makers(record)), record.time)
        self.vertices[vertex.id] = vertex
        for source, grade, left in origins:
            self._flow(source, vertex, FlowKind.MOVE, grade, left, event=record.event)
        self._make(record, vertex)
        if record.act is not Act.LEG and (self.here is None or _is_made(record)):
            self.starts.append(vertex.id)
        return vertex

    def _vertex(
        self,
        record: Record,
        role: str,
        site: str | None,
        stay: Stay,
        path: tuple[bytes, ...],
        arrived: Interval,
    ) -> Vertex:
        container = record.container if record.act is Act.LEG else self.inside
        identity = vertex_id(
            "line", self.wider, record.event.id, record.event.body_hash, role, site or "", str(int(stay)),
            container or "", str(record.sure), *path,
        )  # fmt: skip
        return Vertex(
            identity,
            VertexKind.HOLDING,
            self.wider,
            site,
            stay,
            arrived,
            record.event.id,
            role,
            container,
            named=record.act is not Act.LEG and record.sure,
            sure=record.sure,
            instances=True,
        )

    def _flow(
        self,
        source: _Here,
        target: Vertex,
        kind: FlowKind,
        grade: Grade,
        departed: Interval,
        *,
        event: Event | None = None,
    ) -> None:
        ids = (event.id,) if event is not None else ()
        flow = Flow(source.vertex.id, target.id, kind, grade, ids, departed, target.arrived, via=target.container)
        self.flows[flow] = None

    def finish(self) -> Instance:
        ends = [place.vertex.id for place in [self.here, *self.doubts] if place is not None]
        line = Line(
            self.item,
            self.wider,
            tuple(self.starts),
            tuple(dict.fromkeys(ends)),
            tuple(dict.fromkeys(self.entered)),
            tuple(dict.fromkeys(self.made_by)),
            tuple(self.rides),
        )
        part = Part(
            self.item,
            tuple(self.vertices.values()),
            tuple(self.flows),
            line if self.vertices else None,
            tuple(dict.fromkeys(self.gaps)),
        )
        return Instance(part, tuple(self.journey))


def _returns(before: _Here | None, record: Record, group: Group) -> bool:
    """Whether a record at the place where it was before may come after one of its group that leads elsewhere."""
    if before is None or record.place is None or record.place != before.vertex.site:
        return False
    return any(_leads_away(other, record.place) and not must_precede(record, other) for other in group)


def _leads_away(record: Record, place: str) -> bool:
    return record.act is Act.DEPART or (record.place or place) != place or record.stay is Stay.ON_THE_WAY


def _sites(places: Sequence[_Here | None]) -> tuple[str, ...]:
    """The sites among places, those on the way to one left out."""
    at = (place.vertex for place in places if place is not None)
    return tuple(dict.fromkeys(v.site for v in at if v.stay is Stay.AT and v.site is not None))


def _of_container(record: Record) -> bool:
    """Whether a record empties or ends a container, and with it only what is in it by then (rule 5)."""
    return record.role == EMPTIED or (record.act is Act.END and record.container is not None)


def _is_made(record: Record) -> bool:
    return record.act is Act.MAKE and record.event.type is EventType.TRANSFORMATION


def _makers(record: Record) -> tuple[bytes, ...]:
    return (transformation_id(record.event),) if _is_made(record) else ()


def transformation_vertex(event: Event) -> Vertex:
    """The vertex of a TransformationEvent; its site is where the event says."""
    return Vertex(
        transformation_id(event), VertexKind.TRANSFORMATION, "", place_of(event, Effect.STAYS), Stay.AT, event.time,
        event.id, "transformed",
    )  # fmt: skip


def ending_vertex(record: Record, item: str) -> Vertex:
    """The vertex of goods of one item that an event took out of the chain (rule 7), by itself or in a container."""
    event = record.event
    identity = vertex_id("ending", record.role, event.id, event.body_hash, item, record.container or "")
    return Vertex(
        identity, VertexKind.ENDING, item, record.place, Stay.AT, event.time, event.id, record.role,
        quantity=record.quantity, uom=record.uom,
    )  # fmt: skip
