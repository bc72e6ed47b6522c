"""Happenings that make goods: commissioning (CBV 2.0 §7.1) and transformation (EPCIS 2.0 §7.4.5).

Each takes the scene, does its happening if there is a chance for it, writes it down, and says whether it did.
"""

from __future__ import annotations

from decimal import Decimal

from api.generate.codes import Code
from api.generate.record import Json
from api.generate.scene import PIECES_FROM, Process, Scene, Site, without_empty

LOT_ATTRIBUTE = "cbvmda:lotNumber"


def commission_lot(scene: Scene) -> bool:
    """A lot is made at a site: a new one, or one that was already made elsewhere or before."""
    site = scene.pick(scene.tier_sites(0))
    product = scene.rng.randint(1, scene.size.products)
    lot = _some_lot(scene, product, again=0.45)
    amount = Decimal(scene.rng.randint(4, 40))
    fields: Json = {
        "type": "ObjectEvent",
        "action": "ADD",
        "bizStep": "commissioning",
        "disposition": "active",
        "quantityList": [scene.lot_element(lot.key, amount)],
    }
    moment = scene.tick()
    scene.goods.make(lot.key, amount, site.key, moment, scene.write("commission", site, fields))
    return True


def commission_pieces(scene: Scene) -> bool:
    """Serialised pieces are made, with the lot they are of in their ILMD or without."""
    site = scene.pick(scene.tier_sites(0, 1))
    pieces, lot_number = _pieces(scene, scene.rng.randint(1, 4))
    fields: Json = {
        "type": "ObjectEvent",
        "action": "ADD",
        "bizStep": "commissioning",
        "disposition": "active",
        "epcList": scene.said(p.key for p in pieces),
        **_ilmd(lot_number),
    }
    moment = scene.tick()
    number = scene.write("commission", site, fields)
    for piece in pieces:
        scene.goods.make_one(piece.key, site.key, moment, number)
    return True


def transform(scene: Scene) -> bool:
    """Goods at a site become other goods at once."""
    site = _site_to_work(scene)
    used = _inputs(scene, site) if site else None
    if site is None or used is None:
        return False
    moment = scene.tick()
    output = _Output(scene, set(used[0]))
    number = scene.write("transform", site, _fields(scene, used, output))
    process = Process(f"run {number}", site)
    _put_in(scene, used, process, moment, number)
    output.come_out(process, moment, number)
    return True


def run_process(scene: Scene) -> bool:
    """A step of a running process: more goes in, more comes out, or both, under one transformationID."""
    process = _process(scene)
    if process is None:
        return False
    used = _inputs(scene, process.site) if process.records == 0 or scene.chance(0.7) else None
    if used is None and process.records == 0:
        return False
    output = _Output(scene, set(used[0]) if used else set()) if used is None or scene.chance(0.6) else None
    moment = scene.tick()
    fields = {**_fields(scene, used, output), "transformationID": process.id}
    number = scene.write("transform", process.site, fields)
    if used is not None:
        _put_in(scene, used, process, moment, number)
    if output is not None:
        output.come_out(process, moment, number)
    process.records += 1
    if process not in scene.processes:
        scene.processes.append(process)
    elif process.records > 2 and scene.chance(0.4):
        scene.processes.remove(process)
    return True


Used = tuple[dict[str, Decimal], list[str]]
"""Lots with amounts, and pieces, that go into a process."""


class _Output:
    """What comes out of a process: a lot, or pieces."""

    def __init__(self, scene: Scene, inputs: set[str]) -> None:
        self.scene = scene
        self.pieces: list[Code] = []
        self.lot_number: str | None = None
        if scene.chance(0.25):
            self.pieces, self.lot_number = _pieces(scene, scene.rng.randint(1, 3))
            return
        lot = _some_lot(scene, scene.rng.randint(1, scene.size.products), again=0.3)
        self.lot = scene.new_lot(scene.rng.randint(1, scene.size.products)) if lot.key in inputs else lot
        self.amount = Decimal(scene.rng.randint(4, 40))

    def fields(self) -> Json:
        """The output lists of the event."""
        if self.pieces:
            return {"outputEPCList": self.scene.said(p.key for p in self.pieces), **_ilmd(self.lot_number)}
        return {"outputQuantityList": [self.scene.lot_element(self.lot.key, self.amount)]}

    def come_out(self, process: Process, moment: int, number: int) -> None:
        """The goods come to be."""
        goods, site = self.scene.goods, process.site.key
        for piece in self.pieces:
            goods.draw_one(piece.key, site, process.id, moment, number)
        if not self.pieces:
            goods.draw(self.lot.key, self.amount, site, process.id, moment, number)


def _fields(scene: Scene, used: Used | None, output: _Output | None) -> Json:
    lots, pieces = used or ({}, [])
    return without_empty(
        {
            "type": "TransformationEvent",
            "bizStep": "commissioning" if scene.chance(0.2) else "creating_class_instance",
            "inputEPCList": scene.said(pieces),
            "inputQuantityList": [scene.lot_element(lot, amount) for lot, amount in lots.items()],
            **(output.fields() if output else {}),
        }
    )


def _put_in(scene: Scene, used: Used, process: Process, moment: int, number: int) -> None:
    lots, pieces = used
    for lot, amount in lots.items():
        scene.goods.use(lot, amount, process.site.key, process.id, moment, number)
    for piece in pieces:
        scene.goods.use_one(piece, process.site.key, process.id, moment, number)


def _process(scene: Scene) -> Process | None:
    if scene.processes and scene.chance(0.75):
        return scene.pick(scene.processes)
    site = _site_to_work(scene)
    if site is None:
        return None
    return Process(f"urn:epcglobal:cbv:bt:0614141000005:{scene.fresh('P')}", site)


def _site_to_work(scene: Scene) -> Site | None:
    sites = [s for s in scene.tier_sites(1) if scene.goods.loose[s.key]]
    return scene.pick(sites) if sites else None


def _inputs(scene: Scene, site: Site) -> Used | None:
    lots = scene.loose_lots(site)
    pieces = [p for p in scene.loose_individuals(site, containers=False) if scene.is_bare(p)]
    chosen = scene.some(lots, 3) if lots else []
    single = scene.some(pieces, 2) if pieces and (not chosen or scene.chance(0.4)) else []
    if not chosen and not single:
        return None
    stock = scene.goods.loose[site.key]
    return {lot: scene.portion(stock[lot].amount) for lot in chosen}, single


def _some_lot(scene: Scene, product: int, *, again: float) -> Code:
    known = scene.lots[product][-6:]
    return scene.pick(known) if known and scene.chance(again) else scene.new_lot(product)


def _pieces(scene: Scene, count: int) -> tuple[list[Code], str | None]:
    product = PIECES_FROM + scene.rng.randint(1, 3)
    lot = scene.new_lot(product) if scene.chance(0.5) else None
    if lot is not None:
        scene.neutral.add(lot.key)
    return scene.new_pieces(product, count, lot), lot.key.rsplit("/", 1)[1] if lot else None


def _ilmd(lot_number: str | None) -> Json:
    return {"ilmd": {LOT_ATTRIBUTE: lot_number}} if lot_number else {}
