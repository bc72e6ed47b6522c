"""A decoded event to an `Event`. In: one EPCIS 2.0 event (§7.4), its text and context. Out: the event, and findings.

Checked first against its schema, then against the rules that a schema cannot say; built only where nothing refuses it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from graph_schema.errors import InvalidEvent
from graph_schema.event import Action, ErrorDeclaration, Event, Reference, Role, What
from graph_schema.event_hash import event_hash_id
from graph_schema.vocabulary import Kind
from loaders.event_names import EventNames
from loaders.event_rules import check_rules, event_type
from loaders.event_schema import check_shape
from loaders.findings import Findings
from loaders.json_text import Value, canonical_json
from loaders.jsonld_context import JsonContext
from loaders.limits import LIMITS_RULE, Limits
from loaders.lot_number import find_lot_number
from loaders.moment import offset_of, parse_moment, parse_offset
from loaders.quantity import amount_of

Json = dict[str, Value]

_INSTANCE_LISTS = (
    ("epcList", Role.NAMED),
    ("childEPCs", Role.CHILD),
    ("inputEPCList", Role.INPUT),
    ("outputEPCList", Role.OUTPUT),
)
_QUANTITY_LISTS = (
    ("quantityList", Role.NAMED),
    ("childQuantityList", Role.CHILD),
    ("inputQuantityList", Role.INPUT),
    ("outputQuantityList", Role.OUTPUT),
)
_OUTSIDE_THE_BODY = ("errorDeclaration", "recordTime", "@context")


def read_event(event: Json, raw: bytes, context: JsonContext, limits: Limits, findings: Findings) -> Event | None:
    """The event, or None where a finding refuses it."""
    check_shape(event, context, findings)
    check_rules(event, context, findings)
    _check_size(event, limits, findings)
    if findings.refused():
        return None
    names = EventNames(context, findings)
    whats = tuple(_whats(event, names))
    _check_containment(whats, findings)
    if not whats and "sensorElementList" not in event and event.get("action") != Action.DELETE:
        findings.warn("", "the event names no goods", "EPCIS 2.0 §7.4", "Kept, though it moves nothing.")
    return None if findings.refused() else _build(event, raw, context, whats, names)


def _build(event: Json, raw: bytes, context: JsonContext, whats: tuple[What, ...], names: EventNames) -> Event:
    zone = event.get("eventTimeZoneOffset") or offset_of(event["eventTime"]) or "+00:00"
    return Event(
        id=event.get("eventID") or event.get("id") or event_hash_id(event, context.value),
        type=event_type(event["type"]),
        time=parse_moment(event["eventTime"], parse_offset(zone)),
        zone=zone,
        record_time=_record_time(event, zone),
        action=Action(event["action"]) if "action" in event else None,
        biz_step=names.word(Kind.BIZ_STEP, event.get("bizStep")),
        disposition=names.word(Kind.DISPOSITION, event.get("disposition")),
        read_point=_place(event, "readPoint", names),
        biz_location=_place(event, "bizLocation", names),
        transactions=_references(event, "bizTransactionList", "bizTransaction", Kind.BIZ_TRANSACTION_TYPE, names),
        sources=_references(event, "sourceList", "source", Kind.SOURCE_DEST_TYPE, names),
        destinations=_references(event, "destinationList", "destination", Kind.SOURCE_DEST_TYPE, names),
        whats=whats,
        transformation_id=context.expand(event["transformationID"]) if event.get("transformationID") else None,
        lot_number=find_lot_number(event.get("ilmd"), context),
        error=_error(event, zone, names),
        body_hash=body_hash(event),
        body=raw,
        context=context.text,
    )


def body_hash(event: Json) -> bytes:
    """SHA-256 of the canonical event without errorDeclaration and recordTime (design rule 14).

    Nor with @context, which says how to read the event and may as well stand in its document.
    """
    body = {name: value for name, value in event.items() if name not in _OUTSIDE_THE_BODY}
    return hashlib.sha256(canonical_json(body)).digest()


def _check_size(event: Json, limits: Limits, findings: Findings) -> None:
    named = sum(
        len(event[name]) for name, _ in (*_INSTANCE_LISTS, *_QUANTITY_LISTS) if isinstance(event.get(name), list)
    )
    if named > limits.items:
        findings.refuse(
            "",
            f"the event names {named} items, more than {limits.items}",
            LIMITS_RULE,
            "Split it into several events.",
        )


def _whats(event: Json, names: EventNames) -> Iterator[What]:
    """The items of an event with their roles; an instance named twice in one role comes once."""
    seen: set[tuple[str, Role]] = set()
    if "parentID" in event:
        yield names.instance(event["parentID"], Role.PARENT, ("parentID",))
    for name, role in _INSTANCE_LISTS:
        for index, text in enumerate(event.get(name, ())):
            what = names.instance(text, role, (name, index))
            if (what.item, role) not in seen:
                seen.add((what.item, role))
                yield what
    for name, role in _QUANTITY_LISTS:
        for index, entry in enumerate(event.get(name, ())):
            item = names.wide_item(entry["epcClass"], (name, index, "epcClass"))
            yield What(item, role, *amount_of(entry))


def _check_containment(whats: tuple[What, ...], findings: Findings) -> None:
    """Nothing is its own parent, in whatever spellings (EPCIS 2.0 §7.4.3, §7.4.6)."""
    parents = {what.item for what in whats if what.role is Role.PARENT}
    if any(what.role is Role.CHILD and what.item in parents for what in whats):
        findings.refuse(
            "/parentID",
            "the parent is among its own children",
            "EPCIS 2.0 §7.4.3",
            "Name the container as parent and what is in it as children.",
        )


def _place(event: Json, name: str, names: EventNames) -> str | None:
    return names.place(event[name]["id"], (name, "id")) if name in event else None


def _references(event: Json, field: str, name: str, kind: Kind, names: EventNames) -> tuple[Reference, ...]:
    return tuple(
        Reference(names.word(kind, entry.get("type")), names.key(entry[name], (field, index, name)))
        for index, entry in enumerate(event.get(field, ()))
    )


def _record_time(event: Json, zone: str) -> int | None:
    try:
        return parse_moment(event["recordTime"], parse_offset(zone)).earliest if "recordTime" in event else None
    except (InvalidEvent, TypeError):
        return None  # A warning says so already.


def _error(event: Json, zone: str, names: EventNames) -> ErrorDeclaration | None:
    declaration = event.get("errorDeclaration")
    if declaration is None:
        return None
    return ErrorDeclaration(
        parse_moment(declaration["declarationTime"], parse_offset(zone)),
        names.word(Kind.ERROR_REASON, declaration.get("reason")),
        tuple(declaration.get("correctiveEventIDs", ())),
    )
