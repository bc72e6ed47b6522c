"""What an event does to each of its items (design rules 1 and 2). In: an event. Out: a `Record` an item and role.

A record is the event as one item lives it: what it does (`Act`), when, where, and what else it says of the movement.
Where a place is needed and not said, it is *unknown* (None), never another item's place.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import IntEnum

import msgspec

from engine.builder.contact import Touch, touches_of
from engine.builder.sites import named_site, place_of
from graph_schema.event import Action, Event, EventType, Role, What
from graph_schema.flow_graph import PARTLY, Stay
from graph_schema.identifiers import Kind, kind_of_key
from graph_schema.interval import Interval
from graph_schema.profiles import Touching
from graph_schema.steps import Effect, Step, step_of
from graph_schema.units import comparable, convert

CONSIGNMENT_TYPES = frozenset({"desadv", "bol"})
"""Documents that name one consignment (rule 9a): despatch advice and bill of lading, not an order or an invoice."""


class Act(IntEnum):
    """What a record does to its item, in the order in which records of one instant are told."""

    MAKE = 0
    ARRIVE = 1
    LEG = 2
    """Its container came to a place, or set out for one."""
    UNPACK = 3
    STAY = 4
    VOID = 5
    """A shipment from here is void: it never left."""
    TOUCH = 6
    CLEAN = 7
    """It was cleaned: what touched it before, touches nothing after."""
    PACK = 8
    DEPART = 9
    USE = 10
    END = 11


class Packing(IntEnum):
    """What an event does to its parent's contents (EPCIS 2.0 §7.4.3): adds some, takes some, takes all."""

    ADDS = 0
    TAKES = 1
    EMPTIES = 2


class Record(msgspec.Struct, frozen=True):
    """One event as one item lives it."""

    act: Act
    event: Event
    time: Interval
    place: str | None
    """Key of the site where it happened; None: unknown."""
    to: str | None = None
    """DEPART: the destination's site. LEG: not used."""
    source: str | None = None
    """ARRIVE: the site that the event names as source."""
    quantity: Decimal | None = None
    uom: str | None = None
    container: str | None = None
    """PACK, UNPACK, and STAY within: the parent. LEG: the container that moved."""
    role: str = ""
    """Received, returned, commissioned, made, seen, or the name of the ending."""
    partly: bool = False
    """END: a part of a single thing ended, and the rest stays."""
    sure: bool = True
    """False where the event may not count (rule 14), or a leg may not have carried the item (rule 5)."""
    stay: Stay = Stay.AT
    """LEG: at the place, or on the way to it."""
    packing: Packing | None = None
    """What the event does to the contents of this item, where the item is its parent."""
    children: frozenset[str] = frozenset()
    """The contents it names there."""
    whole: frozenset[str] = frozenset()
    """Those of them that are one thing each: once taken, they are out."""
    departed: Interval | None = None
    """LEG: when the container left the place before."""
    order: int = 0
    """Where the container's journey or the event itself says which record comes first, its place there."""
    group: int | None = None
    """PACK, UNPACK, LEG: the group of its container's moments that it is of, where these leave their order open."""
    touches: tuple[Touch, ...] = ()
    """TOUCH: what a profile declares that it gives and takes; none: an association of which none declares anything."""
    given: frozenset[str] = frozenset()
    """DEPART, ARRIVE: the consignment that a TransactionEvent surely gives it."""
    perhaps: frozenset[str] = frozenset()
    """DEPART, ARRIVE: consignments that a TransactionEvent may give it."""

    @property
    def consignments(self) -> frozenset[str]:
        """The consignments the event names (rule 9a)."""
        return consignments_of(self.event)


def consignments_of(event: Event) -> frozenset[str]:
    """The despatch advices and bills of lading that an event names."""
    return frozenset(t.id for t in event.transactions if t.type in CONSIGNMENT_TYPES)


def same_event(one: Event, other: Event) -> bool:
    """Whether two events are one, not only of one id: captured with different contents they are two (rule 14)."""
    return (one.id, one.body_hash) == (other.id, other.body_hash)


def records_of(event: Event, item: str, *, sure: bool = True, touching: Touching | None = None) -> list[Record]:
    """The records of one item in an event, in the order in which they happen; none where it moves nothing.

    `touching`: what profiles declare of the event (rule 13).
    """
    step = step_of(event.type, event.action, event.biz_step, event.disposition)
    found: list[Record] = []
    for role, whats in _by_role(event, item) if step.effect is not Effect.NOTHING else ():
        quantity, uom = total(whats)
        found.extend(_records(event, step, role, quantity, uom, sure=sure))
    if touching is None:
        return found
    there = Record(Act.TOUCH, event, event.time, place_of(event, step.effect), role="touched", sure=sure)
    return _as_declared(found, there, item, touching)


