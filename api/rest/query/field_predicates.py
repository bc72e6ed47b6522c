"""Extension fields and attributes (EPCIS 2.0 §8.2.7.1). In: where, a name, values. Out: a predicate.

Numbers compare as numbers, times as times, and anything else is equal or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from api.rest.query.told_event import Predicate, ToldEvent
from api.rest.query.values import (
    as_number,
    as_time,
    flag_of,
    holds,
    refused,
    single,
)


def extension_values(told: ToldEvent, name: str) -> Iterator[Any]:
    """The values of an extension field at the top of an event."""
    return told.named(told.fields, name)


def field_of(
    compare: str, inner: bool, where: Sequence[str], field: str, name: str, values: Sequence[str]
) -> Predicate:
    """An extension field, at a place of the event or (`INNER_`) anywhere below it."""
    if compare == "EXISTS":
        if not flag_of(name, single(name, values)):
            return lambda _: True
        return lambda told: any(True for _ in _values(told, where, field, inner))
    if compare != "EQ":
        _check_comparable(name, single(name, values))
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


def has_attribute(field: str, _: str, values: Sequence[str]) -> Predicate:
    """`HASATTR_field`: the field is an object that has one of these members."""
    return lambda told: any(value in one for one in _attributed(told, field) for value in values)


def attribute_of(field_and_attribute: str, name: str, values: Sequence[str]) -> Predicate:
    """`EQATTR_field_attribute`: the field is an object whose member has one of these values."""
    field, _, attribute = field_and_attribute.rpartition("_")
    if not field:
        raise refused(name, "it does not say which attribute of which field", "Write EQATTR_field_attribute.")

    def let_through(told: ToldEvent) -> bool:
        found = (one.get(attribute) for one in _attributed(told, field))
        return any(holds("EQ", value, wanted) for value in found if value is not None for wanted in values)

    return let_through
