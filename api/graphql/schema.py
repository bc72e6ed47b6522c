"""The schema, and its text. Out: a `strawberry.Schema` that runs in threads; the SDL that `suyuan schema` prints."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any, NamedTuple

import strawberry
from graphql import GraphQLError, OperationType, get_operation_ast, parse
from graphql.utilities import lexicographic_sort_schema, print_schema
from strawberry.extensions import (
    DisableIntrospection,
    MaxTokensLimiter,
    ParserCache,
    SchemaExtension,
    ValidationCache,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionResult

from api.captures import Captures
from api.graphql.aliases import AliasLimiter
from api.graphql.asking import Kept
from api.graphql.cost import CostLimiter
from api.graphql.depth import DepthLimiter
from api.graphql.faults import code_told, told_error
from api.graphql.mutation import Mutation
from api.graphql.query import Query
from api.graphql.scalars import SCALARS
from api.graphql.serving import Readings, Serving
from api.graphql.subscription import Subscription
from api.graphql.things import Item, Party, Product, Site
from api.graphql.which import NamedOperation
from api.lookups import Lookups
from api.rights.sights import Sights

TOKENS = 2_000
"""Tokens that one query may have."""
QUERIES = 128
"""Queries of which it is remembered that they are valid, or why not."""


class Validated(ValidationCache):
    """Validation by the rules of the standard, once a query; what the limits have refused is not validated."""

    def on_validate(self) -> Iterator[None]:
        """After the limits."""
        if self.execution_context.pre_execution_errors is None:
            yield from super().on_validate()
        else:
            yield


class Operation(NamedTuple):
    """An operation that was run: as it was given, at which position, and the codes of what was refused of it."""

    query: str | None
    given: Mapping[str, Any]
    position: int
    errors: list[str]


Note = Callable[[Operation], None]


class Schema(strawberry.Schema):
    """A schema whose every operation reads one committed state, in a thread of its own, and is noted."""

    serving: Serving = Serving()
    note: Note | None = None

    async def execute(self, query: str | None, *given: Any, **more: Any) -> Any:
        """Run an operation; errors as clients see them."""
        return await asyncio.to_thread(self._run, query, *given, **more)

    def _run(self, query: str | None, *given: Any, **more: Any) -> ExecutionResult:
        with self.serving.readings() as state:
            context = more.get("context_value") or {}
            asking = self.serving.asking(state, context)
            more["context_value"] = {**context, "asking": asking, "serving": self.serving}
            result = _told(self.execute_sync(query, *given, **more))
            position = state.index.position
        if self.note is not None:
            self.note(Operation(query, more, position, [code_told(e) for e in result.errors or ()]))
        return result

    async def stream(self, query: str | None, *given: Any, **more: Any) -> Any:
        """Run an operation over a web socket: a subscription as it goes on, any other as `execute` does."""
        more["context_value"] = {**(more.get("context_value") or {}), "serving": self.serving}
        if not _is_subscription(query, more.get("operation_name")):
            return _once(self.execute(query, *given, **more))
        await asyncio.to_thread(self._note_begun, query, more)
        return _told_each(await super().stream(query, *given, **more))

    def _note_begun(self, query: str | None, more: Mapping[str, Any]) -> None:
        """A subscription is noted when it begins."""
        if self.note is not None:
            with self.serving.readings() as state:
                self.note(Operation(query, more, state.index.position, []))

    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """Errors are logged where they are told (`told_error`)."""


def schema_of(
    readings: Readings | None = None,
    captures: Captures | None = None,
    *,
    introspection: bool = True,
    note: Note | None = None,
    kept: Kept | None = None,
    sights: Sights | None = None,
    lookups: Lookups | None = None,
) -> Schema:
    """The schema over what reads states and what captures, guarded by limits.

    `note` is told of every operation; scopes are kept in `kept`; `sights` decide what is shown to whom;
    `lookups` look codes up for the public.
    """
    guards: list[Callable[[], SchemaExtension]] = [
        lambda: MaxTokensLimiter(max_token_count=TOKENS),
        lambda: ParserCache(QUERIES),
        NamedOperation,
        AliasLimiter,
        DepthLimiter,
        CostLimiter,
        lambda: Validated(QUERIES),
    ]
    if not introspection:
        guards.append(DisableIntrospection)
    schema = Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Item, Site, Party, Product],
        extensions=guards,
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=not introspection),
    )
    if readings is not None:
        schema.serving = Serving(readings, captures, kept, sights, lookups)
    schema.note = note
    return schema


def sdl() -> str:
    """The schema as text, ended by a newline."""
    return print_schema(lexicographic_sort_schema(schema_of()._schema)).rstrip() + "\n"


def _told(result: ExecutionResult) -> ExecutionResult:
    if result.errors:
        result.errors = [told_error(error) for error in result.errors]
    return result


async def _told_each(results: AsyncIterator[Any]) -> AsyncIterator[ExecutionResult]:
    async for result in results:
        yield _told(result)


async def _once(result: Awaitable[ExecutionResult]) -> AsyncIterator[ExecutionResult]:
    yield await result


def _is_subscription(query: str | None, operation_name: str | None) -> bool:
    try:
        operation = get_operation_ast(parse(query or "", max_tokens=TOKENS), operation_name)
    except GraphQLError:
        return False
    return operation is not None and operation.operation is OperationType.SUBSCRIPTION
