"""Relay connections. In: a list, its rows, how each is shown. Out: a page with cursors (contract)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

import strawberry

from api.graphql.cursors import Key, Listing
from api.graphql.told import told

T = TypeVar("T")
Row = TypeVar("Row")

First = Annotated[int | None, strawberry.argument(description="How many rows at most; null: 50.")]
After = Annotated[str | None, strawberry.argument(description="The cursor after which the page begins.")]


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """Relay's page info."""

    has_next_page: bool = told("Whether rows follow.")
    has_previous_page: bool = told("Whether rows come before.")
    start_cursor: str | None = told("The cursor of the first row.")
    end_cursor: str | None = told("The cursor of the last row, to go on from.")


@strawberry.type(description="A row with its cursor.")
class Edge(Generic[T]):
    """Relay's edge."""

    node: T = told("The row.")
    cursor: str = told("Its cursor.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    """Relay's connection."""

    edges: list[Edge[T]] = told("The rows, each with its cursor.")
    page_info: PageInfo = told("Where the page lies.")
    total_count: int | None = told("How many rows the whole list has; null where that is not known.")


def connect(
    of: Listing,
    rows: Sequence[Row],
    key_of: Callable[[Row], Key],
    shown: Callable[[list[Row]], list[T]],
    first: int | None,
    after: str | None,
) -> Connection[T]:
    """A page of rows that are all at hand; `shown` shows those of the page together, so that look-ups are few."""
    begin, page = of.page(rows, key_of, first, after)
    cursors = [of.cursor(key_of(row)) for row in page]
    return connection(shown(page), cursors, begin > 0, begin + len(page) < len(rows), len(rows))


def connection(nodes: list[T], cursors: list[str], before: bool, more: bool, total: int | None) -> Connection[T]:
    """A page of nodes."""
    info = PageInfo(
        has_next_page=more,
        has_previous_page=before,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
    edges = [Edge(node=node, cursor=cursor) for node, cursor in zip(nodes, cursors, strict=True)]
    return Connection(edges=edges, page_info=info, total_count=total)
