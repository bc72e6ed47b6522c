"""One predicate a parameter (EPCIS 2.0 §8.2.7.1). In: its name and values. Out: whether an event is let through.

`FIXED` has those whose names are fixed; `flexible` finds those whose names hold a type, a unit or a field's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from api.rest.query.told_event import ToldEvent
from api.rest.query.values import (
    COMPARISONS,
    as_number,
    as_time,
    flag_of,
    holds,
    item_of,
    key_of_text,
    number_of,
    refused,
    time_of,
    word_of,
)
from graph_schema.event import Action
from graph_schema.vocabulary import Kind

Predicate = Callable[[ToldEvent], bool]
Reading = Callable[[str, Sequence[str]], Predicate]
"""Reads the values of a parameter of this name once."""


def _one(name: str, values: Sequence[str]) -> str:
    if len(values) != 1:
        raise refused(name, f"{len(values)} values, where one is taken")
    return values[0]


def _event_type(_: str, values: Sequence[str]) -> Predicate:
    wanted = frozenset(values)
    return lambda told: told.event.type_name in wanted or told.whole(told.event.type_name) in wanted


def _event_time(compare: str, name: str, values: Sequence[str]) -> Predicate:
    """What could be so, counts: an event of a day happened before any time later in that day."""
    time = time_of(name, _one(name, values))
    if compare == "GE":
        return lambda told: told.event.time.latest >= time.earliest
    return lambda told: told.event.time.earliest < time.earliest


def _record_time(compare: str, name: str, values: Sequence[str]) -> Predicate:
    """When we accepted it: a sender's recordTime is not ours (§7.4.1)."""
    time = time_of(name, _one(name, values)).earliest
    return lambda told: COMPARISONS[compare](told.entry.capture.accepted, time)


def _action(name: str, values: Sequence[str]) -> Predicate:
    for value in values:
        if value not in Action.__members__:
            raise refused(name, f"{value[:80]!r} is no action", "Give ADD, OBSERVE or DELETE.")
    wanted = {Action(value) for value in values}
    return lambda told: told.event.action in wanted


def _word(field: str, kind: Kind, name: str, values: Sequence[str]) -> Predicate:
    wanted = {word_of(name, kind, value) for value in values}
    return lambda told: getattr(told.event, field) in wanted


def _persistent(way: str, name: str, values: Sequence[str]) -> Predicate:
    wanted = {word_of(name, Kind.DISPOSITION, value) for value in values}

    def let_through(told: ToldEvent) -> bool:
        said = told.fields.get("persistentDisposition")
        words = said.get(way) if isinstance(said, dict) else None
        return isinstance(words, list) and any(told.word(Kind.DISPOSITION, word) in wanted for word in words)

    return let_through


def _key(field: str, _: str, values: Sequence[str]) -> Predicate:
    wanted = set(map(key_of_text, values))
    return lambda told: getattr(told.event, field) in wanted


def _text(field: str, _: str, values: Sequence[str]) -> Predicate:
    wanted = frozenset(values)
    return lambda told: getattr(told.event, field) in wanted


def _items(lists: Sequence[str], name: str, values: Sequence[str]) -> Predicate:
    """Any item of these lists; what a quantity list names is its class."""
    tests = [item_of(name, value) for value in values]

    def let_through(told: ToldEvent) -> bool:
        named = (one.get("epcClass") if isinstance(one, dict) else one for one in told.listed(*lists))
        keys = {told.key(text) for text in named if isinstance(text, str)}
        return any(test(key) for test in tests for key in keys)

    return let_through


_QUANTITY_LISTS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")


def _quantity(compare: str, unit: str | None, name: str, values: Sequence[str]) -> Predicate:
    numbers = [number_of(name, value) for value in values]

    def let_through(told: ToldEvent) -> bool:
        amounts = (
            as_number(one.get("quantity"))
            for one in told.objects(*_QUANTITY_LISTS)
            if unit is None or one.get("uom") == unit
        )
        return any(COMPARISONS[compare](amount, n) for amount in amounts if amount is not None for n in numbers)

    return let_through


def _references(field: str, kind: Kind, type_: str, name: str, values: Sequence[str]) -> Predicate:
    wanted_type = word_of(name, kind, type_)
    wanted = set(map(key_of_text, values))
    return lambda told: any(one.type == wanted_type and one.id in wanted for one in getattr(told.event, field))


def _declared(name: str, values: Sequence[str]) -> Predicate:
    wanted = flag_of(name, _one(name, values))
    return lambda told: told.event.error is not None or not wanted


def _declared_at(compare: str, name: str, values: Sequence[str]) -> Predicate:
    time = time_of(name, _one(name, values)).earliest
    return lambda told: told.event.error is not None and COMPARISONS[compare](told.event.error.declared.earliest, time)


