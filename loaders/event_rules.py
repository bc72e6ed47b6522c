"""Rules of EPCIS 2.0 and CBV 2.0 that a schema cannot say, or says worse. In: a decoded event. Out: findings.

Written for events of any shape: what has the wrong type is left to the schema, which names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph_schema.errors import InvalidEvent
from graph_schema.event import EventType
from graph_schema.vocabulary import Kind, cbv_word
from loaders.findings import Findings, pointer
from loaders.json_text import Value
from loaders.jsonld_context import JsonContext
from loaders.moment import is_day, offset_of, parse_moment, parse_offset
from loaders.quantity import check_quantities
from loaders.sensor_rules import check_sensors

EVENT_TYPES = frozenset(EventType) - {EventType.EXTENSION}
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")
"""A scheme or prefix, and what it names (RFC 3986 §3)."""
_OWN_NAMESPACES = ("urn:epcglobal:cbv:", "https://ns.gs1.org/cbv/", "http://ns.gs1.org/cbv/")
_NEWER_NAMESPACES = ("https://ref.gs1.org/cbv/", "http://ref.gs1.org/cbv/")


def check_rules(event: dict[str, Value], context: JsonContext, findings: Findings) -> None:
    """Add a finding for each rule that the event breaks."""
    check_type(event, findings)
    check_moments(event, findings)
    check_words(event, context, findings)
    check_parent(event, findings)
    check_quantities(event, findings)
    check_declaration(event, findings)
    if "sensorElementList" in event:
        check_sensors(event, findings)


def check_type(event: dict[str, Value], findings: Findings) -> None:
    """A type is one of the five, or a URI of one's own, of which nobody else knows what it does (EPCIS 2.0 §7.4)."""
    kind = event.get("type")
    if not isinstance(kind, str) or kind in EVENT_TYPES:
        return
    what = f"{kind[:80]!r} is no event type whose goods can be followed"
    one_of = f"one of {', '.join(sorted(EVENT_TYPES))}"
    if _URI.fullmatch(kind):
        kept = f"Kept: what it names was where it says. Where it tells a move, write {one_of}."
        findings.warn("/type", what, "EPCIS 2.0 §7.4", kept)
    else:
        findings.refuse("/type", what, "EPCIS 2.0 §7.4", f"Write {one_of}, or the URI of a type of your own.")


def event_type(written: str) -> EventType:
    """The type of an event whose type has been checked."""
    return EventType(written) if written in EVENT_TYPES else EventType.EXTENSION


def check_moments(event: dict[str, Value], findings: Findings) -> None:
    """Times can be placed, and the offset is the one the time is written in (EPCIS 2.0 §7.4.1)."""
    written, offset = event.get("eventTime"), event.get("eventTimeZoneOffset")
    zone = None
    if isinstance(offset, str):
        try:
            zone = parse_offset(offset)
        except InvalidEvent:
            offset = None  # The schema names it.
    if isinstance(written, str):
        _check_event_time(written, offset if isinstance(offset, str) else None, findings)
    _check_moment(event, ("recordTime",), zone, findings, tolerated=True)
    declaration = event.get("errorDeclaration")
    if isinstance(declaration, dict):
        _check_moment(declaration, ("errorDeclaration", "declarationTime"), zone, findings, tolerated=False)


def _check_event_time(written: str, offset: str | None, findings: Findings) -> None:
    try:
        parse_moment(written, parse_offset(offset) if offset else None)
    except InvalidEvent as error:
        findings.refuse_for("/eventTime", error)
        return
    if is_day(written):
        findings.warn("/eventTime", f"{written!r} is a day without a time", "EPCIS 2.0 §7.4.1", _WHOLE_DAY)
    own = offset_of(written)
    if own is None and not is_day(written):
        findings.warn("/eventTime", "the time has no offset", "EPCIS 2.0 §7.4.1", _OFFSET_TAKEN)
    elif own and offset and own not in (offset, "+00:00") and offset != "-00:00":
        findings.warn(
            "/eventTimeZoneOffset",
            f"the offset {offset} is not the one eventTime is written in ({own})",
            "EPCIS 2.0 §7.4.1",
            "The moment is taken from eventTime; check which is right.",
        )


_WHOLE_DAY = "Accepted as that whole day where the event was; add the time if it is known."
_OFFSET_TAKEN = "Accepted as the time where the event was; add the offset."


