"""Whether a market may take goods, as people ask it. In: a code, a market, a system's name, a day. Out: the answer."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from api.found import found
from api.settings import today
from engine.access import Answering, MarketAccess, market_access
from engine.stores.ports import LookupPort
from graph_schema.errors import InvalidInput
from graph_schema.profiles import ActingSystem, Profiles


class Goods(NamedTuple):
    """An item, and the product system that it is of."""

    key: str
    system: ActingSystem


def goods_found(code: str, name: str | None, profiles: Profiles, lookup: LookupPort) -> Goods:
    """The goods of a code; `InvalidInput` where nothing tells of which system they are."""
    key, system = found(code, name, profiles, lookup)
    if system is None:
        raise InvalidInput(
            "its code does not tell of which product system it is",
            where="system",
            remedy=f"Name one of {', '.join(profiles.names())}.",
        )
    return Goods(key, system)


def access(answering: Answering, goods: Goods, market: str, day: str | None) -> MarketAccess:
    """Whether a market may take goods on a day, today where none is given."""
    return market_access(answering, goods.key, market, goods.system, _day(day))


def _day(told: str | None) -> str:
    if told is None:
        return today().isoformat()
    try:
        return date.fromisoformat(told).isoformat()
    except ValueError:
        raise InvalidInput(f"{told[:40]!r} is no day", where="day", remedy="Write it as 2026-01-31.") from None
