"""Errors in answers. In: an error of ours, of GraphQL, or an unforeseen one. Out: `extensions.code`, what to do."""

from __future__ import annotations

import logging
import re

from graphql import GraphQLError

from graph_schema.errors import StoreError, SuyuanError, TooOften

_LOG = logging.getLogger("suyuan.graphql")
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def code_of(error: SuyuanError) -> str:
    """The code of an error: its name in the tree of `graph_schema.errors`, in capitals."""
    return _WORDS.sub("_", type(error).__name__).upper()


def told_error(error: GraphQLError) -> GraphQLError:
    """The same error as clients see it."""
    cause = error.original_error
    if isinstance(cause, SuyuanError):
        return _with(error, _sentence(cause), _extensions(cause))
    if isinstance(cause, RecursionError):
        return _with(error, "the query nests too deeply", {"code": "LIMIT_EXCEEDED"})
    if cause is not None and not isinstance(cause, GraphQLError):
        _LOG.error("a field failed: %s", error.path, exc_info=cause)
        return _with(error, "Suyuan met an error of its own; its log tells more.", {"code": "INTERNAL"})
    if "code" in (error.extensions or {}):
        return error
    return _with(error, error.message, {**(error.extensions or {}), "code": "BAD_REQUEST"})


def code_told(error: GraphQLError) -> str:
    """The code of an error that was told."""
    return str((error.extensions or {}).get("code"))


def _extensions(cause: SuyuanError) -> dict[str, object]:
    # Where a store lies is nobody's business outside.
    where = None if isinstance(cause, StoreError) else cause.where
    after = cause.after if isinstance(cause, TooOften) else None
    told = {"code": code_of(cause), "where": where, "rule": cause.rule, "remedy": cause.remedy, "retryAfter": after}
    return {name: value for name, value in told.items() if value is not None}


def _sentence(cause: SuyuanError) -> str:
    return f"{cause.what}. {cause.remedy}" if cause.remedy else cause.what


def _with(error: GraphQLError, message: str, extensions: dict[str, object]) -> GraphQLError:
    return GraphQLError(message, error.nodes, error.source, error.positions, error.path, None, extensions)
