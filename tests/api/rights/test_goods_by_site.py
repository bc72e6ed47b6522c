"""Which goods are told by sites: those of which a record says it, by whatever it names them; in doubt none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.rights.goods_by_site import LOOKED, GoodsBySite
from api.session import open_session
from engine.capture import capture
from engine.ledger import Attestation, Capture
from graph_schema.profiles.restricted import restrictions
from tests.api.rights.maker import EXT
from tests.worlds.reading import read_events

CLASS, LOT = "https://id.gs1.org/01/09521101001006", "https://id.gs1.org/01/09521101001006/10/L-1"
SERIAL, OTHER = f"{CLASS}/21/S-1", f"{CLASS}/21/S-2"
CASE, PALLET = "https://id.gs1.org/00/095211010000000179", "https://id.gs1.org/00/095211010000000186"
SAYS = {f"{EXT}cte": "civil_explosives.store_in"}
Among = Callable[..., set[str]]


def stored(number: int, *serials: str, **more: Any) -> dict[str, Any]:
    """A record of goods that were put into a store: words that systems of dangerous goods alone have."""
    told = {
        "type": "ObjectEvent",
        "eventID": f"urn:uuid:00000000-0000-4000-8000-0000000000{number:02}",
        "eventTime": "2017-09-01T08:00:00Z",
        "eventTimeZoneOffset": "+08:00",
        "action": "OBSERVE",
        "bizStep": "storing",
        "disposition": "active",
        "epcList": list(serials),
        "readPoint": {"id": "https://example.org/bunkers/1"},
    }
    return told | more


def of_lot(number: int, lot: str, **more: Any) -> dict[str, Any]:
    """The same of a lot."""
    return stored(number, **more) | {"quantityList": [{"epcClass": lot, "quantity": 5, "uom": "KGM"}]}


def packed(number: int, parent: str, *children: str) -> dict[str, Any]:
    """A record that things were packed."""
    told = stored(number, type="AggregationEvent", action="ADD", bizStep="packing", disposition="container_closed")
    return {name: one for name, one in told.items() if name != "epcList"} | {
        "parentID": parent,
        "childEPCs": list(children),
    }


@pytest.fixture
def among(tmp_path: Path) -> Among:
    """Those of some items, of records that somebody captured."""

    def asked(
        items: set[str], *events: dict[str, Any], by: Attestation = Attestation.BOUND, at: int | None = None
    ) -> set[str]:
        with open_session(f"sqlite:{tmp_path / 's.db'}", to_write=True) as session:
            read = read_events(events)
            capture(session.store, read, Capture("", "maker", "test", 0), attestations=[by] * len(read))
            with session.reading() as state:
                goods = GoodsBySite(
                    state.snapshot, state.index, lambda event: bool(restrictions().telling_sites(event))
                )
                return goods.among(items, state.index.position if at is None else at)

    return asked


@pytest.mark.parametrize(
    ("item", "events"),
    [
        (LOT, [of_lot(1, LOT, **SAYS)]),
        (LOT, [of_lot(1, LOT), of_lot(2, LOT, **SAYS)]),
        (SERIAL, [stored(1, SERIAL), stored(2, SERIAL, **SAYS)]),
        (CLASS, [stored(1, OTHER), stored(2, SERIAL, **SAYS)]),
        (CLASS, [of_lot(1, LOT, **SAYS)]),
        (CASE, [stored(1, SERIAL, **SAYS), packed(2, CASE, SERIAL, OTHER)]),
        (PALLET, [stored(1, SERIAL, **SAYS), packed(2, CASE, SERIAL), packed(3, PALLET, CASE)]),
    ],
)
def test_a_record_says_it_of_the_thing_or_of_what_is_in_it_or_of_it(item: str, events: list[Any], among: Among) -> None:
    """Of a lot, of a single thing, of some of a class, of what was packed."""
    assert among({item}, *events) == {item}


@pytest.mark.parametrize(
    ("item", "events"),
    [
        (LOT, [of_lot(1, LOT)]),
        (LOT, [of_lot(1, LOT, **{f"{EXT}cte": "infant_formula.store_in"})]),
        (SERIAL, [stored(1, SERIAL), stored(2, OTHER, **SAYS), packed(3, CASE, SERIAL, OTHER)]),
        (CASE, [packed(1, CASE, SERIAL), stored(2, CASE)]),
    ],
)
def test_a_doubt_says_nothing(item: str, events: list[Any], among: Among) -> None:
    """Nor does what a thing was packed with, nor another system."""
    assert among({item}, *events) == set()


def test_a_stranger_says_nothing_of_the_goods_of_others(among: Among) -> None:
    """Else anybody could hide whom to call."""
    assert among({LOT}, of_lot(1, LOT, **SAYS), by=Attestation.STRANGER) == set()


def test_a_record_after_the_position_says_nothing_yet(among: Among) -> None:
    """Pages of an answer agree, whatever came since."""
    assert among({LOT}, of_lot(1, LOT), of_lot(2, LOT, **SAYS), at=1) == set()


def test_the_first_records_are_looked_at(among: Among) -> None:
    """A thing with very many is what the first of them say."""
    assert among({LOT}, *(of_lot(n, LOT) for n in range(LOOKED)), of_lot(99, LOT, **SAYS)) == set()
