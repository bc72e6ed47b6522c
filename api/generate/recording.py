"""Happenings in the records alone: goods looked at, mistakes, and what undoes these (EPCIS 2.0 §7.4.1.3).

Each takes the scene, does its happening if there is a chance for it, writes it down, and says whether it did.
The goods do nothing here; a mistake is a record of something that did not happen.
"""

from __future__ import annotations

from decimal import Decimal

from api.generate import record
from api.generate.physical import Body
from api.generate.record import Json, Record
from api.generate.scene import Scene, without_empty


def observe(scene: Scene) -> bool:
    """Goods are looked at where they are."""
    site = scene.pick(scene.sites)
    lots = scene.loose_lots(site)
    individuals = scene.loose_individuals(site, containers=True)
    chosen = scene.some(lots, 2) if lots else []
    single = scene.some(individuals, 2) if individuals and (not chosen or scene.chance(0.5)) else []
    chosen = scene.apart(chosen, single)
    if not chosen and not single:
        return False
    stock = scene.goods.loose[site.key]
    fields = without_empty(
        {
            "type": "ObjectEvent",
            "action": "OBSERVE",
            "bizStep": scene.pick(("inspecting", "cycle_counting", "storing")),
            "epcList": scene.said(single),
            "quantityList": [scene.lot_element(lot, stock[lot].amount) for lot in chosen],
        }
    )
    scene.tick()
    number = scene.write("observe", site, fields)
    for item in (*chosen, *single):
        scene.goods.see(item, site.key, number)
    return True


def transact(scene: Scene) -> bool:
    """Paper: a TransactionEvent names the despatch advice of goods that are on the way."""
    trips = [t for t in scene.trips if t.lots or t.individuals]
    if not trips:
        return False
    trip = scene.pick(trips)
    fields = without_empty(
        {
            "type": "TransactionEvent",
            "action": "ADD",
            "bizTransactionList": [record.transaction(trip.despatch)],
            "epcList": scene.said(trip.individuals),
            "quantityList": [scene.lot_element(lot, amount) for lot, amount in trip.lots.items()],
        }
    )
    scene.tick()
    scene.write("transact", trip.source, fields)
    return True


def mistake(scene: Scene) -> bool:
    """Something is recorded that did not happen, and declared an error: before, at once or later."""
    site = scene.pick(scene.sites)
    fields = _false_fields(scene)
    if fields is None:
        return False
    scene.tick()
    number = scene.write("mistake", site, fields)
    _declare(scene, scene.records[number], {"reason": "did_not_occur"})
    return True


def corrected(scene: Scene) -> bool:
    """A record is written wrongly first; a right one follows, which the declaration names."""
    rights = [
        r for r in scene.records[-8:] if r.kind in {"ship", "receive", "commission"} and "quantityList" in r.event
    ]
    if not rights:
        return False
    right = scene.pick(rights)
    scene.tick()
    wrong = {
        **right.event,
        "eventID": scene.identifier(),
        "quantityList": _misread(right.event["quantityList"]),
    }
    number = len(scene.records)
    scene.records.append(Record(number, wrong, right.moment, "mistake"))
    correctives = [right.event["eventID"]]
    _declare(scene, scene.records[number], {"reason": "incorrect_data", "correctiveEventIDs": correctives})
    return True


def _declare(scene: Scene, wrong: Record, why: Json) -> None:
    """A declaration repeats the event with its id; in the file it stands after the event, or before it."""
    declared: Json = {"declarationTime": record.time_of(scene.tick(), "+00:00"), **why}
    first, second = wrong.number, wrong.number + 1
    if scene.chance(0.4):
        scene.records[first] = Record(
            first, {**wrong.event, "errorDeclaration": declared}, wrong.moment, "declare", declares=second
        )
        scene.records.append(Record(second, wrong.event, wrong.moment, "mistake"))
    else:
        scene.records.append(
            Record(second, {**wrong.event, "errorDeclaration": declared}, wrong.moment, "declare", declares=first)
        )


def _false_fields(scene: Scene) -> Json | None:
    lots = [lot for known in scene.lots.values() for lot in known[-3:]]
    if not lots:
        return None
    lot = scene.pick(lots)
    element = [scene.lot_element(lot.key, Decimal(scene.rng.randint(1, 20)))]
    to = scene.pick(scene.sites)
    forms: tuple[Json, ...] = (
        {
            "type": "ObjectEvent",
            "action": "OBSERVE",
            "bizStep": "shipping",
            "quantityList": element,
            "destinationList": [record.destination(scene.say(to.key))],
        },
        {"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "receiving", "quantityList": element},
        {"type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning", "quantityList": element},
        {"type": "ObjectEvent", "action": "DELETE", "bizStep": "destroying", "quantityList": element},
        *_false_packing(scene, element),
    )
    return scene.pick(forms)


def _false_packing(scene: Scene, element: list[Json]) -> list[Json]:
    units: list[Body] = [b for c, b in scene.goods.individuals.items() if c in scene.containers]
    if not units:
        return []
    parent = scene.say(scene.pick(units).item)
    return [
        {
            "type": "AggregationEvent",
            "action": action,
            "bizStep": step,
            "parentID": parent,
            "childQuantityList": element,
        }
        for action, step in (("ADD", "packing"), ("DELETE", "unpacking"))
    ]


def _misread(elements: object) -> list[Json]:
    assert isinstance(elements, list)  # noqa: S101
    return [{**e, "quantity": e["quantity"] + 1} for e in elements]
