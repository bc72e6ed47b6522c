"""Every question that the schema allows, made from the schema itself, so that a new field is asked for too.

In: the SDL, what may be named. Out: queries, each a field of `Query` with one of its fields, as deep as it goes. What
is named stands in variables, so that a server that is asked the same of many things validates the query once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain, islice, product
from typing import Any, NamedTuple

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from api.graphql.schema import sdl

DEEP = 10
FEW = 5
"""Rows of a list: enough for the outbreak, and few enough for the cost rule at any depth."""


class Attack(NamedTuple):
    """A field of `Query` with its arguments, and what can be selected of it, a part a question."""

    field: str
    kinds: dict[str, str]
    given: dict[str, Any]
    more: list[str]
    parts: list[str]

    def queries(self) -> Iterator[str]:
        """The questions: once one is refused or answered with nothing, the rest are as well."""
        declared = ", ".join(f"${name}: {kind}" for name, kind in self.kinds.items())
        told = ", ".join([*(f"{name}: ${name}" for name in self.kinds), *self.more])
        beginning = f"query ({declared})" if declared else "query"
        return (f"{beginning} {{ {self.field}{f'({told})' if told else ''} {part} }}" for part in self.parts)


@cache
def schema() -> GraphQLSchema:
    """The schema as clients have it."""
    return build_schema(sdl())


def attacks(values: Mapping[str, list[Any]]) -> Iterator[Attack]:
    """Every field of `Query`, with every value of its required arguments.

    `values` by the argument's type, or by its name and type where it takes but some of these.
    """
    query = schema().query_type
    assert query is not None
    for name, field in query.fields.items():
        kinds = {name: str(argument.type) for name, argument in field.args.items() if is_required_argument(argument)}
        columns = [values.get(f"{name}: {kind}") or values[kind] for name, kind in kinds.items()]
        more = ["first: 100"] if "first" in field.args else []
        parts = list(_parts(field))
        for chosen in _chosen(columns):
            yield Attack(name, kinds, dict(zip(kinds, chosen, strict=True)), more, parts)


def _chosen(columns: list[list[Any]]) -> Iterator[tuple[Any, ...]]:
    """All combinations; of two long lists each value beside the first few of the other."""
    if len(columns) == 2 and min(map(len, columns)) > FEW:
        left, right = columns
        return chain(product(left[:FEW], right), product(left[FEW:], right[:FEW]))
    return product(*columns)


def _parts(field: GraphQLField) -> Iterator[str]:
    """The selections of a field: each field of its type for itself, as deep as it goes."""
    kind = get_named_type(field.type)
    if is_leaf_type(kind):
        yield ""
        return
    for of in _types(kind):
        for name, inner in of.fields.items():
            if (text := _selected(name, inner, DEEP, frozenset())) is not None:
                yield f"{{ __typename ... on {of.name} {{ {text} }} }}"


def _selected(name: str, field: GraphQLField, deep: int, above: frozenset[str]) -> str | None:
    """A field with all below it; None where it would go too deep, or round."""
    first = f"(first: {FEW})" if "first" in field.args else ""
    kind = get_named_type(field.type)
    if is_leaf_type(kind):
        return f"{name}{first}"
    if not deep or kind.name in above:
        return None
    inner = [
        text
        for of in islice(_types(kind), 1)
        for one, below in of.fields.items()
        if (text := _selected(one, below, deep - 1, above | {kind.name})) is not None
    ]
    return f"{name}{first} {{ {' '.join(inner)} }}" if inner else None


def _types(kind: object) -> list[GraphQLObjectType]:
    if isinstance(kind, GraphQLObjectType):
        return [kind]
    if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
        return list(schema().get_possible_types(kind))
    raise TypeError(kind)
