"""The schema, and its text. Out: a `strawberry.Schema` that runs in threads; the SDL that `suyuan schema` prints."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

import strawberry
from graphql import GraphQLError
from graphql.utilities import lexicographic_sort_schema, print_schema
from strawberry.extensions import (
    DisableIntrospection,
    MaxAliasesLimiter,
    MaxTokensLimiter,
    SchemaExtension,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionResult

from api.graphql.asking import Asking, Kept
from api.graphql.cost import CostLimiter
from api.graphql.depth import DepthLimiter
from api.graphql.faults import code_told, told_error
from api.graphql.query import Query
from api.graphql.scalars import SCALARS
from api.graphql.things import Item, Party, Product, Site
from api.session import Reading
from graph_schema.errors import StoreError

ALIASES, TOKENS = 50, 2_000
"""Aliases and tokens that one query may have."""

Readings = Callable[[], AbstractContextManager[Reading]]


class Operation(NamedTuple):
    """An operation that was run: as it was given, at which position, and the codes of what was refused of it."""

    query: str | None
    given: Mapping[str, Any]
    position: int
    errors: list[str]


Note = Callable[[Operation], None]


def _without_store() -> AbstractContextManager[Reading]:
    raise StoreError("this schema has no store", remedy="It can be printed; to ask it, make it over a store.")


class Schema(strawberry.Schema):
    """A schema whose every operation reads one committed state, in a thread of its own, and is noted."""

    readings: Readings = staticmethod(_without_store)
    note: Note | None = None
    kept: Kept | None = None

    async def execute(self, query: str | None, *given: Any, **more: Any) -> Any:
        """Run an operation; errors as clients see them."""
        return await asyncio.to_thread(self._run, query, *given, **more)

    def _run(self, query: str | None, *given: Any, **more: Any) -> ExecutionResult:
        with self.readings() as state:
            more["context_value"] = {**(more.get("context_value") or {}), "asking": Asking(state, self.kept)}
            result = self.execute_sync(query, *given, **more)
            position = state.index.position
        if result.errors:
            result.errors = [told_error(error) for error in result.errors]
        if self.note is not None:
            self.note(Operation(query, more, position, [code_told(e) for e in result.errors or ()]))
        return result

    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """Errors are logged where they are told (`told_error`)."""


def schema_of(
    readings: Readings | None = None,
    *,
    introspection: bool = True,
    note: Note | None = None,
    kept: Kept | None = None,
) -> Schema:
    """The schema over what reads states, guarded by limits.

    `note` is told of every operation; scopes are kept in `kept`.
    """
    guards: list[Callable[[], SchemaExtension]] = [
        lambda: MaxAliasesLimiter(max_alias_count=ALIASES),
        lambda: MaxTokensLimiter(max_token_count=TOKENS),
        DepthLimiter,
        CostLimiter,
    ]
    if not introspection:
        guards.append(DisableIntrospection)
    schema = Schema(
        query=Query,
        types=[Item, Site, Party, Product],
        extensions=guards,
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=not introspection),
    )
    if readings is not None:
        schema.readings = readings
    schema.note, schema.kept = note, kept
    return schema


def sdl() -> str:
    """The schema as text, ended by a newline."""
    return print_schema(lexicographic_sort_schema(schema_of()._schema)).rstrip() + "\n"
