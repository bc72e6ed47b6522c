"""Happenings by which goods leave the chain: sold, dispensed, destroyed (CBV 2.0 §7.1).

Each takes the scene, does its happening if there is a chance for it, writes it down, and says whether it did.
"""

from __future__ import annotations

from decimal import Decimal

from api.generate import record
from api.generate.record import Json
from api.generate.scene import Scene, Site, without_empty

SALES = (
    ("retail_selling", "retail_sold"),
    ("dispensing", "dispensed"),
)


BATCH = 12
"""At most so many things are cleared out by one record."""

Ended = tuple[dict[str, Decimal], list[str]]
"""Lots with amounts, and individuals, that leave the chain."""


def sell(scene: Scene) -> bool:
    """Goods of lots and pieces are sold or dispensed at a site."""
    step, disposition = scene.pick(SALES)
    return _end(scene, step, disposition, "sold", containers=False)


def destroy(scene: Scene) -> bool:
    """Goods at a site are destroyed; a container with all that is in it."""
    return _end(scene, "destroying", "destroyed", "destroyed", containers=True)


def sell_by_class(scene: Scene) -> bool:
    """Goods of one lot are sold and the till knows the product only."""
    site = _site(scene)
    stock = [scene.goods.loose[site.key][lot] for lot in scene.loose_lots(site)] if site else []
    if scene.complete or site is None or not stock:
        return False
    body = scene.pick(stock)
    lot, amount = body.item, scene.portion(body.amount)
    kind = scene.wider[lot][-1]
    fields: Json = {
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "bizStep": "retail_selling",
        "disposition": "retail_sold",
        "quantityList": [record.quantity(scene.say(kind), amount, scene.unit_of[lot])],
    }
    moment = scene.tick()
    scene.goods.end(lot, amount, site.key, "sold", moment, scene.write("sell by class", site, fields))
    return True


def clear_out(scene: Scene) -> None:
    """All that is left anywhere is sold or destroyed, a few things a record."""
    for site in scene.sites:
        while lots := scene.loose_lots(site)[:BATCH]:
            _finish(scene, site, lots, [], "sold")
        while individuals := scene.loose_individuals(site, containers=True)[:BATCH]:
            _finish(scene, site, [], individuals, "destroyed")


def _finish(scene: Scene, site: Site, lots: list[str], individuals: list[str], column: str) -> None:
    stock = scene.goods.loose[site.key]
    what = ({lot: stock[lot].amount for lot in lots}, individuals)
    step = SALES[0] if column == "sold" else ("destroying", "destroyed")
    _record_end(scene, site, what, step, column)


def _end(scene: Scene, step: str, disposition: str, column: str, *, containers: bool) -> bool:
    site = _site(scene)
    if site is None:
        return False
    lots, individuals = _what_ends(scene, site, containers=containers)
    if not lots and not individuals:
        return False
    _record_end(scene, site, (lots, individuals), (step, disposition), column)
    return True


def _record_end(scene: Scene, site: Site, what: Ended, step: tuple[str, str], column: str) -> None:
    lots, individuals = what
    fields = without_empty(
        {
            "type": "ObjectEvent",
            "action": "DELETE" if column == "destroyed" or scene.chance(0.5) else "OBSERVE",
            "bizStep": step[0],
            "disposition": step[1],
            "epcList": scene.said(individuals),
            "quantityList": [scene.lot_element(lot, amount) for lot, amount in lots.items()],
        }
    )
    moment = scene.tick()
    number = scene.write("end", site, fields)
    for lot, amount in lots.items():
        scene.goods.end(lot, amount, site.key, column, moment, number)
    for item in individuals:
        scene.goods.end_one(item, site.key, column, moment, number)


def _what_ends(scene: Scene, site: Site, *, containers: bool) -> Ended:
    lots = scene.loose_lots(site)
    individuals = [i for i in scene.loose_individuals(site, containers=containers) if containers or scene.is_bare(i)]
    single = scene.some(individuals, 2) if individuals and scene.chance(0.5) else []
    chosen = scene.some(lots, 2) if lots and (not single or scene.chance(0.3)) else []
    chosen = scene.apart(chosen, single)
    stock = scene.goods.loose[site.key]
    return {lot: scene.portion(stock[lot].amount) for lot in chosen}, single


def _site(scene: Scene) -> Site | None:
    sites = [s for s in scene.tier_sites(-1) if scene.goods.loose[s.key]]
    return scene.pick(sites or scene.sites)
