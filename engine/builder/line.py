"""The history of one instance or logistic unit (design rules 4, 5 and 8). In: its records. Out: `Instance`.

An instance is in one place, so its history is one line of holdings. What may not be so opens holdings beside the line,
fed `inferred`; what follows comes from the last sure holding, and possibly from those.

An instance comes from its last place, whatever is written (rule 8); where no departure says so, that is a gap.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from engine.builder.event_vertices import ending_vertex, transformation_vertex
from engine.builder.journey import Leg, Moment, of_container
from engine.builder.line_rows import Coming, LineRows, Place, grade_of, is_made
from engine.builder.order import Group
from engine.builder.precedence import must_precede
from engine.builder.records import Act, Packing, Record
from engine.builder.rides import Rides
from engine.builder.whereabouts import Whereabouts, same_departure, sites_among
from graph_schema.event import EventType
from graph_schema.flow_graph import FlowKind, Gap, Grade, Part, Stay, Vertex


class Instance(msgspec.Struct, frozen=True):
    """An instance's part of the flow graph, and its journey as what is in it lives it."""

    part: Part
    journey: tuple[Moment, ...]


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
    line = _LineBuilder(LineRows(item, wider, gaps), contacts)
    for group in groups:
        line.tell_group(group)
    return line.finish()


