"""A product that is sold in very many places. In: at how many outlets. Out: EPCIS 2.0 events, in order of time.

A lot of an ingredient goes into LOTS lots of a product; each is sent to CENTRES distribution centres, from these to
every outlet, is received there and sold in part. Its goods and sites are none of `suyuan generate`.
"""

from __future__ import annotations

from collections.abc import Iterator

from api.generate import codes
from api.generate.codes import Code
from api.generate.record import Json, destination, location, source, time_of, transaction

LOTS, CENTRES = 3, 20
PER_OUTLET, SOLD = 24, 10
"""Pieces of each lot that an outlet gets, and sells."""
_FACTORY = 90_000
"""The number of the first site; those of the centres and the outlets follow."""
_INGREDIENT, _PRODUCT = 90_001, 90_002
_DAY = 24 * 60


def ingredient() -> Code:
    """The lot whose recall reaches every outlet."""
    return codes.lot(_INGREDIENT, "FAN")


def fan_out(outlets: int) -> Iterator[Json]:
    """All that is recorded until the product is sold: about nine events an outlet."""
    factory = codes.site(_FACTORY)
    lots = [codes.lot(_PRODUCT, f"FAN{number}") for number in range(LOTS)]
    centres = [codes.site(_FACTORY + 1 + number) for number in range(CENTRES)]
    shops = [codes.site(_FACTORY + 1 + CENTRES + number) for number in range(outlets)]
    served = [shops[number::CENTRES] for number in range(CENTRES)]
    yield _made(ingredient(), LOTS * outlets, factory)
    yield from (_mixed(ingredient(), outlets, lot, outlets * PER_OUTLET, factory) for lot in lots)
    for lot in lots:
        for centre, some in zip(centres, served, strict=True):
            yield from _sent(lot, len(some) * PER_OUTLET, factory, centre, 2 * _DAY)
            for shop in some:
                yield from _sent(lot, PER_OUTLET, centre, shop, 4 * _DAY)
                yield _object(lot, SOLD, shop, 6 * _DAY, "DELETE", "retail_selling", {})


def _made(lot: Code, amount: int, at: Code) -> Json:
    return _object(lot, amount, at, 0, "ADD", "commissioning", {})


def _mixed(used: Code, amount: int, made: Code, much: int, at: Code) -> Json:
    lists = {"inputQuantityList": [_quantity(used, amount)], "outputQuantityList": [_quantity(made, much)]}
    return {"type": "TransformationEvent", **_told(_DAY, at, "commissioning"), **lists}


def _sent(lot: Code, amount: int, origin: Code, to: Code, moment: int) -> Iterator[Json]:
    """It is shipped, and received a day later."""
    way: Json = {
        "bizTransactionList": [transaction(f"urn:epcglobal:cbv:bt:{origin.urn[-9:]}:{to.urn[-9:]}-{lot.urn[-4:]}")],
        "sourceList": [source(origin.urn)],
        "destinationList": [destination(to.urn)],
    }
    yield _object(lot, amount, origin, moment, "OBSERVE", "shipping", way)
    yield _object(lot, amount, to, moment + _DAY, "OBSERVE", "receiving", way)


def _object(lot: Code, amount: int, at: Code, moment: int, action: str, step: str, more: Json) -> Json:
    told = _told(moment, at, step)
    return {"type": "ObjectEvent", "action": action, **told, "quantityList": [_quantity(lot, amount)], **more}


def _told(moment: int, at: Code, step: str) -> Json:
    return {
        "eventTime": time_of(moment, "+08:00"),
        "eventTimeZoneOffset": "+08:00",
        "bizStep": step,
        "readPoint": location(at.urn),
        "bizLocation": location(at.urn),
    }


def _quantity(lot: Code, amount: int) -> Json:
    return {"epcClass": lot.urn, "quantity": amount}
