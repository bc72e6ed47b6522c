"""Where a key data element is looked for in an event (`at` of common.yaml). In: an event. Out: whether it is there.

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
from graph_schema.master_data import attribute, text

Finder = Callable[[Event, str], bool]


def _item(event: Event, _: str) -> bool:
    return bool(event.whats)


def _quantity(event: Event, _: str) -> bool:
    """Every class or lot says how much; single things are counted by their ids (EPCIS 2.0 §7.3.3.3)."""
    return bool(event.whats) and all(w.quantity is not None or _is_single(w.item) for w in event.whats)


def _unit(event: Event, _: str) -> bool:
    """A quantity without a unit is pieces: none is missing (EPCIS 2.0 §7.3.3.3)."""
    return _quantity(event, "")


def _is_single(key: str) -> bool:
    return kind_of_key(key) not in (Kind.lot, Kind.class_)


def _lot(event: Event, _: str) -> bool:
    """The lot stands in an item's key, or beside its serial."""
    named = (w.lot is not None or kind_of_key(w.item) is Kind.lot or lot_key(w.item) is not None for w in event.whats)
    return event.lot_number is not None or any(named)


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


def _field(event: Event, name: str) -> bool:
    return bool(_FIELDS[name](event))


def _extension(event: Event, name: str) -> bool:
    return _said(attribute(event.extensions, name))


def _ilmd(event: Event, name: str) -> bool:
    return _said(attribute(event.ilmd, name))


def _said(value: object) -> bool:
    return value is not None and value not in ("", [], {})


def _transaction(event: Event, name: str) -> bool:
    return _names(event.transactions, name)


def _source(event: Event, name: str) -> bool:
    return _names(event.sources, name)


def _destination(event: Event, name: str) -> bool:
    return _names(event.destinations, name)


def _names(references: Iterable[Reference], name: str) -> bool:
    return any(_named(references, name))


def _named(references: Iterable[Reference], name: str) -> Iterator[str]:
    """Those of a type: a CBV word, or the last part of a URI of the sender's own."""
    for reference in references:
        if (reference.type or "").replace("#", "/").replace(":", "/").split("/")[-1] == name:
            yield reference.id


def _sensor(event: Event, name: str) -> bool:
    reports: list[dict[str, Any]] = [
        report for element in event.sensor_elements for report in element.get("sensorReport") or ()
    ]
    return any(str(report.get("type", "")).split(":")[-1].split("-")[-1] == name for report in reports)


PLACES: Mapping[str, Finder] = MappingProxyType(
    {
        "item": _item,
        "quantity": _quantity,
        "unit": _unit,
        "lot": _lot,
        "field": _field,
        "extension": _extension,
        "ilmd": _ilmd,
        "transaction": _transaction,
        "source": _source,
        "destination": _destination,
        "sensor": _sensor,
    }
)
"""The words of places."""

_ALONE = frozenset({"item", "quantity", "unit", "lot"})


def is_place(at: str) -> bool:
    """Whether a text names a place where an element can be looked for."""
    word, _, name = at.partition(" ")
    if word not in PLACES or bool(name) is (word in _ALONE):
        return False
    return word != "field" or name in _FIELDS


def is_there(event: Event, places: Iterable[str]) -> bool:
    """Whether an event has an element at one of its places."""
    return any(PLACES[word](event, name) for word, _, name in (at.partition(" ") for at in places))


_TOLD: Mapping[str, Callable[[Event, str], str | None]] = MappingProxyType(
    {
        "extension": lambda event, name: text(event.extensions, name),
        "ilmd": lambda event, name: text(event.ilmd, name),
        "transaction": lambda event, name: next(_named(event.transactions, name), None),
    }
)
"""Places whose element is a text."""


def text_at(event: Event, places: Iterable[str]) -> str | None:
    """What an event says at the first of some places where it says a text; None where it says none."""
    for word, _, name in (at.partition(" ") for at in places):
        told = _TOLD[word](event, name) if word in _TOLD else None
        if told:
            return told
    return None
