"""Answers as the documented JSON (docs/answers.md). In: a value of `engine.answer`. Out: dicts, lists and scalars.

Names are the contract's, certainties and kinds in lower case, quantities as strings so that no digit is lost, times as
ISO 8601 in UTC with the text an event told them in, an open bound as null. Long lists are plain lists.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.answer import (
    AffectedLot,
    AffectedOutlet,
    AffectedStock,
    AnswerGap,
    Contact,
    Exclusion,
    Item,
    LedgerState,
    PathResult,
    Quantities,
    Reached,
    RecallScope,
    Shipment,
    Site,
    StockColumns,
    ToldTimes,
    Trace,
    TracedFlow,
    TracedLoad,
)
from graph_schema.interval import Interval, datetime_of

Json = dict[str, Any]

COLUMNS = {
    "made": "made",
    "received": "received",
    "returned": "returned",
    "used": "used",
    "sold": "sold",
    "destroyed": "destroyed",
    "forwarded": "forwarded",
    "inTransit": "in_transit",
    "held": "held",
    "unaccounted": "unaccounted",
}
"""The columns of stock: the contract's name of each, and ours."""


def as_json(answer: Trace | PathResult | RecallScope) -> Json:
    """An answer as a dict that any JSON writer takes."""
    if isinstance(answer, Trace):
        return _trace(answer)
    if isinstance(answer, PathResult):
        return _path(answer)
    return _recall_scope(answer)


def _trace(answer: Trace) -> Json:
    return {
        "direction": answer.direction.value,
        "complete": answer.complete,
        "ledger": ledger_json(answer.ledger),
        "items": [
            {
                "id": item.id,
                "urn": item.urn,
                "kind": item.kind.value,
                "certainty": item.certainty.value,
                "depth": item.depth,
                "seeds": list(item.seeds),
            }
            for item in answer.items
        ],
        "sites": [
            {
                "id": site.id,
                "urn": site.urn,
                "name": site.name,
                "certainty": site.certainty.value,
                "depth": site.depth,
                "seeds": list(site.seeds),
                "inTransit": site.in_transit,
            }
            for site in answer.sites
        ],
        "summary": _trace_summary(answer),
        "events": list(answer.events),
        "origins": [
            {"item": o.item, "site": o.site, "certainty": o.certainty.value, "events": list(o.events)}
            for o in answer.origins
        ],
        "loads": [_load(load) for load in answer.loads],
        "excluded": [_exclusion(exclusion) for exclusion in answer.excluded],
        "gaps": [gap_json(gap) for gap in answer.gaps],
        "unknownPlace": None if answer.unknown_place is None else answer.unknown_place.value,
        "backwardInTime": answer.backward_in_time,
    }


def _trace_summary(answer: Trace) -> Json:
    return {
        "items": _counts(answer.items_reached),
        "sites": _counts(answer.sites_reached),
        "events": len(answer.events),
        "depth": int(max(answer.items_reached.depth.max(initial=0), answer.sites_reached.depth.max(initial=0))),
    }


def _counts(reached: Reached) -> Json:
    return {"certain": reached.certain_count, "possible": len(reached) - reached.certain_count}


def _load(load: TracedLoad) -> Json:
    return {
        "seed": load.seed,
        "container": load.container,
        "packed": range_json(load.packed),
        "unpacked": None if load.unpacked is None else range_json(load.unpacked),
        "items": list(load.items),
        "sites": list(load.sites),
    }


def _path(answer: PathResult) -> Json:
    return {
        "complete": answer.complete,
        "certainty": None if answer.certainty is None else answer.certainty.value,
        "ledger": ledger_json(answer.ledger),
        "flows": None if answer.flows is None else [_flow(flow, answer.times) for flow in answer.flows],
    }


def _flow(flow: TracedFlow, times: ToldTimes) -> Json:
    amount = told_number(flow.quantity)
    quantity = [] if amount is None else [{"low": amount, "high": amount, "uom": flow.uom}]
    return {
        "from": flow.source,
        "to": flow.target,
        "items": list(flow.items),
        "kind": flow.kind.name.lower(),
        "grade": flow.grade.name.lower(),
        "departed": range_json(flow.departed, times.text(flow.departed, flow.events)),
        "arrived": range_json(flow.arrived, times.text(flow.arrived, flow.events)),
        "quantity": quantity,
        "via": flow.via,
        "events": list(flow.events),
    }


