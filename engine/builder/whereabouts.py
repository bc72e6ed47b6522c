"""Where an instance is, and where it may be (design rules 8, 9c, 15). In: its records, one by one. Out: its holdings.

`here` is the last sure holding of its line; `doubts` are holdings beside it, where it may have been since. What follows
comes from the one, and possibly from the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.builder.journey import Leg
from engine.builder.line_rows import Coming, LineRows, Place, grade_of, is_made
from engine.builder.records import Act, Record
from engine.builder.rides import Rides
from graph_schema.flow_graph import Grade, Stay
from graph_schema.interval import Interval


class Whereabouts:
    """The places of one instance so far."""

    def __init__(self, rows: LineRows, rides: Rides) -> None:
        self.here: Place | None = None
        self.doubts: list[Place] = []
        self.lingering: list[Place] = []
        """Where it may be still, if legs that led on from there went without it."""
        self.passed: list[Place] = []
        """The holdings opened in doubt since they were last forgotten: also where it set out from, and is no more."""
        self.legs: list[Leg] = []
        """The holdings opened since they were last told."""
        self.first: Record | None = None
        """The record of its first holding."""
        self._rows = rows
        self._rides = rides

    def doubt_the_first(self) -> None:
        """A first place that may not have been is beside the line, as any other: what follows may be the first."""
        if self.here is not None and not self.here.vertex.sure:
            self.doubt_here()

    def doubt_here(self) -> None:
        """What follows comes from where it is as from places beside the line: perhaps."""
        self.doubts = list(dict.fromkeys(self.places()))
        self.here = None

    def places(self) -> list[Place]:
        """Where it is, if that is known, and where it may be."""
        return [*([self.here] if self.here else []), *self.doubts]

    def anywhere(self) -> list[Place]:
        """Where it is, where it may be, and where it may have been left."""
        return [*self.places(), *self.lingering]

    def linger(self, places: Sequence[Place]) -> None:
        """It may be still at places from which a leg, perhaps without it, led on."""
        self.lingering.extend(places)

    def last_known(self) -> Place | None:
        """Where it is; failing that, where it may be."""
        return next(iter(self.places()), None)

    def holding(self, site: str | None) -> bytes:
        """The holding where it is, or may be, at a site; failing that, where it was last known to be."""
        known = self.places()
        there = (place for place in known if place.vertex.site == site and place.vertex.stay is Stay.AT)
        return next(there, known[0]).vertex.id

    def is_at(self, place: str | None, record: Record) -> bool:
        """Whether the last sure holding is at a place, or on the way to it, as the record has it."""
        here = self.here
        return here is not None and here.vertex.stay is record.stay and here.vertex.site == place

    def may_be_first(self, record: Record) -> bool:
        """Whether it is the first that tells of it, in the reading in which no record that may not count does."""
        if self.first is None or record is self.first:
            return False
        if self.here is not None and self.here.vertex.sure:
            began = self.here.vertex.id in self._rows.starts and self.first.time.overlaps(record.time)
            return began and not record.sure
        return any(not place.vertex.sure for place in self.places())

    def place_of(self, record: Record) -> str | None:
        """Where a record finds it; what is made again at a place that nobody names is where it was."""
        here = self.last_known()
        if record.place is None and is_made(record) and here is not None and here.vertex.stay is Stay.AT:
            return here.vertex.site
        return record.place

    def may_stay(self, record: Record) -> bool:
        """Whether a record may find it where it was; of one without a place an arrival or a leg tells of a move."""
        if record.place is None and record.act is not Act.LEG:
            return record.act is not Act.ARRIVE
        return self.is_at(record.place, record)

    def stays(self, record: Record) -> bool:
        """Whether a record finds it where it was in every reading.

        What a transformation made anew is the same thing with more in it: a branch of its own (rule 1). What came from
        a place that it had not just left was there in between; what came where it is may have left before (rule 1).
        """
        if self.here is None or is_made(record) or self.comes_back(record) or _comes_again(self.here, record):
            return False
        return self.may_stay(record) and (record.place is None or not self.doubts)

    def comes_back(self, record: Record) -> bool:
        """Whether an arrival names a source where, by some record, it was not just before."""
        source = record.source
        if record.act is not Act.ARRIVE or source is None or source == record.place:
            return False
        known = self.places()
        return not known or any(not _left_there(place, source) for place in known)

    def came_from(self, record: Record, here: Place | None, before: Sequence[Place]) -> None:
        """A source that an arrival names is a place where it was, even where no other record says so (rule 9c).

        It came there, possibly, from where it was before, if that is another place.
        """
        assert here is not None  # noqa: S101 - a holding was opened
        vertex = self._rows.source(record, here.vertex, self._rides.inside)
        self.legs.insert(len(self.legs) - 1, Leg(vertex, record.event, record.time, sure=False))
        for former in before:
            if former.vertex.id != here.vertex.id and not _left_there(former, record.source):
                self._rows.move(Coming(former, Grade.INFERRED, _left(former, record)), vertex, record)

    def root(self, record: Record, path: Sequence[bytes] = ()) -> Place:
        """The first holding (rule 10)."""
        self.first = record
        vertex = self._rows.root(record, path, self._rides.inside)
        place = Place(vertex, record.time, event_id=record.event.id, consignments=record.consignments)
        return self._arrive(place, record, record.time)

    def open(
        self, record: Record, site: str | None, stay: Stay, departed: Interval | None, *, role: str | None = None
    ) -> Place:
        """A new holding on the line, from the last sure one and possibly from those beside it.

        Where no record says when they were left, it is since it was last seen in each.
        """
        here = self._reach(record, site, stay, departed, grade_of(record), self.anywhere(), role)
        self.doubts, self.lingering = [], []
        return here

    def open_in_doubt(self, record: Record, site: str | None, stay: Stay) -> None:
        """A new holding beside the line."""
        kept = self.here
        departed = record.departed or (record.time if record.act is Act.DEPART else None)
        self.doubts = [self._reach(record, site, stay, departed, Grade.INFERRED, self.places())]
        self.passed.extend(self.doubts)
        self.here = kept

    def _reach(
        self, record: Record, site: str | None, stay: Stay, departed: Interval | None, grade: Grade,
        former: Sequence[Place], role: str | None = None,
    ) -> Place:  # fmt: skip
        """A holding reached from where it is, by a grade, and possibly from where it may be."""
        comings = list(self._comings(record, departed, grade, former))
        begins = self.here is None
        vertex = self._rows.holding(record, site, stay, comings, role=role, inside=self._rides.inside, begins=begins)
        last = self.last_known()
        departed = departed or (record.time if last is None else _left(last, record))
        place = Place(
            vertex, record.time, event_id=record.event.id, left=None if last is None else _site_of(last),
            consignments=record.consignments,
        )  # fmt: skip
        return self._arrive(place, record, departed)

    def _comings(
        self, record: Record, departed: Interval | None, grade: Grade, former: Sequence[Place]
    ) -> Iterator[Coming]:
        for place in former:
            sure = grade if place is self.here else Grade.INFERRED
            yield Coming(place, sure, self._left_for(place, record, departed))

    def _left_for(self, place: Place, record: Record, departed: Interval | None) -> Interval:
        """When it left a place for the next; where it may have been elsewhere in between, since it was last seen."""
        if departed is None:
            return _left(place, record)
        return departed.hull(place.seen) if self.doubts and place.vertex.stay is Stay.AT else departed

    def _arrive(self, place: Place, record: Record, departed: Interval) -> Place:
        self.here = place
        self.legs.append(Leg(place.vertex, record.event, departed, record.sure))
        return place


def _comes_again(here: Place, record: Record) -> bool:
    """Whether an arrival where it is may be another than that by which it came there."""
    told = here.event_id == record.event.id or here.consignments & record.consignments
    return record.act is Act.ARRIVE and record.place is not None and not told


def _left_there(place: Place, site: str | None) -> bool:
    """Whether it was at a site, or left it last, where a holding has it."""
    return site in (place.vertex.site, place.left)


def _site_of(place: Place) -> str | None:
    """Where it was last at a place or before."""
    return place.vertex.site if place.vertex.stay is Stay.AT else place.left


def _left(place: Place, record: Record) -> Interval:
    """When it left where it was: with its departure, else between last seen there and first seen elsewhere."""
    return place.seen if place.vertex.stay is Stay.ON_THE_WAY else place.seen.hull(record.time)


def same_departure(place: Place, record: Record) -> bool:
    """Whether a departure tells once more of one that has set it on its way."""
    if place.vertex.stay is not Stay.ON_THE_WAY:
        return False
    return place.event_id == record.event.id or (
        place.origin == record.place and record.to in (None, place.vertex.site)
    )


def sites_among(places: Sequence[Place]) -> tuple[str, ...]:
    """The sites among places, those on the way to one left out."""
    at = (place.vertex for place in places)
    return tuple(dict.fromkeys(v.site for v in at if v.stay is Stay.AT and v.site is not None))
