"""What happens to an instance because it is in a container (design rule 5).

In: an instance's own records and the journeys of its containers. Out: all records of the instance.

An event on the container is an event on what is in it at that instant: the container's legs between the packing and
the unpacking become records of the content. A leg is in doubt where it shows that a record of unpacking was lost (the
container was packed again after it moved, or turned up at another site than its departure named; or the content was
named where its container was not) and nothing later confirms that the content was still inside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from engine.builder.journey import EMPTIED, Leg, Moment
from engine.builder.records import Act, Packing, Record, same_event
from engine.builder.sites import place_said
from graph_schema.flow_graph import Stay

Journeys = Mapping[str, Sequence[Moment]]

_STEPS = 4
"""Places kept in `Record.order` for what happens within one moment of a container."""


def with_rides(records: Sequence[Record], journeys: Journeys) -> list[Record]:
    """The instance's own records and the legs of its containers while it was in them."""
    own = [_placed(record, journeys) for record in records]
    legs: list[Record] = []
    for packing in own:
        journey = journeys.get(packing.container or "")
        if packing.act is Act.PACK and journey:
            legs.extend(_ride(packing, own, journey))
    return [*own, *legs]


def _placed(record: Record, journeys: Journeys) -> Record:
    """Give a packing or unpacking its place in the container's journey."""
    journey = journeys.get(record.container or "")
    if journey is None or record.act not in (Act.PACK, Act.UNPACK):
        return record
    at = moment_of(record, journey)
    if at is None:
        return record
    moment = journey[at]
    place = record.place if record.place is not None else place_of_moment(moment)
    order = at * _STEPS + (_STEPS - 1 if record.act is Act.UNPACK else 0)
    return msgspec.structs.replace(record, order=order, place=place, group=moment.group)


def moment_of(record: Record, journey: Sequence[Moment]) -> int | None:
    """Where in a container's journey an event that packs or unpacks it stands; one of other contents is another."""
    found = [at for at, moment in enumerate(journey) if same_event(moment.event, record.event)]
    if not found:
        return None
    return found[-1] if record.act is Act.UNPACK else found[0]


def _ride(packing: Record, own: Sequence[Record], journey: Sequence[Moment]) -> list[Record]:
    start = packing.order // _STEPS
    end, emptied, out = _end_of_ride(packing, own, journey)
    told: list[Record] = []
    if packing.place is None:
        told.extend(_packed_at(packing, site) for site in journey[start].maybe_at)
    told.extend(_leg(packing, leg, packing.order + 1, sure=False) for leg in maybe_after(packing, journey[:start]))
    doubted = not packing.sure or any(maybe_emptied(moment, packing) for moment in journey)
    maybe_out = _maybe_out(packing, own, journey)
    for at in range(start + 1, end + 1):
        moment = journey[at]
        doubted = doubted or moment.doubts_load or at in maybe_out
        for step, leg in enumerate(moment.legs[: _STEPS - 1]):
            order = at * _STEPS + step
            sure = leg.sure and (not doubted or _confirmed(order, packing, own, journey))
            told.append(_leg(packing, leg, order, sure=sure, group=moment.group))
        if moment.ending is not None:
            told.append(_ended(packing, moment, at, sure=not doubted and moment.sure))
        if at in maybe_out and moment.packing is Packing.EMPTIES:
            told.append(_emptied(packing, journey, at, sure=False))
    if emptied:
        told.append(_emptied(packing, journey, end, sure=not doubted))
    witnesses = [r for r in own if not (out and journey[end].event.time.surely_before(r.time))]
    return _with_contradictions(told, packing, own, witnesses, journey)


def _leg(packing: Record, leg: Leg, order: int, *, sure: bool, group: int | None = None) -> Record:
    """A container's leg as what is in it lives it."""
    vertex = leg.vertex
    return Record(
        Act.LEG, leg.event, leg.event.time, vertex.site, container=packing.container, role=vertex.role, sure=sure,
        stay=vertex.stay, departed=leg.departed, order=order, group=group,
    )  # fmt: skip


def maybe_after(packing: Record, before: Sequence[Moment]) -> list[Leg]:
    """The legs of moments told before a packing, in an order that is open, that may have come after it."""
    return [
        leg
        for moment in before
        if moment.doubts_load and packing.time.maybe_before(moment.event.time) and moment.event.id != packing.event.id
        for leg in moment.legs
    ]


def _packed_at(packing: Record, site: str) -> Record:
    """A site where the container may have been when something was put into it at a place that no record names."""
    return Record(
        Act.LEG, packing.event, packing.time, site, container=packing.container, role=packing.role, sure=False,
        order=packing.order + 1, group=packing.group,
    )  # fmt: skip


