"""Dangerous goods, in places within sites of a maker and a user. Out: events of them, and a service over these."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from api.http.service import Service
from graph_schema.licence import Licence
from tests.api.captured import service_over
from tests.api.rights.maker import EXT, MAKER, USER, document, event

SITES = {"maker": f"https://id.gs1.org/414/{MAKER}", "user": f"https://id.gs1.org/414/{USER}"}
MAGAZINE, CELL = f"{SITES['maker']}/254/MAG-7", f"{SITES['user']}/254/CELL-5"
BUNKER = "https://example.org/bunkers/BUNKER-3"
SECRETS = ("MAG-7", "BAY-7", "DOCK-9", "CELL-5", "BUNKER-3", "SHELF-2")


def at(place: str) -> dict[str, Any]:
    """A place as EPCIS writes it."""
    return {"id": place}


SHIPPED = event(
    1, "departing", "in_transit",
    readPoint=at("urn:epc:id:sgln:9521101.00001.MAG-7") | {f"{EXT}bay": "BAY-7"},
    sourceList=[{"type": "location", "source": MAGAZINE}],
    destinationList=[
        {"type": "owning_party", "destination": "urn:epc:id:pgln:9521102.00001"},
        {"type": "location", "destination": "urn:epc:id:sgln:9521102.00001.DOCK-9"},
    ],
    **{f"{EXT}cte": "civil_explosives.ship", f"{EXT}loaded": {f"{EXT}from": ["urn:epc:id:sgln:9521101.00001.MAG-7"]}},
)  # fmt: skip
STORED = event(
    2, "storing", "active", readPoint=at(CELL), bizLocation=at(CELL), destinationList=[],
    **{f"{EXT}cte": "civil_explosives.store_in"},
)  # fmt: skip
ABROAD = event(
    3, "cycle_counting", "active", readPoint=at(BUNKER), bizLocation=at(SITES["maker"]), destinationList=[],
    **{f"{EXT}cte": "civil_explosives.stock_take"},
)  # fmt: skip
AT_SITE = event(
    4, "cycle_counting", "active", bizLocation=at(SITES["maker"]), destinationList=[],
    **{f"{EXT}cte": "civil_explosives.stock_take"},
)  # fmt: skip
MILK = event(
    5, "receiving", "conformant", readPoint=at("urn:epc:id:sgln:9521101.00001.COLD-1"), destinationList=[],
    **{f"{EXT}cte": "dairy.milk_receive"},
)  # fmt: skip
UNMARKED = event(
    6, "receiving", "conformant", readPoint=at("urn:epc:id:sgln:9521101.00001.SHELF-2"), destinationList=[]
)  # fmt: skip
EVENTS = (SHIPPED, STORED, ABROAD, AT_SITE, MILK, UNMARKED)
LICENCES = [Licence(system="civil_explosives", role=role, number="1", department="iib") for role in ("seller", "psb")]
"""By which the department of industry supervises subjects of the stages of the marked events."""


@contextmanager
def captured(folder: Path) -> Iterator[Service]:
    """A service over the events, as the maker captured them."""
    with service_over(folder, "maker", [document(*EVENTS)], LICENCES) as service:
        with service.located.store.transaction() as writing:
            named = (MAGAZINE, "site", b'{"name":"Magazine seven"}')
            writing.masters.put([named], writing.ledger.head().position)
        yield service