def _as_declared(told: list[Record], there: Record, item: str, touching: Touching) -> list[Record]:
    """What profiles declare takes the place of what an association alone tells; the item is there, named or not."""
    replace = msgspec.structs.replace
    if any(contact.sure for contact in touching.contacts):
        told = [record for record in told if record.act is not Act.TOUCH]
    if touching.loose:
        told = [record for record in told if record.act is not Act.PACK]
        told = [replace(record, packing=None, children=frozenset(), whole=frozenset()) for record in told]
    touches = touches_of(there.event, item, touching)
    if touches:
        # Where it goes into something in the same event, it touches that first.
        container = next((record.container for record in told if record.act is Act.PACK), None)
        told.append(replace(there, touches=touches, container=container))
    if item in touching.cleaned:
        told.append(replace(there, act=Act.CLEAN, role="cleaned"))
    return told


def _by_role(event: Event, item: str) -> Iterator[tuple[Role, list[What]]]:
    for role in (Role.INPUT, Role.OUTPUT, Role.PARENT, Role.CHILD, Role.NAMED):
        whats = [what for what in event.whats if what.role is role and what.item == item]
        if whats:
            yield role, whats


def total(whats: list[What]) -> tuple[Decimal | None, str | None]:
    """The quantities of several mentions of one item as one; unknown where they do not compare or one is missing."""
    first = whats[0]
    if len(whats) == 1:
        return first.quantity, first.uom
    amount = Decimal(0)
    for what in whats:
        if what.quantity is None or not comparable(what.uom, first.uom):
            return None, None
        amount += convert(what.quantity, what.uom, first.uom)
    return amount, first.uom


def _records(
    event: Event, step: Step, role: Role, quantity: Decimal | None, uom: str | None, *, sure: bool
) -> list[Record]:
    place = place_of(event, step.effect)
    said = Record(Act.STAY, event, event.time, place, quantity=quantity, uom=uom, role="seen", sure=sure)
    replace = msgspec.structs.replace
    if event.type is EventType.TRANSFORMATION:
        if role is Role.INPUT:
            return [replace(said, act=Act.USE)]
        return [replace(said, act=Act.MAKE, role="made", order=1)]
    if role is Role.CHILD and event.action is not Action.OBSERVE:
        return _as_child(event, said)
    if role is Role.CHILD:
        said = replace(said, container=_parent(event))
    told = _as_effect(event, step, said)
    if role is Role.PARENT:
        return _as_parent(event, told)
    return told


def _as_effect(event: Event, step: Step, said: Record) -> list[Record]:
    replace = msgspec.structs.replace
    match step.effect:
        case Effect.MAKES:
            return [replace(said, act=Act.MAKE, role="commissioned")]
        case Effect.ARRIVES:
            role = "returned" if step.returned else "received"
            return [replace(said, act=Act.ARRIVE, role=role, source=named_site(event.sources))]
        case Effect.DEPARTS:
            return [replace(said, act=Act.DEPART, to=named_site(event.destinations), role="shipped")]
        case Effect.ENDS:
            return [replace(said, act=Act.END, role=_ending(step), partly=step.partly)]
        case Effect.UNDOES:
            return [replace(said, act=Act.VOID, to=named_site(event.destinations))]
        case _:
            return [said]


def _ending(step: Step) -> str:
    return f"{PARTLY}{step.ending}" if step.partly else str(step.ending)


def _parent(event: Event) -> str | None:
    return next((what.item for what in event.whats if what.role is Role.PARENT), None)


def _as_child(event: Event, said: Record) -> list[Record]:
    """A child goes into its parent on ADD and out of it on DELETE (rule 5)."""
    parent = _parent(event)
    act = Act.PACK if event.action is Action.ADD else Act.UNPACK
    role = "packed" if act is Act.PACK else "unpacked"
    if parent is None:
        return [said]
    told = [msgspec.structs.replace(said, act=act, container=parent, role=role)]
    if event.type is EventType.ASSOCIATION and event.action is Action.ADD:
        told.insert(0, msgspec.structs.replace(said, act=Act.TOUCH, container=parent, role="touched"))
    return told


def _packing(event: Event) -> Packing | None:
    if event.action is Action.ADD:
        return Packing.ADDS
    if event.action is Action.DELETE:
        named = any(what.role is Role.CHILD for what in event.whats)
        return Packing.TAKES if named else Packing.EMPTIES
    return None


def _as_parent(event: Event, told: list[Record]) -> list[Record]:
    """A parent is where its packing is; the record says what that did to its contents."""
    replace = msgspec.structs.replace
    packing = _packing(event)
    if packing is None:
        return told
    children = frozenset(what.item for what in event.items(Role.CHILD))
    whole = frozenset(child for child in children if kind_of_key(child) not in (Kind.lot, Kind.class_))
    own = [replace(told[0], act=Act.STAY, role="seen", packing=packing, children=children, whole=whole)]
    if event.type is EventType.ASSOCIATION and packing is Packing.ADDS:
        own.append(replace(told[0], act=Act.TOUCH, role="touched"))
    if told[0].act is Act.STAY:
        return own
    return [*told, *own] if told[0].act is Act.ARRIVE else [*own, *told]