def _end_of_ride(packing: Record, own: Sequence[Record], journey: Sequence[Moment]) -> tuple[int, bool, bool]:
    """The last moment of the journey that the ride shares; whether the container was emptied of all, and it was out."""
    again = _packed_again(packing, own, journey)
    unpacked = [
        record.order // _STEPS
        for record in own
        if record.act in (Act.PACK, Act.UNPACK)
        and record.container == packing.container
        and record.order > packing.order
        and record.sure
        and not (again and _maybe_before(record, packing, journey))
    ]
    start = packing.order // _STEPS
    emptying = (at for at in range(start + 1, len(journey)) if journey[at].packing is Packing.EMPTIES)
    emptied = next((at for at in emptying if _surely_emptied(journey[at], packing)), len(journey))
    first = min([*unpacked, len(journey) - 1])
    return (emptied, True, True) if emptied <= first else (first, False, first in unpacked)


def _maybe_out(packing: Record, own: Sequence[Record], journey: Sequence[Moment]) -> set[int]:
    """The moments that may have taken out what a packing put in: the record may not count, or the order is open."""
    start = packing.order // _STEPS
    again = _packed_again(packing, own, journey)
    taken = {
        record.order // _STEPS
        for record in own
        if record.act is Act.UNPACK
        and record.container == packing.container
        and (not record.sure or (again and _maybe_before(record, packing, journey)))
    }
    emptied = {
        at
        for at, moment in enumerate(journey)
        if moment.packing is Packing.EMPTIES and not _surely_emptied(moment, packing)
    }
    return {at for at in taken | emptied if at > start}


def _packed_again(packing: Record, own: Sequence[Record], journey: Sequence[Moment]) -> bool:
    """Whether it was packed before too, or several times among moments whose order is open."""
    at = packing.order // _STEPS
    group = journey[at].group
    others = (r.order // _STEPS for r in own if r.act is Act.PACK and r.container == packing.container)
    together = (other for other in others if other != at)
    return any(other < at or (group is not None and journey[other].group == group) for other in together)


def _maybe_before(taking: Record, packing: Record, journey: Sequence[Moment]) -> bool:
    """Whether a taking out may have been before a packing that stands before it, since their order is open."""
    if taking.act is not Act.UNPACK or not taking.time.overlaps(packing.time):
        return False
    group = journey[packing.order // _STEPS].group
    in_group = group is not None and journey[taking.order // _STEPS].group == group
    return in_group or taking.place == packing.place


def _surely_emptied(moment: Moment, packing: Record) -> bool:
    return moment.sure and not maybe_emptied(moment, packing)


def maybe_emptied(moment: Moment, packing: Record) -> bool:
    """Whether the container was emptied of all before or after a packing: their times leave it open."""
    return moment.packing is Packing.EMPTIES and moment.event.time.overlaps(packing.time)


def _ended(packing: Record, moment: Moment, at: int, *, sure: bool) -> Record:
    """A container that left the chain took with it what was in it; one of which a part did, may have."""
    return Record(
        Act.END, moment.event, moment.event.time, place_of_moment(moment), container=packing.container,
        role=moment.ending or "", sure=sure and not moment.partly, partly=moment.partly,
        order=at * _STEPS + _STEPS - 1,
    )  # fmt: skip


def place_of_moment(moment: Moment) -> str | None:
    """Where the container is, unless it is on the way; where that is in doubt, where the event says it happened."""
    here = moment.here
    if here is None:
        return place_said(moment.event)
    return here.site if here.stay is Stay.AT else None


def _emptied(packing: Record, journey: Sequence[Moment], at: int, *, sure: bool) -> Record:
    moment = journey[at]
    return Record(
        Act.UNPACK, moment.event, moment.event.time, place_of_moment(moment), container=packing.container, role=EMPTIED,
        sure=sure, order=at * _STEPS + _STEPS - 1,
    )  # fmt: skip


def _confirmed(order: int, packing: Record, own: Sequence[Record], journey: Sequence[Moment]) -> bool:
    """Whether a later record names the content as still in the container, or together with it."""
    later = {moment.event.id for moment in journey[order // _STEPS :]}
    return any(
        (record.container == packing.container and record.act is not Act.PACK and record.order > order)
        or (record.container == packing.container and record.act is Act.STAY and record.event.id in later)
        for record in own
    )


def _with_contradictions(
    legs: list[Record], packing: Record, own: Sequence[Record], witnesses: Sequence[Record], journey: Sequence[Moment]
) -> list[Record]:
    """Put in doubt the legs before a record, while it rode, of the content at another place than the container's."""
    following = [
        record
        for record in witnesses
        if record.place is not None
        and record.container != packing.container
        and packing.time.surely_before(record.time)
    ]
    if not legs or not following:
        return legs
    witness = min(following, key=lambda record: (record.time, record.event.id))
    before = [leg for leg in legs if leg.act is Act.LEG and leg.time.maybe_before(witness.time)]
    with_it = any(moment.event.id == witness.event.id for moment in journey)
    if not before or with_it or _agrees(before[-1], witness):
        return legs
    return [
        msgspec.structs.replace(leg, sure=False)
        if leg in before and not _confirmed(leg.order, packing, own, journey)
        else leg
        for leg in legs
    ]


def _agrees(leg: Record, witness: Record) -> bool:
    """Whether the container's last leg leads to where the content was seen, or may."""
    return leg.place == witness.place or (leg.stay is Stay.ON_THE_WAY and leg.place is None)
