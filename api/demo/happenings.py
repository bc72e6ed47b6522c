"""What happened by one record of a story. In: a record, its profile, where the goods are. Out: an event each, in names.

Each record is the tracking event of its profile, at the place of who recorded it; a record about goods that somebody
else has is read where they are. Goods that move leave one place and come to another: where the profile's event is but
one of the two, the other half is recorded as well.
"""

from __future__ import annotations

from collections import defaultdict

import msgspec

from api.demo.recording import Goods
from api.demo.story import ON_THE_WAY, Amount, Record
from api.demo.whereabouts import Whereabouts
from graph_schema.errors import InvalidInput
from graph_schema.event import Action, EventType
from graph_schema.profiles import Profile, TrackingEvent
from graph_schema.steps import Effect, step_of

DEPARTING = TrackingEvent(
    id="ship", stage="", label_zh="", label_en="", type=EventType.OBJECT, action=Action.OBSERVE,
    biz_step="shipping", disposition="in_transit", by=(), of=("goods",), kde=(),
)  # fmt: skip
ARRIVING = TrackingEvent(
    id="receive", stage="", label_zh="", label_en="", type=EventType.OBJECT, action=Action.OBSERVE,
    biz_step="receiving", disposition="in_progress", by=(), of=("goods",), kde=(),
)  # fmt: skip
UNLOADING = TrackingEvent(
    id="unload", stage="", label_zh="", label_en="", type=EventType.AGGREGATION, action=Action.DELETE,
    biz_step="unloading", disposition="container_open", by=(), of=("goods",), kde=(),
)  # fmt: skip
SPLITTING = TrackingEvent(
    id="split", stage="", label_zh="", label_en="", type=EventType.TRANSFORMATION,
    biz_step="creating_class_instance", disposition="in_progress", by=(), takes=("lot",), makes=("lot",), kde=(),
)  # fmt: skip
"""What goes with a record where a story does not tell it, or a profile does not ask for it."""
_PLACE = "site"
"""The kind of what is a place, as profiles that have things put into one call it."""


class Happening(msgspec.Struct, frozen=True):
    """What happened at one place: one event, in the names of the story."""

    tracked: TrackingEvent
    place: str
    goods: Goods
    """What it names, what goes into a transformation, or what is in `parent`."""
    made: Goods = {}
    parent: str | None = None
    """A thing, or a place where the profile says that goods are put into one."""
    to: str | None = None


def happenings_of(record: Record, profile: Profile, whereabouts: Whereabouts) -> list[Happening]:
    """What happened, in order."""
    tracked, *arrival = tracked_events(record, profile)
    if record.move:
        return _moved(record, tracked, arrival, whereabouts)
    if record.use:
        return [Happening(tracked, record.by, record.use)]
    if record.takes or record.makes:
        return _made(record, tracked)
    if tracked.type in (EventType.ASSOCIATION, EventType.AGGREGATION):
        return _grouped(record, tracked, whereabouts)
    return _told(record, tracked, whereabouts)


def tracked_events(record: Record, profile: Profile) -> list[TrackingEvent]:
    """The tracking events of a record; raises `InvalidInput` where the profile has none of that name."""
    found = [profile.event(name) for name in record.tracked_events()]
    if None in found:
        raise InvalidInput(
            f"{profile.profile} has no recorded event {record.tracked!r}", where=f"record {record.number}"
        )
    return [tracked for tracked in found if tracked is not None]


def effect_of(tracked: TrackingEvent) -> Effect:
    """What a tracking event does to its goods."""
    return step_of(tracked.type, tracked.action, tracked.biz_step, tracked.disposition).effect


def is_into_a_place(tracked: TrackingEvent) -> bool:
    """Whether what things are put into is a place: the goods of such an event begin with the whole."""
    return tracked.of[:1] == (_PLACE,)


def _moved(
    record: Record, tracked: TrackingEvent, arrival: list[TrackingEvent], whereabouts: Whereabouts
) -> list[Happening]:
    """Goods leave a place, in their vehicle if they are in one, and come to another, where they are taken out of it."""
    source, target, effect = record.source or record.by, record.to or record.by, effect_of(tracked)
    if effect is Effect.ENDS:
        return [Happening(tracked, target, record.move)]
    vehicles = whereabouts.vehicles(record.move)
    riding = record.move | dict.fromkeys(vehicles.values())
    leaving = tracked if effect is Effect.DEPARTS else DEPARTING
    coming = arrival[0] if arrival else tracked if effect is Effect.ARRIVES else ARRIVING
    before = [Happening(tracked, source, record.move)] if effect in (Effect.NOTHING, Effect.STAYS) else []
    moved = [*before, Happening(leaving, source, riding, to=target)]
    if target.startswith(ON_THE_WAY):
        return moved
    unloaded = (Happening(UNLOADING, target, {name: record.move[name]}, parent=one) for name, one in vehicles.items())
    return [*moved, Happening(coming, target, riding), *unloaded]


def _made(record: Record, tracked: TrackingEvent) -> list[Happening]:
    """Goods are made: of parts, of other goods, or of nothing that is told."""
    linked = record.link[0]
    if tracked.type is EventType.ASSOCIATION and linked:
        return [Happening(tracked, record.by, dict.fromkeys(linked), parent=whole) for whole in record.makes]
    if tracked.type is EventType.AGGREGATION:
        # A lot that is parted for its load becomes a lot of its own (EPCIS 2.0 §7.4.5) and is loaded then.
        split = Happening(SPLITTING, record.by, record.takes, record.makes)
        return [split, Happening(tracked, record.by, record.makes, parent=linked[0])]
    if tracked.type is EventType.TRANSFORMATION:
        return _changed(record, tracked)
    return [Happening(tracked, record.by, record.makes)]


def _changed(record: Record, tracked: TrackingEvent) -> list[Happening]:
    """Goods are made of others. What a link names beside these went into what it leads to alone."""
    touching = tracked.contact or set(record.link[0]) <= set(record.takes)
    more, of_more = ((), ()) if touching else record.link
    linked = {name: amount for name, amount in record.makes.items() if name in of_more}
    others = {name: amount for name, amount in record.makes.items() if name not in of_more}
    changes = ((record.takes | dict.fromkeys(more), linked), (record.takes, others))
    return [Happening(tracked, record.by, goods, made) for goods, made in changes if made]


def _grouped(record: Record, tracked: TrackingEvent, whereabouts: Whereabouts) -> list[Happening]:
    """Parts go into a whole or out of it: without a link, all that the record is about into the last of them."""
    parts, wholes = record.link if record.link[1] else (record.about[:-1], record.about[-1:])
    placed = parts[:1] * len(wholes) if is_into_a_place(tracked) else wholes
    return [
        Happening(tracked, whereabouts.place(one, record.by), dict.fromkeys(parts), parent=whole)
        for one, whole in zip(placed, wholes, strict=True)
    ]


def _told(record: Record, tracked: TrackingEvent, whereabouts: Whereabouts) -> list[Happening]:
    """Something is recorded about goods, wherever they are."""
    by_place: dict[str, dict[str, Amount | None]] = defaultdict(dict)
    for name in record.about or record.link[1]:
        by_place[whereabouts.place(name, record.by)][name] = record.count.get(name)
    return [Happening(tracked, place, goods) for place, goods in by_place.items()]