def _recall_scope(answer: RecallScope) -> Json:
    summary = answer.summary
    return {
        "ledger": ledger_json(answer.ledger),
        "hash": answer.hash,
        "complete": answer.complete,
        "summary": {
            "outlets": {"certain": summary.outlets_certain, "possible": summary.outlets_possible},
            "items": {"certain": summary.items_certain, "possible": summary.items_possible},
            "inTransit": summary.in_transit,
            "held": quantities_json(summary.held),
            "gaps": summary.gaps,
        },
        "outlets": [_outlet(outlet) for outlet in answer.outlets],
        "lots": [_lot(lot) for lot in answer.lots],
        "inTransit": [_shipment(shipment) for shipment in answer.in_transit],
        "excluded": [_exclusion(exclusion) for exclusion in answer.excluded],
        "gaps": [gap_json(gap) for gap in answer.gaps],
        "parameters": answer.parameters,
        "digests": answer.digests,
        "backwardInTime": answer.backward_in_time,
    }


def _outlet(outlet: AffectedOutlet) -> Json:
    return {
        "site": _site(outlet.site),
        "certainty": outlet.certainty.value,
        "tier": outlet.tier,
        "inTransit": outlet.in_transit,
        "stock": [_stock(stock) for stock in outlet.stock],
        "evidence": list(outlet.evidence),
        "contacts": [_contact(contact) for contact in outlet.contacts],
    }


def _stock(stock: AffectedStock) -> Json:
    return {
        "item": _item(stock.item),
        "certainty": stock.certainty.value,
        **_columns(stock.stock),
        "affectedAtMost": _columns(stock.affected_at_most),
    }


def _columns(columns: StockColumns) -> Json:
    return {told: quantities_json(getattr(columns, name)) for told, name in COLUMNS.items()}


def quantities_json(quantities: Quantities) -> list[Json]:
    """A range a unit."""
    return [{"low": told_number(q.low), "high": told_number(q.high), "uom": q.uom} for q in quantities]


def told_number(value: Decimal | None) -> str | None:
    """A decimal in plain digits, no exponent, no trailing zeros and no sign before nothing."""
    if not value:
        return None if value is None else "0"
    told = format(value, "f")
    return told.rstrip("0").rstrip(".") if "." in told else told


def _lot(lot: AffectedLot) -> Json:
    return {
        "item": _item(lot.item),
        "certainty": lot.certainty.value,
        "depth": lot.depth,
        "outlets": lot.outlets,
        **_columns(lot.stock),
    }


def _shipment(shipment: Shipment) -> Json:
    return {
        "item": _item(shipment.item),
        "from": None if shipment.source is None else _site(shipment.source),
        "to": None if shipment.destination is None else _site(shipment.destination),
        "certainty": shipment.certainty.value,
        "departed": range_json(shipment.departed, shipment.departed_text),
        "quantity": quantities_json(shipment.quantity),
        "events": list(shipment.events),
    }


def _item(item: Item) -> Json:
    return {
        "id": item.id,
        "urn": item.urn,
        "kind": item.kind.value,
        "gtin": item.gtin,
        "lot": item.lot,
        "serial": item.serial,
        "product": None if item.product is None else {"id": item.product.id, "name": item.product.name},
        "system": item.system,
    }


def _site(site: Site) -> Json:
    address = site.address
    return {
        "id": site.id,
        "urn": site.urn,
        "gln": site.gln,
        "name": site.name,
        "roles": list(site.roles),
        "party": None if site.party is None else {"id": site.party.id, "name": site.party.name},
        "address": None
        if address is None
        else {
            "lines": list(address.lines),
            "city": address.city,
            "state": address.state,
            "postalCode": address.postal_code,
            "country": address.country,
        },
        "latitude": site.latitude,
        "longitude": site.longitude,
    }


def _contact(contact: Contact) -> Json:
    return {"name": contact.name, "role": contact.role, "phone": contact.phone, "email": contact.email}


def _exclusion(exclusion: Exclusion) -> Json:
    return {
        "item": exclusion.item,
        "site": exclusion.site,
        "reason": exclusion.reason,
        "text": exclusion.text,
        "events": list(exclusion.events),
    }


def gap_json(gap: AnswerGap) -> Json:
    """What the records do not tell."""
    return {"kind": gap.kind, "item": gap.item, "site": gap.site, "events": list(gap.events), "text": gap.text}


def ledger_json(ledger: LedgerState) -> Json:
    """The ledger that an answer is of."""
    accepted = None if ledger.accepted_until is None else datetime_of(ledger.accepted_until)
    return {
        "position": ledger.position,
        "hash": ledger.hash,
        "events": ledger.events,
        "acceptedUntil": None if accepted is None else accepted.isoformat(),
    }


def range_json(interval: Interval, text: str | None = None) -> Json:
    """A time within bounds; an open one is null."""
    earliest, latest = datetime_of(interval.earliest), datetime_of(interval.latest)
    return {
        "earliest": None if earliest is None else earliest.isoformat(),
        "latest": None if latest is None else latest.isoformat(),
        "text": text,
    }
