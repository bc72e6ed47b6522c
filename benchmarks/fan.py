"""A product that is sold in very many places. In: at how many outlets. Out: EPCIS 2.0 events, in order of time.

A lot of an ingredient goes into LOTS lots of a product; each is sent to CENTRES distribution centres, from these to
every outlet, is received there and sold in part. Its goods and sites are none of `suyuan generate`. Beside them, what
one system sends at a time: TEN events of a lot of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from api.generate import codes
from api.generate.codes import Code
from api.generate.record import Json, destination, location, source, time_of, transaction

LOTS, CENTRES = 3, 20
FEWEST, SOLD = 24, 10
"""Pieces of each lot that an outlet gets at least, and sells."""
TEN = 10
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
    amounts = {number: FEWEST + number % 97 for number in range(outlets)}
    yield _made(ingredient(), LOTS * outlets, factory)
    yield from (_mixed(ingredient(), outlets, lot, sum(amounts.values()), factory) for lot in lots)
    for lot in lots:
        for number in range(CENTRES):
            centre, served = codes.site(_FACTORY + 1 + number), range(number, outlets, CENTRES)
            yield from _sent(lot, sum(amounts[one] for one in served), factory, centre, 2 * _DAY)
            for one in served:
                yield from _sent(lot, amounts[one], centre, _outlet(one), 4 * _DAY)
                yield _sold(lot, _outlet(one))


def ten_events(number: int, outlets: int) -> list[Json]:
    """A lot is made, sent to three of so many outlets, received there and sold; another number, another lot."""
    factory, lot = codes.site(_FACTORY), codes.lot(_PRODUCT, f"TEN{number}")
    told = [_made(lot, 3 * FEWEST, factory)]
    for shop in (_outlet((3 * number + one) % outlets) for one in range(3)):
        told += [*_sent(lot, FEWEST, factory, shop, 2 * _DAY), _sold(lot, shop)]
    assert len(told) == TEN
    return told


def _outlet(number: int) -> Code:
    return codes.site(_FACTORY + 1 + CENTRES + number)


def _made(lot: Code, amount: int, at: Code) -> Json:
    return _object(lot, amount, at, 0, "ADD", "commissioning", {})


def _sold(lot: Code, at: Code) -> Json:
    return _object(lot, SOLD, at, 6 * _DAY, "DELETE", "retail_selling", {})


def _mixed(used: Code, amount: int, made: Code, much: int, at: Code) -> Json:
    lists = {"inputQuantityList": [_quantity(used, amount)], "outputQuantityList": [_quantity(made, much)]}
    return {"type": "TransformationEvent", **_told(_DAY, at, "commissioning"), **lists}


def _sent(lot: Code, amount: int, origin: Code, to: Code, moment: int) -> Iterator[Json]:
    """It is shipped, and received a day later."""
    way: Json = {
        "bizTransactionList": [
            transaction(f"urn:epcglobal:cbv:bt:{codes.COMPANY}000005:{to.urn[-7:-2]}-{lot.key.rpartition('/')[2]}")
        ],
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
