"""Explosives where extensions are sites and places are no GLNs, and milk in one. Out: events, who asks, queries."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from tests.api.rights.maker import CASE, EXT, MAKER, USERS
from tests.api.rights.maker import USER as BUYER

MADE, BOUGHT = f"https://id.gs1.org/414/{MAKER}", f"https://id.gs1.org/414/{BUYER}"
WORKSHOP, MAGAZINE, DAIRY, DOCK = (f"{MADE}/254/{place}" for place in ("SHOP-1", "MAG-7", "MILK-1", "DOCK-4"))
CELL, FACE = f"{BOUGHT}/254/CELL-5", f"{BOUGHT}/254/FACE-6"
BUNKER, TUNNEL = "https://example.org/bunkers/BUNKER-3", "https://example.org/bunkers/TUNNEL-2"
HIDDEN = ("SHOP-1", "MAG-7", "BUNKER-3", "TUNNEL-2", "CELL-5", "FACE-6")
POWDER, MILK = "urn:epc:class:lgtin:9521101.000200.P-1", "urn:epc:class:lgtin:9521101.000300.M-1"
POWDER_KEY, MILK_KEY = (
    f"https://id.gs1.org/01/0952110100{code}/10/{lot}" for code, lot in (("2003", "P-1"), ("3000", "M-1"))
)
CAPS = [f"urn:epc:id:sgtin:9521101.000100.C{number}" for number in (1, 2)]
CAP_KEYS = [f"https://id.gs1.org/01/09521101001006/21/C{number}" for number in (1, 2)]
CASE_OF_CAPS = "urn:epc:id:sscc:9521101.0000000017"
CASE_KEY = "https://id.gs1.org/00/095211010000000179"
DESADV = {"type": "desadv", "bizTransaction": "urn:epcglobal:cbv:bt:9521101000016:D-1"}


def at(place: str) -> dict[str, str]:
    """A place as EPCIS writes it."""
    return {"id": place}


def to(source: str, destination: str) -> dict[str, Any]:
    """From where, and to where."""
    return {
        "sourceList": [{"type": "location", "source": source}],
        "destinationList": [{"type": "location", "destination": destination}],
    }


def event(hour: int, step: str, disposition: str, place: str, *, cte: str = "", **more: Any) -> dict[str, Any]:
    """An event of a day, at a place; of a tracking event where that is told."""
    told = {
        "type": "ObjectEvent",
        "eventID": f"urn:uuid:00000000-0000-4000-8000-0000000000{hour:02}",
        "eventTime": f"2017-09-01T{hour:02}:00:00Z",
        "eventTimeZoneOffset": "+08:00",
        "action": "OBSERVE",
        "bizStep": step,
        "disposition": disposition,
        "readPoint": at(place),
        "bizLocation": at(place),
    }
    return told | ({f"{EXT}cte": f"civil_explosives.{cte}"} if cte else {}) | more


def of(lot: str, kilos: int) -> dict[str, Any]:
    """So much of a lot."""
    return {"quantityList": [{"epcClass": lot, "quantity": kilos, "uom": "KGM"}]}


def leaving(hour: int, place: str, **more: Any) -> dict[str, Any]:
    """A departure: goods are nowhere then."""
    told = event(hour, "departing", "in_transit", place, **more)
    return {name: value for name, value in told.items() if name != "bizLocation"}


EVENTS = [
    event(0, "storing", "active", WORKSHOP, **of(POWDER, 100)),
    leaving(1, WORKSHOP, cte="ship", **of(POWDER, 100), **to(WORKSHOP, MAGAZINE)),
    event(2, "receiving", "active", MAGAZINE, **of(POWDER, 100), **to(WORKSHOP, MAGAZINE)),
    leaving(3, MAGAZINE, **of(POWDER, 60), **to(MAGAZINE, BUNKER), bizTransactionList=[DESADV]),
    event(4, "receiving", "active", BUNKER, **of(POWDER, 60), **to(MAGAZINE, BUNKER), bizTransactionList=[DESADV]),
    leaving(5, MAGAZINE, **of(POWDER, 20), **to(MAGAZINE, CELL)),
    event(6, "destroying", "destroyed", BUNKER, action="DELETE", **of(POWDER, 10)),
    event(7, "storing", "active", WORKSHOP, cte="store_in", epcList=CAPS),
    event(8, "packing", "container_closed", WORKSHOP, type="AggregationEvent", action="ADD",
          parentID=CASE_OF_CAPS, childEPCs=CAPS),
    leaving(9, WORKSHOP, epcList=[CASE_OF_CAPS], **to(WORKSHOP, TUNNEL)),
    event(10, "receiving", "active", TUNNEL, epcList=[CASE_OF_CAPS], **to(WORKSHOP, TUNNEL)),
    event(11, "commissioning", "active", DAIRY, action="ADD", **of(MILK, 50)),
    leaving(12, DAIRY, **of(MILK, 50), **to(DAIRY, DOCK)),
    event(13, "receiving", "active", DOCK, **of(MILK, 50), **to(DAIRY, DOCK)),
    leaving(14, DOCK, **of(MILK, 50), **to(DOCK, BUNKER)),
    event(15, "receiving", "active", BUNKER, **of(MILK, 50), **to(DOCK, BUNKER)),
    event(16, "receiving", "active", CELL, **of(POWDER, 20), **to(MAGAZINE, CELL)),
    leaving(17, CELL, **of(POWDER, 5), **to(CELL, FACE)),
    event(18, "other", "stolen", TUNNEL, epcList=CAPS),
]  # fmt: skip
"""Explosives, of each of which one record says what they are; and milk, from the same maker to the same bunker."""
KNOWING = (("work safety", False), ("police", False), ("industry", True), ("coordinator", True), ("commerce", True))
NOT_KNOWING = (("industry", False), ("coordinator", False), ("analyst", True), ("no department", True))


def asked(http: TestClient, who: tuple[str, bool], query: str, **variables: Any) -> Any:
    """What GraphQL answers somebody, with a case or without."""
    headers = {**USERS.headers(who[0]), **(CASE if who[1] else {})}
    return http.post("/graphql", json={"query": query, "variables": variables}, headers=headers).json()


TRACE = """query ($seeds: [SeedInput!]!, $direction: Direction!) {
  trace(seeds: $seeds, direction: $direction) {
    sites { edges { node { site { id name } certainty } } }
    flows { edges { node { from { id } to { id } } } }
    gaps { edges { node { kind site } } }
    withheld
  }
}"""
SCOPE = """query ($seeds: [SeedInput!]!) {
  recallScope(seeds: $seeds) {
    outlets { edges { node { site { id } certainty stock { edges { node {
      item { id } received { low high } destroyed { low high } forwarded { low high }
    } } } } } }
    inTransit { edges { node { from { id } to { id } } } }
    withheld
  }
}"""
PAGE = """query ($seeds: [SeedInput!]!, $after: String) {
  trace(seeds: $seeds, direction: FORWARD) { sites(first: 1, after: $after) {
    edges { node { site { id } } } pageInfo { endCursor hasNextPage }
  } }
}"""


def seed(key: str, **more: str) -> list[dict[str, Any]]:
    """An item as a seed."""
    return [{"item": {"id": key, **more}}]
