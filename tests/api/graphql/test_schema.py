"""The schema is told whole in a committed file, every field has a description, and the contract is a part of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_non_null_type,
)

from api.graphql.schema import sdl

REPOSITORY = Path(__file__).parents[3]
COMMITTED = REPOSITORY / "docs" / "schema.graphql"
CONTRACT = Path(os.environ.get("SUYUAN_CONTRACT", REPOSITORY.parent / "shared" / "contract.graphql"))
OWN = build_schema(sdl())
WITH_FIELDS = (GraphQLObjectType, GraphQLInterfaceType)


def contract() -> GraphQLSchema:
    """The contract as a schema; types that it names and leaves open are whatever ours are."""
    if not CONTRACT.is_file():
        pytest.skip(f"no contract at {CONTRACT}: set SUYUAN_CONTRACT")
    text = CONTRACT.read_text(encoding="utf-8")
    named = set(OWN.type_map) - set(_defined(text))
    opened = [f"type {name} {{ _: Boolean }}" for name in sorted(named) if name in text]
    inputs = {name for name, one in OWN.type_map.items() if isinstance(one, GraphQLInputObjectType)}
    opened = [line.replace("type ", "input ", 1) if line.split()[1] in inputs else line for line in opened]
    return build_schema("\n".join([text, *opened]), assume_valid_sdl=True)


def _defined(text: str) -> list[str]:
    words = ("type ", "input ", "enum ", "scalar ", "interface ")
    lines = [line for whole in text.splitlines() for line in whole.replace("   scalar", "\nscalar").splitlines()]
    return [line.split()[1] for line in lines if line.startswith(words)]


def lacking(theirs: GraphQLSchema) -> list[str]:
    """What of the contract ours has not, or has otherwise."""
    found = []
    for name, wanted in theirs.type_map.items():
        ours = OWN.type_map.get(name)
        if name.startswith("__"):
            continue
        if ours is None:
            found.append(name)
        elif isinstance(wanted, GraphQLEnumType):
            assert isinstance(ours, GraphQLEnumType)
            found += [f"{name}.{value}" for value in wanted.values if value not in ours.values]
        elif isinstance(wanted, WITH_FIELDS) and isinstance(ours, WITH_FIELDS):
            found += _fields(name, wanted, ours)
        elif isinstance(wanted, GraphQLInputObjectType) and isinstance(ours, GraphQLInputObjectType):
            found += [
                f"{name}.{f}"
                for f, one in wanted.fields.items()
                if f != "_" and str(one.type) != _type(ours.fields.get(f))
            ]
    return found


def _inputs(name: str, wanted: GraphQLInputObjectType, ours: GraphQLInputObjectType) -> list[str]:
    given = {field: str(one.type) for field, one in wanted.fields.items() if field != "_"}
    return [f"{name}.{field}" for field, told in given.items() if told != _type(ours.fields.get(field))]


def _type(field: object) -> str | None:
    return None if field is None else str(getattr(field, "type", None))


def _fields(
    name: str, wanted: GraphQLObjectType | GraphQLInterfaceType, ours: GraphQLObjectType | GraphQLInterfaceType
) -> list[str]:
    found = []
    for field, one in wanted.fields.items():
        if field == "_":
            continue
        other = ours.fields.get(field)
        if other is None or get_named_type(one.type).name != get_named_type(other.type).name:
            found.append(f"{name}.{field}")
            continue
        if str(one.type).replace("!", "") != str(other.type).replace("!", "") or (
            is_non_null_type(one.type) and not is_non_null_type(other.type)
        ):
            found.append(f"{name}.{field}: {other.type} for {one.type}")
        for argument, given in one.args.items():
            taken = other.args.get(argument)
            if taken is None or str(taken.type) != str(given.type) or taken.default_value != given.default_value:
                found.append(f"{name}.{field}({argument}: {_type(taken)}) for {given.type} = {given.default_value}")
    return found


def test_the_contract_is_a_part_of_the_schema() -> None:
    """Every type, field, argument, default and enum value that clients rely on is there."""
    assert lacking(contract()) == []


def test_the_committed_schema_is_the_one_that_is_served() -> None:
    """`suyuan schema > docs/schema.graphql` after a change."""
    assert COMMITTED.read_text(encoding="utf-8") == sdl()


def test_every_type_field_and_argument_is_described() -> None:
    """A reader of the schema needs no other page."""
    silent = []
    for name, one in OWN.type_map.items():
        if name.startswith("__") or name in ("String", "Int", "Float", "Boolean", "ID"):
            continue
        silent += [] if one.description else [name]
        for field, told in getattr(one, "fields", {}).items():
            silent += [] if told.description else [f"{name}.{field}"]
            silent += [
                f"{name}.{field}({a})" for a, given in getattr(told, "args", {}).items() if not given.description
            ]
    assert silent == []
