"""What, when, where and why (EPCIS 2.0 §8.2.7.1). In: a parameter and its values. Out: a predicate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType

from api.rest.query.told_event import Predicate, Reading, ToldEvent
from api.rest.query.values import (
    COMPARISONS,
    as_number,
    flag_of,
    item_of,
    key_of_text,
    number_of,
    refused,
    single,
    time_of,
    word_of,
)
from graph_schema.event import Action, EventType
from graph_schema.vocabulary import Kind

_TYPES = tuple(one.value for one in EventType if one is not EventType.EXTENSION)


def _event_type(name: str, values: Sequence[str]) -> Predicate:
    for value in values:
        if value not in _TYPES and ":" not in value:
            remedy = f"Give {', '.join(_TYPES)}, or the URI of a type of your own; divide several by |."
            raise refused(name, f"{value[:80]!r} is no event type", remedy)
    wanted = frozenset(values)
    return lambda told: told.event.type_name in wanted or told.whole(told.event.type_name) in wanted


def _event_time(compare: str, name: str, values: Sequence[str]) -> Predicate:
    """What could be so, counts: an event of a day happened before any time later in that day."""
    time = time_of(name, single(name, values))
    if compare == "GE":
        return lambda told: told.event.time.latest >= time.earliest
    return lambda told: told.event.time.earliest < time.earliest


def _record_time(compare: str, name: str, values: Sequence[str]) -> Predicate:
    """When we accepted it: a sender's recordTime is not ours (§7.4.1)."""
    time = time_of(name, single(name, values)).earliest
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


def quantity(compare: str, unit: str | None, name: str, values: Sequence[str]) -> Predicate:
    """A quantity in a unit, or in any."""
    numbers = [number_of(name, value) for value in values]

    def let_through(told: ToldEvent) -> bool:
        amounts = (
            as_number(one.get("quantity"))
            for one in told.objects(*_QUANTITY_LISTS)
            if unit is None or one.get("uom") == unit
        )
        return any(COMPARISONS[compare](amount, n) for amount in amounts if amount is not None for n in numbers)

    return let_through


def references(field: str, kind: Kind, type_: str, name: str, values: Sequence[str]) -> Predicate:
    """A transaction, source or destination of a type."""
    wanted_type = word_of(name, kind, type_)
    wanted = set(map(key_of_text, values))
    return lambda told: any(one.type == wanted_type and one.id in wanted for one in getattr(told.event, field))


def _declared(name: str, values: Sequence[str]) -> Predicate:
    wanted = flag_of(name, single(name, values))
    return lambda told: told.event.error is not None or not wanted


def _declared_at(compare: str, name: str, values: Sequence[str]) -> Predicate:
    time = time_of(name, single(name, values)).earliest
    return lambda told: told.event.error is not None and COMPARISONS[compare](told.event.error.declared.earliest, time)


def _reason(name: str, values: Sequence[str]) -> Predicate:
    wanted = {word_of(name, Kind.ERROR_REASON, value) for value in values}
    return lambda told: told.event.error is not None and told.event.error.reason in wanted


def _corrective(_: str, values: Sequence[str]) -> Predicate:
    wanted = frozenset(values)
    return lambda told: told.event.error is not None and not wanted.isdisjoint(told.event.error.corrective_ids)


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

OF_EVENTS: Mapping[str, Reading] = MappingProxyType(
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
        **{f"{compare}_quantity": partial(quantity, compare, None) for compare in COMPARISONS},
        "EXISTS_errorDeclaration": _declared,
        **{f"{compare}_errorDeclarationTime": partial(_declared_at, compare) for compare in ("GE", "LT")},
        **{f"{compare}_errorDeclaration_Time": partial(_declared_at, compare) for compare in ("GE", "LT")},
        "EQ_errorReason": _reason,
        "EQ_correctiveEventID": _corrective,
    }
)
"""Parameters whose names are fixed."""
