"""Happenings that move goods between sites: shipping, receiving, void shipping (CBV 2.0 §7.1).

Each takes the scene, does its happening if there is a chance for it, writes it down, and says whether it did.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from api.generate import record
from api.generate.record import Json, Part
from api.generate.scene import Phantom, Scene, Site, Trip, without_empty

Cargo = tuple[dict[str, Decimal], list[str]]
"""Loose lots with amounts, and individuals (containers go with all that is in them)."""


def ship(scene: Scene) -> bool:
    """Loose goods, pieces and containers leave a site for another, or back to one they came from."""
    planned = _planned(scene)
    if planned is None:
        return False
    trip, cargo = planned
    _depart(scene, trip, cargo)
    scene.trips.append(trip)
    return True


def _planned(scene: Scene) -> tuple[Trip, Cargo] | None:
    sites = [s for s in scene.sites if scene.has_goods(s)]
    if not sites or len(scene.sites) < 2:
        return None
    site = scene.pick(sites)
    cargo = _cargo(scene, site)
    if cargo == ({}, []):
        return None
    to, returns = _destination(scene, site, cargo)
    return Trip(scene.fresh("trip"), _document(scene, "D"), _order(scene), site, to, returns), cargo


def ship_more(scene: Scene) -> bool:
    """More goods of the same consignment leave by a record of their own."""
    trips = [t for t in scene.trips if not t.begun and scene.apart(scene.loose_lots(t.source), t.individuals)]
    if not trips:
        return False
    trip = scene.pick(trips)
    lots = scene.some(scene.apart(scene.loose_lots(trip.source), trip.individuals), 2)
    stock = scene.goods.loose[trip.source.key]
    trip.whole = True
    _depart(scene, trip, ({lot: scene.portion(stock[lot].amount) for lot in lots}, []))
    return True


def arrive(scene: Scene) -> bool:
    """A consignment arrives, at once or in part."""
    if not scene.trips:
        return False
    trip = scene.pick(scene.trips)
    arrive_from(scene, trip, _what_arrives(scene, trip))
    return True


def arrive_all(scene: Scene) -> None:
    """Everything that is still on the way arrives."""
    for trip in list(scene.trips):
        arrive_from(scene, trip, (dict(trip.lots), list(trip.individuals)))


def ship_in_vain(scene: Scene) -> bool:
    """A shipment is recorded, but its goods stay where they are."""
    planned = _planned(scene)
    if planned is None:
        return False
    trip, cargo = planned
    scene.tick()
    fields = _fields(scene, trip, cargo, "shipping")
    number = scene.write("phantom", trip.source, fields, trip=trip.id, part=Part.DEPARTURE, leaves=True)
    for item in (*cargo[0], *cargo[1]):
        scene.goods.see(item, trip.source.key, number)
    kept = frozenset((trip.source.key, item) for item in (*cargo[0], *cargo[1]))
    scene.kept |= kept
    scene.phantoms.append(Phantom(trip.source, trip.id, fields, number, kept))
    return True


def void(scene: Scene) -> bool:
    """It is recorded that a shipment did not leave."""
    if not scene.phantoms:
        return False
    void_shipment(scene, scene.phantoms.pop(scene.rng.randrange(len(scene.phantoms))))
    return True


def void_all(scene: Scene) -> None:
    """Every shipment that did not leave is recorded as void."""
    while scene.phantoms:
        void_shipment(scene, scene.phantoms.pop())


def void_shipment(scene: Scene, phantom: Phantom) -> None:
    """Record void shipping (CBV 2.0 §7.1): the objects were not shipped."""
    scene.tick()
    scene.kept -= phantom.kept
    fields = {k: v for k, v in phantom.fields.items() if k != "disposition"} | {"bizStep": "void_shipping"}
    scene.write(
        "void",
        phantom.site,
        fields,
        trip=phantom.trip,
        part=Part.ARRIVAL,
        leaves=True,
        declares=phantom.number,
    )


def arrive_from(scene: Scene, trip: Trip, cargo: Cargo) -> None:
    """A consignment, or part of it, comes to its destination, or (not in a complete world) elsewhere."""
    site = trip.to
    if not scene.complete and scene.chance(0.05):
        site = scene.pick(scene.sites)
    moment = scene.tick()
    content = _content(scene, cargo)
    fields = _fields(scene, trip, _together(cargo, content), "receiving")
    number = scene.write("receive", site, fields, trip=trip.id, part=Part.ARRIVAL)
    _hold(scene, content, number)
    column = "returned" if trip.returns else "received"
    for lot, amount in cargo[0].items():
        scene.goods.arrive(lot, amount, trip.id, site.key, column, moment, number)
        trip.lots[lot] -= amount
    for item in cargo[1]:
        scene.goods.arrive_one(item, trip.id, site.key, column, moment, number)
        trip.individuals.remove(item)
    trip.lots = {lot: amount for lot, amount in trip.lots.items() if amount > 0}
    trip.begun = True
    if not trip.lots and not trip.individuals:
        scene.trips.remove(trip)


def _cargo(scene: Scene, site: Site) -> Cargo:
    lots = scene.loose_lots(site)
    individuals = scene.loose_individuals(site, containers=True)
    loaded = [i for i in individuals if not scene.is_bare(i)]
    single = scene.some(loaded if loaded and scene.chance(0.7) else individuals, 3) if individuals else []
    chosen = scene.some(lots, 2) if lots and (not single or scene.chance(0.4)) else []
    chosen = scene.apart(chosen, single)
    stock = scene.goods.loose[site.key]
    return {lot: scene.portion(stock[lot].amount) for lot in chosen}, single


def _destination(scene: Scene, site: Site, cargo: Cargo) -> tuple[Site, bool]:
    """Where goods go next, and whether they go back to where they have been."""
    visited = [scene.goods.visited[item] for item in (*cargo[0], *cargo[1])]
    former = [s for s in scene.sites if s is not site and all(s.key in sites for sites in visited)]
    if former and scene.chance(0.25):
        return scene.pick(former), True
    following = [s for s in scene.tier_sites(site.tier + 1) if s is not site]
    others = following or [s for s in scene.sites if s is not site]
    return scene.pick(others), False


def _depart(scene: Scene, trip: Trip, cargo: Cargo) -> None:
    moment = scene.tick()
    content = _content(scene, cargo)
    fields = _fields(scene, trip, _together(cargo, content), "shipping")
    number = scene.write("ship", trip.source, fields, trip=trip.id, part=Part.DEPARTURE, leaves=True)
    _hold(scene, content, number)
    for lot, amount in cargo[0].items():
        scene.goods.depart(lot, amount, trip.source.key, trip.id, trip.to.key, moment, number)
        trip.lots[lot] = trip.lots.get(lot, Decimal(0)) + amount
    for item in cargo[1]:
        scene.goods.depart_one(item, trip.source.key, trip.id, trip.to.key, moment, number)
        trip.individuals.append(item)


def _what_arrives(scene: Scene, trip: Trip) -> Cargo:
    everything: Cargo = (dict(trip.lots), list(trip.individuals))
    if trip.whole or scene.chance(0.75):
        return everything
    if trip.individuals and scene.chance(0.5):
        return {}, scene.some(trip.individuals, 2)
    if not trip.lots:
        return everything
    lot = scene.pick(list(trip.lots))
    return {lot: scene.portion(trip.lots[lot])}, []


def _fields(scene: Scene, trip: Trip, cargo: Cargo, step: str) -> Json:
    lots, individuals = cargo
    return without_empty(
        {
            "type": "ObjectEvent",
            "action": "OBSERVE",
            "bizStep": step,
            **_disposition(trip, step),
            "epcList": scene.said(individuals),
            "quantityList": [scene.lot_element(lot, amount) for lot, amount in lots.items()],
            "bizTransactionList": _transactions(trip),
            "sourceList": _sources(scene, trip),
            "destinationList": [record.destination(scene.say(trip.to.key))],
        }
    )


@dataclass(frozen=True, slots=True)
class Content:
    """What a record tells to be in a container that it names too."""

    container: str
    lots: dict[str, Decimal]
    individuals: list[str]


def _content(scene: Scene, cargo: Cargo) -> Content | None:
    """Now and then a record names a container and what is in it."""
    loaded = [i for i in cargo[1] if scene.is_container(i) and not scene.is_bare(i)]
    if not loaded or scene.chance(0.85):
        return None
    container = scene.pick(loaded)
    inside = {body.item: body.amount for body in scene.goods.inside[container].values()}
    others = [*scene.goods.children[container], *(i for i in cargo[1] if i != container)]
    if any(lot in inside for item in others for lot in _lots_in(scene, item)):
        return None
    return Content(container, inside, list(scene.goods.children[container]))


def _together(cargo: Cargo, content: Content | None) -> Cargo:
    if content is None:
        return cargo
    return {**cargo[0], **content.lots}, [*cargo[1], *content.individuals]


def _hold(scene: Scene, content: Content | None, number: int) -> None:
    if content is None:
        return
    for lot, amount in content.lots.items():
        scene.goods.hold(content.container, lot, amount, number)
    for item in content.individuals:
        scene.goods.hold(content.container, item, Decimal(1), number)


def _lots_in(scene: Scene, item: str) -> list[str]:
    return [body.item for body in scene.goods.within(item)]


def _disposition(trip: Trip, step: str) -> Json:
    if step == "shipping":
        return {"disposition": "in_transit"}
    return {"disposition": "returned"} if trip.returns and step == "receiving" else {}


def _transactions(trip: Trip) -> list[Json]:
    kind = "po" if not trip.returns else "rma"
    ordered = [record.transaction(trip.order, kind)] if trip.order else []
    return [record.transaction(trip.despatch), *ordered]


def _sources(scene: Scene, trip: Trip) -> list[Json]:
    owner = [record.source(scene.say(trip.source.party.key), "possessing_party")] if scene.chance(0.3) else []
    return [record.source(scene.say(trip.source.key)), *owner]


def _document(scene: Scene, letter: str) -> str:
    return f"urn:epcglobal:cbv:bt:0614141000005:{scene.fresh(letter)}"


def _order(scene: Scene) -> str | None:
    """A purchase order; several consignments may fill one."""
    former = [t.order for t in scene.trips[-3:] if t.order]
    if former and scene.chance(0.4):
        return scene.pick(former)
    return _document(scene, "O") if scene.chance(0.5) else None
