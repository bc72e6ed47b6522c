"""Small EPCIS events for the tests of the loaders: one of each type, to be changed a field at a time."""

from __future__ import annotations

import io
import json
from typing import Any

from loaders.epcis import load_stream
from loaders.limits import Limits
from loaders.outcome import Accepted, Outcome, Rejected

CONTEXT = ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"]
SGTIN = "urn:epc:id:sgtin:9521321.012345.7"
SSCC = "urn:epc:id:sscc:9521321.0000000001"
LGTIN = "urn:epc:class:lgtin:9521321.012345.L1"
SGLN = "urn:epc:id:sgln:9521321.00001.0"
_COMMON = {"eventTime": "2026-01-05T08:30:00+08:00", "eventTimeZoneOffset": "+08:00"}

EVENTS: dict[str, dict[str, Any]] = {
    "ObjectEvent": {"epcList": [SGTIN], "action": "OBSERVE"},
    "AggregationEvent": {"parentID": SSCC, "childEPCs": [SGTIN], "action": "ADD"},
    "TransactionEvent": {
        "epcList": [SGTIN],
        "action": "ADD",
        "bizTransactionList": [{"type": "desadv", "bizTransaction": "urn:example:despatch:7"}],
    },
    "TransformationEvent": {
        "inputQuantityList": [{"epcClass": LGTIN, "quantity": 10.50, "uom": "KGM"}],
        "outputEPCList": [SGTIN],
    },
    "AssociationEvent": {"parentID": "urn:epc:id:giai:9521321.12345", "childEPCs": [SGTIN], "action": "ADD"},
}


def event(kind: str = "ObjectEvent", /, **changes: Any) -> dict[str, Any]:
    """An event of a type with some fields changed; None takes a field out."""
    made = {"type": kind, **_COMMON, **EVENTS[kind], **changes}
    return {name: value for name, value in made.items() if value is not None}


def document(*events: Any, **changes: Any) -> dict[str, Any]:
    """A capture document of events, its members changed likewise."""
    made = {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-06T00:00:00Z",
        "epcisBody": {"eventList": list(events)},
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def load(data: Any, limits: Limits | None = None) -> list[Outcome]:
    """The outcomes of bytes, or of a value written as JSON."""
    raw = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()
    return list(load_stream(io.BytesIO(raw), "test", limits=limits))


def only(data: Any) -> Accepted | Rejected:
    """The outcome of the one event in there."""
    (outcome,) = [o for o in load(data) if isinstance(o, Accepted | Rejected)]
    return outcome


def fields(outcome: Accepted | Rejected, severity: str) -> set[str]:
    """The fields that findings of a severity point at."""
    found = outcome.warnings if isinstance(outcome, Accepted) else outcome.findings
    return {finding.field for finding in found if finding.severity == severity}
