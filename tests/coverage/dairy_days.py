"""Some days of a dairy, counted by hand. In: nothing. Out: events as EPCIS 2.0 JSON, and a register.

Two producers ship to two shops. A ships 100 and 40 of lot A1; the shop receives the 100 in time and the 40 after nine
days (the link allows seven). B ships 60 of lot B1, and nobody receives them. Shop S2 reports nothing. What A records is
whole; of B's shipment the vehicle is missing, and it was recorded two days late.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from api.demo.recording import record_event
from graph_schema.licence import Licence
from graph_schema.profiles import profiles

Json = dict[str, Any]

SYSTEM = "dairy"
A, B, S1, S2 = ("91110000600037341L", "91350100M000100Y43", "https://id.gs1.org/417/6901234500028", "N2")
USCC = "urn:suyuan:code:uscc:"
"""Before a unified social credit code, in keys."""
SITES = {
    A: "https://id.gs1.org/414/6901234500011",
    B: "https://id.gs1.org/414/6901234500035",
    S1: "https://id.gs1.org/414/6901234500028",
}
LOTS = {"A1": "urn:epc:class:lgtin:6901234.056789.A1", "B1": "urn:epc:class:lgtin:6901234.056789.B1"}


def _licence(role: str, number: str, holder: str, area: str, department: str, party: str | None = None) -> Licence:
    return Licence(
        system=SYSTEM, role=role, number=number, holder=holder, area=area, department=department, party=party
    )


REGISTER = (
    _licence("producer", "SC-A", "甲 Alpha", "zone/east", "fda", USCC + A),
    _licence("producer", "SC-B", "乙 Beta", "zone/west", "cob", USCC + B),
    _licence("retailer", "S-1", "丙 Shop", "zone/east", "fda", S1),
    _licence("retailer", S2, "丁 Shop", "zone/west", "fda"),
)

WHOLE: Json = {
    "x:sourceRecord": "sheet 1",
    "x:vehicle": "豫A12345",
    "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:6901234.50001"}],
    "bizTransactionList": [
        {"type": "desadv", "bizTransaction": "urn:x:d:1"},
        {"type": "testres", "bizTransaction": "urn:x:t:1"},
    ],
}
CONSIGNEE = {"type": "owning_party", "destination": "urn:epc:id:pgln:6901234.50002"}


def event(name: str, by: str, time: str, lot: str, amount: float, *, late: int = 1, **more: Any) -> Json:
    """A tracking event of a lot, recorded some hours late; a field given as None is left out."""
    tracked = profiles().latest()[profiles().names().index(SYSTEM)].event(name)
    assert tracked is not None
    recorded = datetime.fromisoformat(time) + timedelta(hours=late)
    said = {
        **WHOLE,
        "destinationList": [CONSIGNEE],
        "x:recorder": by,
        "recordTime": recorded.isoformat(),
        "bizLocation": {"id": SITES[by]},
        **more,
    }
    told = record_event(tracked, time, SITES[by], {LOTS[lot]: amount}, more=said)
    return {key: value for key, value in told.items() if value is not None}


def days() -> list[Json]:
    """The events, in the order in which they happened."""
    return [
        event("ship", A, "2026-03-01T08:00:00+08:00", "A1", 100),
        event("ship", A, "2026-03-02T08:00:00+08:00", "A1", 40),
        event("receive", S1, "2026-03-01T18:00:00+08:00", "A1", 100),
        event("receive", S1, "2026-03-11T18:00:00+08:00", "A1", 40),
        event("ship", B, "2026-03-03T08:00:00+08:00", "B1", 60, late=48, **{"x:vehicle": None}),
    ]
