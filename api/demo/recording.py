"""Tracking events of a profile as EPCIS 2.0 JSON. In: a tracking event, goods, a place, a time. Out: an object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from graph_schema.event import EventType
from graph_schema.profiles import TrackingEvent
from graph_schema.profiles.codes import KEYS

Json = dict[str, Any]
Goods = Mapping[str, float | None]
"""How much of each; None of a single thing, or where nobody says."""
Units = Mapping[str, str]
"""The unit of measure (UN/ECE Rec 20) of what is not counted in pieces."""
IN_PIECES: Units = MappingProxyType({})
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"x": "https://example.org/x#"}]
"""What the words of an event mean; under x: are the sender's own."""


def record_event(
    tracked: TrackingEvent,
    time: str,
    at: str,
    goods: Goods,
    *,
    made: Goods | None = None,
    parent: str | None = None,
    transaction: str | None = None,
    to: str | None = None,
    more: Json | None = None,
    units: Units = IN_PIECES,
) -> Json:
    """One event: `goods` are what it names, what goes into a transformation, or what is in `parent`."""
    event: Json = {
        "@context": CONTEXT,
        "type": tracked.type.value,
        "eventTime": time,
        "eventTimeZoneOffset": "+08:00",
        "bizStep": tracked.biz_step,
        "readPoint": {"id": at},
        "x:cte": tracked.id,
    }
    if tracked.action is not None:
        event["action"] = tracked.action.value
    if tracked.disposition is not None:
        event["disposition"] = tracked.disposition
    if transaction is not None:
        event["bizTransactionList"] = [{"type": "desadv", "bizTransaction": transaction}]
    if to is not None:
        event["destinationList"] = [{"type": "location", "destination": to}]
    told = more or {}
    named = [*event.get("bizTransactionList", []), *told.get("bizTransactionList", [])]
    transactions = {"bizTransactionList": named} if named else {}
    return event | _whats(tracked.type, goods, made or {}, parent, units) | told | transactions


def _whats(kind: EventType, goods: Goods, made: Goods, parent: str | None, units: Units) -> Json:
    if kind is EventType.TRANSFORMATION:
        taken = _lists(goods, units, "inputEPCList", "inputQuantityList")
        sides = taken | _lists(made, units, "outputEPCList", "outputQuantityList")
        begun = f"urn:uuid:begun-{'-'.join(sorted([*goods, *made]))}"
        return sides if goods and made else sides | {"transformationID": begun}
    if kind in (EventType.AGGREGATION, EventType.ASSOCIATION):
        return {"parentID": parent} | _lists(goods, units, "childEPCs", "childQuantityList")
    return _lists(goods, units, "epcList", "quantityList")


def _lists(goods: Goods, units: Units, singles: str, amounts: str) -> Json:
    """Lots go by quantity, which may not be said; single things by id."""
    lots = {key: amount for key, amount in goods.items() if _is_lot(key)}
    named: Sequence[str] = [key for key in goods if key not in lots]
    listed = [{"epcClass": key} | _amount(amount, units.get(key)) for key, amount in lots.items()]
    return ({singles: named} if named else {}) | ({amounts: listed} if listed else {})


def _amount(amount: float | None, uom: str | None) -> Json:
    """A quantity element's own fields; no unit stands for pieces (EPCIS 2.0 §7.3.3.3)."""
    if amount is None:
        return {}
    return {"quantity": amount} if uom is None else {"quantity": amount, "uom": uom}


def _is_lot(key: str) -> bool:
    """A class of EPCs, or a run of codes."""
    return ":class:" in key or (key.startswith(KEYS) and "-" in key)