def _reason(name: str, values: Sequence[str]) -> Predicate:
    wanted = {word_of(name, Kind.ERROR_REASON, value) for value in values}
    return lambda told: told.event.error is not None and told.event.error.reason in wanted


def _corrective(_: str, values: Sequence[str]) -> Predicate:
    wanted = frozenset(values)
    return lambda told: told.event.error is not None and not wanted.isdisjoint(told.event.error.corrective_ids)


def _sensed(name: str, values: Sequence[str]) -> Predicate:
    wanted = flag_of(name, _one(name, values))
    return lambda told: not wanted or any(True for _ in told.listed("sensorElementList"))


def _sensor_text(attribute: str, _: str, values: Sequence[str]) -> Predicate:
    wanted = {*values, *map(key_of_text, values)}
    return lambda told: any(
        isinstance(text := report.get(attribute), str) and (text in wanted or told.whole(text) in wanted)
        for report in told.reports()
    )


def _sensor_type(name: str, values: Sequence[str]) -> Predicate:
    wanted = {word_of(name, Kind.MEASUREMENT_TYPE, value) for value in values}
    return lambda told: any(told.word(Kind.MEASUREMENT_TYPE, one.get("type")) in wanted for one in told.reports())


def _sensor_flag(name: str, values: Sequence[str]) -> Predicate:
    wanted = flag_of(name, _one(name, values))
    return lambda told: any(report.get("booleanValue") is wanted for report in told.reports())


def _sensor_time(attribute: str, compare: str, name: str, values: Sequence[str]) -> Predicate:
    time = time_of(name, _one(name, values)).earliest

    def let_through(told: ToldEvent) -> bool:
        times = (as_time(report.get(attribute)) for report in told.reports())
        return any(COMPARISONS[compare](found.earliest, time) for found in times if found is not None)

    return let_through


def _sensor_number(attribute: str, compare: str, unit: str | None, name: str, values: Sequence[str]) -> Predicate:
    numbers = [number_of(name, value) for value in values]

    def let_through(told: ToldEvent) -> bool:
        measured = (
            as_number(report.get(attribute)) for report in told.reports() if unit is None or report.get("uom") == unit
        )
        return any(COMPARISONS[compare](found, n) for found in measured if found is not None for n in numbers)

    return let_through


_NUMBERS = ("value", "minValue", "maxValue", "meanValue", "sDev", "percValue", "percRank")
_SENSOR_TEXTS = (
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "microorganism",
    "chemicalSubstance",
    "bizRules",
    "stringValue",
    "hexBinaryValue",
    "uriValue",
)
_EPC_LISTS = {
    "epc": ("epcList", "childEPCs"),
    "parentID": ("parentID",),
    "inputEPC": ("inputEPCList",),
    "outputEPC": ("outputEPCList",),
    "anyEPC": ("epcList", "childEPCs", "parentID", "inputEPCList", "outputEPCList"),
    "epcClass": ("quantityList", "childQuantityList"),
    "inputEPCClass": ("inputQuantityList",),
    "outputEPCClass": ("outputQuantityList",),
    "anyEPCClass": _QUANTITY_LISTS,
}

FIXED: Mapping[str, Reading] = MappingProxyType(
    {
        "eventType": _event_type,
        **{f"{compare}_eventTime": partial(_event_time, compare) for compare in ("GE", "LT")},
        **{f"{compare}_recordTime": partial(_record_time, compare) for compare in ("GE", "LT")},
        "EQ_action": _action,
        "EQ_bizStep": partial(_word, "biz_step", Kind.BIZ_STEP),
        "EQ_disposition": partial(_word, "disposition", Kind.DISPOSITION),
        "EQ_persistentDisposition_set": partial(_persistent, "set"),
        "EQ_persistentDisposition_unset": partial(_persistent, "unset"),
        "EQ_readPoint": partial(_key, "read_point"),
        "EQ_bizLocation": partial(_key, "biz_location"),
        "EQ_transformationID": partial(_text, "transformation_id"),
        "EQ_eventID": partial(_text, "id"),
        **{f"MATCH_{what}": partial(_items, lists) for what, lists in _EPC_LISTS.items()},
        **{f"{compare}_quantity": partial(_quantity, compare, None) for compare in COMPARISONS},
        "EXISTS_errorDeclaration": _declared,
        **{f"{compare}_errorDeclarationTime": partial(_declared_at, compare) for compare in ("GE", "LT")},
        **{f"{compare}_errorDeclaration_Time": partial(_declared_at, compare) for compare in ("GE", "LT")},
        "EQ_errorReason": _reason,
        "EQ_correctiveEventID": _corrective,
        "EXISTS_sensorElementList": _sensed,
        "EQ_type": _sensor_type,
        "EQ_booleanValue": _sensor_flag,
        **{f"EQ_{attribute}": partial(_sensor_text, attribute) for attribute in _SENSOR_TEXTS},
        **{
            f"{compare}_{attribute}": partial(_sensor_time, attribute, compare)
            for attribute in ("time", "startTime", "endTime")
            for compare in ("GE", "LT")
        },
        **{f"{compare}_percRank": partial(_sensor_number, "percRank", compare, None) for compare in COMPARISONS},
    }
)
"""Parameters whose names are fixed."""

