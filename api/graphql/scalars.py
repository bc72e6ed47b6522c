"""Scalars of the schema. In and out: aware times, exact decimals, numbers beyond 32 bits.

A time is an `Interval`, since a whole day may be asked for; an answer tells its first instant.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from api.graphql.faults import code_of
from engine.answer_json import told_number
from engine.seeds import parse_time
from graph_schema.errors import InvalidInput
from graph_schema.interval import Interval, datetime_of

BigInt = NewType("BigInt", int)


def _read_time(value: object) -> Interval:
    if not isinstance(value, str):
        raise GraphQLError("a DateTime is a string: 2026-01-31T08:00:00+08:00, or a day: 2026-01-31")
    try:
        return parse_time(value)
    except InvalidInput as error:
        told = {"code": code_of(error), "rule": error.rule, "remedy": error.remedy}
        raise GraphQLError(f"{error.what}. {error.remedy}", extensions=told) from error


def _write_time(value: Interval) -> str:
    moment = datetime_of(value.earliest)
    if moment is None:
        raise GraphQLError("a time without bounds is no moment")
    return moment.isoformat()


def _read_decimal(value: object) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation as error:
        raise GraphQLError(f"{value!r} is no decimal number") from error
    if not found.is_finite():
        raise GraphQLError(f"{value!r} is no finite number")
    return found


def _read_integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise GraphQLError(f"{value!r} is no whole number")
    try:
        return int(value)
    except ValueError as error:
        raise GraphQLError(f"{value!r} is no whole number") from error


SCALARS: Mapping[object, ScalarDefinition] = {
    Interval: strawberry.scalar(
        name="DateTime",
        description="A moment as ISO 8601 with its zone, or (as input) a whole day: `2026-01-31`, in UTC unless a zone "
        "follows it.",
        serialize=_write_time,
        parse_value=_read_time,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description="A number written as a string, so that no digit is lost.",
        serialize=told_number,
        parse_value=_read_decimal,
    ),
    BigInt: strawberry.scalar(
        name="BigInt",
        description="A whole number that may be beyond 32 bits; JSON writes it as a number.",
        serialize=int,
        parse_value=_read_integer,
    ),
}
"""Each Python type with its scalar."""
