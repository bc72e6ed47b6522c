"""Happenings that put goods into containers and take them out, and parts onto things (EPCIS 2.0 §7.4).

Each takes the scene, does its happening if there is a chance for it, writes it down, and says whether it did.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from api.generate.record import Json
from api.generate.scene import Scene, Site, without_empty

DEEPEST = 3

Load = tuple[dict[str, Decimal], list[str]]
"""Lots with amounts, and individuals, that go into or come out of a container."""


def pack(scene: Scene) -> bool:
    """Loose goods at a site go into a container there: by one record, or by one for each thing."""
    site = _site_with_goods(scene)
    container = _container(scene, site) if site else None
    load = _to_pack(scene, site, container) if site and container else None
    if site is None or container is None or load is None:
        return False
    for part in _parts(load) if scene.chance(0.35) else [load]:
        moment = scene.tick()
        number = scene.write("pack", site, _aggregation(scene, "ADD", container, part))
        _put_in(scene, site, container, part, moment, number)
    return True


def pack_cases(scene: Scene) -> bool:
    """A lot goes into cases, one record a case, and the cases onto a pallet by one."""
    site = _site_with_goods(scene)
    stock = [scene.goods.loose[site.key][lot] for lot in scene.loose_lots(site)] if site else []
    if site is None or not stock or len(scene.containers) + 3 > 2 * scene.size.units:
        return False
    lot, amount = scene.pick([(body.item, body.amount) for body in stock])
    cases = [scene.new_container().key for _ in range(2)]
    shares = [(amount / 2).to_integral_value(), Decimal(0)]
    shares[1] = scene.portion(amount - shares[0]) if amount > shares[0] else Decimal(0)
    packed = [(case, share) for case, share in zip(cases, shares, strict=True) if share > 0]
    for case, share in packed:
        moment = scene.tick()
        number = scene.write("pack", site, _aggregation(scene, "ADD", case, ({lot: share}, [])))
        _put_in(scene, site, case, ({lot: share}, []), moment, number)
    pallet = scene.new_container().key
    load: Load = ({}, [case for case, _ in packed])
    moment = scene.tick()
    _put_in(scene, site, pallet, load, moment, scene.write("pack", site, _aggregation(scene, "ADD", pallet, load)))
    return True


def unpack(scene: Scene) -> bool:
    """A container is opened: everything comes out, or part of it."""
    full = [c for c in scene.containers if _stands_alone(scene, c) and not scene.is_bare(c)]
    if not full:
        return False
    container = scene.pick(full)
    site = next(s for s in scene.sites if s.key == scene.goods.individuals[container].site)
    everything = _content(scene, container)
    out = everything if scene.chance(0.6) else _part(scene, everything)
    moment = scene.tick()
    listed = ({}, []) if out == everything and scene.chance(0.4) else out
    number = scene.write("unpack", site, _aggregation(scene, "DELETE", container, listed))
    _take_out(scene, container, out, moment, number)
    if listed == ({}, []):
        scene.goods.opened(container, number)
    return True


def attach(scene: Scene) -> bool:
    """A piece is built onto another piece, and goes where that goes."""
    site = scene.pick(scene.sites)
    pieces = scene.loose_individuals(site, containers=False)
    if len(pieces) < 2:
        return False
    part, whole = scene.rng.sample(pieces, 2)
    if not scene.is_bare(part):
        return False
    moment = scene.tick()
    number = scene.write("attach", site, _association(scene, "ADD", whole, part))
    scene.goods.pack_one(part, whole, moment, number)
    return True


def detach(scene: Scene) -> bool:
    """A part comes off what it was built onto."""
    goods = scene.goods
    parts = [p for p, whole in goods.parent.items() if whole not in scene.containers and _stands_alone(scene, whole)]
    if not parts:
        return False
    part = scene.pick(parts)
    whole = goods.parent[part]
    site = next(s for s in scene.sites if s.key == goods.individuals[whole].site)
    moment = scene.tick()
    number = scene.write("detach", site, _association(scene, "DELETE", whole, part))
    goods.unpack_one(part, whole, moment, number)
    return True


def _aggregation(scene: Scene, action: str, container: str, load: Load) -> Json:
    lots, individuals = load
    return without_empty(
        {
            "type": "AggregationEvent",
            "action": action,
            "bizStep": "packing" if action == "ADD" else "unpacking",
            "parentID": scene.say(container),
            "childEPCs": scene.said(individuals),
            "childQuantityList": [scene.lot_element(lot, amount) for lot, amount in lots.items()],
        }
    )


def _association(scene: Scene, action: str, whole: str, part: str) -> Json:
    return {
        "type": "AssociationEvent",
        "action": action,
        "bizStep": "assembling" if action == "ADD" else "disassembling",
        "parentID": scene.say(whole),
        "childEPCs": [scene.say(part)],
    }


def _site_with_goods(scene: Scene) -> Site | None:
    sites = [s for s in scene.sites if scene.has_goods(s)]
    return scene.pick(sites) if sites else None


def _stands_alone(scene: Scene, item: str) -> bool:
    body = scene.goods.individuals.get(item)
    if body is None or body.site is None or body.containers:
        return False
    return (body.site, item) not in scene.kept


def _container(scene: Scene, site: Site) -> str | None:
    """A container at the site that may be packed, an empty one rather than none; else a new one."""
    here = [c for c in scene.containers if _stands_alone(scene, c) and _is_at(scene, c, site) and _may_take(scene, c)]
    if here and (scene.chance(0.8) or len(scene.containers) >= scene.size.units):
        return scene.pick(here)
    return scene.new_container().key if len(scene.containers) < scene.size.units else None


def _is_at(scene: Scene, container: str, site: Site) -> bool:
    return scene.goods.individuals[container].site == site.key


def _may_take(scene: Scene, container: str) -> bool:
    """A container that moved with its load takes no more, unless records may be misleading."""
    return container not in scene.goods.sealed or (not scene.complete and scene.chance(0.2))


def _to_pack(scene: Scene, site: Site, container: str) -> Load | None:
    lots = scene.loose_lots(site)
    others = [i for i in scene.loose_individuals(site, containers=True) if i != container]
    others = [
        i for i in others if _depth(scene, i) + 1 < DEEPEST and (i not in scene.containers or not scene.is_bare(i))
    ]
    chosen = scene.some(lots, 2) if lots else []
    single = scene.some(others, 3) if others and (not chosen or scene.chance(0.5)) else []
    chosen = scene.apart(chosen, single)
    if not chosen and not single:
        return None
    stock = scene.goods.loose[site.key]
    return {lot: scene.portion(stock[lot].amount) for lot in chosen}, single


def _depth(scene: Scene, item: str) -> int:
    inner = scene.goods.children[item]
    return 1 + max((_depth(scene, child) for child in inner), default=0)


def _parts(load: Load) -> Iterator[Load]:
    """A load thing by thing; a lot in two halves, so that several records fill one container."""
    lots, individuals = load
    for lot, amount in lots.items():
        first = (amount / 2).to_integral_value()
        yield from (({lot: share}, []) for share in (first, amount - first) if share > 0)
    yield from (({}, [item]) for item in individuals)


def _put_in(scene: Scene, site: Site, container: str, load: Load, moment: int, number: int) -> None:
    goods = scene.goods
    goods.bring(container, site.key, moment, number)
    for lot, amount in load[0].items():
        goods.pack(lot, amount, container, moment, number)
    for item in load[1]:
        goods.pack_one(item, container, moment, number)


def _content(scene: Scene, container: str) -> Load:
    goods = scene.goods
    return {b.item: b.amount for b in goods.inside[container].values()}, list(goods.children[container])


def _part(scene: Scene, everything: Load) -> Load:
    lots, individuals = everything
    if individuals and (not lots or scene.chance(0.5)):
        return {}, scene.some(individuals, 2)
    lot = scene.pick(list(lots))
    return {lot: scene.portion(lots[lot])}, []


def _take_out(scene: Scene, container: str, load: Load, moment: int, number: int) -> None:
    goods = scene.goods
    goods.bring(container, str(goods.individuals[container].site), moment, number)
    for lot, amount in load[0].items():
        goods.unpack(lot, amount, container, moment, number)
    for item in load[1]:
        goods.unpack_one(item, container, moment, number)
