"""Where key data elements are looked for in an event (`at` of common.yaml). In: an event. Out: the places it tells.

A place is a word, or a word and a name: `item`, `quantity`, `unit`, `lot`, `field eventTime`, `extension recorder`,
`ilmd lotNumber`, `transaction desadv`, `source owning_party`, `destination owning_party`, `sensor Temperature`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from graph_schema.event import Event, Reference
from graph_schema.identifiers import Kind, kind_of_key, lot_key
from graph_schema.interval import BEGINNING, END
from graph_schema.master_data import last_part, text

Told = tuple[str, Any]
"""A place, and what stands at it."""

_FIELDS: Mapping[str, Callable[[Event], object]] = MappingProxyType(
    {
        "eventTime": lambda event: event.time.earliest > BEGINNING or event.time.latest < END,
        "eventTimeZoneOffset": lambda event: event.zone,
        "readPoint": lambda event: event.read_point,
        "bizLocation": lambda event: event.biz_location,
        "bizStep": lambda event: event.biz_step,
        "recordTime": lambda event: event.record_time is not None,
    }
)
LOCATIONS = ("readPoint", "bizLocation")
"""The fields where a location stands."""
_NAMED = frozenset({"field", "extension", "ilmd", "transaction", "source", "destination", "sensor"})
_ALONE = frozenset({"item", "quantity", "unit", "lot"})


def is_place(at: str) -> bool:
    """Whether a text names a place where an element can be looked for."""
    word, _, name = at.partition(" ")
    if word not in (_NAMED if name else _ALONE):
        return False
    return word != "field" or name in _FIELDS


def extension_at(at: str) -> str | None:
    """The name of the extension that a place is, as its last part; None for another place."""
    word, _, name = at.partition(" ")
    return name if word == "extension" else None


def location_at(at: str) -> str | None:
    """The name of the field where a location stands that a place is; None for another place."""
    word, _, name = at.partition(" ")
    return name if word == "field" and name in LOCATIONS else None


def told_places(event: Event) -> frozenset[str]:
    """Every place at which an event says something."""
    return places_of(event, told_values(event))


def places_of(event: Event, values: Iterable[Told]) -> frozenset[str]:
    """The same of one whose values are told already."""
    return frozenset(place for place, _ in values).union(
        _goods(event), (f"field {name}" for name, says in _FIELDS.items() if says(event))
    )


def told_values(event: Event) -> Iterator[Told]:
    """What an event says at the places that have values of the sender's own."""
    fields = event.fields()
    extensions = {name: value for name, value in fields.items() if ":" in name}
    yield from _attributes("extension", extensions)
    yield from _attributes("ilmd", fields.get("ilmd") or {})
    yield from _references("transaction", event.transactions)
    yield from _references("source", event.sources)
    yield from _references("destination", event.destinations)
    for element in fields.get("sensorElementList") or ():
        for report in element.get("sensorReport") or ():
            yield f"sensor {str(report.get('type', '')).split(':')[-1].split('-')[-1]}", report.get("value")


def _attributes(word: str, attributes: Mapping[str, Any]) -> Iterator[Told]:
    for name, value in attributes.items():
        if value is not None and value not in ("", [], {}) and (last := last_part(name)) is not None:
            yield f"{word} {last}", value


def _references(word: str, references: Iterable[Reference]) -> Iterator[Told]:
    """By type: a CBV word, or the last part of a URI of the sender's own."""
    for reference in references:
        yield f"{word} {(reference.type or '').replace('#', '/').replace(':', '/').split('/')[-1]}", reference.id


def _goods(event: Event) -> Iterator[str]:
    """What is said of the items; the lot may stand in a key or beside a serial."""
    if not event.whats:
        return
    yield "item"
    # A quantity without a unit is pieces, and single things are counted by their ids (EPCIS 2.0 §7.3.3.3).
    if all(w.quantity is not None or _is_single(w.item) for w in event.whats):
        yield "quantity"
        yield "unit"
    named = (w.lot is not None or kind_of_key(w.item) is Kind.lot or lot_key(w.item) is not None for w in event.whats)
    if event.lot_number is not None or any(named):
        yield "lot"


def _is_single(key: str) -> bool:
    return kind_of_key(key) not in (Kind.lot, Kind.class_)


_TEXTS: Mapping[str, Callable[[Event, str], str | None]] = MappingProxyType(
    {
        "extension": lambda event, name: text(event.extensions, name),
        "ilmd": lambda event, name: text(event.ilmd, name),
        "transaction": lambda event, name: dict(_references("transaction", event.transactions)).get(
            f"transaction {name}"
        ),
    }
)
"""Places whose element is a text."""


def text_at(event: Event, places: Iterable[str]) -> str | None:
    """What an event says at the first of some places where it says a text; None where it says none."""
    for word, _, name in (at.partition(" ") for at in places):
        told = _TEXTS[word](event, name) if word in _TEXTS else None
        if told:
            return told
    return None