class _LineBuilder:
    def __init__(self, rows: LineRows, contacts: dict[tuple[str, str], bytes]) -> None:
        self.rows = rows
        self.contacts = contacts
        self.rides = Rides()
        self.journey: list[Moment] = []
        self.at = Whereabouts(rows, self.rides)
        self.touched: bytes | None = None
        self.moved = False
        """Whether it has moved since it was last packed as a container; parts are put on, one by one, as it moves."""

    def finish(self) -> Instance:
        """All rows, and the journey."""
        return Instance(self.rows.part(self.at.anywhere(), self.rides.told), tuple(self.journey))

    # -- records ---------------------------------------------------------------------------------------------

    def tell_group(self, group: Group) -> None:
        """Live records that stand together, without the legs of what it is not in."""
        carriers = {record.container for record in group if record.act is Act.PACK}.union(self.rides.containers())
        lived = tuple(record for record in group if record.act is not Act.LEG or record.container in carriers)
        if len(lived) > 1:
            self.tell_in_doubt(lived)
        elif lived:
            self.tell(lived[0])

    def tell(self, record: Record) -> None:
        """Live one record."""
        if of_container(record):
            if not self.rides.may_be_in(record.container):
                return
            record = msgspec.structs.replace(record, sure=record.sure and not self.rides.in_doubt)
        self.at.legs, self.touched = [], None
        elsewhere = self._elsewhere_than_named(record)
        packed = record.packing is Packing.ADDS and record.event.type is not EventType.ASSOCIATION
        repacked = packed and self.moved
        if record.act is Act.LEG:
            self._ride_on(record)
        elif record.sure:
            self._tell_own(record)
        else:
            self._maybe(record)
            self._maybe_clean([record])
        self.at.doubt_the_first()
        if packed:
            self.moved = False
        elif any(leg.vertex.role not in ("touched", "cleaned") for leg in self.at.legs):
            self.moved = True
        # Where places lie beside the line, that it is at the last sure one is only one reading.
        here = None if self.at.doubts else self.at.here
        self.journey.append(
            Moment(
                record.event,
                tuple(self.at.legs),
                record.packing,
                here.vertex if here else None,
                self.touched,
                record.role if record.act is Act.END else None,
                record.partly,
                record.sure,
                doubts_load=elsewhere or repacked,
                maybe_at=sites_among(self.at.places()) if self.at.doubts else (),
            )
        )

    def tell_in_doubt(self, group: Group) -> None:
        """Records whose order is open: the places feed each other and what follows, `inferred`."""
        self.at.legs, self.at.passed, self.touched = [], [], None
        opened: list[Place] = []
        if self.at.here is None and not self.at.doubts:
            first = min(group, key=lambda record: (not record.sure, record.act is not Act.MAKE))
            # What goes back to it goes back to none that shared no other record of the group.
            opened = [self.at.root(first, [record.event.body_hash for record in group])]
        before, doubts, rides = self.at.here, list(self.at.doubts), len(self.rides.told)
        legs: list[tuple[Leg, ...]] = []
        packed = [record.container for record in group if record.act is Act.PACK]
        again = {container for container in packed if packed.count(container) > 1 or self.rides.may_be_in(container)}
        for record in group:
            self.at.here, self.at.doubts = before, doubts
            told = _perhaps_before(record, group) if record.container in again else record
            self._maybe(told, returns=_returns(before, record, group), in_one=len(set(packed)) <= 1)
            if _may_come_out(record, group):
                self.rides.doubt(record.container, record.time.earliest)
            if self.at.doubts != doubts:
                opened.extend(self.at.doubts)
            legs.append(tuple(msgspec.structs.replace(leg, sure=False) for leg in self.at.legs))
            self.at.legs = []
        passed = {place.vertex.id: place for place in (*opened, *self.at.passed)}
        self._feed_each_other(list(passed.values()))
        if opened:
            places = [place.vertex.id for place in opened]
            self.rides.spread(places, {r.time for r in group if r.place is None}, rides)
        self.at.here, self.at.doubts = before, opened or doubts
        self._maybe_clean(group)
        for record in group:
            if opened and record.act in (Act.USE, Act.END):
                self._enter_in_doubt(record)
        self.at.doubt_the_first()
        # Where a container was when something was put in or taken out is open where the group leads through places.
        known = self.at.last_known()
        here = known.vertex if known and not opened else None
        maybe_at = sites_among([*([before] if before else []), *doubts, *opened]) if opened else ()
        number = len(self.journey)
        for record, left in zip(group, legs, strict=True):
            ending = record.role if record.act is Act.END else None
            moment = Moment(
                record.event, left, record.packing, here, self.touched, ending, record.partly, record.sure,
                doubts_load=bool(opened), group=number, maybe_at=maybe_at,
            )  # fmt: skip
            self.journey.append(moment)
        self.moved = self.moved or bool(opened)

    def _feed_each_other(self, opened: Sequence[Place]) -> None:
        for one, other in zip(opened, [*opened[1:], *opened[:1]], strict=True):
            if one.vertex.id != other.vertex.id:
                self.rows.move(Coming(one, Grade.INFERRED, one.seen.hull(other.seen)), other.vertex, None)

    def _tell_own(self, record: Record) -> None:
        self._leave_container(record)
        if record.act is Act.DEPART:
            self._depart(record)
            return
        self._be(record)
        match record.act:
            case Act.USE | Act.END:
                self._enter(record)
            case Act.PACK:
                self._pack(record)
            case Act.UNPACK:
                self._unpack(record)
            case Act.TOUCH:
                self._touch(record)
            case Act.CLEAN:
                self._clean(record)

    def _maybe(self, record: Record, *, returns: bool = False, in_one: bool = True) -> None:
        """A record that may not count, or whose order is open: a holding beside the line.

        `returns`: it may have been elsewhere in between, so that being where it was is another stay. `in_one`: it was
        put into one container only; of several it may be in any.
        """
        before = self.at.places()
        comes_back = self.at.comes_back(record)
        if not before:
            self.at.root(record)
        elif is_made(record) and record is not self.at.first:
            self.at.open_in_doubt(record, self.at.place_of(record), record.stay)
        elif returns or comes_back or not self.at.may_stay(record) or (record.place is not None and self.at.doubts):
            self.at.open_in_doubt(record, record.place, record.stay)
        elif record.place is None and self.at.may_be_first(record):
            self.at.open_in_doubt(record, None, record.stay)
        if comes_back:
            self.at.came_from(record, self.at.doubts[-1] if self.at.doubts else self.at.here, before)
        match record.act:
            case Act.DEPART:
                self._may_depart(record)
            case Act.USE | Act.END:
                self._enter_in_doubt(record)
            case Act.PACK | Act.UNPACK:
                self._maybe_handle(record, in_one=in_one)
            case Act.TOUCH if record.touches:
                self._maybe_touch(record)

    def _may_depart(self, record: Record) -> None:
        """It may be on its way from where this record says, whatever others say it left."""
        self.at.open_in_doubt(record, record.to, Stay.ON_THE_WAY)
        self.at.doubts = [
            msgspec.structs.replace(doubt, origin=record.place, left=record.place or doubt.left)
            for doubt in self.at.doubts
        ]

    def _maybe_handle(self, record: Record, *, in_one: bool) -> None:
        """Packed or unpacked: for all that is known, if the record counts and only its order is open, else perhaps."""
        if record.act is Act.UNPACK and record.sure:
            self.rides.leave(record.container, record.time)
        elif record.act is Act.UNPACK:
            self.rides.doubt(record.container, record.time.earliest)
        elif record.sure and (in_one or self.rides.inside in (None, record.container)):
            self._pack(record)
        else:
            self.rides.perhaps_begin(record.container, self.at.holding(record.place), record.time)

    # -- being, coming, going --------------------------------------------------------------------------------

    def _be(self, record: Record) -> None:
        """Be where the record says, by whatever way (rules 1 and 8)."""
        here = self.at.here
        before = self.at.places()
        comes_back = self.at.comes_back(record)
        if not before:
            self.at.root(record)
        elif here is not None and self.at.stays(record):
            self.at.here = msgspec.structs.replace(here, seen=record.time)
        else:
            if here and here.vertex.stay is Stay.AT and None not in (here.vertex.site, record.place):
                told = f"seen at {record.place} with no departure from {here.vertex.site}"
                self.rows.gap("no_departure", here.vertex.site, record, told)
            self.at.open(record, self.at.place_of(record), Stay.AT, None)
        if comes_back:
            self.at.came_from(record, self.at.here, before)

    def _depart(self, record: Record) -> None:
        here = self.at.here
        if here is not None and not self.at.doubts and same_departure(here, record):
            return
        if any(same_departure(doubt, record) for doubt in self.at.doubts):
            self.at.open_in_doubt(msgspec.structs.replace(record, sure=False), record.place, Stay.AT)
        elif here is None or (record.place is not None and not self.at.stays(record)):
            self._be(record)
        origin = self.at.here.vertex.site if self.at.here else None
        way = self.at.open(record, record.to, Stay.ON_THE_WAY, record.time)
        self.at.here = msgspec.structs.replace(way, origin=origin)

    def _ride_on(self, leg: Record) -> None:
        if self.at.here is not None and leg.sure and not self.rides.in_doubt:
            self.at.open(leg, leg.place, leg.stay, leg.departed or leg.time)
            return
        if self.at.here is not None:
            self.rides.doubt_since(self.at.here.vertex.arrived.earliest)
        before = self.at.doubts
        self._maybe(leg)
        if self.at.doubts != before:
            self.at.linger(before)

    def _elsewhere_than_named(self, record: Record) -> bool:
        """True where a container turns up at another site than its departure named, or one that may count."""
        if record.place is None or record.act is Act.LEG:
            return False
        return any(
            place.vertex.stay is Stay.ON_THE_WAY
            and place.vertex.site not in (None, record.place)
            and place.event_id != record.event.id
            for place in self.at.places()
        )

    # -- packing, using, touching ----------------------------------------------------------------------------

    def _leave_container(self, record: Record) -> None:
        """What an event names where its container is not, or takes away by itself, is out of it (rule 5)."""
        inside = self.rides.inside
        if inside is None or record.container == inside:
            return
        along = {what.item for what in record.event.whats}.intersection(self.rides.containers())
        if along and inside not in along:
            self.rides.stay_in(along, record.time)
            return
        together = inside in along
        alone = record.act in (Act.DEPART, Act.USE, Act.END)
        away = record.place is not None and self.at.here is not None and not self.at.is_at(record.place, record)
        if record.act is Act.PACK or (alone and not together):
            self.rides.end(record.time)
        elif away and not together and record.place in sites_among(self.at.doubts):
            self.rides.in_doubt = True
            self.rides.doubt(inside, record.time.earliest)
        elif away and not together:
            self.rides.end(record.time)

    def _pack(self, record: Record) -> None:
        if record.place is None and self.at.doubts:
            places = dict.fromkeys(place.vertex.id for place in self.at.places())
            self.rides.begin_among(record.container, places, record.time)
            return
        self.rides.begin(record.container, self.at.holding(record.place), record.time)

    def _unpack(self, record: Record) -> None:
        if self.rides.may_be_in(record.container):
            self.rides.end(record.time)

    def _enter(self, record: Record) -> None:
        """It goes into a transformation, or leaves the chain: surely from where it is, possibly from where it may be.

        What it went into is sure where the record is; from which place is not.
        """
        used = record.act is Act.USE
        vertex = transformation_vertex(record.event) if used else ending_vertex(record, self.rows.wider)
        sources = [(place, Grade.INFERRED) for place in (*self.at.doubts, *self.at.lingering)]
        if self.at.here is not None:
            sources.insert(0, (self.at.here, grade_of(record)))
        self.rows.enter(record, vertex, FlowKind.USE if used else FlowKind.END, sources)

    def _enter_in_doubt(self, record: Record) -> None:
        if not self.at.places():
            self.at.root(record)
        self._enter(record)

    def _touch(self, record: Record) -> None:
        """A contact begins a branch, so that what touched before and after stay apart (rules 4 and 13).

        It is where the thing is; where that is in doubt, nobody knows.
        """
        if self.at.here is None:
            return
        touched = self.at.open(record, *self._where(self.at.here.vertex), record.time, role="touched").vertex.id
        if record.touches:
            self.rows.touch_as_declared(record, touched, record.touches)
            return
        self.touched = touched
        parent = self.contacts.get((record.event.id, record.container or ""))
        if record.container is not None and parent is not None:
            self.rows.touch(record, touched, parent)

    def _where(self, here: Vertex) -> tuple[str | None, Stay]:
        return (None, Stay.AT) if self.at.doubts else (here.site, here.stay)

    def _maybe_touch(self, record: Record) -> None:
        """A contact whose order is open, or which may not count: in a holding beside the line, as what it touched."""
        here = self.at.last_known()
        site = record.place if here is None or record.place is not None else here.vertex.site
        self.at.open_in_doubt(record, site, record.stay)
        for place in self.at.doubts:
            self.rows.touch_as_declared(record, place.vertex.id, record.touches)

    def _clean(self, record: Record) -> None:
        """What touched it before, touches nothing after (rule 13): a branch that no hazard passes into."""
        if self.at.here is not None:
            self.at.open(record, *self._where(self.at.here.vertex), record.time, role="cleaned")

    def _maybe_clean(self, group: Sequence[Record]) -> None:
        """What was on it before may be off, and what comes on it of the same group may not."""
        if any(record.act is Act.CLEAN for record in group):
            self.at.doubt_here()


def _perhaps_before(record: Record, group: Group) -> Record:
    """A taking out of a container into which it was put several times: it may have been put in again after it."""
    packings = (r for r in group if r.act is Act.PACK and r.container == record.container)
    if record.act is Act.UNPACK and any(packing.time.overlaps(record.time) for packing in packings):
        return msgspec.structs.replace(record, sure=False)
    return record


def _may_come_out(record: Record, group: Group) -> bool:
    """Whether what a record puts into a container may be taken out by one that is told before it."""
    takings = (other for other in group if other.act is Act.UNPACK and other.container == record.container)
    return record.act is Act.PACK and any(taking.time.overlaps(record.time) for taking in takings)


def _returns(before: Place | None, record: Record, group: Group) -> bool:
    """Whether a record at the place where it was before may come after one of its group that leads elsewhere."""
    if before is None or record.act is Act.MAKE or record.place is None or record.place != before.vertex.site:
        return False
    return any(_leads_away(other, record.place) and not must_precede(record, other) for other in group)


def _leads_away(record: Record, place: str) -> bool:
    return record.act is Act.DEPART or (record.place or place) != place or record.stay is Stay.ON_THE_WAY
