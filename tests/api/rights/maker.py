"""A maker, the user of what it makes, and who else asks of it. In: what is told of an event. Out: it, in a document."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from tests.api.users import Users

BASE = "http://localhost"
EXT = "https://example.org/epcis/"
CASE = {"Suyuan-Case": quote("经开食药监〔2017〕46号")}
MAKER, USER = "9521101000016", "9521102000015"
USERS = Users(
    {
        "maker": {"role": "enterprise", "sites": [MAKER]},
        "user": {"role": "enterprise", "sites": [USER]},
        "food and drug": {"role": "regulator", "department": "fda"},
        "work safety": {"role": "regulator", "department": "安监局"},
        "police": {"role": "regulator", "department": "psb"},
        "industry": {"role": "regulator", "department": "iib"},
        "commerce": {"role": "regulator", "department": "商务局"},
        "no department": {"role": "regulator"},
        "coordinator": {"role": "recall_coordinator"},
        "analyst": {"role": "analyst"},
    }
)


def event(number: int, step: str, disposition: str | None, **more: Any) -> dict[str, Any]:
    """An observation at the maker's, on its way to the user's."""
    told = {
        "type": "ObjectEvent",
        "eventID": f"urn:uuid:00000000-0000-4000-8000-00000000000{number}",
        "eventTime": f"2017-09-0{number}T08:00:00Z",
        "eventTimeZoneOffset": "+08:00",
        "action": "OBSERVE",
        "bizStep": step,
        "epcList": [f"urn:epc:id:sgtin:9521101.000100.{number}"],
        "readPoint": {"id": "urn:epc:id:sgln:9521101.00001.0"},
        "destinationList": [{"type": "location", "destination": "urn:epc:id:sgln:9521102.00001.0"}],
    }
    return told | ({} if disposition is None else {"disposition": disposition}) | more


def document(*events: dict[str, Any]) -> bytes:
    """An EPCIS document."""
    return json.dumps(
        {
            "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2017-09-10T00:00:00Z",
            "epcisBody": {"eventList": list(events)},
        }
    ).encode()
