"""Losing what real records lack (design §7, sandwich).

In: a world, a random generator and rates. Out: `Losses`, and the records that remain. Fields are lost at
will: places, sources, destinations, transactions, quantities, precision of time. Of each movement at most one
of departure and arrival is lost as a whole. Items, and what makes a record a departure or an arrival (action,
business step), are never lost, nor are records of making, using, packing and unpacking, nor the arrival of
goods elsewhere than they were sent, nor its place, nor the departure of what never arrived. An event and its
error declaration lose the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random

from api.generate import codes
from api.generate.record import Json, Part, Record, time_of
from api.generate.world import World

RECORD = "record"
PLACES = ("readPoint", "bizLocation")
LISTS = ("sourceList", "destinationList", "bizTransactionList")
ELEMENTS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
QUANTITY = "quantity"
PRECISION = "precision"
CLOCK = "clock"

Losses = Mapping[int, frozenset[str]]
"""Record number → what it loses: fields, `quantity`, `precision` (the day is left), `clock`, `record`: all."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How likely each thing is lost."""

    place: float = 0.3
    partner: float = 0.3
    """Sources, destinations, transactions, each."""
    quantity: float = 0.3
    precision: float = 0.2
    record: float = 0.3
    """A record of that end of a movement of which some may be lost."""
    other_end: float = 0.0
    """A record of the other end: beyond the law, to be measured."""
    packing: float = 0.0
    """A record of packing or unpacking: likewise."""
    clock: bool = False
    """Every site's clock is wrong, by up to two hours: likewise."""


THIRD = Rates()
NOTHING = Rates(0, 0, 0, 0, 0)


def lose(world: World, rng: Random, rates: Rates = THIRD) -> Losses:
    """What each record loses."""
    ends: dict[str | None, Part] = {r.trip: rng.choice(list(Part)) for r in world.records if r.trip is not None}
    under_way = _under_way(world)
    wrong = frozenset({CLOCK}) if rates.clock else frozenset[str]()
    by_event: dict[object, frozenset[str]] = {}
    for record in world.records:
        name = record.event["eventID"]
        if name not in by_event:
            rate = 0.0 if record.trip in under_way and record.part is Part.DEPARTURE else _rate(record, ends, rates)
            gone = rate > 0 and rng.random() < rate
            by_event[name] = frozenset({RECORD}) if gone else _fields_lost(record, rng, rates) | wrong
    return {r.number: lost for r in world.records if (lost := by_event[r.event["eventID"]])}


def _under_way(world: World) -> set[str | None]:
    """Trips of which goods have not arrived: their departures are all that tells of them."""
    told = {n for b in world.goods.bodies if b.item and b.site is None and b.until is None for n in b.records}
    return {r.trip for r in world.records if r.number in told and r.trip is not None}


def _rate(record: Record, ends: Mapping[str | None, Part], rates: Rates) -> float:
    """How likely a record is lost as a whole."""
    if record.kind in {"pack", "unpack"}:
        return rates.packing
    if record.trip is None or _diverted(record):
        return 0.0
    return rates.record if ends[record.trip] is record.part else rates.other_end


def remaining(records: Iterable[Record], losses: Losses) -> list[Record]:
    """The records as they remain."""
    return [
        Record(r.number, _without(r, losses.get(r.number, frozenset())), r.moment, r.kind, r.trip, r.part, r.declares)
        for r in records
        if RECORD not in losses.get(r.number, ())
    ]


def sites_named(event: Json) -> frozenset[str]:
    """Keys of the sites that an event names anywhere."""
    texts = [str(event[place]) for place in PLACES if place in event]
    texts.extend(str(event[name]) for name in ("sourceList", "destinationList") if name in event)
    return frozenset(key for text in texts for key in _keys(text))


def _diverted(record: Record) -> bool:
    """True where goods arrived elsewhere than they were sent: no other record could tell."""
    places = {key for place in PLACES for key in _keys(str(record.event.get(place)))}
    return record.part is Part.ARRIVAL and places.isdisjoint(_keys(str(record.event.get("destinationList"))))


def _keys(text: str) -> list[str]:
    urns = re.findall(rf"urn:epc:id:sgln:{codes.COMPANY}\.(\d{{5}})\.", text)
    links = re.findall(rf"/414/{codes.COMPANY}(\d{{5}})\d", text)
    return [codes.site(int(number)).key for number in (*urns, *links)]


def _fields_lost(record: Record, rng: Random, rates: Rates) -> frozenset[str]:
    event = record.event
    chances = {
        **{name: rates.place for name in PLACES if name in event and not _diverted(record)},
        **{name: rates.partner for name in LISTS if name in event and event["type"] != "TransactionEvent"},
        QUANTITY: rates.quantity if any(name in event for name in ELEMENTS) else 0,
        PRECISION: rates.precision,
    }
    return frozenset(name for name, rate in chances.items() if rng.random() < rate)


def _without(record: Record, lost: frozenset[str]) -> Json:
    event = {name: value for name, value in record.event.items() if name not in lost}
    if CLOCK in lost:
        event["eventTime"] = time_of(record.moment + _wrong_by(record.event), str(event["eventTimeZoneOffset"]))
    if PRECISION in lost:
        event["eventTime"] = str(event["eventTime"])[:10]
    if QUANTITY in lost:
        for name in ELEMENTS:
            if name in event:
                event[name] = [{"epcClass": e["epcClass"]} for e in _elements(event[name])]
    return event


def _wrong_by(event: Json) -> int:
    """Minutes by which the clock of the site that wrote an event is wrong."""
    key = min((key for place in PLACES for key in _keys(str(event.get(place)))), default="0")
    return (int(key[-3:]) * 37 % 7 - 3) * 40


def _elements(value: object) -> list[Json]:
    assert isinstance(value, list)
    return value