_OF_UNIT = re.compile(rf"(EQ|GT|GE|LT|LE)_(quantity|{'|'.join(_NUMBERS)})_([A-Z0-9]{{2,4}})")
_OF_TYPE = re.compile(r"EQ_(bizTransaction|source|destination)_(.+)")
_TYPED = {
    "bizTransaction": ("transactions", Kind.BIZ_TRANSACTION_TYPE),
    "source": ("sources", Kind.SOURCE_DEST_TYPE),
    "destination": ("destinations", Kind.SOURCE_DEST_TYPE),
}
_WHERE = {
    "ILMD": ("ilmd",),
    "ERROR_DECLARATION": ("errorDeclaration",),
    "readPoint": ("readPoint",),
    "bizLocation": ("bizLocation",),
    "SENSORELEMENT": ("sensorElementList",),
    "SENSORMETADATA": ("sensorElementList", "sensorMetadata"),
    "SENSORREPORT": ("sensorElementList", "sensorReport"),
}
"""Where an extension field is looked for."""
_FIELD = re.compile(
    rf"(EQ|GT|GE|LT|LE|EXISTS)_(INNER_)?(?:({'|'.join(_WHERE)})_)?([A-Za-z][^\s_:]*:\S+)",
)
_ATTRIBUTE = re.compile(r"(HASATTR|EQATTR|EQ_ATTR)_(\S+)")


def flexible(name: str) -> Reading | None:
    """What reads a parameter whose name holds a unit, a type or a field's name; None for an unknown one."""
    if found := _OF_UNIT.fullmatch(name):
        compare, what, unit = found.groups()
        if what == "quantity":
            return partial(_quantity, compare, unit)
        return partial(_sensor_number, what, compare, unit)
    if found := _OF_TYPE.fullmatch(name):
        field, kind = _TYPED[found[1]]
        return partial(_references, field, kind, found[2])
    if found := _FIELD.fullmatch(name):
        return partial(_field, found[1], bool(found[2]), _WHERE.get(found[3] or "", ()), found[4])
    if found := _ATTRIBUTE.fullmatch(name):
        return partial(_has_attribute if found[1] == "HASATTR" else _attribute, found[2])
    return None


def extension_values(told: ToldEvent, name: str) -> Iterator[Any]:
    """The values of an extension field at the top of an event."""
    return told.named(told.fields, name)


def _field(compare: str, inner: bool, where: Sequence[str], field: str, name: str, values: Sequence[str]) -> Predicate:
    if compare == "EXISTS":
        if not flag_of(name, _one(name, values)):
            return lambda _: True
        return lambda told: any(True for _ in _values(told, where, field, inner))
    if compare != "EQ":
        _check_comparable(name, _one(name, values))
    return lambda told: any(holds(compare, value, v) for value in _values(told, where, field, inner) for v in values)


def _check_comparable(name: str, value: str) -> None:
    if as_number(value) is None and as_time(value) is None:
        raise refused(name, f"{value[:80]!r} is neither a number nor a time")


def _values(told: ToldEvent, where: Sequence[str], field: str, inner: bool) -> Iterator[Any]:
    for place in _places(told.fields, where):
        yield from told.named_within(place, field) if inner else told.named(place, field)


def _places(fields: dict[str, Any], where: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The objects below an event that a path leads to, through lists."""
    if not where:
        yield fields
        return
    below = fields.get(where[0])
    for one in below if isinstance(below, list) else (below,):
        if isinstance(one, dict):
            yield from _places(one, where[1:])


def _attributed(told: ToldEvent, field: str) -> Iterator[dict[str, Any]]:
    found = [told.fields[field]] if field in told.fields else list(told.named(told.fields, field))
    return (one for one in found if isinstance(one, dict))


def _has_attribute(field: str, _: str, values: Sequence[str]) -> Predicate:
    """`HASATTR_field`: the field is an object that has one of these members."""
    return lambda told: any(value in one for one in _attributed(told, field) for value in values)


def _attribute(field_and_attribute: str, name: str, values: Sequence[str]) -> Predicate:
    """`EQATTR_field_attribute`: the field is an object whose member has one of these values."""
    field, _, attribute = field_and_attribute.rpartition("_")
    if not field:
        raise refused(name, "it does not say which attribute of which field", "Write EQATTR_field_attribute.")

    def let_through(told: ToldEvent) -> bool:
        found = (one.get(attribute) for one in _attributed(told, field))
        return any(holds("EQ", value, wanted) for value in found if value is not None for wanted in values)

    return let_through