def _check_moment(
    holder: dict[str, Value], path: tuple[str, ...], zone: Value, findings: Findings, *, tolerated: bool
) -> None:
    text = holder.get(path[-1])
    if not isinstance(text, str):
        return
    try:
        parse_moment(text, zone)
    except InvalidEvent as error:
        (findings.warn_for if tolerated else findings.refuse_for)(pointer(*path), error)


def check_words(event: dict[str, Value], context: JsonContext, findings: Findings) -> None:
    """Bare words are the CBV's (CBV 2.0 §7); a URI of one's own is a word of one's own."""
    for path, kind, text in _words(event):
        if text == "" and len(path) == 1:
            findings.warn(pointer(*path), "the word is empty", "CBV 2.0 §7", "Accepted as no word; leave it out.")
            continue
        try:
            word = cbv_word(kind, context.expand(text))
        except InvalidEvent as error:
            add = findings.warn_for if path[0] in _LASTING else findings.refuse_for
            add(pointer(*path), error)
            continue
        if ":" in word:
            _check_namespace(pointer(*path), word, findings)


_LASTING = ("persistentDisposition",)


def _check_namespace(field: str, word: str, findings: Findings) -> None:
    """What is written as GS1's own word, yet is none (CBV 2.0 §5): refused where no version could define it."""
    lower = word.lower()
    remedy = "Use a word of the CBV, or a URI of your own."
    if lower.startswith(_OWN_NAMESPACES) and "sensor" not in field:
        findings.refuse(field, f"{word!r} is written as a word of the CBV and is none", "CBV 2.0 §5", remedy)
    elif lower.startswith(_NEWER_NAMESPACES):
        findings.warn(field, f"{word!r} is no word of CBV 2.0", "CBV 2.0 §5", f"Kept as it is. {remedy}")


def _words(event: dict[str, Value]) -> Iterator[tuple[tuple[str | int, ...], Kind, str]]:
    """Every vocabulary word of the event that is text, with where it stands and its vocabulary."""
    for name, kind in (("bizStep", Kind.BIZ_STEP), ("disposition", Kind.DISPOSITION)):
        if isinstance(word := event.get(name), str):
            yield (name,), kind, word
    for name, kind in _TYPED_LISTS:
        for index, entry in enumerate(_list(event, name)):
            if isinstance(entry, dict) and isinstance(word := entry.get("type"), str):
                yield (name, index, "type"), kind, word
    lasting = event.get("persistentDisposition")
    for name in ("set", "unset"):
        for index, word in enumerate(_list(lasting, name) if isinstance(lasting, dict) else ()):
            if isinstance(word, str):
                yield ("persistentDisposition", name, index), Kind.DISPOSITION, word
    declaration = event.get("errorDeclaration")
    if isinstance(declaration, dict) and isinstance(word := declaration.get("reason"), str):
        yield ("errorDeclaration", "reason"), Kind.ERROR_REASON, word


_TYPED_LISTS = (
    ("bizTransactionList", Kind.BIZ_TRANSACTION_TYPE),
    ("sourceList", Kind.SOURCE_DEST_TYPE),
    ("destinationList", Kind.SOURCE_DEST_TYPE),
)


def _list(holder: dict[str, Value], name: str) -> list[Value]:
    value = holder.get(name)
    return value if isinstance(value, list) else []


def check_parent(event: dict[str, Value], findings: Findings) -> None:
    """A parent is named where goods go into or out of it (EPCIS 2.0 §7.4.3, §7.4.6)."""
    moves = event.get("type") == EventType.AGGREGATION and event.get("action") in ("ADD", "DELETE")
    if moves and "parentID" not in event:
        findings.refuse(
            "/parentID",
            f"an AggregationEvent with action {event['action']} does not say which parent",
            "EPCIS 2.0 §7.4.3",
            "Add parentID.",
        )


def check_declaration(event: dict[str, Value], findings: Findings) -> None:
    """An event in error is not its own corrective event (EPCIS 2.0 §7.4.1.3)."""
    declaration = event.get("errorDeclaration")
    if not isinstance(declaration, dict):
        return
    own = event.get("eventID", event.get("id"))
    if own is not None and own in _list(declaration, "correctiveEventIDs"):
        findings.refuse(
            "/errorDeclaration/correctiveEventIDs",
            "the event names itself as the event that corrects it",
            "EPCIS 2.0 §7.4.1.3",
            "Name the other event.",
        )
